//! Goes through the units of a scan: strips, restart intervals (T.81 E.2.4), and what to do about
//! faults.

use super::bits::Bits;
use super::block::MOST_BYTES;
use super::entropy::{End, Entropy};
use super::error::{Error, ErrorKind};
use super::huffman::BadCode;
use super::scan::Grid;
use crate::container::jpeg::marker;
use pulp::{Arch, NullaryFnOnce};
use std::ops::Range;

/// Units whose samples are finished together: few enough for their coefficients to stay in cache.
pub(super) const STRIP: u32 = 32;

/// Units decoded between two looks at the amount of data.
const RUN: u32 = 8;

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
    fn finish(&mut self, row: u32, columns: Range<u32>);
}

/// A scan that is ready to be decoded.
pub(super) struct Drive<'d, 'a, C> {
    pub(super) entropy: &'d mut Entropy<'a>,
    pub(super) grid: &'d Grid,
    /// Units in a restart interval, or 0 for no restarts.
    pub(super) interval: u32,
    pub(super) tolerate: bool,
    pub(super) coder: &'d mut C,
}

impl<C: Coder> Drive<'_, '_, C> {
    /// Decodes the wanted rows and tells what was tolerated on the way.
    ///
    /// Rows above them are skipped as far as restart markers allow, and rows below them if a marker
    /// shows that their data is there: data that ends with the file is decoded to tell whether it
    /// is complete.
    pub(super) fn run(self) -> Result<Option<Error>, Error> {
        Arch::new().dispatch(self)
    }
}

/// With the best instructions that this machine has. An `impl`, as a closure's call would not be
/// inlined into the function that may use them.
impl<C: Coder> NullaryFnOnce for Drive<'_, '_, C> {
    type Output = Result<Option<Error>, Error>;

    #[inline(always)]
    fn call(self) -> Self::Output {
        let Self {
            entropy,
            grid,
            interval,
            tolerate,
            coder,
        } = self;
        drive(entropy, grid, interval, tolerate, coder)
    }
}

#[inline(always)]
fn drive(
    entropy: &mut Entropy<'_>,
    grid: &Grid,
    interval: u32,
    tolerate: bool,
    coder: &mut impl Coder,
) -> Result<Option<Error>, Error> {
    let mut units = Units::new(entropy, grid, interval, tolerate);
    let columns = u64::from(grid.columns);
    while interval > 0 && units.boundary() <= u64::from(grid.wanted.start) * columns {
        units.next_segment(coder)?;
    }
    let mut rows = grid.wanted.end;
    let mut row = u32::try_from(units.at / columns).unwrap_or(u32::MAX);
    while row < rows {
        for start in (0..grid.columns).step_by(STRIP as usize) {
            let strip = start..grid.columns.min(start + STRIP);
            units.decode(coder, row, strip.clone())?;
            coder.finish(row, strip);
        }
        row += 1;
        if row == grid.wanted.end && row < grid.rows && !units.entropy.is_closed() {
            if coder.reaches_below() {
                rows = grid.rows;
            } else {
                units.lose(coder, "scan without an end", true)?;
            }
        }
    }
    Ok(units.fault)
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
            need: grid.blocks.len() * RUN as usize * MOST_BYTES,
            at: 0,
            segment: 0,
            fault: None,
        }
    }

    /// The first unit after the current restart interval.
    fn boundary(&self) -> u64 {
        match self.interval {
            0 => u64::MAX,
            interval => (self.segment + 1).saturating_mul(interval),
        }
    }

    /// Decodes the units of a strip that the data still has.
    #[inline(always)]
    fn decode(&mut self, coder: &mut impl Coder, row: u32, strip: Range<u32>) -> Result<(), Error> {
        let origin = u64::from(row) * u64::from(self.columns);
        let end = origin + u64::from(strip.end);
        let mut at = origin + u64::from(strip.start);
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
            let next = end.min(self.boundary()).min(at + u64::from(RUN));
            let columns = (at - origin) as u32..(next - origin) as u32;
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
                        self.segment += 1 + u64::from(ahead);
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
