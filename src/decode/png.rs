//! PNG through the crate `png`, still and animated.

use std::io::{Cursor, ErrorKind};

use png::{BlendOp, DecodingError, DisposeOp, InterlaceInfo, Limits, Reader, Transformations};

use super::compose::{Composer, Dispose};
use super::{Found, accept};
use crate::container::png::delay;
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::options::Damage;
use crate::plan::Plan;
use crate::probe::{Format, Info, played};
use crate::raster::{Frame, Layout, Plane, Raster, zeroed};
use crate::transform::Stream;

pub(super) fn decode(
    bytes: &[u8],
    info: &Info,
    plan: &Plan,
    damage: &mut Found,
) -> Result<Raster, Error> {
    let mut reader = open(bytes)?;
    let layout = layout(&reader)?;
    let region = plan.request.region;
    if plan.streamed {
        let plane = stream(&mut reader, layout, plan, damage)?;
        return Ok(Raster {
            layout,
            planes: vec![plane],
        });
    }
    let mut samples = zeroed(info.stored.pixels() * layout.channels() as u64)?;
    read_rows(&mut reader, info.stored, layout, &mut samples)
        .or_else(|error| accept(error, plan.damage, damage))?;
    Ok(Raster::cut(layout, info.stored, samples, region))
}

/// Resamples the wanted region while its rows are read.
fn stream(
    reader: &mut Reader<Cursor<&[u8]>>,
    layout: Layout,
    plan: &Plan,
    damage: &mut Found,
) -> Result<Plane, Error> {
    let region = plan.request.region;
    let channels = layout.channels();
    let size = (region.size()).ok_or_else(|| Error::internal("decode")("a region of no pixels"))?;
    let mut stream = Stream::new(size, plan.stored_picture(), channels, plan.filter)?;
    let read = rows_into(&mut stream, reader, region, channels).and_then(|()| end(reader));
    read.or_else(|error| accept(error, plan.damage, damage))?;
    stream.finish()
}

