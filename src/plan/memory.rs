//! How much memory a plan takes.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "pixels are below 2^48, as edges are below 2^24, and all factors of them below 2^8"
)]

use std::num::NonZeroUsize;

use super::{Plan, at_most};
use crate::decode;
use crate::error::{Error, Quantity};
use crate::geometry::{Rect, Size};
use crate::options::Light;
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

/// Bytes of working memory: what the decoder holds, what resampling takes, and
/// the canvas thrice (the picture before it is turned, the square, the output).
fn memory(info: &Info, plan: &Plan) -> u64 {
    let stored = info.stored.pixels();
    let (decoded, channels) = match (info.format, &info.frame) {
        (Format::Jpeg, Some(frame)) => (
            decode::jpeg_bytes(frame, plan),
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
    let canvas = plan.side.size().pixels() * plan.canvas.channels() as u64;
    if plan.streamed {
        return decoded + 3 * canvas;
    }
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
    // Of a GIF, what is shown and what was wanted make two more canvases of the
    // three; indices, and others that look the same, come twice, and tables. Each of
    // two palettes remembers up to 4 MiB of what is near to what.
    let encoder = match plan.format {
        Format::Gif => 4 * plan.side.size().pixels() + (12 << 20),
        _ => 0,
    };
    whole + decoded + (between + multiplied) * channels + 3 * canvas + encoder
}
