//! One picture as squares of several sizes.

use super::memory::afford_square;
use super::{Plan, Request, Savings, letterbox, plan_saving};
use crate::error::Error;
use crate::geometry::{Edge, Rect, Size};
use crate::options::{Light, Options};
use crate::orientation::Orientation;
use crate::probe::Info;
use crate::raster::Layout;

/// A square that is drawn from the source, and those that are drawn from it.
pub(crate) struct Squares {
    pub(crate) first: Plan,
    /// In the order in which they were asked for.
    pub(crate) others: Vec<Plan>,
}

/// Decides how a picture is drawn in several sizes.
pub(crate) fn plan_squares(
    info: &Info,
    options: &Options,
    edges: &[Edge],
) -> Result<Squares, Error> {
    let savings = Savings {
        anew: true,
        squares: Some(edges.iter().copied().max().unwrap_or(Edge::MIN)),
        ..Savings::none(options)
    };
    let first = plan_saving(info, options, &savings)?;
    let others = edges.iter().map(|&edge| drawn_from(&first, edge, options));
    Ok(Squares {
        others: others.collect::<Result<_, _>>()?,
        first,
    })
}

/// The edge of the first square: no square needs more than the largest has, and none
/// gains by pixels that the picture lacks.
pub(super) fn most_of_use(from: Size, largest: Edge) -> Edge {
    Edge::new(from.longest()).map_or(largest, |edge| edge.min(largest))
}

/// The plan of a square that is drawn from the finished one of another plan.
fn drawn_from(first: &Plan, edge: Edge, options: &Options) -> Result<Plan, Error> {
    let region = first.request.region.size().unwrap_or(Size::SMALLEST);
    let picture = letterbox(first.orientation.displayed(region), edge);
    let light = if Some(picture) == first.picture.size() {
        Light::Encoded
    } else {
        options.light()
    };
    let mut plan = Plan {
        request: Request {
            region: first.picture,
            at_least: picture,
            chroma_at_least: picture,
        },
        orientation: Orientation::Upright,
        square: Some(edge),
        picture: Rect::from(picture).centred_in(edge),
        canvas: match (first.canvas, light) {
            // Light adds up in colours only.
            (Layout::YCbCr, Light::Linear) => Layout::Rgb,
            (canvas, _) => canvas,
        },
        convert_from: None,
        convert_first: light == Light::Linear,
        streamed: false,
        light,
        ..first.clone()
    };
    afford_square(first.edge(), &mut plan, options.limits().memory_bytes)?;
    Ok(plan)
}
