//! Turns coefficients into the tokens of progressive scans (T.81, G.1.2).

#![expect(
    clippy::arithmetic_side_effects,
    reason = "coefficients have 16 bits, bands 64 places and blocks 64 corrections at most; a run \
              ends before it has 2^15 blocks"
)]

use super::order::blocks;
use crate::container::frame::Frame;
use crate::container::jpeg::Channel;
use crate::decode::{CoefficientBlock, Coefficients, ProgressiveScan};
use crate::error::Error;
use crate::huffman::{TableIndex, Token, dc_difference};
use crate::memory::reserve;
use pulp::{Arch, NullaryFnOnce};

/// The most tokens that a block can add: one for each coefficient, runs of zeros, the end of bands
/// and corrections.
const BLOCK_TOKENS: usize = 2 * 64;

/// The most blocks whose bands can end together (T.81, G.1.2.2).
const LONGEST_RUN: u32 = 0x7FFF;

/// The largest value that has a symbol (T.81, table F.1: 15 bits).
const LARGEST: u32 = 0x7FFF;

/// Appends what a scan sends.
pub(super) fn tokenize(
    frame: &Frame,
    scan: &ProgressiveScan,
    coefficients: &[Coefficients],
    tokens: &mut Vec<Token>,
) -> Result<(), Error> {
    if scan.band.0 == 0 {
        return match scan.refines {
            false => first_dc(frame, scan, coefficients, tokens),
            true => later_dc(frame, scan, coefficients, tokens),
        };
    }
    let &[place] = &*scan.members else {
        return Err(Error::internal("encode")("a band of several components"));
    };
    let Some(coefficients) = coefficients.get(place) else {
        return Err(Error::internal("encode")("a scan of an unknown component"));
    };
    Arch::new().dispatch(Ac {
        band: Band::new(scan),
        refines: scan.refines,
        run: Run::new(TableIndex::ac(Channel::of(place))),
        coefficients,
        tokens,
    })
}

/// With the best instructions that this machine has.
struct Ac<'a> {
    band: Band,
    refines: bool,
    run: Run,
    coefficients: &'a Coefficients,
    tokens: &'a mut Vec<Token>,
}

impl NullaryFnOnce for Ac<'_> {
    type Output = Result<(), Error>;

    #[inline(always)]
    fn call(mut self) -> Self::Output {
        let blocks = self.coefficients.blocks();
        if self.refines {
            later_ac(&self.band, blocks, &mut self.run, self.tokens)
        } else {
            first_ac(&self.band, blocks, &mut self.run, self.tokens)
        }
    }
}

/// The DC coefficient of a block of a scan's member.
fn dc(
    scan: &ProgressiveScan,
    coefficients: &[Coefficients],
    member: usize,
    [x, y]: [u32; 2],
) -> Option<i16> {
    let place = scan.members.get(member)?;
    let dc = coefficients.get(*place)?.dc(x, y)?;
    Some(dc.unbounded_shr(scan.low))
}

fn first_dc(
    frame: &Frame,
    scan: &ProgressiveScan,
    coefficients: &[Coefficients],
    tokens: &mut Vec<Token>,
) -> Result<(), Error> {
    let mut before = [0; 4];
    let tables = [0, 1, 2, 3].map(|member| {
        let place = scan.members.get(member).copied();
        TableIndex::dc(Channel::of(place.unwrap_or_default()))
    });
    blocks(frame, &scan.members, |member, x, y| {
        reserve(tokens, 1)?;
        if let (Some(before), Some(&table)) = (before.get_mut(member), tables.get(member)) {
            // Beyond the picture, nothing changes.
            let value = dc(scan, coefficients, member, [x, y]);
            let difference = value.map_or(0, |value| dc_difference(value, before));
            tokens.push(Token::value(table, 0, difference));
        }
        Ok(())
    })
}

fn later_dc(
    frame: &Frame,
    scan: &ProgressiveScan,
    coefficients: &[Coefficients],
    tokens: &mut Vec<Token>,
) -> Result<(), Error> {
    let mut bits = Raw::default();
    blocks(frame, &scan.members, |member, x, y| {
        let value = dc(scan, coefficients, member, [x, y]).unwrap_or_default();
        bits.push(value & 1 == 1);
        if bits.count == 64 {
            reserve(tokens, 4)?;
            bits.flush(tokens);
        }
        Ok(())
    })?;
    reserve(tokens, 4)?;
    bits.flush(tokens);
    Ok(())
}

/// The coefficients of a scan, and their bits.
struct Band {
    first: u32,
    last: u32,
    /// As bits in zigzag order.
    set: u64,
    low: u32,
}

