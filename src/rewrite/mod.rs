//! Writes a new file for pixels that stay exactly as they are.
//!
//! Only what a decoder needs to show the pixels is written. The result has the form in which
//! this crate's encoders write, so that a photo of ours passes through unchanged.

mod gif;
mod jpeg;
mod png;

use crate::decode::Proven;
use crate::error::Error;
use crate::photo::Step;
use crate::plan::Plan;
use crate::probe::Format;

/// Writes the file, and returns the steps that the plan could not foresee.
pub(crate) fn rewrite(proven: &Proven<'_>, plan: &Plan) -> Result<(Vec<u8>, Vec<Step>), Error> {
    Ok(match plan.format {
        Format::Jpeg => (jpeg::rewrite(proven)?, Vec::new()),
        Format::Png => (png::rewrite(proven, plan)?, Vec::new()),
        Format::Gif => gif::rewrite(proven.file, plan)?,
    })
}
