//! Keeps the samples of one component and fills them group by group.

use super::error::Error;
use super::idct::{Group, ROW, Rows};
use super::layout::Part;
use super::memory;

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
        match self.part.edge {
            8 => group.transform::<8>(&mut self.rows),
            4 => group.transform::<4>(&mut self.rows),
            2 => group.transform::<2>(&mut self.rows),
            _ => group.transform::<1>(&mut self.rows),
        }
        let (x, y) = (column * self.part.edge, row * self.part.edge);
        for (y, row) in (y..y + self.part.edge).zip(&self.rows) {
            store(&mut self.samples, &self.part, x, y, row);
        }
    }
}

/// Stores the part of a row of samples, which begins at `x` and `y`, that is wanted.
#[inline(always)]
fn store(samples: &mut [u8], part: &Part, x: u32, y: u32, row: &[u8; ROW]) {
    let wanted = &part.samples;
    if !wanted.y.contains(&y) {
        return;
    }
    let line = (y - wanted.y.start) as usize * wanted.width() as usize;
    if x >= wanted.x.start && x + ROW as u32 <= wanted.x.end {
        let to = line + (x - wanted.x.start) as usize;
        if let Some(to) = samples
            .get_mut(to..)
            .and_then(|rest| rest.first_chunk_mut())
        {
            *to = *row;
        }
        return;
    }
    let (start, end) = (x.max(wanted.x.start), (x + ROW as u32).min(wanted.x.end));
    if start < end {
        let from = &row[(start - x) as usize..(end - x) as usize];
        let to = line + (start - wanted.x.start) as usize;
        if let Some(to) = samples.get_mut(to..to + from.len()) {
            to.copy_from_slice(from);
        }
    }
}
