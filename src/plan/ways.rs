//! Which work can be spared.

use super::{Plan, needs_conversion};
use crate::geometry::Rect;
use crate::options::{Damage, Filter};
use crate::orientation::Orientation;
use crate::probe::{ColorModel, Format, Info};
use crate::raster::Layout;

/// Whether rows can be resampled as they come, since all samples are resampled as
/// they are: those of a still PNG that is stored from top to bottom, and of a JPEG
/// whose planes go to the canvas.
pub(super) fn streams(info: &Info, plan: &Plan) -> bool {
    let in_order = match info.format {
        Format::Jpeg => {
            let as_they_are = match info.color.model {
                ColorModel::YCbCr => plan.canvas == Layout::YCbCr,
                ColorModel::Gray => plan.canvas == Layout::Gray,
                _ => false,
            };
            as_they_are && plan.convert_from.is_none()
        }
        Format::Png => !info.interlaced && !info.is_animated() && !info.default_image_apart,
        Format::Gif => false,
    };
    in_order
        && !plan.pass_through
        && !plan.convert_first
        && plan.filter != Filter::Nearest
        && plan.request.region.size() != Some(plan.stored_picture())
}

/// Whether nothing has to be done to the pixels.
pub(super) fn passes_through(info: &Info, plan: &Plan) -> bool {
    plan.format == info.format
        && plan.frames == info.frames
        && plan.orientation == Orientation::Upright
        && plan.request.region == Rect::covering(info.stored)
        && plan.side.size() == info.stored
        && !needs_conversion(info)
        && !info.default_image_apart
        // A scan that repeats what is known may hide anything in what it replaces.
        && info.scans_are_due
        // Damage that is accepted would be handed on.
        && plan.damage == Damage::Refuse
        // Without its end, a file may lack some of its pixels unnoticed. The
        // images of a GIF have ends of their own, and many lack the trailer.
        && (info.terminated || info.format == Format::Gif)
}

/// Whether all that has to be done to the pixels of a GIF is to move or cut them.
pub(super) fn keeps_indices(info: &Info, plan: &Plan) -> bool {
    info.format == Format::Gif
        && plan.format == Format::Gif
        && !plan.pass_through
        // All frames, or the first one alone: any others build on those before.
        && (plan.frames == info.frames || plan.frames == 1)
        && plan.orientation == Orientation::Upright
        && plan.request.region.size() == plan.picture.size()
        && plan.damage == Damage::Refuse
}
