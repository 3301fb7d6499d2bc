//! Reads sequential scans symbol by symbol (T.81 annex F), for pictures whose compressed pixels pass
//! through: what the symbols mean for the picture is kept as tokens.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "columns and rows of units have 16 bits, and sampling factors are 1 to 4; a block has \
              64 tokens at most, since each of them but an end-of-block takes an index of 64; as \
              many bits are peeked as a table has entries for; \
              predictions of hostile files wrap"
)]

use super::bits::Bits;
use super::block::End;
use super::buffer::Buffer;
use super::coded::Coded;
use super::drive::Coder;
use super::error::Error;
use super::huffman::{BadCode, DcTable};
use super::layout::Blocks;
use super::scan::Grid;
use super::tokens::TokenTable;
use super::transcript::Contents;
use crate::container::jpeg::Channel;
use crate::huffman::{BLOCK_TOKENS, TableIndex, Token, dc_difference, empty_block};
use std::ops::Range;

/// A component of a scan.
pub(super) struct Source<'t> {
    /// Its place in the frame.
    pub(super) component: usize,
    /// The blocks that hold samples of the picture.
    pub(super) size: Blocks,
    pub(super) dc: &'t DcTable,
    pub(super) ac: &'t TokenTable,
}

/// A sequential scan while it is read.
pub(super) struct Transcriber<'t> {
    grid: &'t Grid,
    members: Vec<Member<'t>>,
    buffer: Buffer,
}

struct Member<'t> {
    source: Source<'t>,
    channel: Channel,
    prediction: i32,
    /// The DC coefficient of the last block that was kept.
    kept: i16,
    /// Which coefficients are not zero in some block.
    nonzero: u64,
}

impl<'t> Transcriber<'t> {
    /// `bytes` is the length of the data; each token takes a bit of it at least.
    pub(super) fn new(
        grid: &'t Grid,
        sources: impl Iterator<Item = Source<'t>>,
        bytes: usize,
    ) -> Result<Self, Error> {
        let members: Vec<_> = sources
            .map(|source| Member {
                channel: Channel::of(source.component),
                source,
                prediction: 0,
                kept: 0,
                nonzero: 0,
            })
            .collect();
        let row = (grid.columns as usize).saturating_mul(grid.blocks.len() * BLOCK_TOKENS);
        let most = row.saturating_mul(grid.rows as usize);
        Ok(Self {
            grid,
            members,
            buffer: Buffer::new(row, most.min(bytes.saturating_mul(8)))?,
        })
    }

    pub(super) fn finish(self) -> Contents {
        Contents {
            tokens: self.buffer.finish(),
            nonzero: self.members.iter().map(|member| member.nonzero).collect(),
        }
    }
}

impl Coder for Transcriber<'_> {
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
                let (x, y) = (column * block.across + block.x, row * block.down + block.y);
                let size = member.source.size;
                let is_shown = x < size.width && y < size.height;
                let (after, tokens) = member.decode(bits, is_shown, self.buffer.block()?)?;
                bits = after;
                self.buffer.advance(tokens);
            }
        }
        Ok(bits)
    }

    fn close(&mut self, _row: u32) -> Result<(), Error> {
        self.buffer.end_row()
    }
}

impl Member<'_> {
    /// Returns how many tokens the block has.
    #[inline(always)]
    fn decode<'a>(
        &mut self,
        bits: Bits<'a>,
        is_shown: bool,
        tokens: &mut [Token; BLOCK_TOKENS],
    ) -> Result<(Bits<'a>, usize), BadCode> {
        let (bits, difference) = self.source.dc.next(bits.refill())?;
        self.prediction = self.prediction.wrapping_add(difference);
        let table = TableIndex::ac(self.channel);
        let mut block = Coded {
            tokens,
            // The first place is for the DC coefficient.
            count: 1,
            nonzero: 0,
        };
        let (bits, end) = block.read(bits, self.source.ac, table, (1, 63))?;
        let (mut count, nonzero) = (block.count, block.nonzero);
        if end != End::Block {
            tokens[count % BLOCK_TOKENS] = Token::end_of_block(table);
            count += 1;
        }
        if !is_shown {
            let empty = empty_block(self.channel);
            tokens[..empty.len()].copy_from_slice(&empty);
            return Ok((bits, empty.len()));
        }
        let difference = dc_difference(self.prediction as i16, &mut self.kept);
        tokens[0] = Token::value(TableIndex::dc(self.channel), 0, difference);
        self.nonzero |= nonzero | u64::from(self.kept != 0);
        Ok((bits, count))
    }
}
