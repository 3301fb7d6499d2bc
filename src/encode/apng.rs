//! Animated PNG: of each frame, the smallest rectangle that differs from the one
//! before, written like a picture of its own (`png.rs`).

use std::time::Duration;

use super::png::{Ways, compress_in, kind, samples};
use super::settle::settled;
use super::{bounded, pipeline};
use crate::budget::{Budget, Work, cost};
use crate::container::png::{self, Head, fraction};
use crate::error::Error;
use crate::geometry::{Rect, Size, around};
use crate::memory::{append, copied, with_capacity};
use crate::options::Effort;
use crate::plan::Plan;
use crate::raster::Frame;
use crate::transform::Canvases;

pub(super) fn animation(canvases: &mut Canvases<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    let mut screen = Screen::new(plan);
    let mut file = File {
        plan,
        png: Vec::new(),
        numbers: 0,
    };
    let mut budget = Budget::new(plan.work);
    let draw = |frame: &Frame<'_>| {
        budget.spend(frame.work)?;
        let part = screen.draw(frame)?;
        let compared = frame.changed.map_or(0, Rect::pixels);
        budget.spend(Work::new(compared, cost::COMPARED))?;
        budget.spend(Work::new(
            part.samples.len() as u64,
            cost::deflated(part.ways),
        ))?;
        Ok(Some(part))
    };
    pipeline::run(canvases, plan, draw, |part| file.add(&part))?;
    png::write(&mut file.png, *b"IEND", &[], [])?;
    Ok(file.png)
}

/// The file that is written (W3C PNG, third edition, section 11.3.6).
struct File<'a> {
    plan: &'a Plan,
    png: Vec<u8>,
    /// Numbers given so far to the chunks of the animation.
    numbers: u32,
}

impl File<'_> {
    fn add(&mut self, part: &Part) -> Result<(), Error> {
        let size = (part.rect.size()).ok_or_else(|| Error::internal("encode")("an empty part"))?;
        let kind = kind(self.plan.canvas);
        let deflated = compress_in(&part.samples, size, kind, self.plan, part.ways)?;
        if self.png.is_empty() {
            self.png = Head::plain(size, kind).write(self.plan.frames, self.plan.loops)?;
            self.control(part)?;
            png::write(&mut self.png, *b"IDAT", deflated.data(), [])?;
        } else {
            self.control(part)?;
            self.numbered(*b"fdAT", deflated.data())?;
        }
        bounded(self.png.len(), self.plan)
    }

    fn control(&mut self, part: &Part) -> Result<(), Error> {
        let rect = part.rect;
        let place = [rect.width, rect.height, rect.x, rect.y].map(u32::to_be_bytes);
        let (numerator, denominator) = fraction(part.delay);
        let delay = [numerator, denominator].map(u16::to_be_bytes);
        // What is drawn stays.
        let ways = [0, u8::from(part.is_over)];
        let control = [place.as_flattened(), delay.as_flattened(), &ways].concat();
        self.numbered(*b"fcTL", &control)
    }

    fn numbered(&mut self, name: [u8; 4], data: &[u8]) -> Result<(), Error> {
        let number = self.numbers.to_be_bytes();
        self.numbers += 1;
        png::write(&mut self.png, name, &number, [data])
    }
}

/// What a viewer shows of an animation.
struct Screen {
    whole: Rect,
    channels: usize,
    has_alpha: bool,
    tolerance: u8,
    effort: Effort,
    /// Empty before the first frame.
    shown: Vec<u8>,
}

/// What has to be drawn for a frame.
struct Part {
    rect: Rect,
    samples: Vec<u8>,
    /// Whether it is laid over what is there, not put in its place.
    is_over: bool,
    /// In how many ways they are compressed.
    ways: Ways,
    delay: Duration,
}

impl Screen {
    fn new(plan: &Plan) -> Self {
        Self {
            whole: plan.side.size().into(),
            channels: plan.canvas.channels(),
            has_alpha: plan.canvas.has_alpha(),
            tolerance: plan.tolerance,
            effort: plan.effort,
            shown: Vec::new(),
        }
    }

