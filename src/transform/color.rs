//! From what the samples of a picture stand for to red, green and blue.

#![expect(
    clippy::inline_always,
    reason = "run-time dispatch compiles only what is inlined into it for the wider instructions"
)]

use pulp::{Arch, NullaryFnOnce};

use crate::color::Converter;
use crate::error::Error;
use crate::geometry::Size;
use crate::raster::{Layout, Plane, Raster};

/// Makes whole pixels of planes of the same size, and colours or inks of luma and
/// differences.
pub(super) fn interleave(layout: Layout, planes: &[Plane], size: Size) -> Result<Raster, Error> {
    let mut pixels = Plane::empty(size, planes.len())?;
    let layout = match (layout, planes) {
        (Layout::YCbCr, [y, cb, cr]) => {
            Arch::new().dispatch(Colors {
                planes: [&y.samples, &cb.samples, &cr.samples],
                pixels: pixels.samples.as_chunks_mut().0,
            });
            Layout::Rgb
        }
        (layout, planes) => {
            let channels = planes.len();
            for (channel, plane) in planes.iter().enumerate() {
                let column = pixels.samples.iter_mut().skip(channel).step_by(channels);
                column
                    .zip(&plane.samples)
                    .for_each(|(to, &sample)| *to = sample);
            }
            if layout == Layout::Ycck {
                for [y, cb, cr, _] in pixels.samples.as_chunks_mut().0 {
                    // An ink takes away what the colour leaves.
                    [*y, *cb, *cr] = rgb([*y, *cb, *cr]).map(|sample| !sample);
                }
                Layout::Cmyk
            } else {
                layout
            }
        }
    };
    Ok(Raster {
        layout,
        planes: vec![pixels],
    })
}

/// Computes colours of planes.
struct Colors<'a> {
    planes: [&'a [u8]; 3],
    pixels: &'a mut [[u8; 3]],
}

impl NullaryFnOnce for Colors<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        // Channel by channel, which is what vector instructions are for.
        const LANES: usize = 32;
        let Self {
            planes: [y, cb, cr],
            pixels,
        } = self;
        let samples = (y.chunks(LANES).zip(cb.chunks(LANES))).zip(cr.chunks(LANES));
        for (pixels, ((y, cb), cr)) in pixels.chunks_mut(LANES).zip(samples) {
            let mut colors = [[0; LANES]; 3];
            let [red, green, blue] = &mut colors;
            let channels = red.iter_mut().zip(green).zip(blue);
            for (((red, green), blue), ((&y, &cb), &cr)) in channels.zip(y.iter().zip(cb).zip(cr)) {
                [*red, *green, *blue] = rgb([y, cb, cr]);
            }
            let [red, green, blue] = colors;
            for (pixel, ((red, green), blue)) in
                pixels.iter_mut().zip(red.into_iter().zip(green).zip(blue))
            {
                *pixel = [red, green, blue];
            }
        }
    }
}

/// Converts a picture of whole pixels to sRGB.
pub(super) fn convert(picture: &Raster, converter: &Converter) -> Result<Raster, Error> {
    let mut planes = Vec::with_capacity(picture.planes.len());
    for plane in &picture.planes {
        if picture.layout == Layout::Cmyk {
            // Profiles have 255 for all of the ink.
            let mut inks = plane.clone();
            inks.samples
                .iter_mut()
                .for_each(|sample| *sample = !*sample);
            planes.push(converter.convert(&inks)?);
        } else {
            planes.push(converter.convert(plane)?);
        }
    }
    Ok(Raster {
        layout: converter.layout,
        planes,
    })
}

/// Turns inks, where a picture has them still, into the colours that they would
/// have if they were ideal: what is left of white after
/// the ink, and after black. Pillow and libvips do the same.
pub(super) fn without_black(picture: Raster) -> Result<Raster, Error> {
    if picture.layout != Layout::Cmyk {
        return Ok(picture);
    }
    let mut planes = Vec::with_capacity(picture.planes.len());
    for plane in &picture.planes {
        let mut rgb = Plane::empty(plane.size, 3)?;
        let (inks, _) = plane.samples.as_chunks::<4>();
        for (to, &[c, m, y, k]) in rgb.samples.as_chunks_mut::<3>().0.iter_mut().zip(inks) {
            *to = [c, m, y].map(|left| {
                let product = u16::from(left) * u16::from(k);
                u8::try_from((product + 127) / 255).unwrap_or(255)
            });
        }
        planes.push(rgb);
    }
    Ok(Raster {
        layout: Layout::Rgb,
        planes,
    })
}

/// Bits behind the binary point of the factors below.
const BITS: u32 = 16;
const HALF: i32 = 1 << (BITS - 1);

/// A colour from luma and differences (T.871, 7).
#[inline(always)]
#[expect(clippy::cast_sign_loss, reason = "brought into the range of u8")]
fn rgb([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let y = i32::from(y) << BITS;
    let (cb, cr) = (i32::from(cb) - 128, i32::from(cr) - 128);
    [
        y + 91_881 * cr,
        y - 22_554 * cb - 46_802 * cr,
        y + 116_130 * cb,
    ]
    .map(|channel| ((channel + HALF) >> BITS).clamp(0, 255) as u8)
}

/// Luma and differences of a colour (T.871, 7).
pub(super) fn ycbcr([r, g, b]: [u8; 3]) -> [u8; 3] {
    let [r, g, b] = [r, g, b].map(i32::from);
    [
        19_595 * r + 38_470 * g + 7_471 * b,
        (128 << BITS) - 11_058 * r - 21_710 * g + 32_768 * b,
        (128 << BITS) + 32_768 * r - 27_439 * g - 5_329 * b,
    ]
    .map(|channel| u8::try_from(((channel + HALF - 1) >> BITS).clamp(0, 255)).unwrap_or(255))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_go_there_and_back_within_one() {
        for color in [
            [0, 0, 0],
            [255, 255, 255],
            [255, 0, 0],
            [12, 200, 77],
            [1, 2, 3],
        ] {
            let back = rgb(ycbcr(color));
            for (a, b) in color.into_iter().zip(back) {
                assert!(a.abs_diff(b) <= 1, "{color:?} {back:?}");
            }
        }
    }

    #[test]
    fn grays_have_no_difference() {
        for gray in 0..=255 {
            assert_eq!(ycbcr([gray; 3]), [gray, 128, 128]);
            assert_eq!(rgb([gray, 128, 128]), [gray; 3]);
        }
    }
}
