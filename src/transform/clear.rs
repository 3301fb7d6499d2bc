//! Clears the color of fully transparent pixels.

use crate::geometry::Rect;
use crate::raster::{Layout, Plane, Raster};

/// Sets all samples of fully transparent pixels to 0, in a rectangle of a canvas, so that
/// an erased color can't come back in a later step.
pub(super) fn transparent(canvas: &mut Raster, rect: Rect) {
    let layout = canvas.layout;
    let Some(plane) = canvas.planes.first_mut() else {
        return;
    };
    match layout {
        Layout::Rgba => clear(plane, rect, |pixel| {
            let samples = u32::from_le_bytes(*pixel);
            *pixel = (if samples >> 24 == 0 { 0 } else { samples }).to_le_bytes();
        }),
        Layout::GrayAlpha => clear(plane, rect, |[gray, alpha]| {
            *gray = if *alpha == 0 { 0 } else { *gray };
        }),
        _ => {}
    }
}

fn clear<const N: usize>(plane: &mut Plane, rect: Rect, each: impl Fn(&mut [u8; N])) {
    let stride = plane.stride();
    let [start, end] = [rect.x, rect.x + rect.width].map(|x| x as usize * N);
    let rows = plane.samples.chunks_exact_mut(stride);
    for row in rows.skip(rect.y as usize).take(rect.height as usize) {
        let (pixels, _) = (row.get_mut(start..end).unwrap_or_default()).as_chunks_mut::<N>();
        pixels.iter_mut().for_each(&each);
    }
}
