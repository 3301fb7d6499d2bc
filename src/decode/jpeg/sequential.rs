//! Decodes sequential scans (T.81 annex F): blocks are transformed strip by strip, none is kept.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "columns and rows of units have 16 bits, sampling factors are 1 to 4, and a strip \
              has 32 units; edges are 1, 2, 4 or 8, whose squares fit 16 bits; predictions and \
              products of hostile files wrap; indices are remainders of 256 slots and 4 members"
)]

use super::ahead::{Predictions, Reading, Shelf};
use super::bits::Bits;
use super::block;
use super::canvas::Canvas;
use super::drive::{Coder, STRIP};
use super::error::Error;
use super::huffman::{BadCode, DcTable};
use super::idct::Group;
use super::pairs::AcTable;
use super::scan::{Block, Grid};
use super::tables::Quantisation;
use crate::container::jpeg::quantization::NATURAL;
use crate::memory;
use std::ops::Range;

/// What becomes of a coefficient: its step, and its place in a group.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) step: i16,
    pub(super) place: u16,
}

/// The slots of a block's coefficients in zigzag order, and of indices beyond the last.
pub(super) type Slots = [Slot; 256];

/// The tables of a component in a scan.
#[derive(Clone, Copy)]
pub(super) struct Coding<'t> {
    pub(super) dc: &'t DcTable,
    pub(super) ac: &'t AcTable,
    pub(super) quantisation: &'t Quantisation,
}

/// A sequential scan in progress.
pub(super) struct Sequential<'t, 'c> {
    grid: &'t Grid,
    members: Vec<Member<'t, 'c>>,
}

struct Member<'t, 'c> {
    coding: Coding<'t>,
    canvas: &'c mut Canvas,
    slots: Slots,
    prediction: i32,
    /// A strip's blocks, row after row of them.
    groups: Vec<Group>,
    /// Groups in such a row.
    across: usize,
    /// Blocks in a group are 2 to this power.
    lanes: u32,
}

impl<'t, 'c> Sequential<'t, 'c> {
    /// Prepares a scan; `codings` and `canvases` are of its components in its order.
    pub(super) fn new(
        grid: &'t Grid,
        codings: impl IntoIterator<Item = Coding<'t>>,
        canvases: impl IntoIterator<Item = &'c mut Canvas>,
    ) -> Result<Self, Error> {
        let members = codings.into_iter().zip(canvases).enumerate();
        let members = members.map(|(number, (coding, canvas))| {
            let block = grid.blocks.iter().find(|block| block.member == number);
            let (wide, high) = block.map_or((1, 1), |block| (block.across, block.down));
            let edge = canvas.part.edge;
            let across = (STRIP * wide).div_ceil(Group::lanes(edge)) as usize;
            Ok(Member {
                slots: slots(coding.quantisation, edge, Group::lanes(edge) as u16),
                groups: memory::filled(Group::new(), across * high as usize)?,
                coding,
                canvas,
                prediction: 0,
                across,
                lanes: Group::lanes(edge).ilog2(),
            })
        });
        Ok(Self {
            grid,
            members: members.collect::<Result<_, Error>>()?,
        })
    }

    /// What it takes to read a piece of the scan elsewhere.
    pub(super) fn reading(&self, bytes: &'t [u8], interval: u32) -> Reading<'t> {
        let codings = (self.members.iter()).map(|member| (member.coding, member.canvas.part.edge));
        Reading::new(bytes, self.grid, interval, codings)
    }

    /// The predictions of the components, as of now.
    pub(super) fn predictions(&self) -> Predictions {
        let mut predictions = [0; 4];
        for (to, member) in predictions.iter_mut().zip(&self.members) {
            *to = member.prediction as i16;
        }
        predictions
    }

    /// What draws units that were read elsewhere, component by component.
    pub(super) fn pens(&mut self) -> Vec<Pen<'_, 't, 'c>> {
        let members = self.members.iter_mut().enumerate();
        let grid = self.grid;
        members
            .map(|(number, member)| Pen {
                grid,
                number,
                member,
            })
            .collect()
    }
}

/// Draws one component of a scan.
pub(super) struct Pen<'p, 't, 'c> {
    grid: &'t Grid,
    number: usize,
    member: &'p mut Member<'t, 'c>,
}

impl Pen<'_, '_, '_> {
    /// Draws units of a strip, numbered within it, with the first of them at `row` and `column`;
    /// predictions were off by `corrections` there.
    #[inline(always)]
    pub(super) fn draw(
        &mut self,
        kept: Shelf,
        strip: &[i16],
        corrections: Predictions,
        units: Range<u32>,
        (row, column): (u32, u32),
    ) {
        let mut rows = self.grid.blocks.iter();
        while let Some(block) = rows.find(|block| block.member == self.number && block.x == 0) {
            let groups = kept.groups(strip, block.y);
            let blocks = units.start * block.across..units.end * block.across;
            let first = (column * block.across, row * block.down + block.y);
            let correction = corrections[self.number % 4];
            self.member.draw(groups, correction, blocks, first);
        }
    }

    /// Says that a row of units is drawn.
    pub(super) fn close(&mut self, row: u32) -> Result<(), Error> {
        let mut blocks = self.grid.blocks.iter();
        match blocks.find(|block| block.member == self.number) {
            Some(block) => self.member.close(block, row),
            None => Ok(()),
        }
    }
}

/// Most bytes that the groups of a scan take, when a component has `across` times `down` blocks in
/// a unit and `edge` samples in a block.
pub(super) fn strip_bytes(across: u32, down: u32, edge: u32) -> u64 {
    let groups = (STRIP * across).div_ceil(Group::lanes(edge)) * down;
    u64::from(groups) * size_of::<Group>() as u64
}

