//! Goes through the units of a scan: strips, restart intervals (T.81 E.2.4), and what to do about
//! faults.

use super::bits::Bits;
use super::block::MOST_BYTES;
use super::entropy::{End, Entropy};
use super::error::{Error, ErrorKind};
use super::huffman::BadCode;
use super::scan::Grid;
use crate::cancel::Cancel;
use crate::container::jpeg::marker;
use pulp::{Arch, NullaryFnOnce};
use std::ops::Range;

/// Units whose samples are finished together: few enough for their coefficients to stay in cache.
pub(super) const STRIP: u32 = 32;

/// Units decoded between two looks at the amount of data.
const RUN: u32 = 8;

/// The most bytes that these can take, for each block of a unit.
const RUN_BYTES: usize = RUN as usize * MOST_BYTES;

const CANCELLED: Error = Error {
    kind: ErrorKind::Cancelled,
    message: "cancelled",
    offset: None,
};

/// Decodes the units of one sort of scan.
pub(super) trait Coder {
    /// Forgets what came before, as a restart marker demands.
    fn restart(&mut self);

    /// Decodes units of a row; the bits it returns tell how far it got.
    fn decode<'a>(
        &mut self,
        bits: Bits<'a>,
        row: u32,
        columns: Range<u32>,
    ) -> Result<Bits<'a>, BadCode>;

    /// Whether units below the wanted ones can be decoded, if only to see that they are there.
    fn reaches_below(&self) -> bool {
        true
    }

    /// Called when all units of a strip are decoded as far as they ever will be.
    fn finish(&mut self, _row: u32, _columns: Range<u32>) {}

    /// Called when all strips of a row are finished.
    fn close(&mut self, _row: u32) -> Result<(), Error> {
        Ok(())
    }
}

/// A scan while it is decoded.
pub(super) struct Drive<'d, 'a> {
    units: Units<'d, 'a>,
    grid: &'d Grid,
    cancel: &'d Cancel,
    /// The next strip: its row, and its first unit in there.
    row: u32,
    column: u32,
    /// The rows before this one are decoded.
    rows: u32,
}

impl<'d, 'a> Drive<'d, 'a> {
    /// `interval` is the number of units in a restart interval, or 0 for no restarts.
    pub(super) fn new(
        entropy: &'d mut Entropy<'a>,
        grid: &'d Grid,
        interval: u32,
        tolerate: bool,
        cancel: &'d Cancel,
    ) -> Self {
        Self {
            units: Units::new(entropy, grid, interval, tolerate),
            grid,
            cancel,
            row: 0,
            column: 0,
            rows: grid.wanted.end,
        }
    }

    /// Decodes the wanted rows.
    ///
    /// Rows above them are skipped as far as restart markers allow, and rows below them if a marker
    /// shows that their data is there: data that ends with the file is decoded to tell whether it
    /// is complete.
    pub(super) fn run(&mut self, coder: &mut impl Coder) -> Result<(), Error> {
        self.skip(coder)?;
        self.run_to(coder, u64::MAX)
    }

    /// Goes on to the first strip that ends at this bit of the scan or behind it; or through all of
    /// the scan, if anything is wrong.
    pub(super) fn run_to(&mut self, coder: &mut impl Coder, bit: u64) -> Result<(), Error> {
        Arch::new().dispatch(Run {
            drive: self,
            coder,
            bit,
        })
    }

    /// Where the next strip begins: its bit of the scan, and its first unit; `None` if there is no
    /// next one, or if anything was wrong before.
    pub(super) fn place(&self) -> Option<(u64, u64)> {
        let unit = first_of_row(self.row, self.grid.columns).saturating_add(self.column.into());
        let sound = self.units.fault.is_none() && self.row < self.rows;
        sound.then(|| (self.units.bit(), unit))
    }

    /// Whether a restart interval ends here, and with it all that is known of units before.
    pub(super) fn is_at_restart(&self) -> bool {
        self.units.at == self.units.boundary()
    }

