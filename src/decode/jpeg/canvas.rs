//! Keeps the samples of one component and fills them group by group.

use super::error::Error;
use super::idct::{Group, ROW, Rows};
use super::layout::Part;
use super::memory;
use std::ops::Range;

/// The plane of one component while it is made.
pub(super) struct Canvas {
    pub(super) part: Part,
    pub(super) samples: Vec<u8>,
    rows: Rows,
}

impl Canvas {
    /// A plane of mid-grey, which is what a picture has where its data is missing.
    pub(super) fn new(part: Part) -> Result<Self, Error> {
        let area = usize::try_from(part.samples.area()).unwrap_or(usize::MAX);
        let samples = memory::filled(128, area)?;
        Ok(Self {
            part,
            samples,
            rows: [[0; ROW]; 8],
        })
    }

    /// Transforms a group whose first block is at `column` and `row`, and keeps what is wanted.
    #[inline(always)]
    pub(super) fn put(&mut self, group: &mut Group, column: u32, row: u32) {
        self.transform(group);
        let edge = self.part.edge;
        for (y, samples) in (row * edge..(row + 1) * edge).zip(&self.rows) {
            store(&mut self.samples, &self.part, column * edge, y, samples);
        }
    }

    /// The same for some of the blocks, of which the first is at `column` and `row`.
    #[inline(always)]
    pub(super) fn put_some(
        &mut self,
        group: &mut Group,
        blocks: Range<u32>,
        column: u32,
        row: u32,
    ) {
        self.transform(group);
        let edge = self.part.edge;
        let some = (blocks.start * edge) as usize..(blocks.end * edge) as usize;
        for (y, samples) in (row * edge..(row + 1) * edge).zip(&self.rows) {
            let samples = &samples[some.clone()];
            store(&mut self.samples, &self.part, column * edge, y, samples);
        }
    }

    #[inline(always)]
    fn transform(&mut self, group: &mut Group) {
        match self.part.edge {
            8 => group.transform::<8>(&mut self.rows),
            4 => group.transform::<4>(&mut self.rows),
            2 => group.transform::<2>(&mut self.rows),
            _ => group.transform::<1>(&mut self.rows),
        }
    }
}

/// Stores the part of a row of samples, which begins at `x` and `y`, that is wanted.
#[inline(always)]
fn store(samples: &mut [u8], part: &Part, x: u32, y: u32, row: &[u8]) {
    let wanted = &part.samples;
    if !wanted.y.contains(&y) {
        return;
    }
    let line = (y - wanted.y.start) as usize * wanted.width() as usize;
    let end = x + row.len() as u32;
    if let Some(row) = row.as_array::<ROW>()
        && x >= wanted.x.start
        && end <= wanted.x.end
    {
        let to = line + (x - wanted.x.start) as usize;
        if let Some(to) = samples
            .get_mut(to..)
            .and_then(|rest| rest.first_chunk_mut())
        {
            *to = *row;
        }
        return;
    }
    let (start, end) = (x.max(wanted.x.start), end.min(wanted.x.end));
    if start < end {
        let from = &row[(start - x) as usize..(end - x) as usize];
        let to = line + (start - wanted.x.start) as usize;
        if let Some(to) = samples.get_mut(to..to + from.len()) {
            to.copy_from_slice(from);
        }
    }
}
