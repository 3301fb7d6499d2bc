//! Planes of colour differences at half the resolution of the canvas.
//!
//! A chroma sample covers two by two pixels. Where the picture begins or ends at
//! an odd pixel, the sample there is half picture and half bar.

use super::draw_plane;
use super::resize::Resizer;
use crate::error::Error;
use crate::geometry::{Edge, Rect, Size};
use crate::orientation::Orientation;
use crate::plan::Plan;
use crate::raster::{Plane, Region};

/// The size of a chroma plane of the canvas.
pub(super) fn size(edge: Edge) -> Size {
    let half = edge.px().div_ceil(2);
    Size::new(half, half).unwrap_or(edge.size())
}

/// Draws a chroma plane of the picture on one of the canvas.
pub(super) fn draw(
    from: &Plane,
    plan: &Plan,
    resizer: &mut Resizer,
    to: &mut Plane,
) -> Result<(), Error> {
    let covered = covered(plan);
    let region = if plan.streamed {
        from.region
    } else {
        target(from.size, from.region, plan).0
    };
    draw_plane(from, region, plan, resizer, to, whole(&covered))?;
    soften(to, &covered);
    Ok(())
}

/// What of a plane of a size, whose `region` is wanted, is resampled to which size: what
/// the samples show that are covered as a whole.
pub(super) fn target(size: Size, region: Region, plan: &Plan) -> (Region, Size) {
    let covered = covered(plan);
    let to = whole(&covered).size().unwrap_or(plan.edge().size());
    (
        within(size, region, stored(plan.orientation, &covered)),
        plan.orientation.displayed(to),
    )
}

/// The samples that the picture covers, across and down.
fn covered(plan: &Plan) -> [Covered; 2] {
    let picture = plan.picture;
    [
        Covered::new(picture.x, picture.width, plan.edge()),
        Covered::new(picture.y, picture.height, plan.edge()),
    ]
}

fn whole([across, down]: &[Covered; 2]) -> Rect {
    Rect {
        x: across.first,
        y: down.first,
        width: across.count,
        height: down.count,
    }
}

/// The samples of one axis that the picture covers.
struct Covered {
    /// The first sample that is wholly covered, and how many are.
    first: u32,
    count: u32,
    /// Where those begin and how long they are, as parts of the picture.
    start: f64,
    len: f64,
    /// Whether the sample before them, and the one behind them, is half covered.
    half_before: bool,
    half_behind: bool,
}

impl Covered {
    /// For a picture that begins at pixel `at` of the canvas and has `px` of them.
    fn new(at: u32, px: u32, edge: Edge) -> Self {
        let to_the_end = at + px == edge.px();
        let first = at.div_ceil(2);
        // Behind the canvas there is no bar that could have the other half.
        let end = if to_the_end {
            edge.px().div_ceil(2)
        } else {
            u32::midpoint(at, px)
        };
        if end <= first {
            return Self {
                first: at / 2,
                count: 1,
                start: 0.0,
                len: 1.0,
                half_before: false,
                half_behind: false,
            };
        }
        Self {
            first,
            count: end - first,
            start: f64::from(2 * first - at) / f64::from(px),
            len: f64::from(2 * (end - first)) / f64::from(px),
            half_before: at % 2 == 1,
            half_behind: (at + px) % 2 == 1 && !to_the_end,
        }
    }

    /// The first and the last sample that are wholly covered.
    const fn ends(&self) -> [usize; 2] {
        [self.first as usize, (self.first + self.count - 1) as usize]
    }
}

/// The same part of the picture as it is stored, in units of its edges.
fn stored(orientation: Orientation, [across, down]: &[Covered; 2]) -> Region {
    let from_right = 1.0 - across.start - across.len;
    let from_below = 1.0 - down.start - down.len;
    let (x, y) = match orientation {
        Orientation::Upright => (across.start, down.start),
        Orientation::FlipHorizontal => (from_right, down.start),
        Orientation::Rotate180 => (from_right, from_below),
        Orientation::FlipVertical => (across.start, from_below),
        Orientation::Transpose => (down.start, across.start),
        Orientation::Rotate90 => (down.start, from_right),
        Orientation::Transverse => (from_below, from_right),
        Orientation::Rotate270 => (from_below, across.start),
    };
    let (width, height) = if orientation.transposes() {
        (down.len, across.len)
    } else {
        (across.len, down.len)
    };
    Region {
        x,
        y,
        width,
        height,
    }
}

/// A part of the wanted region, as far as a plane of a size has samples.
fn within(size: Size, region: Region, part: Region) -> Region {
    let axis = |start: f64, len: f64, offset: f64, edge: f64, most: u32| {
        let from = (offset + start * edge).max(0.0);
        let to = (offset + (start + len) * edge).min(most.into());
        (from, to - from)
    };
    let (x, width) = axis(part.x, part.width, region.x, region.width, size.width());
    let (y, height) = axis(part.y, part.height, region.y, region.height, size.height());
    Region {
        x,
        y,
        width,
        height,
    }
}

/// Gives each half covered sample the mean of its bar and of its neighbour in
/// the picture.
fn soften(plane: &mut Plane, [across, down]: &[Covered; 2]) {
    let stride = plane.stride();
    let mut mix = |bar: usize, picture: usize| {
        let picture = plane.samples.get(picture).copied();
        if let Some((bar, picture)) = plane.samples.get_mut(bar).zip(picture) {
            *bar = bar.midpoint(picture);
        }
    };
    let [left, right] = across.ends();
    let [top, bottom] = down.ends();
    for row in top..=bottom {
        let row = row * stride;
        if across.half_before {
            mix(row + left - 1, row + left);
        }
        if across.half_behind {
            mix(row + right + 1, row + right);
        }
    }
    let columns = left - usize::from(across.half_before)..=right + usize::from(across.half_behind);
    for column in columns {
        if down.half_before {
            mix((top - 1) * stride + column, top * stride + column);
        }
        if down.half_behind {
            mix((bottom + 1) * stride + column, bottom * stride + column);
        }
    }
}