    /// Takes what is left as done elsewhere: the data ends at `offset` in the file.
    pub(super) fn close(&mut self, offset: usize) {
        self.row = self.rows;
        self.units.entropy.start(offset);
    }

    /// What was tolerated so far.
    pub(super) fn fault(&self) -> Option<Error> {
        self.units.fault
    }

    /// Goes past the restart intervals above the wanted rows.
    fn skip(&mut self, coder: &mut impl Coder) -> Result<(), Error> {
        let columns = u64::from(self.grid.columns);
        let units = &mut self.units;
        let wanted = first_of_row(self.grid.wanted.start, self.grid.columns);
        while units.interval > 0 && units.boundary() <= wanted {
            units.next_segment(coder)?;
        }
        let row = units.at.checked_div(columns);
        self.row = row.and_then(|row| row.try_into().ok()).unwrap_or(u32::MAX);
        Ok(())
    }

    #[inline(always)]
    fn strips(&mut self, coder: &mut impl Coder, bit: u64) -> Result<(), Error> {
        while self.row < self.rows {
            if self.cancel.is_due() {
                return Err(CANCELLED);
            }
            while self.column < self.grid.columns {
                if self.units.fault.is_none() && self.units.bit() >= bit {
                    return Ok(());
                }
                let strip = self.column..self.grid.columns.min(self.column.saturating_add(STRIP));
                self.column = strip.end;
                self.units.decode(coder, self.row, strip.clone())?;
                coder.finish(self.row, strip);
            }
            coder.close(self.row)?;
            self.column = 0;
            self.row = self.row.saturating_add(1);
            let below = self.row == self.grid.wanted.end && self.row < self.grid.rows;
            if below && !self.units.entropy.is_closed() {
                if coder.reaches_below() {
                    self.rows = self.grid.rows;
                } else {
                    self.units.lose(coder, "scan without an end", true)?;
                }
            }
        }
        Ok(())
    }
}

/// With the best instructions that this machine has. An `impl`, as a closure's call would not be
/// inlined into the function that may use them.
struct Run<'r, 'd, 'a, C> {
    drive: &'r mut Drive<'d, 'a>,
    coder: &'r mut C,
    bit: u64,
}

impl<C: Coder> NullaryFnOnce for Run<'_, '_, '_, C> {
    type Output = Result<(), Error>;

    #[inline(always)]
    fn call(self) -> Self::Output {
        self.drive.strips(self.coder, self.bit)
    }
}

struct Units<'e, 'a> {
    entropy: &'e mut Entropy<'a>,
    columns: u32,
    interval: u64,
    tolerate: bool,
    /// The most bytes that a run of units can take.
    need: usize,
    /// The number of the unit that the data is at, counted through the scan.
    at: u64,
    /// The number of the restart interval.
    segment: u64,
    fault: Option<Error>,
}

impl<'e, 'a> Units<'e, 'a> {
    fn new(entropy: &'e mut Entropy<'a>, grid: &Grid, interval: u32, tolerate: bool) -> Self {
        Self {
            entropy,
            columns: grid.columns,
            interval: u64::from(interval),
            tolerate,
            need: (grid.blocks.len()).saturating_mul(RUN_BYTES),
            at: 0,
            segment: 0,
            fault: None,
        }
    }

    /// The bit of the scan that the next unit begins at.
    fn bit(&self) -> u64 {
        let bit = self.entropy.bit();
        if self.at == self.boundary() {
            // The rest of the byte fills up the interval.
            bit.next_multiple_of(8)
        } else {
            bit
        }
    }

    /// The first unit after the current restart interval.
    fn boundary(&self) -> u64 {
        match self.interval {
            0 => u64::MAX,
            interval => self.segment.saturating_add(1).saturating_mul(interval),
        }
    }

