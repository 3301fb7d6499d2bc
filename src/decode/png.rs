//! PNG through the crate `png`, still and animated.

use std::io::{Cursor, ErrorKind};
use std::time::Duration;

use png::{BlendOp, DecodingError, DisposeOp, FrameControl, Limits, Reader, Transformations};

use super::compose::{Composer, Dispose};
use crate::error::Error;
use crate::geometry::Rect;
use crate::plan::Plan;
use crate::probe::{Format, Info, played};
use crate::raster::{Frame, Layout, Raster, zeroed};

pub(super) fn decode(bytes: &[u8], info: &Info, plan: &Plan) -> Result<Raster, Error> {
    let mut reader = open(bytes)?;
    let layout = layout(&reader)?;
    let mut samples = zeroed(info.stored.pixels() * layout.channels() as u64)?;
    reader.next_frame(&mut samples).map_err(broken)?;
    Ok(Raster::cut(
        layout,
        info.stored,
        samples,
        plan.request.region,
    ))
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
            reader.next_frame(&mut samples).map_err(broken)?;
        }
        Ok(Self {
            reader: ReaderBox(reader),
            layout,
            composer: Composer::new(info.stored, plan.request.region)?,
            samples,
            is_first: true,
        })
    }

    pub(super) fn next_frame(&mut self) -> Result<Frame<'_>, Error> {
        let reader = &mut self.reader.0;
        let size = reader.next_frame(&mut self.samples).map_err(broken)?;
        let control = reader
            .info()
            .frame_control
            .ok_or_else(|| Error::Malformed {
                format: Format::Png,
                problem: "frame without its control",
                offset: None,
                source: None,
            })?;
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
            width: size.width,
            height: size.height,
        };
        let (layout, samples) = (self.layout, &self.samples);
        let draw = match control.blend_op {
            BlendOp::Source => |pixel: &mut [u8; 4], drawn: [u8; 4]| *pixel = drawn,
            BlendOp::Over => over,
        };
        self.composer.draw(rect, dispose, |row, pixels| {
            let row = samples.get(row * size.line_size..).unwrap_or_default();
            for (pixel, drawn) in pixels.iter_mut().zip(row.chunks_exact(layout.channels())) {
                draw(pixel, rgba(drawn));
            }
        })?;
        Ok(Frame {
            raster: self.composer.canvas(),
            delay: played(delay(&control)),
        })
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

fn delay(control: &FrameControl) -> Duration {
    let denominator = match control.delay_den {
        0 => 100,
        denominator => u64::from(denominator),
    };
    Duration::from_millis(u64::from(control.delay_num) * 1000 / denominator)
}
