//! PNG, still and animated: header, palette, transparency, pixels, and the
//! controls of an animation (W3C PNG, third edition, section 11).
//!
//! Compressed pixels are copied up to where the decoder found their end. Those of frames that
//! hide something, or that a strict decoder would refuse, are recompressed.

#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

mod colors;

use crate::budget::{Budget, Work, cost};
use crate::container::png::{self, Head, Kind};
use crate::decode::{Pixels, Proven, Stored};
use crate::encode::{Ways, bounded, compress_png};
use crate::error::Error;
use crate::plan::Plan;
use colors::Colors;

pub(super) fn rewrite(proven: &Proven<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    let mut stored = Stored::open(proven.file, plan)?;
    let colors = Colors::new(&stored, &proven.pixels);
    let is_clean = |pixels: &Pixels| pixels.is_clean() && !colors.merge_any(&pixels.seen);
    // Recompressed frames aren't interlaced, and all frames share one header.
    let was_interlaced = stored.is_interlaced();
    let interlaced = was_interlaced && proven.pixels.iter().all(is_clean);
    let may_stay = |pixels: &Pixels| is_clean(pixels) && interlaced == was_interlaced;
    let kind = Kind {
        color: stored.color(),
        depth: stored.depth(),
    };
    let head = Head {
        interlaced,
        palette: colors.palette(),
        transparency: colors.transparency(),
        ..Head::plain(stored.size(), kind)
    };
    let mut writer = Writer {
        png: head.write(plan.frames, plan.loops)?,
        numbers: 0,
    };
    let (mut budget, ways) = (Budget::new(plan.work), Ways::most(plan.effort));
    for pixels in &proven.pixels {
        plan.cancel.look()?;
        let name = if writer.numbers == 0 {
            *b"IDAT"
        } else {
            *b"fdAT"
        };
        if let Some(control) = &pixels.control {
            writer.numbered(*b"fcTL", [&control.fields()[..]])?;
        }
        if let Some(stream) = stored.stream(pixels).filter(|_| may_stay(pixels)) {
            writer.pixels(name, stream)?;
            continue;
        }
        let mut samples = stored.samples(pixels)?;
        colors.clear(&mut samples, kind);
        if pixels.control.is_some() {
            budget.spend(Work::new(samples.len() as u64, cost::deflated(ways)))?;
        }
        let deflated = compress_png(&samples, pixels.size, kind, plan)?;
        writer.pixels(name, [deflated.data()])?;
        bounded(writer.png.len(), plan)?;
    }
    png::write(&mut writer.png, *b"IEND", &[], [])?;
    Ok(writer.png)
}

struct Writer {
    png: Vec<u8>,
    /// Numbers given so far to the chunks of an animation.
    numbers: u32,
}

impl Writer {
    fn pixels<'d>(
        &mut self,
        name: [u8; 4],
        stream: impl IntoIterator<Item = &'d [u8], IntoIter: Clone>,
    ) -> Result<(), Error> {
        match &name {
            b"fdAT" => self.numbered(name, stream),
            _ => png::write(&mut self.png, name, &[], stream),
        }
    }

    fn numbered<'d>(
        &mut self,
        name: [u8; 4],
        parts: impl IntoIterator<Item = &'d [u8], IntoIter: Clone>,
    ) -> Result<(), Error> {
        let number = self.numbers.to_be_bytes();
        self.numbers = self.numbers.saturating_add(1);
        png::write(&mut self.png, name, &number, parts)
    }
}
