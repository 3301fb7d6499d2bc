//! GIF: screen, palettes, controls and images (`GIF89a` specification), and the
//! block that says how often to play.
//!
//! Where nothing changes, images are copied as they are. Else each is moved or cut, or,
//! where nothing is left of it, replaced by a pixel that changes nothing, so that its
//! time passes. Bars are drawn by the first image: see `bars.rs`. Codes are packed anew
//! where that makes them shorter: `shown.rs` knows which pixels show already what they
//! are to show, and may be left out or go on with the colour beside them. No colour is
//! another one after that.

#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

mod bars;
mod shown;

use std::time::Duration;

use crate::container::gif::{
    Block, Control, Disposal, Image, Palette, Rows, Screen, Unpacked, Unpacker, write,
};
use crate::container::reader::Reader;
use crate::error::Error;
use crate::geometry::Rect;
use crate::lzw::Packer;
use crate::memory::zeroed;
use crate::options::Background;
use crate::plan::Plan;
use crate::probe::{Format, played};

use shown::{Shown, Slim};

pub(super) fn rewrite(file: &[u8], plan: &Plan) -> Result<Vec<u8>, Error> {
    let mut reader = Reader::new(file);
    let screen =
        Screen::read(&mut reader).ok_or_else(|| Error::truncated(Format::Gif, file.len()))?;
    let mut gif = Vec::new();
    // The size is that of the canvas, whatever the source says (see
    // `probe::gif::canvas`).
    write::screen(&mut gif, plan.edge(), screen.palette);
    if plan.frames > 1 {
        write::loops(&mut gif, plan.loops);
    }
    let mut mover = Mover::new(screen.palette, plan)?;
    let mut control = Control::default();
    let mut left = plan.frames;
    while left > 0
        && let Some(block) = Block::next(&mut reader)
    {
        match block {
            Block::Control(found) => control = found,
            Block::Image(image) => {
                mover.write(&image, std::mem::take(&mut control), &mut gif)?;
                left = left.saturating_sub(1);
            }
            Block::Application(_) | Block::Text(_) | Block::Unknown(_) => {}
            Block::Trailer => break,
        }
    }
    if left > 0 {
        return Err(Error::truncated(Format::Gif, reader.at()));
    }
    write::trailer(&mut gif);
    Ok(gif)
}

/// Brings images to their new places.
struct Mover<'a> {
    plan: &'a Plan,
    /// The global palette.
    palette: Palette<'a>,
    /// Whether the canvas shows nothing, though it should show bars.
    lacks_bars: bool,
    shown: Shown,
    unpacker: Unpacker,
    packer: Packer,
    /// Indices of the image in work, as they are stored.
    indices: Vec<u8>,
    /// Its codes.
    codes: Vec<u8>,
}

/// Indices row by row, and what they mean.
struct Cut {
    rect: Rect,
    indices: Vec<u8>,
    transparent: Option<u8>,
    /// A palette of its own, with as many colours as can be written.
    palette: Vec<[u8; 3]>,
}

impl<'a> Mover<'a> {
    fn new(palette: Palette<'a>, plan: &'a Plan) -> Result<Self, Error> {
        let has_bars = plan.picture != Rect::covering(plan.side.size());
        Ok(Self {
            plan,
            palette,
            lacks_bars: has_bars && plan.background != Background::Transparent,
            shown: Shown::new(plan.side)?,
            unpacker: Unpacker::new(),
            packer: Packer::new(),
            indices: Vec::new(),
            codes: Vec::new(),
        })
    }

    fn write(
        &mut self,
        image: &Image<'_>,
        control: Control,
        gif: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let plan = self.plan;
        plan.cancel.look()?;
        // The time is the one that is played; a still has none.
        let delay = match plan.frames {
            1 => Duration::ZERO,
            _ => played(control.delay),
        };
        if plan.pass_through {
            // Not even the place is another one: what lies outside of the canvas is
            // outside still.
            self.unpacker.prove(image)?;
            self.copy(image, image.rect, control, delay, gif);
            return Ok(());
        }
        let seen = image.rect.common(plan.request.region);
        let is_whole = !self.lacks_bars && seen == Some(image.rect);
        let mut disposal = control.disposal;
        let cut = if self.lacks_bars {
            let seen = if let Some(seen) = seen {
                Some(self.cut(image, seen, &control)?)
            } else {
                self.unpacker.prove(image)?;
                None
            };
            // What clears this image clears the bars as well. The canvas showed
            // nothing before it, so that is what it shows again.
            self.lacks_bars = disposal != Disposal::Keep;
            bars::beside(seen, self.colors(image), plan)?
        } else if let Some(seen) = seen {
            self.cut(image, seen, &control)?
        } else {
            self.unpacker.prove(image)?;
            disposal = Disposal::Keep;
            self.nothing()
        };
        let slim = self.shown.show(cut, disposal, self.palette)?;
        let code_size = slim.code_size();
        if is_whole && !slim.is_slimmer && code_size >= image.code_size {
            self.copy(image, self.moved(image.rect), control, delay, gif);
            return Ok(());
        }
        self.codes.clear();
        self.packer.pack(slim.pixels(), code_size, &mut self.codes);
        let before = image.data.iter().map(<[u8]>::len).sum::<usize>();
        if is_whole && before <= self.codes.len() {
            self.copy(image, self.moved(image.rect), control, delay, gif);
            return Ok(());
        }
        let cut = &slim.cut;
        write::control(gif, disposal, delay, cut.transparent);
        write::image(gif, cut.rect, false, cut.palette.as_flattened(), code_size);
        write::codes(gif, &self.codes);
        Ok(())
    }

