//! Keeps the samples of one component and fills them group by group.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "samples come from frames of at most 2^16 pixels each way and sampling factors of 1 \
              to 4; a row has 64 samples, and places are counted from the start of the part, \
              which they are held against"
)]

use super::error::{Error, ErrorKind};
use super::idct::{Group, ROW, Rows};
use super::layout::Part;
use crate::geometry::Size;
use crate::memory;
use crate::plan::Plan;
use crate::raster::Plane;
use crate::transform::{Steps, Stream};
use std::ops::Range;

/// What a sample is where data is missing: mid-grey.
const MISSING: u8 = 128;

/// The plane of one component while it is made.
pub(super) struct Canvas {
    pub(super) part: Part,
    /// All that are wanted, or those of one row of units if they are streamed.
    samples: Vec<u8>,
    /// The row that these begin with.
    first: u32,
    /// Where complete rows go.
    stream: Option<Stream>,
    rows: Rows,
}

impl Canvas {
    /// For a component of a number in the frame, which has `down` rows of blocks in a unit.
    pub(super) fn new(number: usize, part: Part, down: u32, plan: &Plan) -> Result<Self, Error> {
        let stream = match part.samples.size() {
            Some(size) if plan.streamed => Some(stream(number, size, &part, plan)?),
            _ => None,
        };
        let len = usize::try_from(samples(&part, down, plan)).unwrap_or(usize::MAX);
        Ok(Self {
            samples: memory::filled(MISSING, len)?,
            first: part.samples.y.start,
            stream,
            rows: [[0; ROW]; 8],
            part,
        })
    }

    /// The bytes that [`Self::new`] takes.
    pub(super) fn bytes(number: usize, part: &Part, down: u32, plan: &Plan) -> u64 {
        let stream = match part.samples.size() {
            Some(size) if plan.streamed => Stream::bytes(
                size,
                &Steps::of_component(number, size, part.region, plan),
                1,
            ),
            _ => 0,
        };
        samples(part, down, plan) + stream
    }

    /// Says that no row above `end` of the whole scaled component will change any more.
    pub(super) fn close(&mut self, end: u32) -> Result<(), Error> {
        let end = end.min(self.part.samples.y.end);
        let (Some(stream), true) = (&mut self.stream, self.first < end) else {
            return Ok(());
        };
        let mut rows = self
            .samples
            .chunks_exact(self.part.samples.width() as usize);
        for _ in self.first..end {
            let pushed = stream.push(|to| {
                match rows.next() {
                    Some(row) => to.copy_from_slice(row),
                    None => to.fill(MISSING),
                }
                Ok(())
            });
            pushed.map_err(|_| internal("resampling failed"))?;
        }
        // The next row of units overwrites all of the samples, with or without data.
        self.first = end;
        Ok(())
    }

    /// The plane, which is resampled already if it was streamed.
    pub(super) fn finish(mut self) -> Result<Plane, Error> {
        self.close(u32::MAX)?;
        match self.stream {
            Some(stream) => stream.finish().map_err(|_| internal("resampling failed")),
            None => Ok(Plane {
                size: (self.part.samples.size()).ok_or(internal("a plane without samples"))?,
                channels: 1,
                samples: self.samples,
                region: self.part.region,
            }),
        }
    }

    /// Transforms a group whose first block is at `column` and `row`, and keeps what is wanted.
    #[inline(always)]
    pub(super) fn put(&mut self, group: &mut Group, column: u32, row: u32) {
        self.transform(group);
        self.keep(0..ROW, column, row);
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
        self.keep(some, column, row);
    }

    /// Keeps some columns of what was transformed.
    #[inline(always)]
    fn keep(&mut self, some: Range<usize>, column: u32, row: u32) {
        let edge = self.part.edge;
        for (y, samples) in (row * edge..(row + 1) * edge).zip(&self.rows) {
            store(
                &mut self.samples,
                &self.part,
                self.first,
                [column * edge, y],
                samples.get(some.clone()).unwrap_or_default(),
            );
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

fn stream(number: usize, size: Size, part: &Part, plan: &Plan) -> Result<Stream, Error> {
    let steps = Steps::of_component(number, size, part.region, plan);
    Stream::new(size, steps, 1).map_err(|_| {
        Error::from(memory::Refused {
            bytes: Stream::bytes(size, &steps, 1),
        })
    })
}

/// How many samples are in memory at once.
fn samples(part: &Part, down: u32, plan: &Plan) -> u64 {
    if plan.streamed {
        let row = u64::from(part.samples.width()) * u64::from(down * part.edge);
        row.min(part.samples.area())
    } else {
        part.samples.area()
    }
}

const fn internal(message: &'static str) -> Error {
    Error {
        kind: ErrorKind::Internal,
        message,
        offset: None,
    }
}

/// Stores the part of a row of samples, which begins at `x` and `y`, that is wanted, among
/// samples that begin with the row `first`.
#[inline(always)]
fn store(samples: &mut [u8], part: &Part, first: u32, [x, y]: [u32; 2], row: &[u8]) {
    let wanted = &part.samples;
    if !(first..wanted.y.end).contains(&y) {
        return;
    }
    let line = (y - first) as usize * wanted.width() as usize;
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
        let from = row.get((start - x) as usize..(end - x) as usize);
        let to = line + (start - wanted.x.start) as usize;
        let to = samples.get_mut(to..to + (end - start) as usize);
        if let (Some(from), Some(to)) = (from, to) {
            to.copy_from_slice(from);
        }
    }
}
