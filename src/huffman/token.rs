//! Symbols of the entropy coder with their additional bits (T.81, F.1.2 and G.1.2).

use crate::container::jpeg::Channel;

/// A Huffman symbol, the table that codes it, and the bits that follow its code.
///
/// From the lowest bit: 8 bits of symbol; 3 bits of [table](TableIndex); 5 bits with the number of
/// additional bits, at most 16; 16 bits with the additional bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Token(u32);

/// Symbols times tables: how many different [`Token::index`] there are.
pub(super) const INDEXES: usize = 8 * 256;

/// The most tokens that a block of a sequential scan can be: one for each coefficient.
pub(crate) const BLOCK_TOKENS: usize = 64;

const END_OF_BLOCK: u8 = 0x00;
const SIXTEEN_ZEROS: u8 = 0xF0;

/// The number of a Huffman table: its class and its destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TableIndex(u8);

impl TableIndex {
    /// Bits without a code before them.
    const RAW: Self = Self(4);

    pub(crate) const fn dc(channel: Channel) -> Self {
        Self(2 * channel as u8)
    }

    pub(crate) const fn ac(channel: Channel) -> Self {
        Self(2 * channel as u8 + 1)
    }

    /// Where the table's symbols lie among all [`INDEXES`].
    pub(super) fn range(self) -> std::ops::Range<usize> {
        let start = usize::from(self.0) * 256;
        start..start + 256
    }
}

impl Token {
    /// A symbol whose additional bits are as many as its lower half says. `bits` has no more.
    #[inline(always)]
    pub(crate) fn sized(table: TableIndex, symbol: u8, bits: u32) -> Self {
        Self::new(table, symbol, u32::from(symbol & 15), bits)
    }

    /// The same without a table, which [`Self::coded_by`] adds.
    #[inline(always)]
    pub(crate) fn bare(symbol: u8, bits: u32) -> Self {
        Self::sized(TableIndex(0), symbol, bits)
    }

    #[inline(always)]
    pub(crate) fn coded_by(self, table: TableIndex) -> Self {
        Self(self.0 | u32::from(table.0) << 8)
    }

    #[inline(always)]
    fn new(table: TableIndex, symbol: u8, count: u32, bits: u32) -> Self {
        Self(bits << 16 | count << 11 | u32::from(table.0) << 8 | u32::from(symbol))
    }

    /// A value after a run of up to 15 zeros. `value` has at most 15 bits.
    #[inline(always)]
    pub(crate) fn value(table: TableIndex, run: u32, value: i32) -> Self {
        let size = u32::BITS - value.unsigned_abs().leading_zeros();
        // A negative value is coded as one less, without its sign (T.81, F.1.2.1).
        let bits = (value + (value >> 31)) as u32 & ((1 << size) - 1);
        Self::sized(table, (run << 4 | size) as u8, bits)
    }

    #[inline(always)]
    pub(crate) fn end_of_block(table: TableIndex) -> Self {
        Self::sized(table, END_OF_BLOCK, 0)
    }

    #[inline(always)]
    pub(crate) fn sixteen_zeros(table: TableIndex) -> Self {
        Self::sized(table, SIXTEEN_ZEROS, 0)
    }

    /// The end of the bands of `count` blocks, 1 to 2^15 - 1 (T.81, G.1.2.2).
    pub(crate) fn end_of_bands(table: TableIndex, count: u32) -> Self {
        let power = count.ilog2();
        Self::new(table, (power as u8) << 4, power, count - (1 << power))
    }

    /// 1 to 16 bits without a code: the lowest `count` of `bits`, and no others are set.
    #[inline(always)]
    pub(crate) fn raw(bits: u32, count: u32) -> Self {
        Self::new(TableIndex::RAW, 0, count, bits)
    }

    /// Table and symbol as one number below [`INDEXES`].
    #[inline(always)]
    pub(super) fn index(self) -> usize {
        self.0 as usize % INDEXES
    }

    /// How many additional bits there are.
    #[inline(always)]
    pub(super) fn count(self) -> u32 {
        self.0 >> 11 & 31
    }

    /// The additional bits.
    #[inline(always)]
    pub(super) fn bits(self) -> u32 {
        self.0 >> 16
    }
}

/// The tokens of a block beyond the picture, which a decoder throws away: as short as a block can
/// be.
#[inline(always)]
pub(crate) fn empty_block(channel: Channel) -> [Token; 2] {
    [
        Token::sized(TableIndex::dc(channel), 0, 0),
        Token::end_of_block(TableIndex::ac(channel)),
    ]
}

/// Returns the difference that codes the DC coefficient `value` after `before`, and adds it to
/// `before`.
///
/// Decoders count with 16 bits. No legal difference is as large as the one of these that no symbol
/// has a size for; the nearest one stands for it.
#[inline(always)]
pub(crate) fn dc_difference(value: i16, before: &mut i16) -> i32 {
    let difference = value.wrapping_sub(*before).max(-i16::MAX);
    *before = before.wrapping_add(difference);
    difference.into()
}
