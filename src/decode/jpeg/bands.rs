//! Reads the scans of progressive pictures whose compressed pixels pass through (T.81 annex G): as
//! tokens, as in [`transcribe`](super::transcribe).

#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "columns and rows of blocks have 16 bits, and a band goes from 1 to 63, as the scan \
              header was held against; sets have 64 bits; at most 63 corrections are counted, and \
              one band at least has ended where one is taken off; predictions of hostile files wrap"
)]

use super::bits::Bits;
use super::block::End;
use super::buffer::{Buffer, Run};
use super::coded::Coded;
use super::drive::Coder;
use super::error::Error;
use super::huffman::{BadCode, DcTable};
use super::layout::Blocks;
use super::progressive::bands;
use super::refine::{gather, skip_zeros};
use super::scan::Grid;
use super::tokens::TokenTable;
use super::transcript::Contents;
use crate::container::jpeg::Channel;
use crate::huffman::{BLOCK_TOKENS, TableIndex, Token, dc_difference};
use std::ops::Range;

/// The most tokens of a block in a later scan: one for each coefficient, one for the correction
/// bits after it, and those that end its band.
const LATER_TOKENS: usize = 2 * BLOCK_TOKENS + 8;

/// A first or later scan of DC coefficients (T.81 G.1.2.1).
pub(super) struct DcTranscriber<'t> {
    grid: &'t Grid,
    members: Vec<BandMember<'t>>,
    /// Plain bits that are not in a token yet.
    bits: u32,
    count: u32,
    buffer: Buffer,
}

/// A component in a scan of DC coefficients.
pub(super) struct BandMember<'t> {
    channel: Channel,
    /// The blocks that hold samples of the picture.
    size: Blocks,
    /// None in a later scan, which has one plain bit a block.
    table: Option<&'t DcTable>,
    prediction: i32,
    /// The DC coefficient of the last block that was kept.
    kept: i16,
    is_nonzero: bool,
}

impl<'t> BandMember<'t> {
    pub(super) fn new(component: usize, size: Blocks, table: Option<&'t DcTable>) -> Self {
        Self {
            channel: Channel::of(component),
            size,
            table,
            prediction: 0,
            kept: 0,
            is_nonzero: false,
        }
    }
}

impl<'t> DcTranscriber<'t> {
    /// `bytes` is the length of the data; each token takes a bit of it at least.
    pub(super) fn new(
        grid: &'t Grid,
        members: Vec<BandMember<'t>>,
        bytes: usize,
    ) -> Result<Self, Error> {
        let row = (grid.columns as usize).saturating_mul(grid.blocks.len());
        let most = row.saturating_mul(grid.rows as usize);
        Ok(Self {
            grid,
            members,
            bits: 0,
            count: 0,
            buffer: Buffer::new(row.saturating_add(1), most.min(bytes.saturating_mul(8)))?,
        })
    }

    pub(super) fn finish(mut self) -> Result<Contents, Error> {
        self.buffer.push_bits(self.bits.into(), self.count);
        self.buffer.end_row()?;
        let nonzero = self
            .members
            .iter()
            .map(|member| u64::from(member.is_nonzero));
        Ok(Contents {
            nonzero: nonzero.collect(),
            tokens: self.buffer.finish(),
        })
    }
}

