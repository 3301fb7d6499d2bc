//! Decodes a piece of a sequential scan before it is known which of the picture's units it holds.
//!
//! Reading may begin in the midst of a code. Huffman codes fall into step by themselves after a few
//! units: from the first unit that begins at the same bit as one that was read from the start of
//! the scan, everything is the same but for the predictions of DC coefficients, which are off by a
//! constant.

use super::bits::Bits;
use super::block::{self, MOST_BYTES};
use super::drive::STRIP;
use super::entropy::Entropy;
use super::error::Error;
use super::huffman::BadCode;
use super::idct::Group;
use super::pieces::Piece;
use super::scan::{Block, Grid};
use super::sequential::{Coding, Slots, slots};
use crate::memory;
use pulp::{Arch, NullaryFnOnce};

/// Units that are read beyond the beginning of the next piece, to find one that both have in
/// common. In 1,000 cuts of photos the farthest was 31 units in.
const OVERLAP: usize = 256;

/// A code that does not exist is a false start among this many units, and afterwards a fault.
const SETTLED: usize = 256;

/// False starts after which a piece is given up: a few are usual.
const ATTEMPTS: usize = 1000;

/// Predictions of the components of a scan, of which there are at most four.
pub(super) type Predictions = [i16; 4];

/// What is needed to read any piece of a scan.
pub(super) struct Reading<'t> {
    bytes: &'t [u8],
    grid: &'t Grid,
    /// Units in a restart interval, or 0.
    interval: u32,
    members: Vec<Member<'t>>,
    /// Coefficients that are kept of a strip.
    stride: usize,
}

struct Member<'t> {
    coding: Coding<'t>,
    slots: Slots,
    shelf: Shelf,
}

/// How the blocks of a component lie in what is kept of a strip: in groups, as [`Group`] wants
/// them, but close together.
///
/// [`Group`]: super::idct::Group
#[derive(Clone, Copy)]
pub(super) struct Shelf {
    edge: u32,
    /// The first coefficient.
    from: usize,
    /// Coefficients of a group, unwanted ones included.
    group: usize,
    /// Groups in a row of a strip's blocks.
    across: usize,
    /// Blocks in a group are 2 to this power.
    lanes: u32,
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "a strip has 32 units of at most 4 x 4 blocks, for sampling factors are 1 to 4, \
              each of at most 65 coefficients; a group of a strip has a place for each of its \
              blocks"
)]
impl Shelf {
    /// A component that has `across` blocks side by side in a unit.
    fn new(edge: u32, across: u32, from: usize) -> Self {
        let lanes = Group::lanes(edge);
        Self {
            edge,
            from,
            group: (Group::unwanted(edge) as usize + 1) * lanes as usize,
            across: (STRIP * across).div_ceil(lanes) as usize,
            lanes: lanes.ilog2(),
        }
    }

    /// Where its coefficients end, if it has `down` rows of blocks in a unit.
    fn end(&self, down: u32) -> usize {
        self.from + down as usize * self.across * self.group
    }

    /// The first coefficient of a block, in the unit `local` of a strip.
    #[inline(always)]
    fn place(&self, block: &Block, local: u32) -> usize {
        let x = local * block.across + block.x;
        let group = block.y as usize * self.across + (x >> self.lanes) as usize;
        self.from + group * self.group + (x & ((1 << self.lanes) - 1)) as usize
    }

    /// The wanted coefficients of all groups of a row of blocks.
    pub(super) fn groups<'s>(&self, strip: &'s [i16], y: u32) -> impl Iterator<Item = &'s [i16]> {
        let from = self.from + y as usize * self.across * self.group;
        let wanted = self.group - (1 << self.lanes);
        let rows = strip.get(from..).unwrap_or_default();
        let groups = rows.chunks_exact(self.group).take(self.across);
        groups.filter_map(move |group| group.get(..wanted))
    }
}

