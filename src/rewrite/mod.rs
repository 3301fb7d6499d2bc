//! The loss-free way: compressed pixels as they are, in a container of our own.
//!
//! Only what a decoder needs is written, from a list of what is allowed; what
//! is not on it stays behind, known or not. The result has the form in which
//! this crate's encoders write, so that a photo of ours passes through
//! unchanged.

mod gif;
mod jpeg;
mod png;

use crate::decode::Proven;
use crate::error::Error;
use crate::photo::Step;
use crate::plan::Plan;
use crate::probe::Format;

/// Writes anew all of a file but its compressed pixels. Returns the steps, too, that were
/// not foreseen.
pub(crate) fn rewrite(proven: &Proven<'_>, plan: &Plan) -> Result<(Vec<u8>, Vec<Step>), Error> {
    Ok(match plan.format {
        Format::Jpeg => (jpeg::rewrite(proven)?, Vec::new()),
        Format::Png => (png::rewrite(proven, plan)?, Vec::new()),
        Format::Gif => gif::rewrite(proven.file, plan)?,
    })
}
