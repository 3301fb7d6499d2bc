//! PQ and HLG (ITU-R BT.2100) on a screen whose white is the brightest color.
//!
//! ```text
//! samples -> linear light -> BT.2020 -> (HLG: display light) -> tone curve -> sRGB primaries
//!     -> into the gamut -> sRGB samples
//! ```
//!
//! The tone curve is the reference white tone mapping operator of SMPTE ST 2094-50, annex C, as
//! Chromium applies it: a gray ramp differs from Chromium's by one level at most.

use moxcms::ColorProfile;

use super::convert::of_code_points;
use super::transfer;
use crate::raster::Layout;

/// Luminance of the reference white in cd/m² (ITU-R BT.2408, section 2.1).
const WHITE: f64 = 203.0;

/// Luminance in cd/m² of the brightest color, if the file doesn't say it.
pub(super) const PEAK: u32 = 1000;

/// Weights of linear red, green and blue of BT.2020 in luminance (ITU-R BT.2020, table 4).
const LUMINANCE: [f32; 3] = [0.2627, 0.6780, 0.0593];

/// The same of sRGB (ITU-R BT.709, section 3.2).
const SRGB_LUMINANCE: [f32; 3] = [0.2126, 0.7152, 0.0722];

/// Steps of the table that encodes linear light: a fifth of a level near black.
const ENCODED: usize = 1 << 14;

type Matrix = [[f32; 3]; 3];

/// Converts PQ or HLG to sRGB.
pub(super) struct Hdr {
    /// The light of each sample: for PQ relative to the reference white, for HLG that of the
    /// scene.
    linear: [f32; 256],
    /// What HLG's light of the scene is multiplied by, by the square root of its luminance.
    ootf: Option<Vec<f32>>,
    to_bt2020: Matrix,
    to_srgb: Matrix,
    curve: ToneCurve,
    /// sRGB samples of linear light from 0 to 1.
    encoded: Vec<u8>,
}

impl Hdr {
    /// Prepares the conversion for a brightest color of `peak` cd/m²; `None` if the primaries
    /// are unknown.
    pub(super) fn new(primaries: u8, transfer: u8, peak: u32) -> Option<Self> {
        /// Code points of linear light, of BT.2020 and of sRGB (ITU-T H.273).
        const LINEAR: u8 = 8;
        const BT2020: u8 = 9;
        const SRGB: u8 = 1;
        let space = |primaries| of_code_points(primaries, LINEAR, Layout::Rgb);
        let (source, bt2020, srgb) = (space(primaries)?, space(BT2020)?, space(SRGB)?);
        let is_hlg = transfer == transfer::HLG;
        let light = if is_hlg { hlg } else { pq };
        let mut linear = [0.0; 256];
        for (light_of_sample, sample) in linear.iter_mut().zip(0..=u8::MAX) {
            *light_of_sample = narrow(light(f64::from(sample) / 255.0));
        }
        Some(Self {
            linear,
            ootf: is_hlg.then(ootf),
            to_bt2020: matrix(&source, &bt2020),
            to_srgb: matrix(&bt2020, &srgb),
            curve: ToneCurve::new(peak),
            encoded: encoded(),
        })
    }

    /// Converts pixels, which have the same layout before and after.
    pub(super) fn convert(&self, from: &[u8], to: &mut [u8], layout: Layout) {
        match layout {
            Layout::Gray | Layout::GrayAlpha => {
                let mut grays = [0; 256];
                for (gray, sample) in grays.iter_mut().zip(0..=u8::MAX) {
                    [*gray, _, _] = self.pixel([sample; 3]);
                }
                let channels = layout.channels();
                to.copy_from_slice(from);
                for sample in to.iter_mut().step_by(channels) {
                    *sample = grays.get(usize::from(*sample)).copied().unwrap_or_default();
                }
            }
            Layout::Rgba => {
                let pixels = to.as_chunks_mut::<4>().0.iter_mut();
                for (to, &[r, g, b, alpha]) in pixels.zip(from.as_chunks::<4>().0) {
                    let [r, g, b] = self.pixel([r, g, b]);
                    *to = [r, g, b, alpha];
                }
            }
            _ => {
                let pixels = to.as_chunks_mut::<3>().0.iter_mut();
                for (to, &pixel) in pixels.zip(from.as_chunks::<3>().0) {
                    *to = self.pixel(pixel);
                }
            }
        }
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a sample of 8 bits, and light from 0 to 1"
    )]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "between 0 and the end of the table"
    )]
    fn pixel(&self, samples: [u8; 3]) -> [u8; 3] {
        let light = samples.map(|sample| self.linear[usize::from(sample)]);
        let light = times(&self.to_bt2020, light);
        let light = match &self.ootf {
            None => light,
            Some(factors) => displayed(light, factors),
        };
        let [r, g, b] = light;
        let gain = self.curve.gain(r.max(g).max(b));
        let color = times(&self.to_srgb, light.map(|channel| channel * gain));
        into_gamut(color).map(|channel| self.encoded[(channel * ENCODED as f32 + 0.5) as usize])
    }
}

/// How light above the reference white is compressed.
///
/// Up to white it is a line through black; from there to the brightest color a quadratic Bézier
/// curve, which begins in the direction of the line and ends at the white of sRGB.
struct ToneCurve {
    /// What becomes of white.
    white: f32,
    /// The middle point of the Bézier curve.
    middle: [f32; 2],
    /// The brightest color.
    peak: f32,
}

