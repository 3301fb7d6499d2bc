//! The story of a plan, told beforehand.

use super::{Plan, Savings};
use crate::color::ColorSpace;
use crate::geometry::{Rect, Side, Size};
use crate::options::Options;
use crate::orientation::Orientation;
use crate::photo::Step;
use crate::probe::{ColorModel, Info};

/// What will be done to a picture of a size, in order.
pub(super) fn steps(
    info: &Info,
    options: &Options,
    savings: &Savings,
    from: Size,
    plan: &Plan,
) -> Vec<Step> {
    let to = Size::new(plan.picture.width, plan.picture.height).unwrap_or(from);
    let mut steps = Vec::new();
    if info.is_animated() && plan.frames == 1 {
        steps.push(Step::Stilled {
            frames: info.frames,
        });
    }
    if plan.frames > 1 && plan.frames < info.frames {
        steps.push(Step::Thinned {
            from: info.frames,
            to: plan.frames,
        });
    }
    if plan.orientation != Orientation::Upright {
        steps.push(Step::Oriented {
            orientation: plan.orientation,
        });
    }
    if let Some(crop) = options.crop()
        && plan.request.region != Rect::covering(info.stored)
    {
        steps.push(Step::Cropped { crop });
    }
    if from != to {
        steps.push(Step::Scaled { from, to });
    }
    if plan.picture.width != plan.picture.height {
        steps.push(Step::Letterboxed {
            picture: plan.picture,
            side: plan.side,
        });
    }
    if let Some(space) = &plan.convert_from {
        let profile = info.color.profile.as_ref();
        let name = profile.and_then(|profile| profile.name.clone());
        steps.push(Step::ColorsConverted {
            from: match space {
                ColorSpace::Icc(_) => name.unwrap_or_else(|| space.to_string()),
                space => space.to_string(),
            },
        });
    } else if matches!(info.color.model, ColorModel::Cmyk | ColorModel::Ycck) {
        steps.push(Step::ColorsConverted {
            from: "CMYK".to_owned(),
        });
    }
    if info.color.alpha && !plan.canvas.has_alpha() {
        steps.push(Step::Flattened {
            color: plan.background.opaque(),
        });
    }
    if plan.frames > 1 && info.short_delays > 0 {
        steps.push(Step::DelaysRaised {
            frames: info.short_delays,
        });
    }
    if info.unsent_coefficients > 0 {
        steps.push(Step::ScansMissing {
            coefficients: info.unsent_coefficients,
        });
    }
    if info.metadata.bytes > 0 {
        steps.push(Step::MetadataRemoved {
            bytes: info.metadata.bytes,
        });
    }
    if plan.pass_through {
        steps.push(Step::PassedThrough);
    }
    if plan.keep_indices {
        steps.push(Step::IndicesKept);
    }
    if info.format != plan.format {
        steps.push(Step::Converted {
            from: info.format,
            to: plan.format,
        });
    }
    steps.extend(savings.steps(options, Side::clamped(from.longest())));
    steps
}
