//! Symbols of the entropy coder with their additional bits (T.81, F.1.2).

use super::component::Channel;
use super::quantize::Quantized;

/// A Huffman symbol, the table that codes it, and the bits that follow its code.
///
/// From the lowest bit: 8 bits of symbol, of which the lower 4 say how many additional bits there
/// are; 2 bits of [table](TableIndex); 6 bits of nothing; 16 bits with the additional bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Token(u32);

/// Symbols times tables: how many different [`Token::index`] there are.
pub(super) const INDEXES: usize = 4 * 256;

/// The most tokens that a block can be: one for each coefficient.
pub(super) const BLOCK_TOKENS: usize = 64;

const END_OF_BLOCK: u8 = 0x00;
const SIXTEEN_ZEROS: u8 = 0xF0;

/// The number of a Huffman table: its class and its destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TableIndex(u8);

impl TableIndex {
    pub(super) const fn dc(channel: Channel) -> Self {
        Self(2 * channel as u8)
    }

    pub(super) const fn ac(channel: Channel) -> Self {
        Self(2 * channel as u8 + 1)
    }

    /// Where the table's symbols lie among all [`INDEXES`].
    pub(super) fn range(self) -> std::ops::Range<usize> {
        let start = usize::from(self.0) * 256;
        start..start + 256
    }
}

impl Token {
    #[inline(always)]
    fn symbol(table: TableIndex, symbol: u8) -> Self {
        Self(u32::from(table.0) << 8 | u32::from(symbol))
    }

    /// A value after a run of zeros. `value` has at most 11 bits: no DC difference of 8-bit samples
    /// has more.
    #[inline(always)]
    fn value(table: TableIndex, run: u32, value: i32) -> Self {
        let size = u32::BITS - value.unsigned_abs().leading_zeros();
        // A negative value is coded as one less, without its sign (T.81, F.1.2.1).
        let bits = (value + (value >> 31)) as u32 & ((1 << size) - 1);
        Self(bits << 16 | u32::from(table.0) << 8 | run << 4 | size)
    }

    /// Table and symbol as one number below [`INDEXES`].
    #[inline(always)]
    pub(super) fn index(self) -> usize {
        self.0 as usize % INDEXES
    }

    /// The additional bits.
    #[inline(always)]
    pub(super) fn bits(self) -> u32 {
        self.0 >> 16
    }
}

/// Writes the block of a lane as tokens and says how many they are. `predictor` is the DC of the
/// component's block before.
#[inline(always)]
pub(super) fn tokenize(
    blocks: &Quantized,
    lane: usize,
    predictor: i16,
    channel: Channel,
    tokens: &mut [Token; BLOCK_TOKENS],
) -> usize {
    let table = TableIndex::ac(channel);
    let difference = i32::from(blocks.coefficients[0][lane]) - i32::from(predictor);
    tokens[0] = Token::value(TableIndex::dc(channel), 0, difference);
    let mut count = 1;
    let mut next = 1;
    // The DC coefficient is done.
    let mut nonzero = blocks.nonzero[lane] & !1;
    while nonzero != 0 {
        let index = nonzero.trailing_zeros();
        nonzero &= nonzero - 1;
        let mut run = index - next;
        next = index + 1;
        while run >= 16 {
            tokens[count % BLOCK_TOKENS] = Token::symbol(table, SIXTEEN_ZEROS);
            count += 1;
            run -= 16;
        }
        let value = blocks.coefficients[index as usize % 64][lane];
        tokens[count % BLOCK_TOKENS] = Token::value(table, run, i32::from(value));
        count += 1;
    }
    if next < 64 {
        tokens[count % BLOCK_TOKENS] = Token::symbol(table, END_OF_BLOCK);
        count += 1;
    }
    count
}

/// The tokens of a block beyond the plane, which a decoder throws away: as short as a block can be.
#[inline(always)]
pub(super) fn empty_block(channel: Channel) -> [Token; 2] {
    [
        Token::symbol(TableIndex::dc(channel), 0),
        Token::symbol(TableIndex::ac(channel), END_OF_BLOCK),
    ]
}