impl ToneCurve {
    /// For a brightest color of `peak` cd/m².
    fn new(peak: u32) -> Self {
        /// Where on its way from white to the corner the middle point lies.
        const KAPPA: f64 = 0.65;
        let headroom = (f64::from(peak) / WHITE).max(1.0).log2();
        let full = (f64::from(PEAK) / WHITE).log2();
        let white = 1.0 - 0.5 * (headroom / full).min(1.0);
        let to = |from: f64, corner: f64| narrow(from + KAPPA * (corner - from));
        Self {
            white: narrow(white),
            // The corner is where the line reaches the white of sRGB.
            middle: [to(1.0, 1.0 / white), to(white, 1.0)],
            peak: narrow(headroom.exp2()),
        }
    }

    /// What a pixel is multiplied by whose largest channel is `light`, relative to white.
    fn gain(&self, light: f32) -> f32 {
        if light <= 1.0 {
            return self.white;
        }
        if light >= self.peak {
            return 1.0 / light;
        }
        // The place on the curve: a t² + b t + c = 0.
        let [middle_x, middle_y] = self.middle;
        let (a, b, c) = (
            self.peak - 2.0 * middle_x + 1.0,
            2.0 * (middle_x - 1.0),
            1.0 - light,
        );
        let root = (b * b - 4.0 * a * c).max(0.0).sqrt();
        // This form has no difference of nearly equal numbers, and no division by zero for a
        // curve that is nearly straight.
        let t = (-2.0 * c / (b + root)).clamp(0.0, 1.0);
        let rest = 1.0 - t;
        (self.white * rest * rest + 2.0 * middle_y * t * rest + t * t) / light
    }
}

/// Steps of the table of [`ootf`].
const FACTORS: usize = 1 << 10;

/// What light of the scene is multiplied by to be the light that a display of 1000 cd/m² shows,
/// relative to the reference white (ITU-R BT.2100, table 5, OOTF), by the square root of its
/// luminance. A table has the same numbers on every processor.
#[expect(clippy::cast_precision_loss, reason = "steps of a table")]
fn ootf() -> Vec<f32> {
    const SYSTEM_GAMMA: f64 = 1.2;
    let factor = |step: usize| {
        let luminance = (step as f64 / FACTORS as f64).powi(2);
        narrow(f64::from(PEAK) / WHITE * luminance.powf(SYSTEM_GAMMA - 1.0))
    };
    (0..=FACTORS).map(factor).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "between 0 and the end of the table"
)]
fn displayed(scene: [f32; 3], factors: &[f32]) -> [f32; 3] {
    let place = dot(LUMINANCE, scene).clamp(0.0, 1.0).sqrt() * FACTORS as f32;
    let at = |place: f32| factors.get(place as usize).copied().unwrap_or_default();
    let (low, high) = (at(place), at(place.ceil()));
    let factor = low + (high - low) * place.fract();
    scene.map(|channel| channel * factor)
}

/// Moves a color toward the gray of its luminance until no channel is below 0 or above 1: the
/// hue stays, and so does the luminance.
fn into_gamut(color: [f32; 3]) -> [f32; 3] {
    let gray = dot(SRGB_LUMINANCE, color).clamp(0.0, 1.0);
    let saturation = color.iter().fold(1.0_f32, |most, &channel| {
        let distance = channel - gray;
        let room = if distance < 0.0 { gray } else { 1.0 - gray };
        if distance.abs() > room {
            most.min(room / distance.abs())
        } else {
            most
        }
    });
    color.map(|channel| (gray + saturation * (channel - gray)).clamp(0.0, 1.0))
}

/// The light of a PQ signal, relative to the reference white (ITU-R BT.2100, table 4, EOTF).
fn pq(signal: f64) -> f64 {
    const M1: f64 = 2610.0 / 16_384.0;
    const M2: f64 = 2523.0 / 4096.0 * 128.0;
    const C1: f64 = 3424.0 / 4096.0;
    const C2: f64 = 2413.0 / 4096.0 * 32.0;
    const C3: f64 = 2392.0 / 4096.0 * 32.0;
    let power = signal.powf(1.0 / M2);
    let light = ((power - C1).max(0.0) / (C2 - C3 * power)).powf(1.0 / M1);
    light * 10_000.0 / WHITE
}

/// The light of the scene for an HLG signal (ITU-R BT.2100, table 5, inverse OETF).
fn hlg(signal: f64) -> f64 {
    const A: f64 = 0.178_832_77;
    const B: f64 = 0.284_668_92;
    const C: f64 = 0.559_910_73;
    if signal <= 0.5 {
        signal * signal / 3.0
    } else {
        (((signal - C) / A).exp() + B) / 12.0
    }
}

/// sRGB samples of linear light (IEC 61966-2-1).
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "steps of a table, and samples from 0 to 255"
)]
fn encoded() -> Vec<u8> {
    let sample = |step: usize| {
        let linear = step as f64 / ENCODED as f64;
        let signal = if linear <= 0.003_130_8 {
            12.92 * linear
        } else {
            1.055 * linear.powf(1.0 / 2.4) - 0.055
        };
        (255.0 * signal + 0.5) as u8
    };
    (0..=ENCODED).map(sample).collect()
}

/// From linear light of one space to that of another.
fn matrix(from: &ColorProfile, to: &ColorProfile) -> Matrix {
    from.transform_matrix(to).v.map(|row| row.map(narrow))
}

fn times(matrix: &Matrix, color: [f32; 3]) -> [f32; 3] {
    matrix.map(|row| dot(row, color))
}

fn dot(one: [f32; 3], other: [f32; 3]) -> f32 {
    let [red, green, blue] = one;
    let [by_red, by_green, by_blue] = other;
    red * by_red + green * by_green + blue * by_blue
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "half of the digits are enough"
)]
const fn narrow(number: f64) -> f32 {
    number as f32
}