impl<'t> Reading<'t> {
    /// `codings` are those of the scan's components, each with the samples that an edge of its
    /// blocks is to have.
    pub(super) fn new(
        bytes: &'t [u8],
        grid: &'t Grid,
        interval: u32,
        codings: impl Iterator<Item = (Coding<'t>, u32)>,
    ) -> Self {
        let mut stride = 0;
        let members = codings.enumerate().map(|(number, (coding, edge))| {
            let block = grid.blocks.iter().find(|block| block.member == number);
            let (across, down) = block.map_or((1, 1), |block| (block.across, block.down));
            let shelf = Shelf::new(edge, across, stride);
            stride = shelf.end(down);
            Member {
                coding,
                slots: slots(coding.quantisation, edge, 1 << shelf.lanes),
                shelf,
            }
        });
        Self {
            bytes,
            grid,
            interval,
            members: members.collect(),
            stride,
        }
    }

    /// Reads from the beginning of `piece` on, up to a few units beyond the beginning of `next`.
    pub(super) fn ahead(&self, piece: Piece, next: Option<Piece>) -> Result<Ahead, Error> {
        let mut entropy = Entropy::new(self.bytes)?;
        entropy.start_within(piece.offset, piece.passed);
        let most = usize::try_from(self.grid.units()).unwrap_or(usize::MAX);
        Arch::new().dispatch(Run {
            reading: self,
            next: next.map_or(u64::MAX, |next| next.bit()),
            ahead: Ahead {
                piece,
                starts: memory::with_capacity(most)?,
                strips: Vec::new(),
                end: 0,
            },
            entropy,
        })
    }

    /// Decodes the unit `local` of a strip.
    #[inline(always)]
    #[expect(
        clippy::indexing_slicing,
        reason = "members are those of the grid's blocks, at most four; a strip has `stride` \
                  coefficients, in which every block of its units has a place"
    )]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "values have 16 bits, or are of the hostile: predictions wrap"
    )]
    fn unit<'a>(
        &self,
        mut bits: Bits<'a>,
        predictions: &mut Predictions,
        strip: &mut [i16],
        local: u32,
    ) -> Result<Bits<'a>, BadCode> {
        for block in &self.grid.blocks {
            let Member {
                coding,
                slots,
                shelf,
            } = &self.members[block.member];
            let from = shelf.place(block, local);
            let kept = &mut strip[from..];
            let (after, difference) = coding.dc.next(bits.refill())?;
            let prediction = &mut predictions[block.member % 4];
            *prediction = prediction.wrapping_add(difference as i16);
            kept[0] = *prediction;
            if shelf.edge == 1 {
                bits = block::skip_coefficients(after, coding.ac)?;
                continue;
            }
            (bits, _) = block::coefficients(
                after,
                coding.ac,
                1,
                63,
                #[inline(always)]
                |index, value| {
                    let slot = slots[index % 256];
                    if let Some(coefficient) = kept.get_mut(usize::from(slot.place)) {
                        *coefficient = (value as i16).wrapping_mul(slot.step);
                    }
                },
            )?;
        }
        Ok(bits)
    }

    /// The predictions before a unit, as they were read.
    pub(super) fn predictions(&self, ahead: &Ahead, unit: usize) -> Predictions {
        let mut predictions = [0; 4];
        let before = unit.checked_sub(1);
        let Some(before) = before.filter(|_| !self.begins_interval(unit)) else {
            return predictions;
        };
        let (strip, local) = place(before);
        for block in &self.grid.blocks {
            let Some(member) = self.members.get(block.member) else {
                continue;
            };
            let kept = ahead.strip(strip).get(member.shelf.place(block, local));
            if let (Some(to), Some(&kept)) = (predictions.get_mut(block.member), kept) {
                *to = kept;
            }
        }
        predictions
    }

    /// Whether a unit of a piece knows nothing of those before.
    pub(super) fn begins_interval(&self, unit: usize) -> bool {
        match self.interval as usize {
            0 => unit == 0,
            interval => unit.is_multiple_of(interval),
        }
    }

    /// How each component's blocks lie in a strip.
    pub(super) fn shelves(&self) -> impl Iterator<Item = Shelf> {
        self.members.iter().map(|member| member.shelf)
    }
}

