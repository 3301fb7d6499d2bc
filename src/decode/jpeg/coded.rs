//! Reads the AC coefficients of a block as tokens.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "as many bits are peeked as a table has entries for; a block has 63 AC coefficients at \
              most, each of which takes a token and an index; an index stays below 2^8"
)]

use super::bits::Bits;
use super::block::End;
use super::huffman::{BadCode, LOOK_UP};
use super::pairs::END_OF_BLOCK;
use super::tokens::TokenTable;
use crate::huffman::{BLOCK_TOKENS, TableIndex, Token};

/// A block in the making.
pub(super) struct Coded<'b> {
    pub(super) tokens: &'b mut [Token; BLOCK_TOKENS],
    pub(super) count: usize,
    /// Which coefficients are not zero, as bits in zigzag order.
    pub(super) nonzero: u64,
}

/// Look-ups that one refill of 56 bits lasts for.
const PAIRS: u32 = 56 / LOOK_UP;

/// Where an end-of-block leads to from any index.
const PAST_END: usize = END_OF_BLOCK + 1;

impl Coded<'_> {
    /// Reads coefficients from zigzag index `first` to `last`. No token is made for the end of the
    /// block, nor for runs of zeros that no coefficient follows.
    #[inline(always)]
    pub(super) fn read<'a>(
        &mut self,
        mut bits: Bits<'a>,
        codes: &TokenTable,
        table: TableIndex,
        (first, last): (usize, usize),
    ) -> Result<(Bits<'a>, End), BadCode> {
        let mut index = first;
        let start = self.count;
        'refill: loop {
            bits = bits.refill();
            for _ in 0..PAIRS {
                let pair = &codes.pairs[bits.peek(LOOK_UP) as usize];
                if pair.length == 0 {
                    let (after, symbol) = codes.symbols.next(bits.refill())?;
                    let (run, size) = (symbol >> 4, u32::from(symbol & 15));
                    // Two steps, as no bits at all are one too many for a single shift.
                    let raw = after.peek(16) >> (16 - size);
                    bits = after.skip(size);
                    if size == 0 && run < 15 {
                        self.trim(start, table);
                        return Ok((bits, End::Band(run)));
                    }
                    index += usize::from(run) + 1;
                    self.tokens[self.count % BLOCK_TOKENS] = Token::sized(table, symbol, raw);
                    self.count += 1;
                    self.nonzero |= u64::from(size > 0) << ((index - 1) % 64);
                    if index <= last {
                        continue 'refill;
                    }
                    let end = whole(bits, index, last)?;
                    if size == 0 {
                        self.trim(start, table);
                        return Ok((bits, End::Band(0)));
                    }
                    return Ok(end);
                }
                let [first, second] = pair.advances.map(usize::from);
                let (middle, next) = (index + first, index + first + second);
                // Without asking whether there is a second, as it is overwritten if there is none.
                self.tokens[self.count % BLOCK_TOKENS] = pair.tokens[0].coded_by(table);
                self.tokens[(self.count + 1) % BLOCK_TOKENS] = pair.tokens[1].coded_by(table);
                if next > last {
                    // What follows the last coefficient belongs to the next block.
                    let (end, length) = if middle > last {
                        (middle, pair.first_length)
                    } else {
                        self.count += 1;
                        self.nonzero |= 1 << ((middle - 1) % 64);
                        (next, pair.length)
                    };
                    let bits = bits.skip(length.into());
                    if end >= PAST_END {
                        self.trim(start, table);
                        return Ok((bits, End::Band(0)));
                    }
                    self.count += 1;
                    self.nonzero |= 1 << (last % 64);
                    return whole(bits, end, last);
                }
                self.count += 1 + usize::from(second > 0);
                self.nonzero |= 1 << ((middle - 1) % 64) | 1 << ((next - 1) % 64);
                index = next;
                bits = bits.skip(pair.length.into());
            }
        }
    }

    /// Drops runs of zeros at the end.
    #[inline(always)]
    fn trim(&mut self, start: usize, table: TableIndex) {
        let is_run = |token: Token| token == Token::sixteen_zeros(table);
        while self.count > start && is_run(self.tokens[(self.count - 1) % BLOCK_TOKENS]) {
            self.count -= 1;
        }
    }
}

/// A block ends with its last coefficient, not with a run beyond.
#[inline(always)]
fn whole(bits: Bits<'_>, index: usize, last: usize) -> Result<(Bits<'_>, End), BadCode> {
    if index == last + 1 {
        Ok((bits, End::Block))
    } else {
        Err(BadCode)
    }
}
