//! What was done to a picture, in plain words.

use headshot::Step;

/// One sentence, without a full stop, behind the step's name.
pub(crate) fn describe(step: &Step) -> String {
    let name = step.name();
    let words = match step {
        Step::Oriented { .. } => "turned upright, as its EXIF says".to_owned(),
        Step::Cropped { crop } => format!("cut to the crop box {crop}"),
        Step::Scaled { from, to } => format!("resampled from {from} to {to} pixels"),
        Step::Letterboxed { picture, side } => format!(
            "centred as {}x{} on a square of {side}, with bars beside it",
            picture.width, picture.height
        ),
        Step::ColorsConverted { from } => format!("colours converted from {from} to sRGB"),
        Step::Flattened { .. } => "transparent parts filled".to_owned(),
        Step::Stilled { frames } => format!("the first of {frames} frames taken"),
        Step::Thinned { from, to } => format!("{to} of {from} frames taken"),
        Step::DelaysRaised { frames } => {
            format!("{frames} frames slowed down, as browsers play them")
        }
        Step::ScansMissing { .. } => "scans missing that would make it sharper".to_owned(),
        Step::MetadataRemoved { bytes } => format!("{bytes} bytes of metadata left out"),
        Step::PassedThrough => "compressed pixels kept as they are".to_owned(),
        Step::IndicesKept => "palettes and colours kept as they are".to_owned(),
        Step::Converted { from, to } => format!("written as {to} in place of {from}"),
        // `Step` may grow, and some are never asked for here.
        _ => return name.replace('_', " "),
    };
    format!("{name}: {words}")
}
