//! Colours as luma and chroma, the chroma at half the resolution (T.871, 7).

use crate::error::Error;
use crate::geometry::Size;
use crate::raster::Plane;

/// Bits behind the binary point of the factors below.
const BITS: u32 = 16;
const HALF: i32 = 1 << (BITS - 1);

/// 128 in chroma, which stands for no difference.
const NEUTRAL: i32 = 128 << BITS;

/// The factors of T.871, 7, in units of 2^-16. Each row sums up to 1 or to 0.
const Y: [i32; 3] = [19_595, 38_470, 7_471];
const CB: [i32; 3] = [-11_058, -21_710, 32_768];
const CR: [i32; 3] = [32_768, -27_439, -5_329];

/// The planes Y, Cb and Cr of a plane of RGB.
pub(super) fn from_rgb(rgb: &Plane) -> Result<[Plane; 3], Error> {
    let half = |edge: u32| edge.div_ceil(2);
    let chroma = Size::new(half(rgb.size.width()), half(rgb.size.height())).unwrap_or(rgb.size);
    let mut planes = [
        Plane::empty(rgb.size, 1)?,
        Plane::empty(chroma, 1)?,
        Plane::empty(chroma, 1)?,
    ];
    pulp::Arch::new().dispatch(Convert {
        rgb,
        planes: &mut planes,
    });
    Ok(planes)
}

struct Convert<'a> {
    rgb: &'a Plane,
    planes: &'a mut [Plane; 3],
}

impl pulp::NullaryFnOnce for Convert<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let [luma, cb, cr] = self.planes;
        let width = luma.stride();
        let (pixels, _) = self.rgb.samples.as_chunks::<3>();
        for (row, luma) in pixels
            .chunks_exact(width)
            .zip(luma.samples.chunks_exact_mut(width))
        {
            for (pixel, luma) in row.iter().zip(luma) {
                *luma = ((dot(Y, pixel.map(i32::from)) + HALF) >> BITS) as u8;
            }
        }
        let half = cb.stride();
        let chroma = cb
            .samples
            .chunks_exact_mut(half)
            .zip(cr.samples.chunks_exact_mut(half));
        for (rows, (cb, cr)) in pixels.chunks(2 * width).zip(chroma) {
            // An edge of odd length lacks a neighbour, and stands in for it.
            let (upper, lower) = rows.split_at(width);
            let lower = if lower.is_empty() { upper } else { lower };
            let pairs = upper.chunks(2).zip(lower.chunks(2));
            for (((upper, lower), cb), cr) in pairs.zip(cb).zip(cr) {
                let (left, right) = (ends(upper), ends(lower));
                let sum: [i32; 3] = std::array::from_fn(|channel| {
                    left.iter()
                        .chain(&right)
                        .map(|pixel| i32::from(pixel[channel]))
                        .sum()
                });
                *cb = mean(dot(CB, sum));
                *cr = mean(dot(CR, sum));
            }
        }
    }
}

/// The first and the last of one or two pixels.
#[inline(always)]
fn ends(pair: &[[u8; 3]]) -> [[u8; 3]; 2] {
    match *pair {
        [left, right, ..] => [left, right],
        [only] => [only; 2],
        [] => [[0; 3]; 2],
    }
}

#[inline(always)]
fn dot(factors: [i32; 3], [r, g, b]: [i32; 3]) -> i32 {
    factors[0] * r + factors[1] * g + factors[2] * b
}

/// A chroma sample from the sum over four pixels.
#[inline(always)]
fn mean(sum: i32) -> u8 {
    // The sum of four, so two more bits go. Halves are rounded down, as libjpeg does.
    ((sum + 4 * (NEUTRAL + HALF) - 1) >> (BITS + 2)).clamp(0, 255) as u8
}