    fn draw(&mut self, frame: &Frame<'_>) -> Result<Part, Error> {
        let samples = samples(frame);
        let (shown, tolerance) = (&self.shown, self.tolerance);
        let samples = &*settled(samples, shown, shown, self.channels, tolerance)?;
        if self.shown.is_empty() {
            append(&mut self.shown, samples)?;
            return Ok(Part {
                rect: self.whole,
                samples: copied(samples)?,
                is_over: false,
                ways: self.ways(samples, self.whole),
                delay: frame.delay,
            });
        }
        let changed = frame
            .changed
            .and_then(|within| self.differing(samples, within));
        // Where nothing differs, one pixel is drawn once more: a frame has one.
        let rect = changed.unwrap_or(Rect::between([0, 0], [1, 1]));
        let mut part = Part {
            rect,
            samples: with_capacity(rect.width as usize * rect.height as usize * self.channels)?,
            is_over: self.is_over_smaller(samples, rect),
            ways: Ways::One,
            delay: frame.delay,
        };
        let (stride, start) = (self.stride(), rect.x as usize * self.channels);
        let end = start + rect.width as usize * self.channels;
        let rows = samples
            .chunks_exact(stride)
            .zip(self.shown.chunks_exact_mut(stride));
        for (new, old) in rows.skip(rect.y as usize).take(rect.height as usize) {
            let (Some(new), Some(old)) = (new.get(start..end), old.get_mut(start..end)) else {
                continue;
            };
            if part.is_over {
                let pixels = new
                    .chunks_exact(self.channels)
                    .zip(old.chunks_exact(self.channels));
                for (new, old) in pixels {
                    if new == old {
                        part.samples.resize(part.samples.len() + new.len(), 0);
                    } else {
                        part.samples.extend_from_slice(new);
                    }
                }
            } else {
                part.samples.extend_from_slice(new);
            }
            old.copy_from_slice(new);
        }
        part.ways = self.ways(&part.samples, rect);
        Ok(part)
    }

    fn ways(&self, samples: &[u8], rect: Rect) -> Ways {
        let size = rect.size().unwrap_or(Size::SMALLEST);
        Ways::of(samples, size, self.effort)
    }

    fn stride(&self) -> usize {
        self.whole.width as usize * self.channels
    }

    /// The smallest rectangle around what differs.
    fn differing(&self, samples: &[u8], within: Rect) -> Option<Rect> {
        let stride = self.stride();
        let rows = samples
            .chunks_exact(stride)
            .zip(self.shown.chunks_exact(stride));
        let rows = rows
            .zip(0..)
            .skip(within.y as usize)
            .take(within.height as usize);
        let mut found = None;
        for ((new, old), y) in rows.filter(|((new, old), _)| new != old) {
            let differs = || new.iter().zip(old).map(|(new, old)| new != old);
            let first = differs().position(|differs| differs);
            let last = differs().rposition(|differs| differs);
            let column = |at: usize| u32::try_from(at / self.channels).unwrap_or(0);
            if let (Some(first), Some(last)) = (first, last) {
                let run = Rect::between([column(first), y], [column(last) + 1, y + 1]);
                found = around(found, Some(run));
            }
        }
        found
    }

    /// Whether most pixels of a rectangle stay, and all that don't are opaque. What
    /// stays can be left transparent then, and compresses to nearly nothing.
    fn is_over_smaller(&self, samples: &[u8], rect: Rect) -> bool {
        let (stride, start) = (self.stride(), rect.x as usize * self.channels);
        let end = start + rect.width as usize * self.channels;
        let rows = samples
            .chunks_exact(stride)
            .zip(self.shown.chunks_exact(stride));
        let rows = rows.skip(rect.y as usize).take(rect.height as usize);
        let mut differing = rows
            .filter_map(|(new, old)| Some((new.get(start..end)?, old.get(start..end)?)))
            .flat_map(|(new, old)| {
                new.chunks_exact(self.channels)
                    .zip(old.chunks_exact(self.channels))
            })
            .filter(|(new, old)| new != old)
            .map(|(new, _)| new.last() == Some(&u8::MAX));
        let most = rect.width as usize * rect.height as usize / 2;
        let mut count = 0;
        self.has_alpha
            && differing.all(|is_opaque| {
                count += 1;
                is_opaque && count <= most
            })
    }
}
