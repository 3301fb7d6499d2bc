//! Decodes a sequential scan on several threads, with the same result as on one.
//!
//! The first thread decodes from the start, the others read their pieces ahead of the proof that
//! they have fallen into step. Where one thread's units end, the next one's must begin at the same
//! bit: that is the proof. Without it, or if anything is wrong with the data, what was read ahead is
//! thrown away, and the first thread goes on by itself.

use super::ahead::{self, Ahead, Predictions, Reading, Shelf};
use super::drive::{Drive, STRIP};
use super::error::Error;
use super::pieces;
use super::scan::Grid;
use super::sequential::{Pen, Sequential};
use crate::threads;
use pulp::{Arch, NullaryFnOnce};
use std::mem;

/// A scan that may be cut into pieces.
pub(super) struct Split<'s> {
    pub(super) bytes: &'s [u8],
    /// Where in the file its data begins.
    pub(super) start: usize,
    pub(super) grid: &'s Grid,
    pub(super) interval: u32,
    pub(super) threads: usize,
}

impl<'s> Split<'s> {
    /// Decodes the scan that `drive` is at the start of.
    pub(super) fn run(
        &self,
        drive: &mut Drive<'_, '_>,
        coder: &mut Sequential<'s, '_>,
    ) -> Result<(), Error> {
        let pieces = self.pieces();
        let Some(&second) = pieces.first() else {
            return drive.run(coder);
        };
        let reading = coder.reading(self.bytes, self.interval);
        let ends = pieces.iter().copied().skip(1).map(Some).chain([None]);
        let pieces: Vec<_> = pieces.iter().copied().zip(ends).collect();
        let (first, aheads) = threads::both(
            || drive.run_to(coder, second.bit()),
            || threads::each(pieces, |(piece, next)| reading.ahead(piece, next)),
        );
        first?;
        // Not to have the memory for it is no fault of the picture.
        if let Ok(aheads) = aheads
            && let Some(sections) = self.join(&reading, &aheads, drive, coder)?
        {
            self.place(&reading, &sections, drive, coder)?;
        }
        drive.run_to(coder, u64::MAX)
    }

    /// Pieces pay if all of them are wanted.
    fn pieces(&self) -> Vec<pieces::Piece> {
        if self.threads < 2 || self.grid.wanted != (0..self.grid.rows) {
            return Vec::new();
        }
        pieces::cut(self.bytes, self.start, self.interval > 0, self.threads)
    }

    /// Proves which unit each piece begins with, if that can be done for all.
    fn join<'a>(
        &self,
        reading: &Reading<'_>,
        aheads: &'a [Ahead],
        drive: &mut Drive<'_, '_>,
        coder: &mut Sequential<'_, '_>,
    ) -> Result<Option<Vec<Section<'a>>>, Error> {
        let Some((ahead, rest)) = aheads.split_first() else {
            return Ok(None);
        };
        let mut section = loop {
            let Some((bit, unit)) = drive.place() else {
                return Ok(None);
            };
            if let Some(found) = ahead.find(bit) {
                let known = if drive.is_at_restart() {
                    [0; 4]
                } else {
                    coder.predictions()
                };
                break Section::new(reading, ahead, found, unit, known);
            }
            if ahead.from(bit).next().is_none() {
                return Ok(None);
            }
            drive.run_to(coder, bit.saturating_add(1))?;
        };
        let mut sections = Vec::with_capacity(aheads.len());
        for next in rest {
            let Some(following) = section.join(reading, next) else {
                return Ok(None);
            };
            sections.push(mem::replace(&mut section, following));
        }
        sections.push(section);
        let units = self.grid.units();
        let whole = sections.last().is_some_and(|last| last.end() >= units)
            && sections.iter().all(|section| {
                self.interval == 0
                    || section.origin == section.ahead.piece.first_unit(self.interval)
            });
        Ok(whole.then_some(sections))
    }

    /// Draws all that `drive` has not come to.
    fn place(
        &self,
        reading: &Reading<'_>,
        sections: &[Section<'_>],
        drive: &mut Drive<'_, '_>,
        coder: &mut Sequential<'_, '_>,
    ) -> Result<(), Error> {
        let (Some((_, unit)), Some(last)) = (drive.place(), sections.last()) else {
            return Ok(());
        };
        let pens: Vec<_> = coder.pens().into_iter().zip(reading.shelves()).collect();
        threads::each(pens, |(pen, shelf)| {
            Arch::new().dispatch(Place {
                grid: self.grid,
                sections,
                pen,
                shelf,
                unit,
            })
        })?;
        drive.close(last.ahead.end);
        Ok(())
    }
}

