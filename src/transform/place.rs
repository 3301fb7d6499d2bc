//! A resampled picture, turned and converted into its place on the canvas.

use crate::geometry::{Rect, Size};
use crate::orientation::Orientation;
use crate::plan::Plan;
use crate::raster::{Layout, Plane, Raster};

/// Copies `picture`, which has the size of the plan's picture before it is
/// turned, into the plan's place on `canvas`.
pub(super) fn place(picture: &Raster, plan: &Plan, canvas: &mut Raster) {
    let (Some(from), Some(to)) = (picture.planes.first(), canvas.planes.first_mut()) else {
        return;
    };
    match picture.layout {
        Layout::Gray => into(from, plan, to, canvas.layout, |[g]: [u8; 1]| [g, g, g, 255]),
        Layout::GrayAlpha => into(from, plan, to, canvas.layout, |[g, a]: [u8; 2]| {
            [g, g, g, a]
        }),
        Layout::Rgba => into(from, plan, to, canvas.layout, |rgba: [u8; 4]| rgba),
        _ => into(from, plan, to, canvas.layout, |[r, g, b]: [u8; 3]| {
            [r, g, b, 255]
        }),
    }
}

/// Copies a plane into its place, turned upright.
pub(super) fn turn(from: &Plane, orientation: Orientation, to: &mut Plane, rect: Rect) {
    match from.channels {
        1 => copy(from, orientation, to, rect, |sample: [u8; 1]| sample),
        2 => copy(from, orientation, to, rect, |pixel: [u8; 2]| pixel),
        3 => copy(from, orientation, to, rect, |pixel: [u8; 3]| pixel),
        _ => copy(from, orientation, to, rect, |pixel: [u8; 4]| pixel),
    }
}

fn into<const N: usize>(
    from: &Plane,
    plan: &Plan,
    to: &mut Plane,
    layout: Layout,
    rgba: impl Fn([u8; N]) -> [u8; 4],
) {
    let opaque = |pixel| flatten(rgba(pixel), plan.background.opaque());
    let (orientation, rect) = (plan.orientation, plan.picture);
    match layout {
        // Only gray pictures go on a gray canvas, so one of three says it all.
        Layout::Gray => copy(from, orientation, to, rect, |pixel| {
            let [gray, ..] = opaque(pixel);
            [gray]
        }),
        Layout::GrayAlpha => copy(from, orientation, to, rect, |pixel| {
            let [gray, _, _, alpha] = rgba(pixel);
            [gray, alpha]
        }),
        Layout::Rgba => copy(from, orientation, to, rect, &rgba),
        _ => copy(from, orientation, to, rect, opaque),
    }
}

/// Lays a pixel on an opaque colour.
fn flatten([r, g, b, alpha]: [u8; 4], background: [u8; 3]) -> [u8; 3] {
    let [under_r, under_g, under_b] = background;
    let mix = |over: u8, under: u8| {
        let sum = u32::from(over) * u32::from(alpha) + u32::from(under) * u32::from(255 - alpha);
        u8::try_from((sum + 127) / 255).unwrap_or(255)
    };
    [mix(r, under_r), mix(g, under_g), mix(b, under_b)]
}

fn copy<const N: usize, const M: usize>(
    from: &Plane,
    orientation: Orientation,
    to: &mut Plane,
    rect: Rect,
    convert: impl Fn([u8; N]) -> [u8; M],
) {
    let (source, _) = from.samples.as_chunks::<N>();
    let walk = Walk::new(orientation, from.size);
    let stride = to.stride();
    let rows = to
        .samples
        .chunks_exact_mut(stride)
        .skip(rect.y as usize)
        .take(rect.height as usize);
    for (y, row) in rows.enumerate() {
        let (pixels, _) = row.as_chunks_mut::<M>();
        let pixels = pixels
            .iter_mut()
            .skip(rect.x as usize)
            .take(rect.width as usize);
        let mut at = walk.row(y);
        for pixel in pixels {
            if let Some(&source) = source.get(at) {
                *pixel = convert(source);
            }
            at = at.wrapping_add_signed(walk.step);
        }
    }
}

/// The way through a stored picture that shows it upright.
struct Walk {
    /// Stored pixel of the displayed top left corner.
    start: usize,
    /// From one displayed pixel to the one right of it.
    step: isize,
    /// From one displayed pixel to the one below it.
    row: isize,
}

impl Walk {
    #[expect(
        clippy::cast_possible_wrap,
        reason = "edges are below 2^24, their product below 2^48"
    )]
    const fn new(orientation: Orientation, stored: Size) -> Self {
        let width = stored.width() as usize;
        let right = width - 1;
        let below = width * (stored.height() as usize - 1);
        let down = width as isize;
        let (start, step, row) = match orientation {
            Orientation::Upright => (0, 1, down),
            Orientation::FlipHorizontal => (right, -1, down),
            Orientation::Rotate180 => (below + right, -1, -down),
            Orientation::FlipVertical => (below, 1, -down),
            Orientation::Transpose => (0, down, 1),
            Orientation::Rotate90 => (below, -down, 1),
            Orientation::Transverse => (below + right, -down, -1),
            Orientation::Rotate270 => (right, down, -1),
        };
        Self { start, step, row }
    }

    #[expect(clippy::cast_possible_wrap, reason = "a row of a canvas")]
    const fn row(&self, y: usize) -> usize {
        self.start.wrapping_add_signed(self.row * y as isize)
    }
}
