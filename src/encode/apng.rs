//! Animated PNG through the crate `png`.

use std::io::{self, Write};

use png::{BlendOp, DisposeOp, EncodingError};

use super::bounded;
use super::png::{encoder, samples};
use crate::container::png::{fraction, plays};
use crate::error::Error;
use crate::geometry::{Rect, around};
use crate::memory::append;
use crate::plan::Plan;
use crate::raster::Frame;
use crate::transform::Canvases;

/// Of each frame, the smallest rectangle that differs from the one before.
pub(super) fn animation(canvases: &mut Canvases<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    let mut file = File(Vec::new());
    let mut encoder = encoder(&mut file, plan);
    encoder
        .set_animated(plan.frames, plays(plan.loops))
        .map_err(failed)?;
    let mut writer = encoder.write_header().map_err(failed)?;
    let mut screen = Screen::new(plan);
    while let Some(frame) = canvases.next()? {
        let (numerator, denominator) = fraction(frame.delay);
        let part = screen.draw(&frame);
        let rect = part.rect;
        let blend = if part.is_over {
            BlendOp::Over
        } else {
            BlendOp::Source
        };
        writer
            .reset_frame_position()
            .and_then(|()| writer.set_frame_dimension(rect.width, rect.height))
            .and_then(|()| writer.set_frame_position(rect.x, rect.y))
            .and_then(|()| writer.set_frame_delay(numerator, denominator))
            .and_then(|()| writer.set_blend_op(blend))
            .and_then(|()| writer.set_dispose_op(DisposeOp::None))
            .and_then(|()| writer.write_image_data(&part.samples))
            .map_err(failed)?;
    }
    writer.finish().map_err(failed)?;
    Ok(file.0)
}

/// The file that is written: it grows within bounds, or not at all.
struct File(Vec<u8>);

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        bounded(self.0.len() + bytes.len())
            .and_then(|()| Ok(append(&mut self.0, bytes)?))
            .map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the writer says, or what [`File`] said to it.
fn failed(error: EncodingError) -> Error {
    let io = match error {
        EncodingError::IoError(io) => io,
        error => return Error::internal("encode")(error),
    };
    match io.downcast() {
        Ok(ours) => ours,
        Err(io) => Error::internal("encode")(io),
    }
}

/// What a viewer shows of an animation.
struct Screen {
    whole: Rect,
    channels: usize,
    has_alpha: bool,
    /// Empty before the first frame.
    shown: Vec<u8>,
}

/// What has to be drawn for a frame.
struct Part {
    rect: Rect,
    samples: Vec<u8>,
    /// Whether it is laid over what is there, not put in its place.
    is_over: bool,
}

impl Screen {
    fn new(plan: &Plan) -> Self {
        Self {
            whole: plan.side.size().into(),
            channels: plan.canvas.channels(),
            has_alpha: plan.canvas.has_alpha(),
            shown: Vec::new(),
        }
    }

    fn draw(&mut self, frame: &Frame<'_>) -> Part {
        let samples = samples(frame);
        if self.shown.is_empty() {
            self.shown.extend_from_slice(samples);
            return Part {
                rect: self.whole,
                samples: samples.to_vec(),
                is_over: false,
            };
        }
        let changed = frame
            .changed
            .and_then(|within| self.differing(samples, within));
        // Where nothing differs, one pixel is drawn once more: a frame has one.
        let rect = changed.unwrap_or(Rect::between([0, 0], [1, 1]));
        let mut part = Part {
            rect,
            samples: Vec::with_capacity(rect.width as usize * rect.height as usize * self.channels),
            is_over: self.is_over_smaller(samples, rect),
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
        part
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
