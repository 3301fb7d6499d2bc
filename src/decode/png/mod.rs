//! PNG, still and animated, row by row (W3C PNG, third edition).

#![expect(
    clippy::arithmetic_side_effects,
    reason = "edges are below 2^24 and pixels have up to 64 bits, so rows are below 2^28 bytes; \
              places are in buffers that were allocated, and no window starts behind its end"
)]

mod adam7;
mod animation;
mod expand;
mod header;
mod hidden;
mod inflate;
mod proof;
mod rows;
mod source;
mod stored;
#[expect(
    clippy::inline_always,
    reason = "code that is compiled for several processors"
)]
mod unfilter;
#[cfg(target_arch = "x86_64")]
#[expect(
    clippy::inline_always,
    clippy::indexing_slicing,
    reason = "compiled for another processor as one piece; rows and pixels of a known number"
)]
mod wave;

pub(super) use animation::Animation;
pub(crate) use hidden::Seen;
pub(crate) use stored::{Pixels, Stored};

use super::{Found, accept};
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::memory::zeroed;
use crate::plan::Plan;
use crate::raster::{Plane, Raster};
use crate::transform::{Steps, Stream};
use animation::Control;
use header::Header;
use hidden::Look;
use inflate::Inflater;
use proof::Proof;
use rows::Rows;
use source::Source;

pub(super) fn decode(
    bytes: &[u8],
    plan: &Plan,
    damage: &mut Found,
    proven: &mut Vec<Pixels>,
) -> Result<Raster, Error> {
    let mut picture = Picture::open(Source::new(bytes, plan), |_, _| Ok(()))?;
    let (size, layout) = (picture.header.size, picture.header.layout);
    if plan.pass_through {
        proven.push(picture.prove(*b"IDAT", size, None)?);
        let samples = zeroed(layout.channels() as u64)?;
        let region = Rect::covering(Size::SMALLEST);
        return Ok(Raster::cut(layout, Size::SMALLEST, samples, region));
    }
    let region = plan.request.region;
    if plan.streamed {
        return Ok(Raster {
            layout,
            planes: vec![stream(&mut picture, plan, damage)?],
        });
    }
    let mut samples = zeroed(size.pixels() * layout.channels() as u64)?;
    (picture.frame(*b"IDAT", size, &mut samples))
        .or_else(|error| accept(error, plan.damage, damage))?;
    Ok(Raster::cut(layout, size, samples, region))
}

/// Resamples the wanted region while its rows are read.
fn stream(picture: &mut Picture<'_>, plan: &Plan, damage: &mut Found) -> Result<Plane, Error> {
    let region = plan.request.region;
    let channels = picture.header.layout.channels();
    let size = (region.size()).ok_or_else(|| Error::internal("decode")("a region of no pixels"))?;
    let steps = Steps::new(
        Rect::covering(size).into(),
        plan.stored_picture(),
        plan.filter,
    );
    let mut stream = Stream::new(size, steps, channels)?;
    rows_into(&mut stream, picture, region, channels)
        .or_else(|error| accept(error, plan.damage, damage))?;
    stream.finish()
}

/// Reads all rows, and streams the part of them that is in the region.
fn rows_into(
    stream: &mut Stream,
    picture: &mut Picture<'_>,
    region: Rect,
    channels: usize,
) -> Result<(), Error> {
    let size = picture.header.size;
    let mut whole = zeroed(u64::from(size.width()) * channels as u64)?;
    let wanted = region.x as usize * channels..(region.x + region.width) as usize * channels;
    picture.rows(*b"IDAT", size, |expand, _, number, row| {
        if !(region.y..region.y + region.height).contains(&number) {
            return Ok(());
        }
        stream.push(|to| {
            if wanted.len() == whole.len() {
                expand.row(row, to);
                return Ok(());
            }
            expand.row(row, &mut whole);
            let wanted = whole.get(wanted.clone()).unwrap_or_default();
            to.iter_mut().zip(wanted).for_each(|(to, from)| *to = *from);
            Ok(())
        })
    })
}

