//! PNG: pixels are filtered and deflated by the crate `png`.

use std::ops::Range;

use png::{BitDepth, ColorType, DeflateCompression, Encoder, Filter};

use super::exact::exact;
use super::indexed::Indexed;
use super::repeats::repeat;
use crate::container::png::{self as container, Chunk, Head, Kind, SIGNATURE_LEN};
use crate::container::reader::Reader;
use crate::error::Error;
use crate::geometry::Size;
use crate::memory::zeroed;
use crate::options::Effort;
use crate::plan::Plan;
use crate::probe::Loops;
use crate::raster::{Frame, Layout};

pub(super) fn still(frame: &Frame<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    let (samples, size) = (samples(frame), plan.edge().size());
    let indexed = match plan.colors {
        Some(most) => Some(Indexed::new(samples, plan, most)?),
        None => exact(samples, plan.canvas, size.width() as usize)?,
    };
    let Some(indexed) = indexed else {
        return write(&Head::plain(size, kind(plan.canvas)), samples, plan);
    };
    let (head, indices) = indexed.into_samples(size);
    let file = write(&head, &indices, plan)?;
    drop(indices);
    if plan.effort == Effort::Smallest && plan.colors.is_none() {
        let whole = write(&Head::plain(size, kind(plan.canvas)), samples, plan)?;
        if whole.len() < file.len() {
            return Ok(whole);
        }
    }
    Ok(file)
}

/// How a canvas is stored as it is.
pub(super) const fn kind(canvas: Layout) -> Kind {
    let color = match canvas {
        Layout::Gray => 0,
        Layout::GrayAlpha => 4,
        Layout::Rgba => 6,
        _ => 2,
    };
    Kind { color, depth: 8 }
}

/// In how many ways a picture is compressed, of which the shortest is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ways {
    /// The quick one.
    One,
    /// Those that suit drawings, too.
    Some,
    All,
}

impl Ways {
    /// The most that there may be.
    pub(crate) const fn most(effort: Effort) -> Self {
        match effort {
            Effort::Fast => Self::One,
            Effort::Balanced => Self::Some,
            Effort::Smallest => Self::All,
        }
    }

    /// Those for these samples.
    pub(super) fn of(samples: &[u8], size: Size, effort: Effort) -> Self {
        let stride = samples.len() / size.height() as usize;
        match Self::most(effort) {
            Self::Some if !repeat(samples, stride) => Self::One,
            most => most,
        }
    }
}

fn write(head: &Head, samples: &[u8], plan: &Plan) -> Result<Vec<u8>, Error> {
    let deflated = compress(samples, head.size, head.kind, plan)?;
    if head.palette.is_empty() {
        return Ok(deflated.file);
    }
    let mut file = head.write(1, Loops::Forever)?;
    container::write(&mut file, *b"IDAT", deflated.data(), [])?;
    container::write(&mut file, *b"IEND", &[], [])?;
    Ok(file)
}

/// Filters and deflates a picture in the way that suits it. [`Effort`] says how many
/// ways are tried. Samples of fewer than 8 bits take a byte each.
pub(crate) fn compress(
    samples: &[u8],
    size: Size,
    kind: Kind,
    plan: &Plan,
) -> Result<Deflated, Error> {
    if kind.depth >= 8 && kind.color != 3 {
        let ways = Ways::of(samples, size, plan.effort);
        return compress_in(samples, size, kind, plan, ways);
    }
    let packed;
    let samples = if kind.depth < 8 {
        packed = pack(samples, size, kind.depth)?;
        &packed
    } else {
        samples
    };
    indices(samples, plan, |compression, filter| {
        plan.cancel.look()?;
        deflate(samples, size, kind, compression, filter)
    })
}

/// The same for samples of 8 bits or more that are no indices, in these ways.
pub(super) fn compress_in(
    samples: &[u8],
    size: Size,
    kind: Kind,
    plan: &Plan,
    ways: Ways,
) -> Result<Deflated, Error> {
    shortest(ways, |compression, filter| {
        plan.cancel.look()?;
        deflate(samples, size, kind, compression, filter)
    })
}

/// The levels of deflate. The last one is of `miniz_oxide` alone, which `png` uses.
const QUICK: DeflateCompression = DeflateCompression::Level(2);
const GOOD: DeflateCompression = DeflateCompression::Level(5);
const USUAL: DeflateCompression = DeflateCompression::Level(6);
const BETTER: DeflateCompression = DeflateCompression::Level(7);
const HIGH: DeflateCompression = DeflateCompression::Level(9);
const BEST: DeflateCompression = DeflateCompression::Level(10);

/// Bytes that are deflated at any level within 25 ms.
const SMALL: usize = 256 << 10;