    /// Writes an image with the codes that it has.
    fn copy(
        &self,
        image: &Image<'_>,
        rect: Rect,
        control: Control,
        delay: Duration,
        gif: &mut Vec<u8>,
    ) {
        write::control(gif, control.disposal, delay, control.transparent);
        let palette = match image.palette {
            same if same == self.palette => &[],
            local => local,
        };
        write::image(gif, rect, image.interlaced, palette, image.code_size);
        write::sub_blocks(gif, image.data.iter());
    }

    /// A rectangle within the region, where the photo shows it.
    const fn moved(&self, rect: Rect) -> Rect {
        let (region, picture) = (self.plan.request.region, self.plan.picture);
        let within = Rect {
            x: rect.x.saturating_sub(region.x),
            y: rect.y.saturating_sub(region.y),
            ..rect
        };
        within.moved(picture.x, picture.y)
    }

    /// The palette by which an image is shown, if there is one.
    fn colors(&self, image: &Image<'a>) -> Palette<'a> {
        match image.palette {
            [] => self.palette,
            local => local,
        }
    }

    /// The part of an image that is in `seen`.
    fn cut(&mut self, image: &Image<'_>, seen: Rect, control: &Control) -> Result<Cut, Error> {
        let known = match self.unpacker.unpack(image, &mut self.indices)? {
            Unpacked::All(known) => known,
            Unpacked::Some(_, error) => return Err(error),
        };
        let stored = self.indices.get(..known).unwrap_or_default();
        let mut indices = zeroed(u64::from(seen.width).saturating_mul(seen.height.into()))?;
        let rows = Rows::of(image);
        let width = image.rect.width as usize;
        let left = seen.x.saturating_sub(image.rect.x) as usize;
        let top = seen.y.saturating_sub(image.rect.y) as usize;
        for (row, to) in (top..).zip(indices.chunks_exact_mut(seen.width as usize)) {
            let start = rows.stored(row).saturating_mul(width).saturating_add(left);
            if let Some(from) = stored.get(start..start.saturating_add(to.len())) {
                to.copy_from_slice(from);
            }
        }
        Ok(Cut {
            rect: self.moved(seen),
            indices,
            transparent: control.transparent,
            palette: match image.palette {
                same if same == self.palette => Vec::new(),
                local => local.as_chunks().0.to_vec(),
            },
        })
    }

    /// An image that changes nothing.
    fn nothing(&self) -> Cut {
        Cut {
            rect: Rect {
                width: 1,
                height: 1,
                ..self.plan.picture
            },
            indices: vec![0],
            transparent: Some(0),
            // Decoders may ask for a palette, though no colour of it is shown.
            palette: match self.palette {
                [] => vec![[0; 3]; 2],
                _ => Vec::new(),
            },
        }
    }
}

impl Cut {
    /// The palette by which it is shown, given the global one.
    fn palette<'a>(&'a self, global: Palette<'a>) -> Palette<'a> {
        match self.palette.as_flattened() {
            [] => global,
            local => local,
        }
    }

    /// Finds an index for pixels that are left out: the one that it is already, if it
    /// makes no code wider, or one of the palette that no pixel has.
    fn choose_transparent(&mut self, global: Palette<'_>) {
        let colors = match self.palette(global) {
            [] => 256,
            palette => palette.len() / 3,
        };
        let mut is_used = [false; 256];
        for &index in &self.indices {
            if let Some(place) = is_used.get_mut(usize::from(index)) {
                *place = true;
            }
        }
        let drawn = (is_used.iter().zip(0..=u8::MAX))
            .filter(|&(&is_used, index)| is_used && Some(index) != self.transparent);
        let code_size = code_size(drawn.map(|(_, index)| index).max().unwrap_or(0));
        let fits = |index: u8| u32::from(index) < 1 << code_size;
        if self.transparent.is_some_and(fits) {
            return;
        }
        let mut unused = (is_used.iter().zip(0..=u8::MAX)).take(colors.min(1 << code_size));
        let Some((_, unused)) = unused.rfind(|&(&is_used, _)| !is_used) else {
            return;
        };
        if let Some(transparent) = self.transparent {
            for index in &mut self.indices {
                if *index == transparent {
                    *index = unused;
                }
            }
        }
        self.transparent = Some(unused);
    }
}

impl Slim {
    /// The bits that no index does without.
    fn code_size(&self) -> u8 {
        let least = self.choices().map(|[index, other]| index.min(other));
        code_size(least.max().unwrap_or(0))
    }

    /// The index of each pixel, and one that looks the same.
    fn choices(&self) -> impl Iterator<Item = [u8; 2]> {
        let indices = &self.cut.indices;
        let others = match &self.others[..] {
            [] => indices,
            others => others,
        };
        indices
            .iter()
            .zip(others)
            .map(|(&index, &other)| [index, other])
    }

    /// Those of them that the codes have bits for.
    fn pixels(&self) -> impl Iterator<Item = [u8; 2]> {
        let code_size = self.code_size();
        let fits = move |index: u8| u32::from(index) >> code_size == 0;
        self.choices()
            .map(move |[index, other]| match (fits(index), fits(other)) {
                (true, true) => [index, other],
                (true, false) => [index; 2],
                _ => [other; 2],
            })
    }
}

/// Bits of an index: 2 at least (GIF89a, appendix F).
fn code_size(largest: u8) -> u8 {
    let bits = largest
        .checked_ilog2()
        .map_or(0, |top| top.saturating_add(1));
    u8::try_from(bits).unwrap_or(8).max(2)
}