impl Coder for DcTranscriber<'_> {
    fn restart(&mut self) {
        self.members
            .iter_mut()
            .for_each(|member| member.prediction = 0);
    }

    #[inline(always)]
    fn decode<'a>(
        &mut self,
        mut bits: Bits<'a>,
        row: u32,
        columns: Range<u32>,
    ) -> Result<Bits<'a>, BadCode> {
        for column in columns {
            for block in &self.grid.blocks {
                let Some(member) = self.members.get_mut(block.member) else {
                    continue;
                };
                bits = bits.refill();
                let (x, y) = (column * block.across + block.x, row * block.down + block.y);
                let is_shown = x < member.size.width && y < member.size.height;
                if let Some(table) = member.table {
                    let (after, difference) = table.next(bits)?;
                    bits = after;
                    member.prediction = member.prediction.wrapping_add(difference);
                    // Beyond the picture, nothing changes.
                    let difference = if is_shown {
                        dc_difference(member.prediction as i16, &mut member.kept)
                    } else {
                        0
                    };
                    member.is_nonzero |= member.kept != 0;
                    let table = TableIndex::dc(member.channel);
                    self.buffer.push(Token::value(table, 0, difference));
                } else {
                    let bit = bits.peek(1) & u32::from(is_shown);
                    bits = bits.skip(1);
                    member.is_nonzero |= bit == 1;
                    self.bits = self.bits << 1 | bit;
                    self.count += 1;
                    if self.count == 16 {
                        self.buffer.push(Token::raw(self.bits, 16));
                        (self.bits, self.count) = (0, 0);
                    }
                }
            }
        }
        Ok(bits)
    }

    fn close(&mut self, _row: u32) -> Result<(), Error> {
        self.buffer.end_row()
    }
}

/// What scans of AC coefficients share.
pub(super) struct AcTranscriber<'t> {
    codes: &'t TokenTable,
    table: TableIndex,
    band: (usize, usize),
    /// Blocks in a row.
    width: u32,
    /// Which coefficients of each block are not zero so far, in zigzag order.
    history: &'t mut [u64],
    /// Bands that have ended already, from the next block on.
    ended: u32,
    run: Run,
    nonzero: u64,
    buffer: Buffer,
}

impl<'t> AcTranscriber<'t> {
    pub(super) fn new(
        component: usize,
        codes: &'t TokenTable,
        band: (usize, usize),
        grid: &Grid,
        history: &'t mut [u64],
        bytes: usize,
    ) -> Result<Self, Error> {
        let table = TableIndex::ac(Channel::of(component));
        let row = (grid.columns as usize).saturating_mul(LATER_TOKENS);
        let most = row.saturating_mul(grid.rows as usize);
        Ok(Self {
            codes,
            table,
            band,
            width: grid.columns,
            history,
            ended: 0,
            run: Run::new(table),
            nonzero: 0,
            buffer: Buffer::new(row, most.min(bytes.saturating_mul(8)))?,
        })
    }

    pub(super) fn finish(mut self) -> Contents {
        self.run.end(&mut self.buffer);
        Contents {
            tokens: self.buffer.finish(),
            nonzero: vec![self.nonzero],
        }
    }

    #[inline(always)]
    fn place(&self, row: u32, column: u32) -> usize {
        row as usize * self.width as usize + column as usize
    }
}

/// The first scan of a band (T.81 G.1.2.2).
pub(super) struct FirstTranscriber<'t>(pub(super) AcTranscriber<'t>);

impl Coder for FirstTranscriber<'_> {
    fn restart(&mut self) {
        self.0.ended = 0;
    }

    #[inline(always)]
    fn decode<'a>(
        &mut self,
        mut bits: Bits<'a>,
        row: u32,
        columns: Range<u32>,
    ) -> Result<Bits<'a>, BadCode> {
        let scan = &mut self.0;
        let mut column = columns.start;
        while column < columns.end {
            if scan.ended > 0 {
                let count = scan.ended.min(columns.end - column);
                scan.ended -= count;
                scan.run.add(count, &mut scan.buffer);
                column += count;
                continue;
            }
            let mut block = Coded {
                tokens: scan.buffer.block()?,
                count: 0,
                nonzero: 0,
            };
            let (after, end) = block.read(bits, scan.codes, scan.table, scan.band)?;
            bits = after;
            let (count, nonzero) = (block.count, block.nonzero);
            let place = scan.place(row, column);
            if let Some(history) = scan.history.get_mut(place) {
                *history |= nonzero;
            }
            scan.nonzero |= nonzero;
            if count > 0 {
                scan.run.end(&mut scan.buffer);
                scan.buffer.advance(count);
            }
            if let End::Band(power) = end {
                (bits, scan.ended) = bands(bits, power);
                scan.ended -= 1;
                scan.run.add(1, &mut scan.buffer);
            }
            column += 1;
        }
        Ok(bits)
    }

    fn close(&mut self, _row: u32) -> Result<(), Error> {
        self.0.buffer.end_row()
    }
}

