//! Builds look-up tables for AC coefficients: two at a time, or more to go past them.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "an entry has 11 bits, a code in it as many at most, runs and sizes are below 16: \
              lengths stay below 32, advances of a pair below 128 and those of a stride at 128, \
              which 10 bits hold"
)]

use super::huffman::{BadCode, ENTRIES, LOOK_UP, Symbols, value_in};
use super::tables::Code;

/// How far an end-of-block moves on in the block: so far that the end can be told from a run
/// that overshoots (at most 63 + 16 + 16), and that 63 + 16 + this still fits in 8 bits.
pub(super) const END_OF_BLOCK: usize = 96;

/// Finds AC coefficients (T.81 F.1.2.2), two at a time.
pub(super) struct AcTable {
    /// For decoding: see [`Pair`].
    pub(super) pairs: [Pair; ENTRIES],
    /// For going past a block: see [`Stride`].
    pub(super) strides: [Stride; ENTRIES],
    pub(super) symbols: Symbols,
}

impl AcTable {
    pub(super) fn new(code: &Code) -> Result<Box<Self>, BadCode> {
        let symbols = Symbols::new(code)?;
        let mut table = Box::new(Self {
            pairs: [Pair(0); ENTRIES],
            strides: [Stride(0); ENTRIES],
            symbols,
        });
        let Self {
            pairs,
            strides,
            symbols,
        } = &mut *table;
        for (entry, (pair, stride)) in pairs.iter_mut().zip(strides).enumerate() {
            *pair = Pair::new(symbols, entry);
            *stride = Stride::new(symbols, entry);
        }
        Ok(table)
    }

    /// The bits that the first symbol of an entry takes, with those of its coefficient.
    #[inline(always)]
    #[expect(
        clippy::indexing_slicing,
        reason = "the remainder is below the number of entries"
    )]
    pub(super) fn first_length(&self, entry: u32) -> u32 {
        let found = u32::from(self.symbols.short[entry as usize % ENTRIES]);
        (found >> 8) + (found & 15)
    }
}

/// One or two coefficients that [`LOOK_UP`] bits hold wholly: from the low end 5 bits of total
/// length, 7 of the first advance, 7 of the second, 8 of the first value, 5 of the second.
///
/// An advance is the run of zeros and the coefficient, or [`END_OF_BLOCK`], or 0 for a missing
/// second. A length of 0 says that not even the first fits.
#[derive(Clone, Copy)]
pub(super) struct Pair(u32);

impl Pair {
    fn new(symbols: &Symbols, entry: usize) -> Self {
        let Some(first) = Symbol::whole(symbols, entry, 0).filter(|first| first.value_fits(8))
        else {
            return Self(0);
        };
        let second = Symbol::whole(symbols, entry, first.length)
            .filter(|second| first.advance != END_OF_BLOCK && second.value_fits(5));
        let (length, advance, value) = match second {
            Some(second) => (second.length, second.advance, second.value),
            None => (first.length, 0, 0),
        };
        Self(
            length
                | (first.advance as u32) << 5
                | (advance as u32) << 12
                | (first.value.cast_unsigned() & 0xFF) << 19
                | value.cast_unsigned() << 27,
        )
    }

    #[inline(always)]
    pub(super) fn length(self) -> u32 {
        self.0 & 31
    }

    #[inline(always)]
    pub(super) fn advances(self) -> (usize, usize) {
        ((self.0 >> 5 & 127) as usize, (self.0 >> 12 & 127) as usize)
    }

    #[inline(always)]
    pub(super) fn values(self) -> (i32, i32) {
        (
            (self.0 << 5).cast_signed() >> 24,
            self.0.cast_signed() >> 27,
        )
    }
}

/// As many symbols as begin in [`LOOK_UP`] bits, for going past them: 6 bits of length (the last
/// coefficient may reach beyond the look-up), then the advance.
#[derive(Clone, Copy)]
pub(super) struct Stride(u16);

impl Stride {
    /// The longest: 11 bits of codes and the 15 of the last coefficient.
    pub(super) const LONGEST: u32 = LOOK_UP + 15;

    /// The farthest without an end-of-block, so that 63 and this stay below [`END_OF_BLOCK`].
    const FARTHEST: usize = 32;

    fn new(symbols: &Symbols, entry: usize) -> Self {
        let (mut length, mut advance) = (0, 0);
        while let Some(symbol) = Symbol::begun(symbols, entry, length)
            && (symbol.advance == END_OF_BLOCK || advance + symbol.advance <= Self::FARTHEST)
        {
            (length, advance) = (symbol.length, advance + symbol.advance);
            if symbol.advance == END_OF_BLOCK {
                break;
            }
        }
        Self((length | (advance as u32) << 6) as u16)
    }

    /// 0 says that the code itself is longer than the look-up.
    #[inline(always)]
    pub(super) fn length(self) -> u32 {
        u32::from(self.0 & 63)
    }

    #[inline(always)]
    pub(super) fn advance(self) -> usize {
        usize::from(self.0 >> 6)
    }
}

/// A symbol that begins at some bit of an entry.
struct Symbol {
    /// Bits of the entry up to its end.
    length: u32,
    advance: usize,
    value: i32,
}

impl Symbol {
    /// The symbol after the first `from` bits, if its code is among the entry's bits; runs that end
    /// bands of blocks are left to the caller.
    fn begun(symbols: &Symbols, entry: usize, from: u32) -> Option<Self> {
        let rest = entry << from & (ENTRIES - 1);
        let (length, symbol) = symbols
            .begins(rest)
            .filter(|(length, _)| from + length <= LOOK_UP)?;
        let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
        let advance = match (run, size) {
            (0, 0) => END_OF_BLOCK,
            (1..15, 0) => return None,
            _ => run + 1,
        };
        Some(Self {
            length: from + length + size,
            advance,
            value: 0,
        })
    }

    /// The symbol after the first `from` bits with its value, if all is among the entry's bits.
    fn whole(symbols: &Symbols, entry: usize, from: u32) -> Option<Self> {
        let symbol = Self::begun(symbols, entry, from)?;
        let (code, raw) = symbols.begins(entry << from & (ENTRIES - 1))?;
        let (_, value) = value_in(entry, from + code, u32::from(raw & 15))?;
        Some(Self { value, ..symbol })
    }

    fn value_fits(&self, bits: u32) -> bool {
        let limit = 1 << (bits - 1);
        (-limit..limit).contains(&self.value)
    }
}
