//! Decodes the coefficients of one block.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "as many bits are peeked as a table has entries for; indices are 1 to 63 before \
              each step, which is two advances of 7 bits, or a run of 4 bits and 1, so that they \
              stay below 2^9"
)]

use super::bits::Bits;
use super::huffman::{BadCode, LOOK_UP, value};
use super::pairs::{AcTable, END_OF_BLOCK, Stride};

/// How the coefficients of a block ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With the last coefficient, or an end-of-block.
    Block,
    /// With the end of a band, and of the bands of as many blocks as 2 to this power and the
    /// appended bits say (T.81 G.1.2.2). Sequential scans read it as an end-of-block.
    Band(u8),
}

/// Most bytes that a block can take: 64 codes of 16 bits, each with 15 bits of value.
pub(super) const MOST_BYTES: usize = 64 * 31 / 8;

/// Look-ups that one refill of 56 bits lasts for.
const PAIRS: u32 = 56 / LOOK_UP;
const STRIDES: u32 = 56 / Stride::LONGEST;

/// Where an end-of-block within a stride leads to from indices up to 63: from here to before that.
const PAST_END: usize = END_OF_BLOCK + 1;
const ENDED_LATE: usize = END_OF_BLOCK + 64;

/// Decodes coefficients from zigzag index `first` to `last` and hands each to `store`, which must
/// ignore indices above `last`, up to 255, and may see a zero where none was coded.
///
/// Storing without asking whether there is a second coefficient is what makes pairs pay.
#[inline(always)]
pub(super) fn coefficients<'a>(
    mut bits: Bits<'a>,
    table: &AcTable,
    first: usize,
    last: usize,
    mut store: impl FnMut(usize, i32),
) -> Result<(Bits<'a>, End), BadCode> {
    let mut index = first;
    'refill: loop {
        bits = bits.refill();
        for _ in 0..PAIRS {
            let entry = bits.peek(LOOK_UP);
            let pair = table.pairs[entry as usize];
            if pair.length() == 0 {
                let (after, run, size) = symbol(bits, table)?;
                if size == 0 && run < 15 {
                    return Ok((after, End::Band(run)));
                }
                let (after, value) = value(after, size);
                bits = after;
                index += usize::from(run) + 1;
                store(index - 1, value);
                if index > last {
                    return ended(bits, index == last + 1);
                }
                continue 'refill;
            }
            let (advance, second) = pair.advances();
            let (value, second_value) = pair.values();
            let middle = index + advance;
            index = middle + second;
            // In this order, as a missing second falls on the first.
            store(index - 1, second_value);
            store(middle - 1, value);
            if index > last {
                if middle > last && middle < END_OF_BLOCK {
                    // What follows the last coefficient belongs to the next block.
                    let bits = bits.skip(table.first_length(entry));
                    return ended(bits, middle == last + 1);
                }
                let whole = index == last + 1 || index > END_OF_BLOCK;
                return ended(bits.skip(pair.length()), whole);
            }
            bits = bits.skip(pair.length());
        }
    }
}

/// A block ends with its last coefficient or an end-of-block, not with a run beyond.
#[inline(always)]
fn ended(bits: Bits<'_>, whole: bool) -> Result<(Bits<'_>, End), BadCode> {
    if whole {
        Ok((bits, End::Block))
    } else {
        Err(BadCode)
    }
}

/// Goes past the AC coefficients of a block of a sequential scan.
#[inline(always)]
pub(super) fn skip_coefficients<'a>(
    mut bits: Bits<'a>,
    table: &AcTable,
) -> Result<Bits<'a>, BadCode> {
    let mut index = 1;
    loop {
        bits = bits.refill();
        for _ in 0..STRIDES {
            let stride = table.strides[bits.peek(LOOK_UP) as usize];
            let next = index + stride.advance();
            match next {
                ..64 if stride.length() > 0 => index = next,
                PAST_END..ENDED_LATE => return Ok(bits.skip(stride.length())),
                _ => break,
            }
            bits = bits.skip(stride.length());
        }
        // One symbol by itself: a long code, or the block ends somewhere within the stride. After
        // two whole strides this is merely the next symbol.
        let (after, run, size) = symbol(bits, table)?;
        bits = after.skip(size);
        if size == 0 && run < 15 {
            return Ok(bits);
        }
        index += usize::from(run) + 1;
        match index {
            ..64 => {}
            64 => return Ok(bits),
            _ => return Err(BadCode),
        }
    }
}

/// The next symbol's run and size; more bits than it takes with its value are loaded before.
#[inline(always)]
fn symbol<'a>(bits: Bits<'a>, table: &AcTable) -> Result<(Bits<'a>, u8, u32), BadCode> {
    let (bits, symbol) = table.symbols.next(bits.refill())?;
    Ok((bits, symbol >> 4, u32::from(symbol & 15)))
}