/// The most bytes that reading a piece takes, if the scan has `units` of these components: samples
/// that an edge of their blocks is to have, and blocks in a unit across and down.
pub(super) fn bytes(units: u64, components: impl Iterator<Item = (u32, u32, u32)>) -> u64 {
    let stride = components.fold(0, |stride, (edge, across, down)| {
        Shelf::new(edge, across, stride).end(down)
    });
    let strip = stride.saturating_mul(size_of::<i16>());
    let strip = strip.saturating_add(size_of::<Vec<i16>>()) as u64;
    let starts = units.saturating_mul(size_of::<u64>() as u64);
    // The list of strips may be twice as long as needed while it grows.
    let strips = units.div_ceil(STRIP.into()).saturating_mul(2);
    starts.saturating_add(strips.saturating_mul(strip))
}

/// Units that were read, numbered from the first.
pub(super) struct Ahead {
    pub(super) piece: Piece,
    /// The bit of the scan that each begins at.
    starts: Vec<u64>,
    /// The coefficients of [`STRIP`] units each: DC as predicted, AC dequantised.
    strips: Vec<Vec<i16>>,
    /// Where in the file reading has got to.
    pub(super) end: usize,
}

impl Ahead {
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The unit that begins at this bit of the scan.
    pub(super) fn find(&self, bit: u64) -> Option<usize> {
        self.starts.binary_search(&bit).ok()
    }

    /// Units that begin at this bit of the scan or behind it, with their bits.
    pub(super) fn from(&self, bit: u64) -> impl Iterator<Item = (usize, u64)> {
        let first = self.starts.partition_point(|&start| start < bit);
        self.starts.iter().copied().enumerate().skip(first)
    }

    /// The coefficients of a strip.
    pub(super) fn strip(&self, strip: usize) -> &[i16] {
        self.strips.get(strip).map_or(&[], |strip| strip)
    }
}

/// The strip of a unit that was read, and its place in there.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "a strip has 2 to the power of 5 units, and what is cut off is a multiple of them"
)]
pub(super) const fn place(unit: usize) -> (usize, u32) {
    (unit / STRIP as usize, unit as u32 % STRIP)
}

struct Run<'r, 't> {
    reading: &'r Reading<'t>,
    /// The bit that the next piece begins at.
    next: u64,
    ahead: Ahead,
    entropy: Entropy<'t>,
}

impl NullaryFnOnce for Run<'_, '_> {
    type Output = Result<Ahead, Error>;

    #[inline(always)]
    fn call(self) -> Self::Output {
        let Self {
            reading,
            next,
            mut ahead,
            mut entropy,
        } = self;
        let need = reading.grid.blocks.len().saturating_mul(MOST_BYTES);
        let mut predictions = [0; 4];
        let (mut beyond, mut attempts) = (0, 0);
        while beyond < OVERLAP && (ahead.len() as u64) < reading.grid.units() {
            let unit = ahead.len();
            if reading.begins_interval(unit) {
                if unit > 0 && entropy.next_segment().is_err() {
                    break;
                }
                predictions = [0; 4];
            }
            let (strip, local) = place(unit);
            if strip == ahead.strips.len() {
                ahead.strips.push(memory::filled(0, reading.stride)?);
            }
            let Some(kept) = ahead.strips.get_mut(strip) else {
                break;
            };
            let after = reading
                .unit(entropy.bits(need), &mut predictions, kept, local)
                .map(|bits| (bits.position(), bits.overrun()));
            match after {
                Ok((position, false)) => {
                    let start = entropy.bit();
                    ahead.starts.push(start);
                    beyond = usize::from(start >= next).saturating_add(beyond);
                    entropy.resume(position);
                }
                Err(BadCode) if reading.interval == 0 && unit < SETTLED && attempts < ATTEMPTS => {
                    attempts = attempts.saturating_add(1);
                    // The data had not begun here. A bit further it may have.
                    let position = entropy.bits(need).refill().skip(1).position();
                    entropy.resume(position);
                    ahead.starts.clear();
                    ahead.strips.clear();
                }
                Ok((_, true)) | Err(BadCode) => break,
            }
        }
        ahead.end = entropy.offset();
        Ok(ahead)
    }
}
