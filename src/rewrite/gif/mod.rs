//! GIF: screen, palettes, controls and images (`GIF89a` specification), and the
//! block that says how often to play.
//!
//! Images that lie in the wanted part of the picture keep their codes, and are
//! moved. Only codes that are wider than the palette asks for, as Pillow writes
//! them for every image, are packed anew. Other images are cut, or, where nothing
//! is left of them, replaced by a pixel that changes nothing, so that their time
//! passes. Bars are drawn by the first image: see `bars.rs`.

mod bars;

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

pub(super) fn rewrite(file: &[u8], plan: &Plan) -> Result<Vec<u8>, Error> {
    let mut reader = Reader::new(file);
    let screen =
        Screen::read(&mut reader).ok_or_else(|| Error::truncated(Format::Gif, file.len()))?;
    let mut gif = Vec::new();
    // The size is that of the canvas, whatever the source says (see
    // `probe::gif::canvas`).
    write::screen(&mut gif, plan.side, screen.palette);
    if plan.frames > 1 {
        write::loops(&mut gif, plan.loops);
    }
    let mut mover = Mover::new(screen.palette, plan);
    let mut control = Control::default();
    let mut left = plan.frames;
    while left > 0
        && let Some(block) = Block::next(&mut reader)
    {
        match block {
            Block::Control(found) => control = found,
            Block::Image(image) => {
                mover.write(&image, std::mem::take(&mut control), &mut gif)?;
                left -= 1;
            }
            Block::Application(_) | Block::Text(_) | Block::Unknown(_) => {}
            Block::Trailer => break,
        }
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
    fn new(palette: Palette<'a>, plan: &'a Plan) -> Self {
        let has_bars = plan.picture != Rect::covering(plan.side.size());
        Self {
            plan,
            palette,
            lacks_bars: has_bars && plan.background != Background::Transparent,
            unpacker: Unpacker::new(),
            packer: Packer::new(),
            indices: Vec::new(),
            codes: Vec::new(),
        }
    }

    fn write(
        &mut self,
        image: &Image<'_>,
        control: Control,
        gif: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let plan = self.plan;
        // The time is the one that is played; a still has none.
        let delay = match plan.frames {
            1 => Duration::ZERO,
            _ => played(control.delay),
        };
        let seen = image.rect.common(plan.request.region);
        if !self.lacks_bars && (plan.pass_through || seen == Some(image.rect)) {
            if !plan.pass_through
                && let Some(cut) = self.narrowed(image, &control)?
            {
                write::control(gif, control.disposal, delay, cut.transparent);
                self.write_image(&cut, gif);
                return Ok(());
            }
            // Only the place is another one. Without any change, not even that: what
            // lies outside of the canvas is outside still.
            let rect = if plan.pass_through {
                image.rect
            } else {
                self.moved(image.rect)
            };
            write::control(gif, control.disposal, delay, control.transparent);
            let palette = match image.palette {
                same if same == self.palette => &[],
                local => local,
            };
            write::image(gif, rect, image.interlaced, palette, image.code_size);
            write::sub_blocks(gif, image.data.iter());
            return Ok(());
        }
        let mut disposal = control.disposal;
        let cut = if self.lacks_bars {
            let seen = match seen {
                Some(seen) => Some(self.cut(image, seen, &control)?),
                None => None,
            };
            // What clears this image clears the bars as well. The canvas showed
            // nothing before it, so that is what it shows again.
            self.lacks_bars = disposal != Disposal::Keep;
            bars::beside(seen, self.colors(image), plan)?
        } else if let Some(seen) = seen {
            self.cut(image, seen, &control)?
        } else {
            disposal = Disposal::Keep;
            self.nothing()
        };
        write::control(gif, disposal, delay, cut.transparent);
        self.write_image(&cut, gif);
        Ok(())
    }

    /// A rectangle of the source where the photo shows it.
    const fn moved(&self, rect: Rect) -> Rect {
        let (region, picture) = (self.plan.request.region, self.plan.picture);
        Rect {
            x: rect.x - region.x + picture.x,
            y: rect.y - region.y + picture.y,
            ..rect
        }
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
        let mut indices = zeroed(u64::from(seen.width) * u64::from(seen.height))?;
        let rows = Rows::of(image);
        let (width, left) = (image.rect.width as usize, (seen.x - image.rect.x) as usize);
        let top = (seen.y - image.rect.y) as usize;
        for (row, to) in (top..).zip(indices.chunks_exact_mut(seen.width as usize)) {
            let start = rows.stored(row) * width + left;
            if let Some(from) = stored.get(start..start + to.len()) {
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

    /// The whole image, if its codes are wider than its palette asks for, and its
    /// indices fit narrower ones.
    fn narrowed(&mut self, image: &Image<'_>, control: &Control) -> Result<Option<Cut>, Error> {
        let colors = self.colors(image).len() / 3;
        if colors == 0 || colors > 1 << (image.code_size - 1) {
            return Ok(None);
        }
        let mut cut = self.cut(image, image.rect, control)?;
        cut.lower_transparent(colors);
        let largest = cut.indices.iter().copied().max().unwrap_or(0);
        Ok((code_size(largest) < image.code_size).then_some(cut))
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

    fn write_image(&mut self, cut: &Cut, gif: &mut Vec<u8>) {
        let code_size = code_size(cut.indices.iter().copied().max().unwrap_or(0));
        let pixels = cut.indices.iter().map(|&index| [index; 2]);
        self.codes.clear();
        self.packer.pack(pixels, code_size, &mut self.codes);
        write::image(gif, cut.rect, false, cut.palette.as_flattened(), code_size);
        write::codes(gif, &self.codes);
    }
}

impl Cut {
    /// Where the index of transparent pixels lies beyond the palette, gives them one
    /// in it that no pixel has, if there is one.
    fn lower_transparent(&mut self, colors: usize) {
        let Some(transparent) = self.transparent.filter(|&t| usize::from(t) >= colors) else {
            return;
        };
        let mut is_used = [false; 256];
        for &index in &self.indices {
            if let Some(place) = is_used.get_mut(usize::from(index)) {
                *place = true;
            }
        }
        let unused = is_used.iter().take(colors).position(|is_used| !is_used);
        if let Some(unused) = unused.and_then(|index| u8::try_from(index).ok()) {
            for index in &mut self.indices {
                if *index == transparent {
                    *index = unused;
                }
            }
            self.transparent = Some(unused);
        }
    }
}

/// Bits of an index: 2 at least (GIF89a, appendix F).
fn code_size(largest: u8) -> u8 {
    u8::try_from(8 - largest.leading_zeros())
        .unwrap_or(8)
        .max(2)
}
