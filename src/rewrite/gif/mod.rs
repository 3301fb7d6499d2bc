//! GIF: images whose pixels keep their colors, in a new file.
//!
//! An image that doesn't change is copied. Others are moved or cut; one of which nothing is left
//! becomes a single transparent pixel, so that its delay remains. Bars are drawn by the first
//! image: see `bars.rs`. Images are LZW-coded again where that makes them shorter: `shown.rs`
//! knows which pixels repeat what is shown, so that they may be left out or take the color of the
//! pixel beside them. No color that is seen changes by that.
//!
//! Nothing that isn't seen is copied: codes end with the last pixel, and images end at the edge
//! of the canvas. Codes that stand for more pixels than the image has, or that clear an empty
//! table, could hide something, and are LZW-coded again.

#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

mod bars;
mod shown;

use std::time::Duration;

use crate::budget::{Budget, Work, cost};
use crate::container::gif::{
    Block, Control, Disposal, File, Image, Palette, Picture, Rows, Screen, Unpacked, Unpacker,
};
use crate::container::reader::Reader;
use crate::error::Error;
use crate::geometry::Rect;
use crate::lzw::{Codes, Packer, Used};
use crate::memory::zeroed;
use crate::options::Background;
use crate::photo::Step;
use crate::plan::Plan;
use crate::probe::{Format, played};

use bars::Notes;
use shown::{Shown, Slim};

/// Writes the GIF, and tells what could not be done as planned.
pub(super) fn rewrite(file: &[u8], plan: &Plan) -> Result<(Vec<u8>, Vec<Step>), Error> {
    let mut reader = Reader::new(file);
    let screen =
        Screen::read(&mut reader).ok_or_else(|| Error::truncated(Format::Gif, file.len()))?;
    let grays = grays();
    let palette = match screen.palette {
        [] => grays.as_flattened(),
        palette => palette,
    };
    let mut mover = Mover::new(palette, plan)?;
    let mut control = Control::default();
    let mut left = plan.frames;
    while left > 0
        && let Some(block) = Block::next(&mut reader)
    {
        match block {
            Block::Control(found) => control = found,
            Block::Image(image) => {
                mover.write(&image, std::mem::take(&mut control))?;
                left = left.saturating_sub(1);
            }
            Block::Application(_) | Block::Text(_) | Block::Unknown(_) => {}
            Block::Trailer => break,
        }
    }
    if left > 0 {
        return Err(Error::truncated(Format::Gif, reader.at()));
    }
    // The size is that of the canvas, whatever the source says (see
    // `probe::gif::canvas`).
    let loops = (plan.frames > 1).then_some(plan.loops);
    let gif = mover.file.finish(plan.edge(), loops, palette)?;
    Ok((gif, mover.notes.steps()))
}

/// What images are shown in where there is no palette.
fn grays() -> [[u8; 3]; 256] {
    let mut grays = [[0; 3]; 256];
    for (color, gray) in grays.iter_mut().zip(0..=u8::MAX) {
        *color = [gray; 3];
    }
    grays
}

/// Brings images to their new places.
struct Mover<'a> {
    plan: &'a Plan,
    /// The global palette, or grays.
    palette: Palette<'a>,
    /// Whether the canvas shows nothing, though it should show bars.
    lacks_bars: bool,
    shown: Shown,
    unpacker: Unpacker,
    packer: Packer,
    budget: Budget,
    /// Indices of the image in work, as they are stored.
    indices: Vec<u8>,
    /// Its codes.
    codes: Vec<u8>,
    file: File,
    notes: Notes,
}

/// Indices row by row, and what they mean.
struct Cut {
    rect: Rect,
    indices: Vec<u8>,
    transparent: Option<u8>,
    /// The local color table; empty if the image uses the global one.
    palette: Vec<[u8; 3]>,
}

