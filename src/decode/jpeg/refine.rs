//! Decodes later scans of AC coefficients, one more bit of each (T.81 G.1.2.3).

#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "sets have 64 bits, and indices of bits in them have one of 256 slots each; at most \
              63 corrections are counted, and one band at least has ended where one is taken \
              off; a bit or a sign fits 16 bits"
)]

use super::bits::Bits;
use super::drive::Coder;
use super::huffman::BadCode;
use super::pairs::AcTable;
use super::progressive::{AcScan, bands};
use super::sequential::Slots;
use std::ops::Range;

/// A later scan of a band, one more bit of each coefficient (T.81 G.1.2.3).
pub(super) struct Later<'t, 'c>(pub(super) AcScan<'t, 'c>);

impl Coder for Later<'_, '_> {
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
        let wanted = scan.wanted;
        for column in columns {
            let place = scan.place(row, column);
            let Some(&history) = scan.store.history.get(place) else {
                continue;
            };
            if scan.ended > 0 && history & band == 0 {
                scan.ended -= 1;
                continue;
            }
            let mut unwanted = [];
            let block = scan.store.block(column, row);
            let wanted = if block.is_some() { wanted } else { 0 };
            let block = block.unwrap_or(&mut unwanted);
            let mut refined = Refined {
                block,
                slots: &scan.slots,
                wanted,
                history,
            };
            (bits, scan.ended) = refined.decode(bits, scan.table, band, scan.ended)?;
            let history = refined.history;
            if let Some(known) = scan.store.history.get_mut(place) {
                *known = history;
            }
        }
        Ok(bits)
    }

    /// What earlier scans said of blocks below is not known.
    fn reaches_below(&self) -> bool {
        false
    }
}

/// A block while a later scan refines it. Sets of coefficients are bits in zigzag order.
struct Refined<'b> {
    block: &'b mut [i16],
    slots: &'b Slots,
    /// Coefficients that the block has a place for.
    wanted: u64,
    history: u64,
}

impl Refined<'_> {
    /// Returns how many bands after this block's have ended already.
    #[inline(always)]
    fn decode<'a>(
        &mut self,
        mut bits: Bits<'a>,
        table: &AcTable,
        band: u64,
        mut ended: u32,
    ) -> Result<(Bits<'a>, u32), BadCode> {
        let known = self.history & band;
        let mut corrections = 0;
        let mut rest = band;
        bits = bits.refill();
        while ended == 0 {
            if rest == 0 {
                self.correct(known, corrections);
                return Ok((bits, 0));
            }
            let (after, symbol) = table.symbols.next(bits.refill())?;
            let (run, size) = (symbol >> 4, symbol & 15);
            if size == 0 && run < 15 {
                (bits, ended) = bands(after, run);
                break;
            }
            if size > 1 {
                return Err(BadCode);
            }
            let positive = (after.peek(1) & u32::from(size)) as i16;
            // The run counts coefficients that were zero; others are refined in passing.
            let zeros = skip_zeros(rest & !known, run);
            if zeros == 0 {
                return Err(BadCode);
            }
            let index = zeros.trailing_zeros();
            let passed = rest & (u64::MAX >> (63 - index));
            let count = (passed & known).count_ones();
            (bits, corrections) = gather(after.skip(u32::from(size)), corrections, count);
            self.history |= u64::from(size) << index;
            let slot = self.slots[index as usize];
            if size == 1
                && let Some(coefficient) = self.block.get_mut(usize::from(slot.place))
            {
                *coefficient = (2 * positive - 1).wrapping_mul(slot.step);
            }
            rest &= !passed;
        }
        let (bits, corrections) = gather(bits, corrections, (rest & known).count_ones());
        self.correct(known, corrections);
        Ok((bits, ended - 1))
    }

    /// Moves away from zero those of `known` whose bit is 1; the last one's bit is the lowest.
    ///
    /// Once for a whole block, not symbol by symbol: the processor guesses one loop better than
    /// many short ones.
    #[inline(always)]
    fn correct(&mut self, known: u64, corrections: u64) {
        let mut rest = known & self.wanted;
        while rest != 0 {
            let index = rest.trailing_zeros();
            let later = (known >> index).count_ones() - 1;
            let bit = (corrections >> later) as i16 & 1;
            let slot = self.slots[index as usize];
            if let Some(coefficient) = self.block.get_mut(usize::from(slot.place)) {
                let sign = *coefficient >> 15 | 1;
                *coefficient = coefficient.wrapping_add(sign.wrapping_mul(slot.step) * bit);
            }
            rest &= rest - 1;
        }
    }
}

/// A set without its first `run` members, which are 15 at most.
///
/// Dropping 1, 2, 4 and 8 of them or not costs less than a loop whose end cannot be guessed.
#[inline(always)]
pub(super) fn skip_zeros(mut zeros: u64, run: u8) -> u64 {
    for power in 0..4 {
        let mut fewer = zeros;
        for _ in 0..1 << power {
            fewer &= fewer.wrapping_sub(1);
        }
        zeros = std::hint::select_unpredictable(run >> power & 1 != 0, fewer, zeros);
    }
    zeros
}

/// Reads `count` more correction bits below those of `corrections`; 39 bits must be loaded.
#[inline(always)]
pub(super) fn gather(bits: Bits<'_>, corrections: u64, count: u32) -> (Bits<'_>, u64) {
    if count > 32 {
        let (bits, corrections) = (bits.skip(32).refill(), corrections << 32 | bits.long(32));
        return (
            bits.skip(count - 32),
            corrections << (count - 32) | bits.long(count - 32),
        );
    }
    (bits.skip(count), corrections << count | bits.long(count))
}
