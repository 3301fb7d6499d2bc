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
use super::drive::Coder;
use super::error::Error;
use super::huffman::{BadCode, DcTable, LOOK_UP};
use super::layout::Blocks;
use super::pairs::END_OF_BLOCK;
use super::scan::Grid;
use super::tokens::TokenTable;
use super::transcript::SequentialScan;
use crate::container::jpeg::Channel;
use crate::huffman::{BLOCK_TOKENS, Frequencies, TableIndex, Token, dc_difference, empty_block};
use crate::memory;
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
    /// Room for a row of units, and how many tokens are in it.
    row: Vec<Token>,
    count: usize,
    scan: SequentialScan,
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
            row: memory::filled(Token::default(), row)?,
            count: 0,
            scan: SequentialScan {
                members: (members.iter().map(|member| member.source.component)).collect(),
                tokens: memory::with_capacity(most.min(bytes.saturating_mul(8)))?,
                frequencies: Frequencies::default(),
            },
            members,
        })
    }

    /// The scan, and which coefficients of each member are not zero.
    pub(super) fn finish(self) -> (SequentialScan, impl Iterator<Item = u64>) {
        let nonzero = self.members.into_iter().map(|member| member.nonzero);
        (self.scan, nonzero)
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
        let mut count = self.count;
        for column in columns {
            for block in &self.grid.blocks {
                let Some(member) = self.members.get_mut(block.member) else {
                    continue;
                };
                let (x, y) = (column * block.across + block.x, row * block.down + block.y);
                let size = member.source.size;
                let is_shown = x < size.width && y < size.height;
                let room = self.row.get_mut(count..).unwrap_or_default();
                let room = room.first_chunk_mut().ok_or(BadCode)?;
                let (after, tokens) = member.decode(bits, is_shown, room)?;
                bits = after;
                count += tokens;
            }
        }
        self.count = count;
        Ok(bits)
    }

    fn close(&mut self, _row: u32) -> Result<(), Error> {
        let tokens = self.row.get(..self.count).unwrap_or_default();
        self.scan.frequencies.count(tokens);
        memory::append(&mut self.scan.tokens, tokens)?;
        self.count = 0;
        Ok(())
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
        let mut block = Block {
            tokens,
            // The first place is for the DC coefficient.
            count: 1,
            nonzero: 0,
        };
        let bits = block.read(bits, self.source.ac, table)?;
        let (count, nonzero) = (block.count, block.nonzero);
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

/// A block in the making.
struct Block<'b> {
    tokens: &'b mut [Token; BLOCK_TOKENS],
    count: usize,
    /// Which coefficients are not zero.
    nonzero: u64,
}

/// Look-ups that one refill of 56 bits lasts for.
const PAIRS: u32 = 56 / LOOK_UP;

/// Where an end-of-block leads to from any index.
const PAST_END: usize = END_OF_BLOCK + 1;

impl Block<'_> {
    /// Reads AC coefficients.
    #[inline(always)]
    fn read<'a>(
        &mut self,
        mut bits: Bits<'a>,
        codes: &TokenTable,
        table: TableIndex,
    ) -> Result<Bits<'a>, BadCode> {
        let mut index = 1;
        'refill: loop {
            bits = bits.refill();
            for _ in 0..PAIRS {
                let pair = &codes.pairs[bits.peek(LOOK_UP) as usize];
                if pair.length == 0 {
                    let (after, symbol) = codes.symbols.next(bits.refill())?;
                    let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
                    // Two steps, as no bits at all are one too many for a single shift.
                    let raw = after.peek(16) >> (16 - size);
                    bits = after.skip(size);
                    if size == 0 && run < 15 {
                        self.end(table);
                        return Ok(bits);
                    }
                    index += run + 1;
                    self.push(Token::sized(table, symbol, raw));
                    self.nonzero |= u64::from(size > 0) << ((index - 1) % 64);
                    if index > 63 {
                        if size == 0 {
                            self.end(table);
                        }
                        return whole(bits, index);
                    }
                    continue 'refill;
                }
                let [first, second] = pair.advances.map(usize::from);
                let (middle, next) = (index + first, index + first + second);
                // Without asking whether there is a second, as it is overwritten if there is none.
                self.tokens[self.count % BLOCK_TOKENS] = pair.tokens[0].coded_by(table);
                self.tokens[(self.count + 1) % BLOCK_TOKENS] = pair.tokens[1].coded_by(table);
                if next > 63 {
                    // What follows the last coefficient belongs to the next block.
                    let (last, length) = if middle > 63 {
                        (middle, pair.first_length)
                    } else {
                        self.count += 1;
                        self.nonzero |= 1 << (middle - 1);
                        (next, pair.length)
                    };
                    let bits = bits.skip(length.into());
                    if last >= PAST_END {
                        self.end(table);
                        return Ok(bits);
                    }
                    self.count += 1;
                    self.nonzero |= 1 << 63;
                    return whole(bits, last);
                }
                self.count += 1 + usize::from(second > 0);
                self.nonzero |= 1 << (middle - 1) | 1 << (next - 1);
                index = next;
                bits = bits.skip(pair.length.into());
            }
        }
    }

    #[inline(always)]
    fn push(&mut self, token: Token) {
        self.tokens[self.count % BLOCK_TOKENS] = token;
        self.count += 1;
    }

    /// Ends the block, without runs of zeros that no coefficient follows.
    #[inline(always)]
    fn end(&mut self, table: TableIndex) {
        while self.count > 1
            && self.tokens[(self.count - 1) % BLOCK_TOKENS] == Token::sixteen_zeros(table)
        {
            self.count -= 1;
        }
        self.push(Token::end_of_block(table));
    }
}

/// A block ends with its last coefficient, not with a run beyond.
#[inline(always)]
fn whole(bits: Bits<'_>, index: usize) -> Result<Bits<'_>, BadCode> {
    if index == 64 { Ok(bits) } else { Err(BadCode) }
}
