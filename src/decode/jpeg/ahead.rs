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
        let groups = strip[from..].chunks_exact(self.group).take(self.across);
        groups.map(move |group| &group[..wanted])
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
            stride += down as usize * shelf.across * shelf.group;
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
        let most = usize::try_from(self.units()).unwrap_or(usize::MAX);
        Arch::new().dispatch(Run {
            reading: self,
            next: next.map_or(u64::MAX, |next| next.passed * 8),
            ahead: Ahead {
                piece,
                starts: memory::with_capacity(most)?,
                strips: Vec::new(),
                end: 0,
            },
            entropy,
        })
    }

    /// Units in the scan.
    fn units(&self) -> u64 {
        u64::from(self.grid.columns) * u64::from(self.grid.rows)
    }

    /// Decodes the unit `local` of a strip.
    #[inline(always)]
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
        if self.begins_interval(unit) {
            return predictions;
        }
        let (strip, local) = place(unit - 1);
        for block in &self.grid.blocks {
            let place = self.members[block.member].shelf.place(block, local);
            predictions[block.member % 4] = ahead.strips[strip][place];
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
    let stride: usize = components
        .map(|(edge, across, down)| {
            let shelf = Shelf::new(edge, across, 0);
            down as usize * shelf.across * shelf.group
        })
        .sum();
    let strip = (stride * size_of::<i16>() + size_of::<Vec<i16>>()) as u64;
    // The list of strips may be twice as long as needed while it grows.
    units * size_of::<u64>() as u64 + units.div_ceil(STRIP.into()) * 2 * strip
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
        (first..).zip(self.starts[first..].iter().copied())
    }

    /// The coefficients of a strip.
    pub(super) fn strip(&self, strip: usize) -> &[i16] {
        &self.strips[strip]
    }
}

/// The strip of a unit that was read, and its place in there.
#[inline(always)]
pub(super) fn place(unit: usize) -> (usize, u32) {
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
        let need = reading.grid.blocks.len() * MOST_BYTES;
        let mut predictions = [0; 4];
        let (mut beyond, mut attempts) = (0, 0);
        while beyond < OVERLAP && (ahead.len() as u64) < reading.units() {
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
            let bits = entropy.bits(need);
            let after = reading
                .unit(bits, &mut predictions, &mut ahead.strips[strip], local)
                .map(|bits| (bits.position(), bits.overrun()));
            match after {
                Ok((position, false)) => {
                    let start = entropy.bit();
                    ahead.starts.push(start);
                    beyond += usize::from(start >= next);
                    entropy.resume(position);
                }
                Err(BadCode) if reading.interval == 0 && unit < SETTLED && attempts < ATTEMPTS => {
                    attempts += 1;
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
