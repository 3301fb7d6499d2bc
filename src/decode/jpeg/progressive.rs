//! Decodes the scans of a progressive picture (T.81 annex G) that code coefficients for the first
//! time, and those of DC coefficients.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "columns and rows of blocks have 16 bits, `low` is 13 at most and a band goes from \
              1 to 63, as the scan header was held against; a band ends for 2^15 blocks at most, \
              and coefficients that don't fit 16 bits mean nothing; there are 256 slots for \
              indices modulo 256"
)]

use super::bits::Bits;
use super::block::{self, End};
use super::drive::Coder;
use super::huffman::{BadCode, DcTable};
use super::idct::Group;
use super::pairs::AcTable;
use super::scan::Grid;
use super::sequential::{Slot, Slots, corner};
use super::store::Store;
use crate::container::jpeg::quantization::NATURAL;
use std::ops::Range;

/// A first or later scan of DC coefficients (T.81 G.1.2.1).
pub(super) struct DcScan<'t, 'c> {
    pub(super) grid: &'t Grid,
    pub(super) members: Vec<DcMember<'t, 'c>>,
    pub(super) low: u32,
}

/// A component in a scan of DC coefficients.
pub(super) struct DcMember<'t, 'c> {
    /// None in a later scan, which has one plain bit a block.
    pub(super) table: Option<&'t DcTable>,
    pub(super) store: &'c mut Store,
    pub(super) prediction: i32,
}

impl Coder for DcScan<'_, '_> {
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
                bits = bits.refill();
                let value = if let Some(table) = member.table {
                    let (after, difference) = table.next(bits)?;
                    bits = after;
                    member.prediction = member.prediction.wrapping_add(difference);
                    member.prediction
                } else {
                    let bit = bits.peek(1);
                    bits = bits.skip(1);
                    bit.cast_signed()
                };
                let (x, y) = (column * block.across + block.x, row * block.down + block.y);
                if let Some([dc, ..]) = member.store.block(x, y) {
                    let value = (value << self.low) as i16;
                    *dc = if member.table.is_some() {
                        value
                    } else {
                        *dc | value
                    };
                }
            }
        }
        Ok(bits)
    }
}

/// What scans of AC coefficients share.
pub(super) struct AcScan<'t, 'c> {
    pub(super) table: &'t AcTable,
    pub(super) store: &'c mut Store,
    pub(super) slots: Slots,
    /// Coefficients that have a slot, in zigzag order.
    pub(super) wanted: u64,
    pub(super) band: (usize, usize),
    /// Blocks whose bands have ended before they begin.
    pub(super) ended: u32,
}

impl<'t, 'c> AcScan<'t, 'c> {
    pub(super) fn new(
        table: &'t AcTable,
        store: &'c mut Store,
        band: (usize, usize),
        low: u32,
    ) -> Self {
        let edge = store.part.edge;
        let nowhere = Slot {
            step: 0,
            place: Group::unwanted(edge),
        };
        let mut slots = [nowhere; 256];
        let mut wanted = 0;
        let places = slots.iter_mut().zip(&NATURAL).enumerate();
        for (index, (slot, &natural)) in places.take(band.1 + 1).skip(band.0) {
            if let Some(place) = corner(natural, edge) {
                *slot = Slot {
                    step: 1 << low,
                    place,
                };
                wanted |= 1 << index;
            }
        }
        Self {
            table,
            store,
            slots,
            wanted,
            band,
            ended: 0,
        }
    }

    /// The place of a block in the history.
    #[inline(always)]
    pub(super) fn place(&self, row: u32, column: u32) -> usize {
        row as usize * self.store.part.size_in_blocks.width as usize + column as usize
    }
}

/// Reads how many blocks end here, this one among them (T.81 G.1.2.2).
#[inline(always)]
pub(super) fn bands(bits: Bits<'_>, power: u8) -> (Bits<'_>, u32) {
    let bits = bits.refill();
    let power = u32::from(power);
    (
        bits.skip(power),
        (1 << power) + (bits.peek(16) >> (16 - power)),
    )
}

/// The first scan of a band (T.81 G.1.2.2).
pub(super) struct First<'t, 'c>(pub(super) AcScan<'t, 'c>);

impl Coder for First<'_, '_> {
    fn restart(&mut self) {
        self.0.ended = 0;
    }

    #[inline(always)]
    fn decode<'a>(
        &mut self,
        mut bits: Bits<'a>,
        row: u32,
        columns: Range<u32>,
    ) -> Result<Bits<'a>, BadCode> {
        let scan = &mut self.0;
        let (first, last) = scan.band;
        let slots = &scan.slots;
        let mut column = columns.start;
        while column < columns.end {
            if scan.ended > 0 {
                let count = scan.ended.min(columns.end - column);
                scan.ended -= count;
                column += count;
                continue;
            }
            let mut history = 0;
            let mut unwanted = [0; 65];
            let place = scan.place(row, column);
            let block = scan.store.block(column, row).unwrap_or(&mut unwanted);
            let (after, end) = block::coefficients(
                bits,
                scan.table,
                first,
                last,
                #[inline(always)]
                |index, value| {
                    let slot = slots[index % 256];
                    if let Some(coefficient) = block.get_mut(usize::from(slot.place)) {
                        *coefficient = (value as i16).wrapping_mul(slot.step);
                    }
                    history |= u64::from(value != 0 && index <= last) << (index % 64);
                },
            )?;
            bits = after;
            if let Some(known) = scan.store.history.get_mut(place) {
                *known |= history;
            }
            if let End::Band(power) = end {
                (bits, scan.ended) = bands(bits, power);
                scan.ended -= 1;
            }
            column += 1;
        }
        Ok(bits)
    }
}