/// Some units of the scan that were read ahead.
struct Section<'a> {
    ahead: &'a Ahead,
    /// The unit of the scan that the piece's first one would be, if it was in step already.
    origin: u64,
    /// The unit of the scan that is the next section's first.
    end: Option<u64>,
    /// By how much predictions were off.
    corrections: Predictions,
}

impl<'a> Section<'a> {
    /// A piece whose unit `found` is `unit` of the scan, with these predictions before it.
    fn new(
        reading: &Reading<'_>,
        ahead: &'a Ahead,
        found: usize,
        unit: u64,
        known: Predictions,
    ) -> Self {
        let read = reading.predictions(ahead, found);
        Self {
            ahead,
            // Wraps for a piece that took more units than there are to fall into step.
            origin: unit.wrapping_sub(found as u64),
            end: None,
            corrections: paired(known, read, i16::wrapping_sub),
        }
    }

    /// Ends where the next piece is in step.
    fn join(&mut self, reading: &Reading<'_>, next: &'a Ahead) -> Option<Self> {
        let from = next.piece.bit();
        let (unit, found) =
            (self.ahead.from(from)).find_map(|(unit, bit)| Some((unit, next.find(bit)?)))?;
        let read = reading.predictions(self.ahead, unit);
        let known = if reading.begins_interval(unit) {
            [0; 4]
        } else {
            paired(read, self.corrections, i16::wrapping_add)
        };
        let unit = self.origin.wrapping_add(unit as u64);
        self.end = Some(unit);
        Some(Self::new(reading, next, found, unit, known))
    }

    /// The unit of the scan behind the last one.
    fn end(&self) -> u64 {
        let all = self.origin.wrapping_add(self.ahead.len() as u64);
        self.end.unwrap_or(all)
    }
}

/// Joins the predictions of each component with others of it.
fn paired(mut some: Predictions, others: Predictions, join: fn(i16, i16) -> i16) -> Predictions {
    for (to, other) in some.iter_mut().zip(others) {
        *to = join(*to, other);
    }
    some
}

/// Draws a component.
struct Place<'p, 't, 'c> {
    grid: &'p Grid,
    sections: &'p [Section<'p>],
    pen: Pen<'p, 't, 'c>,
    shelf: Shelf,
    /// The first unit to draw, at the beginning of a strip.
    unit: u64,
}

impl NullaryFnOnce for Place<'_, '_, '_> {
    type Output = Result<(), Error>;

    #[inline(always)]
    #[expect(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        reason = "rows and columns of units come from 16 bits of the frame header, and none is \
                  empty, or there was no unit to read ahead; `unit` is below `end`, and at most \
                  all units, where it is divided and counted on; a strip has 32 units"
    )]
    fn call(self) -> Self::Output {
        let Self {
            grid,
            sections,
            mut pen,
            shelf,
            mut unit,
        } = self;
        let columns = u64::from(grid.columns);
        for section in sections {
            let end = section.end().min(grid.units());
            while unit < end {
                // As many as are in the same strip, and in the same row of the picture.
                let read = unit.wrapping_sub(section.origin) as usize;
                let (strip, local) = ahead::place(read);
                let (row, column) = ((unit / columns) as u32, (unit % columns) as u32);
                let left = u64::from((grid.columns - column).min(STRIP - local));
                let count = left.min(end - unit) as u32;
                pen.draw(
                    shelf,
                    section.ahead.strip(strip),
                    section.corrections,
                    local..local + count,
                    (row, column),
                );
                unit += u64::from(count);
                if column + count == grid.columns {
                    pen.close(row)?;
                }
            }
        }
        Ok(())
    }
}