/// A file whose header is read.
struct Picture<'a> {
    source: Source<'a>,
    header: Header<'a>,
}

impl<'a> Picture<'a> {
    /// Reads what stands before the pixels. `control` is shown the frame controls
    /// there.
    fn open(
        mut source: Source<'a>,
        control: impl FnMut(&mut Source<'_>, &[u8]) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let header = Header::read(&mut source, control)?;
        Ok(Self { source, header })
    }

    /// Decodes a frame of `size` pixels, which chunks of this name hold, the first of
    /// which is ahead. `samples` has room for all of them.
    fn frame(&mut self, name: [u8; 4], size: Size, samples: &mut [u8]) -> Result<(), Error> {
        let channels = self.header.layout.channels();
        let stride = size.width() as usize * channels;
        let mut pixels = zeroed(if self.header.interlaced { stride } else { 0 } as u64)?;
        self.rows(name, size, |expand, pass, number, row| {
            let from = number as usize * stride;
            let to = samples.get_mut(from..from + stride).unwrap_or_default();
            let pixels = (pixels.get_mut(..pass.width(size) as usize * channels))
                .filter(|pixels| !pixels.is_empty());
            match pixels {
                Some(pixels) => {
                    expand.row(row, pixels);
                    pass.scatter(pixels, channels, to);
                }
                None => expand.row(row, to),
            }
            Ok(())
        })
    }

    /// Shows all rows of a frame to `show`, each with the number that it has in the
    /// frame, in the order in which they are stored.
    fn rows(
        &mut self,
        name: [u8; 4],
        size: Size,
        mut show: impl FnMut(&expand::Expand, adam7::Pass, u32, &[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Self { source, header } = self;
        let stride = header.stride(size.width());
        let mut inflater = inflater(header, source, size)?;
        let mut rows = Rows::new(stride, header.bits)?;
        source.begin(name);
        for pass in adam7::passes(size, header.interlaced) {
            rows.begin(header.stride(pass.width(size)), pass.height(size));
            for number in 0..pass.height(size) {
                source.look()?;
                let row = rows.next(&mut inflater, source)?;
                show(&header.expand, pass, pass.row(number), row)?;
            }
        }
        // Behind the last pixel, what is left only has to be intact.
        source.end()
    }

    /// Inflates a frame, and makes no pixels of it. Its rows are unfiltered where they
    /// may hold more than pixels that are seen.
    fn prove(
        &mut self,
        name: [u8; 4],
        size: Size,
        control: Option<Control>,
    ) -> Result<Pixels, Error> {
        let Self { source, header } = self;
        let mut inflater = inflater(header, source, size)?;
        inflater.proof = Some(Proof::new());
        let mut look = Look::new(header);
        let stride = if look.needs_rows() {
            header.stride(size.width())
        } else {
            0
        };
        let mut rows = Rows::new(stride, header.bits)?;
        source.begin(name);
        let place = source.place();
        for pass in adam7::passes(size, header.interlaced) {
            let width = pass.width(size);
            rows.begin(header.stride(width), pass.height(size));
            for _ in 0..pass.height(size) {
                source.look()?;
                if look.needs_rows() {
                    look.row(rows.next(&mut inflater, source)?, width);
                } else {
                    rows.pass_over(&mut inflater, source)?;
                }
            }
        }
        let stream = inflater.prove(source).and_then(|proof| proof.stream());
        source.end()?;
        Ok(Pixels {
            control,
            size,
            place,
            stream,
            seen: look.finish(),
        })
    }
}

/// Bytes of a frame, with the numbers of filters.
fn total(header: &Header<'_>, size: Size) -> u64 {
    adam7::passes(size, header.interlaced)
        .map(|pass| {
            let row = header.stride(pass.width(size)) as u64 + 1;
            row * u64::from(pass.height(size))
        })
        .sum()
}

fn inflater(header: &Header<'_>, source: &Source<'_>, size: Size) -> Result<Inflater, Error> {
    let most = rows::BATCH * (header.stride(size.width()) + 1);
    Inflater::new(total(header, size), most, source.damage())
}