impl Band {
    fn new(scan: &ProgressiveScan) -> Self {
        // A scan header was held against these bounds.
        let [first, last] = [scan.band.0, scan.band.1].map(|index| (index % 64) as u32);
        Self {
            first,
            last,
            set: (u64::MAX >> (63 - last)) & (u64::MAX << first),
            low: scan.low,
        }
    }

    /// What is sent of a coefficient.
    #[inline(always)]
    fn magnitude(&self, value: i16) -> u32 {
        let magnitude = u32::from(value.unsigned_abs());
        magnitude.unbounded_shr(self.low).min(LARGEST)
    }
}

/// Blocks whose bands end together.
struct Run {
    table: TableIndex,
    count: u32,
    /// Where the token of the run stands: before the corrections of its blocks.
    place: usize,
}

impl Run {
    const fn new(table: TableIndex) -> Self {
        Self {
            table,
            count: 0,
            place: 0,
        }
    }

    /// Ends a block's band.
    #[inline(always)]
    fn add(&mut self, tokens: &mut Vec<Token>) {
        if self.count == 0 {
            self.place = tokens.len();
            tokens.push(Token::default());
        }
        self.count += 1;
    }

    /// Ends the run, if there is one.
    #[inline(always)]
    fn end(&mut self, tokens: &mut [Token]) {
        if self.count > 0
            && let Some(token) = tokens.get_mut(self.place)
        {
            *token = Token::end_of_bands(self.table, self.count);
            self.count = 0;
        }
    }
}

#[inline(always)]
fn first_ac<'a>(
    band: &Band,
    blocks: impl Iterator<Item = CoefficientBlock<'a>>,
    run: &mut Run,
    tokens: &mut Vec<Token>,
) -> Result<(), Error> {
    for block in blocks {
        reserve(tokens, BLOCK_TOKENS)?;
        let mut next = band.first;
        for (index, value) in block.indices(block.nonzero & band.set) {
            let magnitude = band.magnitude(value).cast_signed();
            if magnitude == 0 {
                continue;
            }
            run.end(tokens);
            let mut zeros = index - next;
            while zeros > 15 {
                tokens.push(Token::sixteen_zeros(run.table));
                zeros -= 16;
            }
            let value = magnitude * i32::from(value.signum());
            tokens.push(Token::value(run.table, zeros, value));
            next = index + 1;
        }
        if next <= band.last {
            run.add(tokens);
            if run.count == LONGEST_RUN {
                run.end(tokens);
            }
        }
    }
    run.end(tokens);
    Ok(())
}

#[inline(always)]
fn later_ac<'a>(
    band: &Band,
    blocks: impl Iterator<Item = CoefficientBlock<'a>>,
    run: &mut Run,
    tokens: &mut Vec<Token>,
) -> Result<(), Error> {
    for block in blocks {
        reserve(tokens, BLOCK_TOKENS)?;
        // Coefficients of which this is the highest bit, and the last of them.
        let new = (block.indices(block.nonzero & band.set))
            .filter(|&(_, value)| band.magnitude(value) == 1)
            .last();
        let last_new = new.map_or(0, |(index, _)| index);
        let mut corrections = Raw::default();
        let (mut zeros, mut next) = (0, band.first);
        for (index, value) in block.indices(block.nonzero & band.set) {
            let magnitude = band.magnitude(value);
            if magnitude == 0 {
                continue;
            }
            zeros += index - next;
            next = index + 1;
            while zeros > 15 && index <= last_new {
                run.end(tokens);
                tokens.push(Token::sixteen_zeros(run.table));
                corrections.flush(tokens);
                zeros -= 16;
            }
            if magnitude == 1 {
                run.end(tokens);
                let symbol = (zeros << 4 | 1) as u8;
                tokens.push(Token::sized(run.table, symbol, u32::from(value > 0)));
                corrections.flush(tokens);
                zeros = 0;
            } else {
                corrections.push(magnitude & 1 == 1);
            }
        }
        if next <= band.last || zeros > 0 || corrections.count > 0 {
            run.add(tokens);
            corrections.flush(tokens);
            if run.count == LONGEST_RUN {
                run.end(tokens);
            }
        }
    }
    run.end(tokens);
    Ok(())
}

/// Bits without codes.
#[derive(Default)]
struct Raw {
    /// The last one is the lowest.
    bits: u64,
    count: u32,
}

impl Raw {
    #[inline(always)]
    fn push(&mut self, bit: bool) {
        self.bits = self.bits << 1 | u64::from(bit);
        self.count += 1;
    }

    /// Appends all bits, of which there are 64 at most, as up to 4 tokens.
    #[inline(always)]
    fn flush(&mut self, tokens: &mut Vec<Token>) {
        while self.count > 0 {
            let some = self.count.min(16);
            self.count -= some;
            let bits = (self.bits >> self.count) & ((1 << some) - 1);
            tokens.push(Token::raw(bits as u32, some));
        }
    }
}