/// A later scan of a band, one more bit of each coefficient (T.81 G.1.2.3).
pub(super) struct LaterTranscriber<'t>(pub(super) AcTranscriber<'t>);

impl Coder for LaterTranscriber<'_> {
    fn restart(&mut self) {
        self.0.ended = 0;
    }

    #[inline(always)]
    fn decode<'a>(
        &mut self,
        mut bits: Bits<'a>,
        row: u32,
        columns: Range<u32>,
    ) -> Result<Bits<'a>, BadCode> {
        let scan = &mut self.0;
        let (first, last) = scan.band;
        let band = (u64::MAX >> (63 - last)) & (u64::MAX << first);
        for column in columns {
            let place = scan.place(row, column);
            let Some(&history) = scan.history.get(place) else {
                continue;
            };
            if scan.ended > 0 && history & band == 0 {
                scan.ended -= 1;
                scan.run.add(1, &mut scan.buffer);
                continue;
            }
            let (after, history) = scan.refine(bits, band, history)?;
            bits = after;
            if let Some(known) = scan.history.get_mut(place) {
                *known = history;
            }
        }
        Ok(bits)
    }

    fn close(&mut self, _row: u32) -> Result<(), Error> {
        self.0.buffer.end_row()
    }
}

impl AcTranscriber<'_> {
    /// Reads a block that had the coefficients of `history`. Returns those that it has now.
    #[inline(always)]
    fn refine<'a>(
        &mut self,
        bits: Bits<'a>,
        band: u64,
        mut history: u64,
    ) -> Result<(Bits<'a>, u64), BadCode> {
        let known = history & band;
        let mut rest = band;
        let mut bits = bits.refill();
        let start = self.buffer.count();
        // Where the last coefficient's tokens end, and the corrections since.
        let mut end = start;
        let (mut corrections, mut count) = (0, 0);
        while self.ended == 0 && rest != 0 {
            let (after, symbol) = self.codes.symbols.next(bits.refill())?;
            let (run, size) = (symbol >> 4, symbol & 15);
            if size == 0 && run < 15 {
                (bits, self.ended) = bands(after, run);
                break;
            }
            if size > 1 {
                return Err(BadCode);
            }
            let sign = after.peek(1) & u32::from(size);
            let zeros = skip_zeros(rest & !known, run);
            if zeros == 0 {
                return Err(BadCode);
            }
            let index = zeros.trailing_zeros();
            let passed = rest & (u64::MAX >> (63 - index));
            rest &= !passed;
            let some = (passed & known).count_ones();
            let (after, some_bits) = gather(after.skip(u32::from(size)), 0, some);
            bits = after;
            self.buffer.push(Token::sized(self.table, symbol, sign));
            self.buffer.push_bits(some_bits, some);
            if size == 1 {
                history |= 1 << index;
                self.nonzero |= 1 << index;
                end = self.buffer.count();
                (corrections, count) = (0, 0);
            } else {
                corrections = corrections << some | some_bits;
                count += some;
            }
        }
        if end > start {
            self.run.end(&mut self.buffer);
        }
        if self.ended == 0 && self.buffer.count() == end {
            // The last coefficient ends the block.
            return Ok((bits, history));
        }
        // Runs of zeros that no coefficient follows are left to the end of the band.
        self.buffer.truncate(end);
        self.run.add(1, &mut self.buffer);
        if self.ended > 0 {
            let some = (rest & known).count_ones();
            (bits, corrections) = gather(bits, corrections, some);
            count += some;
            self.ended -= 1;
        }
        self.buffer.push_bits(corrections, count);
        Ok((bits, history))
    }
}