    /// Decodes the units of a strip that the data still has.
    #[inline(always)]
    fn decode(&mut self, coder: &mut impl Coder, row: u32, strip: Range<u32>) -> Result<(), Error> {
        let origin = first_of_row(row, self.columns);
        let end = origin.saturating_add(strip.end.into());
        let mut at = origin.saturating_add(strip.start.into());
        loop {
            // Units before this were skipped, or lost.
            at = at.max(self.at);
            if at >= end {
                return Ok(());
            }
            if at == self.boundary() {
                self.next_segment(coder)?;
                continue;
            }
            let next = end.min(self.boundary()).min(at.saturating_add(RUN.into()));
            let columns = column(at, origin)..column(next, origin);
            let bits = self.entropy.bits(self.need);
            match coder
                .decode(bits, row, columns)
                .map(|bits| (bits.position(), bits.overrun()))
            {
                Ok((position, false)) => {
                    self.entropy.resume(position);
                    self.at = next;
                }
                Ok((_, true)) => self.lose(coder, "entropy-coded data ends early", true)?,
                Err(BadCode) => self.lose(coder, "bad huffman code or run", false)?,
            }
        }
    }

    /// Notes a fault and goes on at the next restart marker, if faults are tolerated.
    #[cold]
    #[inline(never)]
    fn lose(
        &mut self,
        coder: &mut impl Coder,
        message: &'static str,
        early: bool,
    ) -> Result<(), Error> {
        let offset = self.entropy.offset();
        let kind = match self.entropy.finish() {
            End::File => ErrorKind::Truncated,
            End::Marker(_) if early => ErrorKind::Truncated,
            End::Marker(_) => ErrorKind::Malformed,
        };
        self.note(Error::new(kind, message, offset))?;
        match self.interval {
            0 => self.at = u64::MAX,
            _ => self.next_segment(coder)?,
        }
        Ok(())
    }

    fn note(&mut self, error: Error) -> Result<(), Error> {
        if !self.tolerate {
            return Err(error);
        }
        self.fault.get_or_insert(error);
        Ok(())
    }

    /// Goes to the start of the next restart interval that is there.
    ///
    /// Numbers count from 0 to 7. One that is up to 3 ahead tells how many intervals are lost, as
    /// in libjpeg's recovery; any other is taken for a left-over and passed.
    #[cold]
    #[inline(never)]
    fn next_segment(&mut self, coder: &mut impl Coder) -> Result<(), Error> {
        coder.restart();
        loop {
            let expected = (self.segment % 8) as u8;
            match self.entropy.next_segment() {
                Ok(number) => {
                    let ahead = number.wrapping_sub(expected) % 8;
                    if ahead > 0 {
                        let offset = self.entropy.offset();
                        self.note(Error::malformed("restart marker out of order", offset))?;
                    }
                    if ahead <= 3 {
                        // Far below the end of u64: each has two bytes in the file for it.
                        let lost = u64::from(ahead);
                        self.segment = self.segment.saturating_add(1).saturating_add(lost);
                        self.at = self.segment.saturating_mul(self.interval);
                        return Ok(());
                    }
                }
                Err(end) => {
                    let offset = self.entropy.offset();
                    let error = match end {
                        End::File | End::Marker(marker::EOI) => {
                            Error::truncated("restart interval missing", offset)
                        }
                        End::Marker(_) => Error::malformed("restart marker missing", offset),
                    };
                    self.note(error)?;
                    self.at = u64::MAX;
                    self.segment = u64::MAX - 1;
                    return Ok(());
                }
            }
        }
    }
}

/// The number of a row's first unit, counted through the scan.
#[inline(always)]
fn first_of_row(row: u32, columns: u32) -> u64 {
    u64::from(row).saturating_mul(columns.into())
}

/// The place of a unit in a row that begins with `origin`.
#[inline(always)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "a row has at most as many units as a frame header's 16 bits have pixels"
)]
const fn column(unit: u64, origin: u64) -> u32 {
    unit.saturating_sub(origin) as u32
}
