//! Keeps the coefficients of a progressive picture: those that the wanted scale needs.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "blocks come from frames of at most 2^16 pixels each way, with at most 65 \
              coefficients each, so that bytes are below 2^40; blocks are looked at before \
              places are counted from the first"
)]

use super::canvas::Canvas;
use super::error::Error;
use super::idct::Group;
use super::layout::Part;
use super::sequential::corner;
use super::tables::Quantisation;
use crate::container::jpeg::quantization::NATURAL;
use crate::memory;
use pulp::{Arch, NullaryFnOnce};

/// The coefficients of one component.
pub(super) struct Store {
    /// Blocks of the wanted window; each is the wanted corner in rows, then one that nobody reads.
    coefficients: Vec<i16>,
    /// Which coefficients are not zero so far, in zigzag order, for all blocks down to the last
    /// wanted row: later scans are coded relative to that. None where AC is not wanted.
    pub(super) history: Vec<u64>,
    wants_ac: bool,
    pub(super) part: Part,
}

impl Store {
    pub(super) fn new(part: Part) -> Result<Self, Error> {
        let size = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let coefficients = memory::filled(0, size(part.blocks.area() * block_size(part.edge)))?;
        let history = memory::filled(0, size(history_area(&part)))?;
        Ok(Self {
            coefficients,
            history,
            wants_ac: wants_ac(&part),
            part,
        })
    }

    /// The bytes that [`Self::new`] takes.
    pub(super) fn bytes(part: &Part) -> u64 {
        part.blocks.area() * block_size(part.edge) * size_of::<i16>() as u64
            + history_area(part) * size_of::<u64>() as u64
    }

    /// Whether a scan of this band can change what is made of the component.
    ///
    /// Unwanted AC coefficients count as well if any AC coefficient is wanted: a later scan of a
    /// band is coded relative to all that went before it.
    pub(super) fn wants(&self, band: (usize, usize)) -> bool {
        band.0 == 0 || self.wants_ac
    }

    /// The kept coefficients of a block, if any are.
    #[inline(always)]
    pub(super) fn block(&mut self, x: u32, y: u32) -> Option<&mut [i16]> {
        let wanted = &self.part.blocks;
        if !(wanted.x.contains(&x) && wanted.y.contains(&y)) {
            return None;
        }
        let row = (y - wanted.y.start) as usize * wanted.width() as usize;
        let size = block_size(self.part.edge) as usize;
        let from = (row + (x - wanted.x.start) as usize) * size;
        self.coefficients.get_mut(from..from + size)
    }

    /// Dequantises and transforms all blocks.
    pub(super) fn draw(
        &self,
        quantisation: &Quantisation,
        canvas: &mut Canvas,
    ) -> Result<(), Error> {
        Arch::new().dispatch(Drawing {
            store: self,
            quantisation,
            canvas,
        })
    }
}

struct Drawing<'d> {
    store: &'d Store,
    quantisation: &'d Quantisation,
    canvas: &'d mut Canvas,
}

impl NullaryFnOnce for Drawing<'_> {
    type Output = Result<(), Error>;

    #[inline(always)]
    fn call(self) -> Self::Output {
        let Self {
            store: Store {
                part, coefficients, ..
            },
            quantisation,
            canvas,
        } = self;
        let edge = part.edge;
        let lanes = Group::lanes(edge) as usize;
        let mut steps = [0; 64];
        for (&natural, &step) in NATURAL.iter().zip(quantisation) {
            let place = corner(natural, edge).and_then(|place| steps.get_mut(usize::from(place)));
            if let Some(place) = place {
                *place = step.cast_signed();
            }
        }
        let wanted = &part.blocks;
        let size = block_size(edge) as usize;
        let mut group = Group::new();
        let rows = coefficients.chunks_exact(wanted.width() as usize * size);
        for (y, row) in wanted.y.clone().zip(rows) {
            let columns = wanted.x.clone().step_by(lanes);
            for (x, blocks) in columns.zip(row.chunks(lanes * size)) {
                for (lane, block) in blocks.chunks_exact(size).enumerate() {
                    let wanted = block.split_last().map_or(&[][..], |(_, wanted)| wanted);
                    for (place, (value, step)) in wanted.iter().zip(&steps).enumerate() {
                        group.set(place * lanes + lane, value.wrapping_mul(*step));
                    }
                }
                canvas.put(&mut group, x, y);
            }
            canvas.close((y + 1) * edge)?;
        }
        Ok(())
    }
}

/// How many coefficients are kept of a block: the wanted corner, and one that nobody reads.
fn block_size(edge: u32) -> u64 {
    u64::from(edge * edge + 1)
}

fn wants_ac(part: &Part) -> bool {
    part.edge > 1
}

fn history_area(part: &Part) -> u64 {
    if wants_ac(part) {
        u64::from(part.size_in_blocks.width) * u64::from(part.blocks.y.end)
    } else {
        0
    }
}