/// How an image is shown.
#[derive(Clone, Copy)]
struct Manner {
    disposal: Disposal,
    delay: Duration,
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
            budget: Budget::new(plan.work),
            indices: Vec::new(),
            codes: Vec::new(),
            file: File::default(),
            notes: Notes::default(),
        })
    }

    fn write(&mut self, image: &Image<'_>, control: Control) -> Result<(), Error> {
        let plan = self.plan;
        plan.cancel.look()?;
        let manner = match plan.frames {
            // A still has no time, and nothing comes after it.
            1 => Manner {
                disposal: Disposal::Keep,
                delay: Duration::ZERO,
            },
            // The time is the one that is played.
            _ => Manner {
                disposal: control.disposal,
                delay: played(control.delay),
            },
        };
        let seen = image.rect.common(plan.request.region);
        if plan.pass_through {
            self.pass(image, seen, &control, manner)
        } else {
            self.draw(image, seen, &control, manner)
        }
    }

    /// Copies an image, or what is on the canvas of it.
    fn pass(
        &mut self,
        image: &Image<'_>,
        seen: Option<Rect>,
        control: &Control,
        manner: Manner,
    ) -> Result<(), Error> {
        if seen.is_none() || seen == Some(image.rect) {
            let codes = self.prove(image)?;
            if seen.is_some() && is_clean(image, &codes) {
                return self.copy(image, control, manner, &codes);
            }
        }
        match seen {
            Some(seen) => {
                let (cut, _) = self.cut(image, seen, control)?;
                self.pack(&Slim::whole(cut), manner)
            }
            None => self.pack(&Slim::whole(self.nothing()), without_disposal(manner)),
        }
    }

    /// Draws what of an image changes anything, and bars that are lacking.
    fn draw(
        &mut self,
        image: &Image<'_>,
        seen: Option<Rect>,
        control: &Control,
        mut manner: Manner,
    ) -> Result<(), Error> {
        let (cut, codes) = match seen {
            Some(seen) => {
                let (cut, codes) = self.cut(image, seen, control)?;
                (Some(cut), codes)
            }
            None => (None, self.prove(image)?),
        };
        let as_it_is = (!self.lacks_bars && seen == Some(image.rect) && is_clean(image, &codes))
            .then_some(codes);
        let cut = if self.lacks_bars {
            // What clears this image clears the bars as well. The canvas showed
            // nothing before it, so that is what it shows again.
            self.lacks_bars = manner.disposal != Disposal::Keep;
            bars::beside(cut, self.colors(image), self.plan, &mut self.notes)?
        } else if let Some(cut) = cut {
            cut
        } else {
            manner = without_disposal(manner);
            self.nothing()
        };
        let slim = self.shown.show(cut, manner.disposal, self.palette)?;
        let Some(codes) = as_it_is else {
            return self.pack(&slim, manner);
        };
        if !slim.is_slimmer && slim.code_size() >= image.code_size {
            return self.copy(image, control, manner, &codes);
        }
        let used = self.pack_codes(&slim);
        if codes.bytes() <= self.codes.len() {
            return self.copy(image, control, manner, &codes);
        }
        self.add(&slim, used, manner)
    }

    /// Writes an image with the codes that it has, which were read last.
    fn copy(
        &mut self,
        image: &Image<'_>,
        control: &Control,
        manner: Manner,
        codes: &Codes,
    ) -> Result<(), Error> {
        let rect = self.moved(image.rect);
        self.file.add(&Picture {
            rect,
            interlaced: image.interlaced,
            disposal: manner.disposal,
            delay: manner.delay,
            transparent: control.transparent,
            palette: match image.palette {
                same if same == self.palette => &[],
                local => local,
            },
            used: codes.used,
            code_size: image.code_size,
            codes: self.unpacker.cut(codes),
        })
    }

    /// LZW-codes an image again.
    fn pack(&mut self, slim: &Slim, manner: Manner) -> Result<(), Error> {
        let used = self.pack_codes(slim);
        self.add(slim, used, manner)
    }

    fn pack_codes(&mut self, slim: &Slim) -> Used {
        self.codes.clear();
        (self.packer).pack(slim.pixels(), slim.code_size(), &mut self.codes)
    }

    /// Writes an image with the codes that were packed last.
    fn add(&mut self, slim: &Slim, used: Used, manner: Manner) -> Result<(), Error> {
        let cut = &slim.cut;
        self.file.add(&Picture {
            rect: cut.rect,
            interlaced: false,
            disposal: manner.disposal,
            delay: manner.delay,
            transparent: cut.transparent,
            palette: cut.palette.as_flattened(),
            used,
            code_size: slim.code_size(),
            codes: &self.codes,
        })
    }

    /// Finds out whether all pixels of an image are there.
    fn prove(&mut self, image: &Image<'_>) -> Result<Codes, Error> {
        let codes = self.unpacker.prove(image)?;
        let bytes = codes.bytes() as u64;
        self.budget.spend(Work {
            bytes,
            ..Work::new(bytes, cost::PROVEN)
        })?;
        Ok(codes)
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

    /// The part of an image that is in `seen`, and what its codes are.
    fn cut(
        &mut self,
        image: &Image<'_>,
        seen: Rect,
        control: &Control,
    ) -> Result<(Cut, Codes), Error> {
        let (known, codes) = match self.unpacker.unpack(image, &mut self.indices)? {
            Unpacked::All(known, codes) => (known, codes),
            Unpacked::Some(_, error) => return Err(error),
        };
        let packing = Work::new(seen.pixels(), cost::COMPARED.saturating_add(cost::CODED));
        self.budget.spend(packing.and(Work {
            bytes: codes.bytes() as u64,
            ..Work::new(image.rect.pixels(), cost::COMPOSED)
        }))?;
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
        let cut = Cut {
            rect: self.moved(seen),
            indices,
            transparent: control.transparent,
            palette: match image.palette {
                same if same == self.palette => Vec::new(),
                local => local.as_chunks().0.to_vec(),
            },
        };
        Ok((cut, codes))
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
            palette: Vec::new(),
        }
    }
}

/// Whether an image can be copied: its codes hold nothing but its pixels, in a size that
/// every decoder reads (GIF89a, appendix F).
fn is_clean(image: &Image<'_>, codes: &Codes) -> bool {
    codes.is_plain && (2..=8).contains(&image.code_size)
}

/// Of what changes nothing, nothing has to be disposed of.
const fn without_disposal(manner: Manner) -> Manner {
    Manner {
        disposal: Disposal::Keep,
        ..manner
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
        let colors = self.palette(global).len() / 3;
        let used = Used::of(&self.indices);
        let drawn = used.without(self.transparent);
        let code_size = code_size(drawn.iter().next_back().unwrap_or(0));
        let fits = |index: u8| u32::from(index) < 1 << code_size;
        if self.transparent.is_some_and(fits) {
            return;
        }
        let mut places = (0..=u8::MAX).take(colors.min(1 << code_size));
        let Some(unused) = places.rfind(|&index| !used.contains(index)) else {
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
    /// An image of which every pixel counts.
    const fn whole(cut: Cut) -> Self {
        Self {
            cut,
            others: Vec::new(),
            is_slimmer: false,
        }
    }

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
