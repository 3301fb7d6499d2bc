//! GIF: of each frame, what differs from the one before, in colours that are
//! chosen for it.
//!
//! A frame goes through three stages. `screen.rs` finds what has to be drawn,
//! given what is on the screen already. `palette.rs` finds colours for that, of
//! its own or those of frames before. What comes out, a `Drawn`, depends on
//! nothing else, so that its codes are packed at any time: with several threads, while
//! the next frame is drawn.

mod channels;
mod clock;
mod cluster;
mod cubes;
mod dither;
mod exact;
mod haste;
mod histogram;
mod nearest;
mod palette;
mod screen;

use std::time::Duration;

use super::{bounded, pipeline};
use crate::budget::Budget;
use crate::container::gif::{Disposal, File, Picture};
use crate::error::Error;
use crate::geometry::Rect;
use crate::lzw::Packer;
use crate::memory::zeroed;
use crate::plan::Plan;
use crate::raster::Frame;
use crate::transform::Canvases;

use clock::Clock;
pub(super) use exact::Colors;
use haste::Haste;
pub(super) use palette::Palettes;
use screen::Screen;

pub(super) fn still(frame: &Frame<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    let mut artist = Artist::new(plan)?;
    artist.draw(frame)?;
    finish(artist, Writer::new(plan))
}

pub(super) fn animation(canvases: &mut Canvases<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    let mut artist = Artist::new(plan)?;
    let mut writer = Writer::new(plan);
    let draw = |frame: &Frame<'_>| artist.draw(frame);
    pipeline::run(canvases, plan, draw, |drawn| writer.write(&drawn))?;
    finish(artist, writer)
}

/// Writes the last frame, and what all of them need.
fn finish(mut artist: Artist<'_>, mut writer: Writer<'_>) -> Result<Vec<u8>, Error> {
    if let Some(last) = artist.last.take() {
        writer.write(&last)?;
    }
    writer.finish(artist.palettes.global())
}

/// A frame as indices: all that its blocks are made of.
struct Drawn {
    rect: Rect,
    indices: Vec<u8>,
    /// For each pixel, an index that looks the same.
    others: Vec<u8>,
    /// The index that leaves a pixel as it is, if one is free for that.
    transparent: Option<u8>,
    /// Its own palette; `None` for the global one.
    palette: Option<Vec<[u8; 3]>>,
    delay: Duration,
    disposal: Disposal,
}

/// Knows what was drawn before.
struct Artist<'a> {
    plan: &'a Plan,
    screen: Screen,
    palettes: Palettes,
    haste: Haste,
    budget: Budget,
    clock: Clock,
    /// The last frame. How it is disposed of, the next one decides.
    last: Option<Drawn>,
}

impl<'a> Artist<'a> {
    fn new(plan: &'a Plan) -> Result<Self, Error> {
        Ok(Self {
            plan,
            screen: Screen::new(plan)?,
            palettes: Palettes::new(plan.colors),
            haste: Haste::new(plan.frames),
            budget: Budget::new(plan.work),
            clock: Clock::default(),
            last: None,
        })
    }

    /// Draws a frame, and hands out the one before.
    fn draw(&mut self, frame: &Frame<'_>) -> Result<Option<Drawn>, Error> {
        self.budget.spend(frame.work)?;
        let planes = &frame.raster.planes;
        let plane = planes
            .first()
            .ok_or_else(|| Error::internal("encode")("no plane"))?;
        let samples = &*self.screen.settled(&plane.samples, self.plan.tolerance)?;
        let mut changed = frame.changed;
        let mut before = self.last.take();
        if let Some(last) = &mut before {
            let erased = changed.and_then(|rect| self.screen.erased(samples, rect));
            // Only where the last frame was can pixels be made transparent.
            if let Some(erased) = erased {
                last.extend(last.rect.around(erased))?;
                last.disposal = Disposal::Background;
                self.screen.clear(last.rect);
                changed = changed.map(|rect| rect.around(last.rect));
            }
        }
        let (palettes, haste) = (&mut self.palettes, &mut self.haste);
        let (drawn, work) = self.screen.draw(samples, changed, palettes, haste)?;
        self.budget.spend(work)?;
        self.last = Some(Drawn {
            delay: match self.plan.frames {
                1 => Duration::ZERO,
                _ => self.clock.next(frame.delay),
            },
            ..drawn
        });
        Ok(before)
    }
}

/// Needs nothing but what was drawn.
struct Writer<'a> {
    plan: &'a Plan,
    packer: Packer,
    /// Codes of a frame.
    codes: Vec<u8>,
    /// The frames so far.
    file: File,
}

impl<'a> Writer<'a> {
    fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            packer: Packer::new(),
            codes: Vec::new(),
            file: File::default(),
        }
    }

    fn write(&mut self, frame: &Drawn) -> Result<(), Error> {
        let largest = frame.indices.iter().copied().max().unwrap_or(0);
        // Bits of an index: 2 at least (GIF89a, appendix F).
        let bits = (8 - largest.leading_zeros()).max(2);
        let code_size = u8::try_from(bits).unwrap_or(8);
        let pixels = frame.indices.iter().zip(&frame.others);
        let pixels = pixels.map(|(&index, &other)| match u32::from(other) >> bits {
            0 => [index, other],
            _ => [index; 2],
        });
        self.codes.clear();
        let used = self.packer.pack(pixels, code_size, &mut self.codes);
        self.file.add(&Picture {
            rect: frame.rect,
            interlaced: false,
            disposal: frame.disposal,
            delay: frame.delay,
            transparent: frame.transparent,
            palette: frame.palette.as_deref().unwrap_or_default().as_flattened(),
            used,
            code_size,
            codes: &self.codes,
        })?;
        bounded(self.file.len(), self.plan)
    }

    fn finish(self, global: &[[u8; 3]]) -> Result<Vec<u8>, Error> {
        let loops = (self.plan.frames > 1).then_some(self.plan.loops);
        (self.file).finish(self.plan.edge(), loops, global.as_flattened())
    }
}

impl Drawn {
    /// A frame that changes nothing: every frame of the source has one here.
    fn nothing() -> Self {
        Self {
            rect: Rect::between([0, 0], [1, 1]),
            indices: vec![0],
            others: vec![0],
            transparent: Some(0),
            palette: None,
            delay: Duration::ZERO,
            disposal: Disposal::Keep,
        }
    }

    /// Enlarges the rectangle, without drawing more.
    fn extend(&mut self, rect: Rect) -> Result<(), Error> {
        if rect == self.rect {
            return Ok(());
        }
        let transparent = (self.transparent)
            .ok_or_else(|| Error::internal("encode")("no index is left for transparency"))?;
        let left = (self.rect.x - rect.x) as usize;
        let width = self.rect.width as usize;
        for indices in [&mut self.indices, &mut self.others] {
            let mut wider = zeroed(u64::from(rect.width) * u64::from(rect.height))?;
            wider.fill(transparent);
            let rows = wider.chunks_exact_mut(rect.width as usize);
            let rows = rows.skip((self.rect.y - rect.y) as usize);
            for (row, drawn) in rows.zip(indices.chunks_exact(width)) {
                if let Some(row) = row.get_mut(left..left + width) {
                    row.copy_from_slice(drawn);
                }
            }
            *indices = wider;
        }
        self.rect = rect;
        Ok(())
    }
}
