//! Builds look-up tables that give AC symbols as tokens, two at a time.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "an entry has 11 bits, and a code with its value as many at most; an advance is 96 at \
              most"
)]

use super::huffman::{BadCode, ENTRIES, LOOK_UP, Symbols};
use super::pairs::END_OF_BLOCK;
use super::tables::Code;
use crate::huffman::Token;

/// Finds AC coefficients (T.81 F.1.2.2) as tokens, two at a time.
pub(super) struct TokenTable {
    pub(super) pairs: [Pair; ENTRIES],
    pub(super) symbols: Symbols,
}

/// One or two coefficients that [`LOOK_UP`] bits hold wholly, or an end-of-block as the last one.
///
/// An advance is the run of zeros and the coefficient, or [`END_OF_BLOCK`], or 0 for a missing
/// second. A length of 0 says that not even the first fits, or that it is a run without a
/// coefficient.
#[derive(Clone, Copy, Default)]
pub(super) struct Pair {
    /// Without a table; that of an end-of-block means nothing.
    pub(super) tokens: [Token; 2],
    /// Bits of the first, and of both.
    pub(super) first_length: u8,
    pub(super) length: u8,
    pub(super) advances: [u8; 2],
}

impl TokenTable {
    #[expect(
        clippy::large_stack_arrays,
        reason = "24 KiB, on their way to the heap"
    )]
    pub(super) fn new(code: &Code) -> Result<Box<Self>, BadCode> {
        let mut new = Box::new(Self {
            pairs: [Pair::default(); ENTRIES],
            symbols: Symbols::new(code)?,
        });
        let Self { pairs, symbols } = &mut *new;
        for (entry, pair) in pairs.iter_mut().enumerate() {
            *pair = Pair::new(symbols, entry);
        }
        Ok(new)
    }
}

impl Pair {
    fn new(symbols: &Symbols, entry: usize) -> Self {
        let Some((first, first_length, advance)) = token(symbols, entry, 0) else {
            return Self::default();
        };
        let second = token(symbols, entry, first_length);
        let (second, length, second_advance) = second
            .filter(|_| usize::from(advance) != END_OF_BLOCK)
            .unwrap_or((Token::default(), first_length, 0));
        Self {
            tokens: [first, second],
            first_length: first_length as u8,
            length: length as u8,
            advances: [advance, second_advance],
        }
    }
}

/// The token that begins after the first `from` bits of an entry, the bits up to its end, and its
/// advance; if all of it is among the entry's bits and it is no mere run.
fn token(symbols: &Symbols, entry: usize, from: u32) -> Option<(Token, u32, u8)> {
    let rest = entry << from & (ENTRIES - 1);
    let (length, symbol) = symbols.begins(rest)?;
    let (run, size) = (symbol >> 4, u32::from(symbol & 15));
    let end = from + length + size;
    let shift = LOOK_UP.checked_sub(end)?;
    let raw = entry as u32 >> shift & ((1 << size) - 1);
    match (run, size) {
        (0, 0) => Some((Token::default(), end, END_OF_BLOCK as u8)),
        (_, 0) => None,
        _ => Some((Token::bare(symbol, raw), end, run + 1)),
    }
}