/// Deflates indices, or samples of fewer than 8 bits. Numbers that are near to each other
/// mean nothing there: filters rarely help.
///
/// Of 30 photos and drawings of 2 to 256 colors, dithered and not, `GOOD` makes those that
/// repeat little up to 5% longer than zlib's level 9 does, and in 15 ms; the others need
/// a better level for that. What repeats very much takes no time at any level.
fn indices(
    samples: &[u8],
    plan: &Plan,
    one: impl Fn(DeflateCompression, Filter) -> Result<Deflated, Error>,
) -> Result<Deflated, Error> {
    match plan.effort {
        Effort::Fast => one(QUICK, Filter::NoFilter),
        Effort::Balanced => {
            if samples.len() < SMALL {
                return one(BEST, Filter::NoFilter);
            }
            let good = one(GOOD, Filter::NoFilter)?;
            let better = match samples.len() / good.data.len().max(1) {
                ..6 => return Ok(good),
                6..32 => BETTER,
                32.. => BEST,
            };
            Ok(shorter(good, one(better, Filter::NoFilter)?))
        }
        Effort::Smallest => {
            let best = one(BEST, Filter::NoFilter)?;
            Ok(shorter(best, one(HIGH, Filter::Adaptive)?))
        }
    }
}

fn shortest(
    ways: Ways,
    one: impl Fn(DeflateCompression, Filter) -> Result<Deflated, Error>,
) -> Result<Deflated, Error> {
    let fast = one(DeflateCompression::FdeflateUltraFast, Filter::Adaptive)?;
    if ways == Ways::One {
        return Ok(fast);
    }
    let unfiltered = one(USUAL, Filter::NoFilter)?;
    let filters_help = fast.data.len() < 2 * unfiltered.data.len();
    let mut best = shorter(fast, unfiltered);
    if filters_help || ways == Ways::All {
        best = shorter(best, one(USUAL, Filter::Adaptive)?);
    }
    if ways == Ways::All {
        best = shorter(best, one(HIGH, Filter::NoFilter)?);
        best = shorter(best, one(HIGH, Filter::Adaptive)?);
    }
    Ok(best)
}

/// A picture without a palette, as `png` writes it.
pub(crate) struct Deflated {
    file: Vec<u8>,
    data: Range<usize>,
}

impl Deflated {
    /// The compressed data.
    pub(crate) fn data(&self) -> &[u8] {
        self.file.get(self.data.clone()).unwrap_or_default()
    }
}

fn deflate(
    samples: &[u8],
    size: Size,
    kind: Kind,
    compression: DeflateCompression,
    filter: Filter,
) -> Result<Deflated, Error> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, size.width(), size.height());
    encoder.set_color(match kind.color {
        2 => ColorType::Rgb,
        4 => ColorType::GrayscaleAlpha,
        6 => ColorType::Rgba,
        // What samples mean makes no difference, and indices would need a palette.
        _ => ColorType::Grayscale,
    });
    encoder.set_depth(match kind.depth {
        1 => BitDepth::One,
        2 => BitDepth::Two,
        4 => BitDepth::Four,
        8 => BitDepth::Eight,
        _ => BitDepth::Sixteen,
    });
    encoder.set_deflate_compression(compression);
    encoder.set_filter(filter);
    encoder
        .write_header()
        .and_then(|mut writer| {
            writer.write_image_data(samples)?;
            writer.finish()
        })
        .map_err(Error::internal("encode"))?;
    let mut reader = Reader::new(&file);
    reader.take(SIGNATURE_LEN);
    while let Some(chunk) = Chunk::next(&mut reader) {
        if &chunk.name == b"IDAT" {
            let end = reader.at().saturating_sub(4);
            let data = end.saturating_sub(chunk.data.len())..end;
            return Ok(Deflated { file, data });
        }
    }
    Err(Error::internal("encode")("a file without pixels"))
}

/// Samples of fewer than 8 bits, as many to a byte as go in.
fn pack(samples: &[u8], size: Size, depth: u8) -> Result<Vec<u8>, Error> {
    let (width, bits) = (size.width() as usize, usize::from(depth));
    let stride = (width * bits).div_ceil(8);
    let mut packed = zeroed(stride as u64 * u64::from(size.height()))?;
    let rows = packed
        .chunks_exact_mut(stride)
        .zip(samples.chunks_exact(width));
    for (row, samples) in rows {
        for (byte, samples) in row.iter_mut().zip(samples.chunks(8 / bits)) {
            // The first sample stands in the highest bits.
            let places = (0..=8 - bits).rev().step_by(bits);
            for (sample, place) in samples.iter().zip(places) {
                *byte |= sample << place;
            }
        }
    }
    Ok(packed)
}

/// The shorter one, the first of two that are as long as each other.
fn shorter(one: Deflated, other: Deflated) -> Deflated {
    if other.data.len() < one.data.len() {
        other
    } else {
        one
    }
}

pub(super) fn samples<'a>(frame: &Frame<'a>) -> &'a [u8] {
    let plane = frame.raster.planes.first();
    plane.map_or(&[], |plane| &plane.samples)
}