/// Reads all rows, and streams the part of them that is in the region.
fn rows_into(
    stream: &mut Stream,
    reader: &mut Reader<Cursor<&[u8]>>,
    region: Rect,
    channels: usize,
) -> Result<(), Error> {
    let (width, height) = (reader.info().width, reader.info().height);
    let mut whole = zeroed(u64::from(width) * channels as u64)?;
    let wanted = region.x as usize * channels..(region.x + region.width) as usize * channels;
    for number in 0..height {
        if !(region.y..region.y + region.height).contains(&number) {
            reader.read_row(&mut whole).map_err(broken)?;
        } else if wanted.len() == whole.len() {
            stream.push(|row| reader.read_row(row).map(drop).map_err(broken))?;
        } else {
            reader.read_row(&mut whole).map_err(broken)?;
            stream.push(|row| {
                let wanted = whole.get(wanted.clone()).unwrap_or_default();
                row.iter_mut()
                    .zip(wanted)
                    .for_each(|(to, from)| *to = *from);
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// Reads a frame of `size` pixels row by row: unlike `Reader::next_frame`, this
/// knows a file that ends behind its last pixel from one that ends before.
fn read_rows(
    reader: &mut Reader<Cursor<&[u8]>>,
    size: Size,
    layout: Layout,
    samples: &mut [u8],
) -> Result<(), Error> {
    let stride = size.width() as usize * layout.channels();
    if reader.info().interlaced {
        let bits = u8::try_from(8 * layout.channels()).unwrap_or(u8::MAX);
        for _ in 0..interlaced_rows(size) {
            let row = reader.next_interlaced_row().map_err(broken)?;
            if let Some(row) = row
                && let InterlaceInfo::Adam7(pass) = row.interlace()
            {
                png::expand_interlaced_row(samples, stride, row.data(), pass, bits);
            }
        }
    } else {
        let rows = samples.chunks_exact_mut(stride);
        for row in rows.take(size.height() as usize) {
            reader.read_row(row).map_err(broken)?;
        }
    }
    end(reader)
}

/// Behind the last pixel, proves the checksum of all.
fn end(reader: &mut Reader<Cursor<&[u8]>>) -> Result<(), Error> {
    match reader.next_row().map_err(broken) {
        Ok(_) | Err(Error::Truncated { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Rows of all seven passes together (W3C PNG, section 8).
fn interlaced_rows(size: Size) -> u32 {
    const PASSES: [[u32; 4]; 7] = [
        // First column and row, then the distance to the next ones.
        [0, 0, 8, 8],
        [4, 0, 8, 8],
        [0, 4, 4, 8],
        [2, 0, 4, 4],
        [0, 2, 2, 4],
        [1, 0, 2, 2],
        [0, 1, 1, 2],
    ];
    PASSES
        .into_iter()
        .filter(|[column, ..]| *column < size.width())
        .map(|[_, row, _, step]| size.height().saturating_sub(row).div_ceil(step))
        .sum()
}

fn open(bytes: &[u8]) -> Result<Reader<Cursor<&[u8]>>, Error> {
    // Rows and tables take a few hundred kilobytes at the widest.
    let limits = Limits { bytes: 64 << 20 };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.read_info().map_err(broken)
}

fn layout(reader: &Reader<Cursor<&[u8]>>) -> Result<Layout, Error> {
    match reader.output_color_type().0 {
        png::ColorType::Grayscale => Ok(Layout::Gray),
        png::ColorType::GrayscaleAlpha => Ok(Layout::GrayAlpha),
        png::ColorType::Rgb => Ok(Layout::Rgb),
        png::ColorType::Rgba => Ok(Layout::Rgba),
        png::ColorType::Indexed => Err(Error::internal("decode")("palette was not expanded")),
    }
}

fn broken(error: DecodingError) -> Error {
    match error {
        DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            Error::Truncated {
                format: Format::Png,
                offset: None,
            }
        }
        error => Error::Malformed {
            format: Format::Png,
            problem: "picture does not decode",
            offset: None,
            source: Some(error.into()),
        },
    }
}

/// The frames of an animated PNG, and the canvas that they are drawn on.
#[derive(Debug)]
pub(super) struct Animation<'a> {
    reader: ReaderBox<'a>,
    layout: Layout,
    composer: Composer,
    /// Pixels of the frame in work.
    samples: Vec<u8>,
    is_first: bool,
    damage: Damage,
}

/// `png::Reader` has no `Debug`.
struct ReaderBox<'a>(Reader<Cursor<&'a [u8]>>);

impl std::fmt::Debug for ReaderBox<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("png::Reader").finish_non_exhaustive()
    }
}

impl<'a> Animation<'a> {
    pub(super) fn open(bytes: &'a [u8], info: &Info, plan: &Plan) -> Result<Self, Error> {
        let mut reader = open(bytes)?;
        let layout = layout(&reader)?;
        let mut samples = zeroed(info.stored.pixels() * layout.channels() as u64)?;
        if info.default_image_apart {
            read_rows(&mut reader, info.stored, layout, &mut samples)?;
        }
        Ok(Self {
            reader: ReaderBox(reader),
            layout,
            composer: Composer::new(info.stored, plan.request.region)?,
            samples,
            is_first: true,
            damage: plan.damage,
        })
    }

    pub(super) fn next_frame(&mut self, damage: &mut Found) -> Result<Frame<'_>, Error> {
        let reader = &mut self.reader.0;
        if !self.is_first || reader.info().frame_control.is_none() {
            reader.next_frame_info().map_err(broken)?;
        }
        let control = reader.info().frame_control.ok_or_else(no_control)?;
        let size = Size::new(control.width, control.height).ok_or_else(no_control)?;
        read_rows(reader, size, self.layout, &mut self.samples)
            .or_else(|error| accept(error, self.damage, damage))?;
        let dispose = match control.dispose_op {
            DisposeOp::None => Dispose::Keep,
            DisposeOp::Background => Dispose::Clear,
            // Nothing was there before the first frame.
            DisposeOp::Previous if self.is_first => Dispose::Clear,
            DisposeOp::Previous => Dispose::Restore,
        };
        self.is_first = false;
        let rect = Rect {
            x: control.x_offset,
            y: control.y_offset,
            width: control.width,
            height: control.height,
        };
        let (layout, samples) = (self.layout, &self.samples);
        let stride = size.width() as usize * layout.channels();
        let draw = match control.blend_op {
            BlendOp::Source => |pixel: &mut [u8; 4], drawn: [u8; 4]| *pixel = drawn,
            BlendOp::Over => over,
        };
        self.composer.draw(rect, dispose, |row, pixels| {
            let row = samples.get(row * stride..).unwrap_or_default();
            for (pixel, drawn) in pixels.iter_mut().zip(row.chunks_exact(layout.channels())) {
                draw(pixel, rgba(drawn));
            }
        })?;
        let delay = played(delay(control.delay_num, control.delay_den));
        Ok(self.composer.frame(delay))
    }
}

fn no_control() -> Error {
    Error::Malformed {
        format: Format::Png,
        problem: "frame without its control",
        offset: None,
        source: None,
    }
}

fn rgba(pixel: &[u8]) -> [u8; 4] {
    match *pixel {
        [gray] => [gray, gray, gray, 255],
        [gray, alpha] => [gray, gray, gray, alpha],
        [r, g, b] => [r, g, b, 255],
        [r, g, b, alpha, ..] => [r, g, b, alpha],
        [] => [0; 4],
    }
}

/// Lays one pixel over another, neither premultiplied (W3C PNG, section 13.16).
fn over(under: &mut [u8; 4], drawn: [u8; 4]) {
    let [.., alpha] = drawn;
    let [.., below] = *under;
    if alpha == 255 || below == 0 {
        *under = drawn;
        return;
    }
    if alpha == 0 {
        return;
    }
    let (alpha, below) = (u32::from(alpha), u32::from(below));
    // In units of 1/255: what shows through of the pixel below, and the sum.
    let shows = below * (255 - alpha);
    let total = 255 * alpha + shows;
    let [r, g, b, _] = drawn;
    let [ur, ug, ub, _] = *under;
    let mix = |over: u8, under: u8| {
        let sum = 255 * alpha * u32::from(over) + shows * u32::from(under);
        u8::try_from((sum + total / 2) / total).unwrap_or(255)
    };
    let alpha = u8::try_from((total + 127) / 255).unwrap_or(255);
    *under = [mix(r, ur), mix(g, ug), mix(b, ub), alpha];
}