/// Puts the wanted corner of the zigzag sequence in rows, and all else out of the way.
///
/// Coefficients of `lanes` blocks stand side by side.
pub(super) fn slots(quantisation: &Quantisation, edge: u32, lanes: u16) -> Slots {
    let nowhere = Slot {
        step: 0,
        place: Group::unwanted(edge) * lanes,
    };
    let mut slots = [nowhere; 256];
    for ((slot, &natural), &step) in slots.iter_mut().zip(&NATURAL).zip(quantisation) {
        if let Some(place) = corner(natural, edge) {
            // Products of 16 bits, as in libjpeg's vector code; legal files stay well below.
            *slot = Slot {
                step: step.cast_signed(),
                place: place * lanes,
            };
        }
    }
    slots
}

/// The place of a coefficient in rows of `edge`, if it is among the lowest `edge` both ways.
pub(super) fn corner(natural: u8, edge: u32) -> Option<u16> {
    let (y, x) = (u32::from(natural / 8), u32::from(natural % 8));
    (x < edge && y < edge).then_some((y * edge + x) as u16)
}

impl Coder for Sequential<'_, '_> {
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
                if let Some(member) = self.members.get_mut(block.member) {
                    bits = member.decode(bits, block, row, column)?;
                }
            }
        }
        Ok(bits)
    }

    #[inline(always)]
    fn finish(&mut self, row: u32, columns: Range<u32>) {
        for block in self.grid.blocks.iter().filter(|block| block.x == 0) {
            if let Some(member) = self.members.get_mut(block.member) {
                member.finish(block, row, columns.start);
            }
        }
    }

    fn close(&mut self, row: u32) -> Result<(), Error> {
        self.pens().iter_mut().try_for_each(|pen| pen.close(row))
    }
}

impl Member<'_, '_> {
    #[inline(always)]
    fn decode<'a>(
        &mut self,
        bits: Bits<'a>,
        block: &Block,
        row: u32,
        column: u32,
    ) -> Result<Bits<'a>, BadCode> {
        let (bits, difference) = self.coding.dc.next(bits.refill())?;
        self.prediction = self.prediction.wrapping_add(difference);
        if !self.wants(block, row, column) {
            return block::skip_coefficients(bits, self.coding.ac);
        }
        let dc = (self.prediction as i16).wrapping_mul(self.slots[0].step);
        let (group, lane) = self.seat(block, column);
        let Some(group) = self.groups.get_mut(group) else {
            return Err(BadCode);
        };
        group.set(lane, dc);
        if self.canvas.part.edge == 1 {
            return block::skip_coefficients(bits, self.coding.ac);
        }
        let slots = &self.slots;
        block::coefficients(
            bits,
            self.coding.ac,
            1,
            63,
            #[inline(always)]
            |index, value| {
                let slot = slots[index % 256];
                group.set(
                    usize::from(slot.place) + lane,
                    (value as i16).wrapping_mul(slot.step),
                );
            },
        )
        .map(|(bits, _)| bits)
    }

    #[inline(always)]
    fn wants(&self, block: &Block, row: u32, column: u32) -> bool {
        let wanted = &self.canvas.part.blocks;
        let (x, y) = (column * block.across + block.x, row * block.down + block.y);
        wanted.x.contains(&x) && wanted.y.contains(&y)
    }

    /// The group of a block, and its place in there.
    #[inline(always)]
    fn seat(&self, block: &Block, column: u32) -> (usize, usize) {
        let local = column % STRIP * block.across + block.x;
        let across = (local >> self.lanes) as usize;
        let lane = (local & ((1 << self.lanes) - 1)) as usize;
        (block.y as usize * self.across + across, lane)
    }

    /// Draws blocks of a row of a strip, of which the first is at the place `x` and `y`.
    #[inline(always)]
    fn draw<'s>(
        &mut self,
        groups: impl Iterator<Item = &'s [i16]>,
        correction: i16,
        blocks: Range<u32>,
        (x, y): (u32, u32),
    ) {
        if !self.canvas.part.blocks.y.contains(&y) {
            return;
        }
        let lanes = 1 << self.lanes;
        let Some(own) = self.groups.first_mut() else {
            return;
        };
        for (before, group) in (0..).step_by(lanes as usize).zip(groups) {
            let some = blocks.start.max(before)..blocks.end.min(before + lanes);
            if some.is_empty() {
                continue;
            }
            own.load(group, lanes as usize, correction, self.slots[0].step);
            let x = x + some.start - blocks.start;
            let some = some.start - before..some.end - before;
            self.canvas.put_some(own, some, x, y);
        }
    }

    fn close(&mut self, block: &Block, row: u32) -> Result<(), Error> {
        let edge = self.canvas.part.edge;
        self.canvas.close((row + 1) * block.down * edge)
    }

    /// Transforms one row of the strip's blocks.
    #[inline(always)]
    fn finish(&mut self, block: &Block, row: u32, column: u32) {
        let wanted = self.canvas.part.blocks.clone();
        let y = row * block.down + block.y;
        if !wanted.y.contains(&y) {
            return;
        }
        let first = column * block.across;
        let lanes = 1 << self.lanes;
        let from = block.y as usize * self.across;
        let groups = self
            .groups
            .get_mut(from..from + self.across)
            .unwrap_or_default();
        for (x, group) in (first..).step_by(lanes as usize).zip(groups) {
            if x < wanted.x.end && x + lanes > wanted.x.start {
                self.canvas.put(group, x, y);
            }
        }
    }
}
