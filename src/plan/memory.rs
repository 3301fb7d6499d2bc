//! How much memory a plan takes.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "pixels are below 2^48, as edges are below 2^24, and all factors of them below 2^8"
)]

use std::num::NonZeroUsize;

use super::{Plan, at_most};
use crate::decode;
use crate::error::{Error, Quantity};
use crate::geometry::{Edge, Rect, Size};
use crate::options::{Effort, Light};
use crate::probe::{ColorModel, Format, Info};
use crate::transform::{Steps, Stream};

/// Holds the memory that the plan takes against the limit.
pub(super) fn afford(info: &Info, plan: &mut Plan, limit: u64) -> Result<(), Error> {
    plan.memory_bytes = memory(info, plan);
    if plan.memory_bytes > limit {
        // Threads take memory, and are no reason to refuse anything.
        plan.threads = NonZeroUsize::MIN;
        plan.memory_bytes = memory(info, plan);
    }
    at_most(Quantity::Memory, plan.memory_bytes, limit)
}

/// Holds the memory that it takes to draw a square by a plan, from one that is there,
/// against the limit.
pub(super) fn afford_square(from: Edge, plan: &mut Plan, limit: u64) -> Result<(), Error> {
    let channels = plan.canvas.channels() as u64;
    let [source, canvas] = [from, plan.edge()].map(|edge| edge.size().pixels() * channels);
    let between = u64::from(from.px().max(plan.edge().px())) * u64::from(plan.edge().px());
    // Alpha is multiplied in, or planes become pixels, in a copy of the source.
    let resampling = source + between * channels;
    let wide = match plan.light {
        Light::Encoded => 0,
        // All of that in 16 bits, the source and the result, too.
        Light::Linear => 2 * (source + canvas + resampling),
    };
    plan.memory_bytes = source + resampling + wide + 3 * canvas + encoder(plan, canvas);
    at_most(Quantity::Memory, plan.memory_bytes, limit)
}

/// Bytes of working memory: what the decoder holds, what resampling takes, and
/// the canvas thrice (the picture before it is turned, the square, the output).
fn memory(info: &Info, plan: &Plan) -> u64 {
    let stored = info.stored.pixels();
    let (decoded, channels) = match (info.format, &info.frame) {
        (Format::Jpeg, Some(frame)) => (
            decode::jpeg_bytes(frame, plan, coded_bytes(info)),
            frame.components.len() as u64,
        ),
        // Composing an animation takes the canvas, a copy to go back to, and the
        // frame in work: for GIF, an index a pixel.
        (Format::Gif, _) => (stored * (4 + 4) + info.largest_frame, 4),
        (_, _) if info.is_animated() => (stored * (4 + 4 + 4), 4),
        (_, _) => {
            let channels = info.source_layout().channels();
            let decoded = match plan.request.region.size() {
                Some(size) if plan.streamed => {
                    let steps = Steps::new(
                        Rect::covering(size).into(),
                        plan.stored_picture(),
                        plan.filter,
                    );
                    Stream::bytes(size, &steps, channels)
                }
                _ => stored * channels as u64,
            };
            (decoded, channels as u64)
        }
    };
    let canvas = plan.edge().size().pixels() * plan.canvas.channels() as u64;
    let resampling = if plan.streamed {
        0
    } else {
        resampling(info, plan, channels)
    };
    // Pixels that pass through may have to be recompressed, at 16 bits a sample if they have them.
    let wide = match (info.format, info.color.bit_depth) {
        (Format::Png, 16) if plan.pass_through => decoded + 3 * canvas,
        _ => 0,
    };
    // Threads of a JPEG take memory each, and their number is the caller's: it has no bound.
    decoded.saturating_add(resampling + wide + 3 * canvas + encoder(plan, canvas))
}

/// Bytes of a file that may be its picture.
fn coded_bytes(info: &Info) -> u64 {
    let others = info.trailing_bytes.saturating_add(info.metadata.bytes);
    info.file_bytes.saturating_sub(others)
}

/// Bytes that it takes to resample a picture of so many channels that is decoded.
fn resampling(info: &Info, plan: &Plan, channels: u64) -> u64 {
    let region = plan.request.region;
    // Rows and columns are resampled in turn, by way of a picture with the old
    // width and the new height; alpha is multiplied in beforehand, in a copy.
    let picture = plan.stored_picture();
    let between = u64::from(region.width.max(picture.width())) * u64::from(picture.height());
    let multiplied = if info.color.alpha || info.format == Format::Gif {
        u64::from(region.width) * u64::from(region.height)
    } else {
        0
    };
    let whole = plan.request.at_least.pixels() * channels;
    let whole = match (plan.convert_first, plan.light) {
        // Luma and differences become colours at the size that the decoder hands
        // out, which is below twice what it must along each edge.
        (false, _) if info.color.model == ColorModel::YCbCr && plan.format != Format::Jpeg => {
            (4 * plan.request.at_least.pixels()).min(region.size().map_or(0, Size::pixels))
                * 2
                * channels
        }
        (false, _) => 0,
        // Before the conversion, after it, and with alpha multiplied in.
        (true, Light::Encoded) => 3 * whole,
        // And in 16 bits.
        (true, Light::Linear) => 6 * whole,
    };
    whole + (between + multiplied) * channels
}

/// Bytes that the encoder takes beside its output, given those of a canvas.
fn encoder(plan: &Plan, canvas: u64) -> u64 {
    let pixels = plan.edge().size().pixels();
    let palettes = match plan.format {
        // What is shown and what was wanted make two more canvases of the three;
        // indices, and others that look the same, come twice, and tables. Each of two
        // palettes remembers up to 5 MiB of what is near to what.
        Format::Gif => 4 * pixels + (12 << 20),
        // Indices, and the same tables.
        Format::Png if plan.colors.is_some() => 2 * pixels + (12 << 20),
        // Indices, the same packed to fewer bits, and a file of them while another is
        // made without.
        Format::Png if plan.frames == 1 => 3 * pixels,
        _ => 0,
    };
    // Of a PNG, the shortest file so far is kept while others are tried; photos have
    // one only, unless it is to be the smallest. Of an animated one, what is shown and
    // what is drawn come before that.
    let png = match plan.format {
        Format::Png => {
            let tried = u64::from(plan.effort == Effort::Smallest);
            canvas * (tried + if plan.frames > 1 { 2 } else { 0 })
        }
        _ => 0,
    };
    // With several threads, one frame is held while the next is made, and one more
    // is packed.
    let ahead = match (plan.frames, plan.threads.get(), plan.format) {
        (1, _, _) | (_, 1, _) => 0,
        (_, _, Format::Gif) => canvas + 2 * pixels,
        _ => 2 * canvas,
    };
    // Without the changes that are ignored, a frame is another canvas.
    let settled = match plan.tolerance {
        0 => 0,
        _ => canvas,
    };
    palettes + png + ahead + settled
}
