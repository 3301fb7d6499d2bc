//! JPEG, from compressed bytes to planes of components (ITU-T T.81): at the scale
//! and for the region that the plan asks for, and never larger.
//!
//! ```text
//! segments (decode) -> scans (scan) -> bits (entropy, bits) -> coefficients (sequential, progressive)
//!     -> samples (idct) -> planes (canvas)
//! ```

#![expect(
    clippy::inline_always,
    reason = "run-time dispatch compiles only what is inlined into it for the wider instructions"
)]
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

mod ahead;
mod bands;
mod bits;
mod block;
mod buffer;
mod built;
mod canvas;
mod coded;
mod decode;
mod drive;
mod entropy;
mod error;
mod huffman;
mod idct;
mod layout;
mod pairs;
mod picture;
mod pieces;
mod progressive;
mod refine;
mod scan;
mod sequential;
mod source;
mod split;
mod store;
mod tables;
mod tokens;
mod transcribe;
mod transcript;
mod transcription;

use super::Found;
use crate::container::frame::{Frame, Transform};
use crate::error::Error;
use crate::options::Damage;
use crate::plan::Plan;
use crate::raster::{Layout, Plane, Raster};

pub(crate) use decode::working_bytes;
pub(crate) use transcript::{Quantized, ScanTranscript, Transcript};

/// Decodes what the plan asks for of the file that `frame` was read from. Where its pixels pass
/// through, that is what is coded, and the samples mean nothing.
pub(super) fn decode(
    bytes: &[u8],
    frame: &Frame,
    plan: &Plan,
    damage: &mut Found,
    transcript: &mut Option<Transcript>,
) -> Result<Raster, Error> {
    let settings = Settings {
        tolerate: plan.damage == Damage::Accept,
        transcribe: plan.pass_through,
        threads: plan.threads.get(),
    };
    let decoded = decode::decode(bytes, frame, plan, &settings)?;
    if let Some(fault) = decoded.fault {
        damage.get_or_insert(fault.offset.map(|offset| offset as u64));
    }
    *transcript = decoded.transcript;
    let layout = match decoded.transform {
        Transform::Gray => Layout::Gray,
        Transform::YCbCr => Layout::YCbCr,
        Transform::Rgb => Layout::Rgb,
        Transform::Cmyk => Layout::Cmyk,
        Transform::Ycck => Layout::Ycck,
    };
    Ok(Raster {
        layout,
        planes: decoded.planes,
    })
}

/// What is allowed while decoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Settings {
    /// Keep what can be decoded of a damaged file.
    tolerate: bool,
    /// Keep what is coded, and draw nothing.
    transcribe: bool,
    /// Threads that may work on a scan.
    threads: usize,
}

/// The samples of a picture, each component by itself.
struct Decoded {
    /// 1, 3 or 4 planes in the order of the components.
    planes: Vec<Plane>,
    /// What the components mean.
    transform: Transform,
    /// The first of the faults that were tolerated; `None` if the picture is whole.
    fault: Option<error::Error>,
    /// What is coded, if that was to be kept.
    transcript: Option<Transcript>,
}
