//! Keeps the tokens of a scan.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a row has at most as many tokens as there is room for"
)]

use super::error::Error;
use super::huffman::BadCode;
use crate::huffman::{TableIndex, Token};
use crate::memory;

/// The most blocks whose bands can end together (T.81 G.1.2.2).
const LONGEST_RUN: u32 = 0x7FFF;

/// The tokens of a scan: those of complete rows, and those of the row in work.
pub(super) struct Buffer {
    done: Vec<Token>,
    row: Vec<Token>,
    count: usize,
}

impl Buffer {
    /// With room for so many tokens of a row, and of all rows.
    pub(super) fn new(of_row: usize, most: usize) -> Result<Self, Error> {
        Ok(Self {
            done: memory::with_capacity(most)?,
            row: memory::filled(Token::default(), of_row)?,
            count: 0,
        })
    }

    /// Room for a block of `N` tokens, of which [`Self::advance`] keeps some.
    #[inline(always)]
    pub(super) fn block<const N: usize>(&mut self) -> Result<&mut [Token; N], BadCode> {
        let room = self.row.get_mut(self.count..).unwrap_or_default();
        // There is room for all blocks of a row.
        room.first_chunk_mut().ok_or(BadCode)
    }

    #[inline(always)]
    pub(super) fn advance(&mut self, count: usize) {
        self.count += count;
    }

    #[inline(always)]
    pub(super) fn push(&mut self, token: Token) {
        if let Some(place) = self.row.get_mut(self.count) {
            *place = token;
            self.count += 1;
        }
    }

    /// Appends the lowest `count` bits as they are.
    #[inline(always)]
    pub(super) fn push_bits(&mut self, bits: u64, mut count: u32) {
        while count > 0 {
            let some = count.min(16);
            count -= some;
            let some_bits = (bits >> count) & ((1 << some) - 1);
            #[expect(clippy::cast_possible_truncation, reason = "16 bits")]
            self.push(Token::raw(some_bits as u32, some));
        }
    }

    /// Tokens of the row so far.
    #[inline(always)]
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Drops the last tokens of the row.
    #[inline(always)]
    pub(super) fn truncate(&mut self, count: usize) {
        self.count = self.count.min(count);
    }

    pub(super) fn end_row(&mut self) -> Result<(), Error> {
        let row = self.row.get(..self.count).unwrap_or_default();
        memory::append(&mut self.done, row)?;
        self.count = 0;
        Ok(())
    }

    /// All tokens.
    pub(super) fn finish(self) -> Vec<Token> {
        self.done
    }

    fn replace(&mut self, place: usize, token: Token) {
        let place = match place.checked_sub(self.done.len()) {
            None => self.done.get_mut(place),
            Some(place) => self.row.get_mut(place),
        };
        if let Some(place) = place {
            *place = token;
        }
    }
}

/// Blocks whose bands end together: one token for all of them, before their corrections.
pub(super) struct Run {
    table: TableIndex,
    count: u32,
    /// Where the token stands.
    place: usize,
}

impl Run {
    pub(super) const fn new(table: TableIndex) -> Self {
        Self {
            table,
            count: 0,
            place: 0,
        }
    }

    /// Ends the bands of so many more blocks.
    #[inline(always)]
    pub(super) fn add(&mut self, mut blocks: u32, buffer: &mut Buffer) {
        while blocks > 0 {
            if self.count == 0 {
                self.place = buffer.done.len() + buffer.count;
                buffer.push(Token::default());
            }
            let some = blocks.min(LONGEST_RUN - self.count);
            self.count += some;
            blocks -= some;
            if self.count == LONGEST_RUN {
                self.end(buffer);
            }
        }
    }

    /// Ends the run, if there is one.
    #[inline(always)]
    pub(super) fn end(&mut self, buffer: &mut Buffer) {
        if self.count > 0 {
            buffer.replace(self.place, Token::end_of_bands(self.table, self.count));
            self.count = 0;
        }
    }
}
