//! Colour spaces, and the way from them to sRGB, through `moxcms`.

use std::fmt;
use std::sync::Arc;

use moxcms::{
    CicpProfile, ColorPrimaries, ColorProfile, DataColorSpace, MatrixCoefficients, RenderingIntent,
    ToneReprCurve, Transform8BitExecutor, TransformOptions, XyY,
};

use crate::error::Error;
use crate::probe::ColorModel;
use crate::raster::{Layout, Plane};

/// What colours the samples of a picture stand for, where it isn't sRGB.
///
/// The intent is relative colorimetric, without black point compensation: what
/// is white on the profile's paper or screen is white in the photo, and colours
/// that sRGB can hold stay what they are.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ColorSpace {
    /// Those of an ICC profile.
    Icc(IccBytes),
    /// Code points of primaries and of the transfer function (PNG's cICP; ITU-T
    /// H.273).
    Cicp {
        /// Table 2 of H.273.
        primaries: u8,
        /// Table 3 of H.273.
        transfer: u8,
    },
    /// An exponent and primaries (PNG's gAMA and cHRM).
    Gamma {
        /// The exponent of the encoding, times 100 000; `None` for that of sRGB.
        gamma: Option<u32>,
        /// White point, red, green and blue, each x and y, times 100 000; `None`
        /// for those of sRGB.
        chromaticities: Option<[u32; 8]>,
    },
}

impl fmt::Display for ColorSpace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Icc(_) => f.write_str("ICC profile"),
            Self::Cicp {
                primaries,
                transfer,
            } => write!(f, "cICP {primaries}/{transfer}"),
            Self::Gamma {
                gamma: Some(gamma), ..
            } => write!(f, "gamma {}", f64::from(*gamma) / 100_000.0),
            Self::Gamma { gamma: None, .. } => f.write_str("chromaticities"),
        }
    }
}

/// An ICC profile as it stands in a file. Cloning it copies no bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct IccBytes(pub(crate) Arc<[u8]>);

impl fmt::Debug for IccBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IccBytes({})", self.0.len())
    }
}

/// The space that a profile means for samples of `model`; `None` if that is sRGB,
/// or if the profile is broken or made for other samples. Viewers ignore those.
pub(crate) fn of_profile(bytes: &[u8], model: ColorModel) -> Option<ColorSpace> {
    let profile = ColorProfile::new_from_slice(bytes).ok()?;
    let made_for = match model {
        ColorModel::Gray => DataColorSpace::Gray,
        ColorModel::Rgb | ColorModel::Palette | ColorModel::YCbCr => DataColorSpace::Rgb,
        ColorModel::Cmyk | ColorModel::Ycck => DataColorSpace::Cmyk,
    };
    if profile.color_space != made_for || is_srgb(&profile) {
        return None;
    }
    let space = ColorSpace::Icc(IccBytes(bytes.into()));
    Converter::new(&space, layout(model))
        .is_ok()
        .then_some(space)
}

/// The space of code points; `None` for sRGB and for those that nobody knows.
pub(crate) fn of_cicp(primaries: u8, transfer: u8) -> Option<ColorSpace> {
    let space = ColorSpace::Cicp {
        primaries,
        transfer,
    };
    // 1 are sRGB's primaries, 13 its transfer function.
    ((primaries, transfer) != (1, 13) && profile_of(&space, Layout::Rgb).is_some()).then_some(space)
}

/// The space of PNG's gAMA and cHRM; `None` for sRGB and for nonsense.
pub(crate) fn of_gamma(
    gamma: Option<u32>,
    chromaticities: Option<[u32; 8]>,
    model: ColorModel,
) -> Option<ColorSpace> {
    /// What PNG asks writers of sRGB to write beside it (section 11.3.2.5).
    const SRGB_GAMMA: u32 = 45_455;
    const SRGB_CHROMATICITIES: [u32; 8] = [
        31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000,
    ];
    /// Exponents from a tenth to ten; beyond, someone was joking.
    const SENSIBLE: std::ops::RangeInclusive<u32> = 10_000..=1_000_000;
    let gamma = gamma.filter(|gamma| *gamma != SRGB_GAMMA && SENSIBLE.contains(gamma));
    let near = |(given, srgb): (u32, u32)| given.abs_diff(srgb) <= 100;
    let chromaticities = chromaticities
        .filter(|_| model != ColorModel::Gray)
        .filter(|given| !given.iter().copied().zip(SRGB_CHROMATICITIES).all(near));
    let space = ColorSpace::Gamma {
        gamma,
        chromaticities,
    };
    let is_srgb = gamma.is_none() && chromaticities.is_none();
    (!is_srgb && Converter::new(&space, layout(model)).is_ok()).then_some(space)
}

const fn layout(model: ColorModel) -> Layout {
    match model {
        ColorModel::Gray => Layout::Gray,
        ColorModel::Cmyk | ColorModel::Ycck => Layout::Cmyk,
        ColorModel::Rgb | ColorModel::Palette | ColorModel::YCbCr => Layout::Rgb,
    }
}

/// Whether a profile's colorants and curves are those of sRGB, but for what
/// makers of profiles round differently.
fn is_srgb(profile: &ColorProfile) -> bool {
    let srgb = ColorProfile::new_srgb();
    if profile.color_space == DataColorSpace::Gray {
        return profile.gray_trc.as_ref().is_some_and(is_srgb_curve);
    }
    let colorants = |p: &ColorProfile| {
        [p.red_colorant, p.green_colorant, p.blue_colorant]
            .map(|c| [c.x, c.y, c.z])
            .concat()
    };
    let pairs = colorants(profile).into_iter().zip(colorants(&srgb));
    let curves = [&profile.red_trc, &profile.green_trc, &profile.blue_trc];
    profile.color_space == DataColorSpace::Rgb
        && profile.lut_a_to_b_perceptual.is_none()
        && profile.lut_a_to_b_colorimetric.is_none()
        && pairs.into_iter().all(|(a, b)| (a - b).abs() < 0.003)
        && (curves.into_iter()).all(|curve| curve.as_ref().is_some_and(is_srgb_curve))
}

/// Whether a curve is within half a step of 8 bits of sRGB's, seen from the
/// encoded side.
fn is_srgb_curve(curve: &ToneReprCurve) -> bool {
    (0..=64).all(|step: u16| {
        let encoded = f32::from(step) / 64.0;
        let linear = match encoded {
            low if low <= 0.04045 => low / 12.92,
            high => ((high + 0.055) / 1.055).powf(2.4),
        };
        // The slope tells how far linear values may differ.
        let slope = 2.2 * encoded.powf(1.2).max(0.04);
        value(curve, encoded).is_some_and(|found| (found - linear).abs() < slope * 0.5 / 255.0)
    })
}

/// A curve's value between 0 and 1 (ICC.1:2022, 10.6 and 10.18).
#[expect(clippy::many_single_char_names, reason = "the names of the standard")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place in a table of at most 65 536 entries"
)]
fn value(curve: &ToneReprCurve, x: f32) -> Option<f32> {
    match curve {
        ToneReprCurve::Lut(table) => match table[..] {
            [] => Some(x),
            [gamma] => Some(x.powf(f32::from(gamma) / 256.0)),
            ref table => {
                let place = x * (table.len() - 1) as f32;
                let low = f32::from(*table.get(place as usize)?);
                let high = f32::from(*table.get(place.ceil() as usize)?);
                Some((low + (high - low) * place.fract()) / 65_535.0)
            }
        },
        ToneReprCurve::Parametric(parameters) => match parameters[..] {
            [g] => Some(x.powf(g)),
            [g, a, b, c, d, ..] => Some(if x >= d { (a * x + b).powf(g) } else { c * x }),
            _ => None,
        },
    }
}

/// Whether the curve of a space is so far from sRGB's that pixels must be
/// converted before they are mixed: beyond exponents of 1.8 to 2.6.
pub(crate) fn mixes_badly(space: &ColorSpace) -> bool {
    let curve = profile_of(space, Layout::Rgb).and_then(|p| p.red_trc.or(p.gray_trc));
    // No curve: a table, for inks or by perception.
    curve
        .and_then(|curve| value(&curve, 0.5))
        .is_some_and(|middle| !(0.165..=0.287).contains(&middle))
}

/// The profile of a space for samples of `layout`.
fn profile_of(space: &ColorSpace, layout: Layout) -> Option<ColorProfile> {
    match *space {
        ColorSpace::Icc(IccBytes(ref bytes)) => ColorProfile::new_from_slice(bytes).ok(),
        ColorSpace::Cicp {
            primaries,
            transfer,
        } => {
            let cicp = CicpProfile {
                color_primaries: primaries.try_into().ok()?,
                transfer_characteristics: transfer.try_into().ok()?,
                matrix_coefficients: MatrixCoefficients::Identity,
                full_range: true,
            };
            let profile = ColorProfile::new_from_cicp(cicp);
            let curve = profile.red_trc.clone()?;
            Some(match layout {
                Layout::Gray | Layout::GrayAlpha => {
                    let mut gray = target(layout);
                    gray.gray_trc = Some(curve);
                    gray
                }
                _ => profile,
            })
        }
        ColorSpace::Gamma {
            gamma,
            chromaticities,
        } => {
            let mut profile = target(layout);
            if let Some(gamma) = gamma {
                let exponent = 100_000.0 / f64::from(gamma);
                #[expect(clippy::cast_possible_truncation, reason = "between 0.1 and 10")]
                let curve = ToneReprCurve::Parametric(vec![exponent as f32]);
                profile.gray_trc = Some(curve.clone());
                profile.red_trc = Some(curve.clone());
                profile.green_trc = Some(curve.clone());
                profile.blue_trc = Some(curve);
            }
            if let Some(chromaticities) = chromaticities {
                let [wx, wy, rx, ry, gx, gy, bx, by] =
                    chromaticities.map(|value| f64::from(value) / 100_000.0);
                if [wy, ry, gy, by].contains(&0.0) {
                    return None;
                }
                #[expect(clippy::cast_possible_truncation, reason = "chromaticities")]
                let point = |x: f64, y: f64| moxcms::Chromaticity {
                    x: x as f32,
                    y: y as f32,
                };
                let primaries = ColorPrimaries {
                    red: point(rx, ry),
                    green: point(gx, gy),
                    blue: point(bx, by),
                };
                let white = XyY {
                    x: wx,
                    y: wy,
                    yb: 1.0,
                };
                profile.update_rgb_colorimetry(white, primaries);
            }
            profile.cicp = None;
            Some(profile)
        }
    }
}

/// sRGB, or its curve alone for gray.
fn target(layout: Layout) -> ColorProfile {
    let srgb = ColorProfile::new_srgb();
    match layout {
        Layout::Gray | Layout::GrayAlpha => {
            let mut gray = ColorProfile::new_gray_with_gamma(2.2);
            gray.gray_trc = srgb.red_trc;
            gray
        }
        _ => srgb,
    }
}

/// Converts pixels to sRGB.
pub(crate) struct Converter {
    executor: Arc<Transform8BitExecutor>,
    /// What comes out.
    pub(crate) layout: Layout,
}

impl fmt::Debug for Converter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Converter").field(&self.layout).finish()
    }
}

impl Converter {
    /// For pixels of `space` that lie as `layout` says: gray or RGB, with alpha
    /// or not, or CMYK. Gray stays gray, and CMYK becomes RGB.
    pub(crate) fn new(space: &ColorSpace, layout: Layout) -> Result<Self, Error> {
        let (from, to, result) = match layout {
            Layout::Gray => (moxcms::Layout::Gray, moxcms::Layout::Gray, layout),
            Layout::GrayAlpha => (moxcms::Layout::GrayAlpha, moxcms::Layout::GrayAlpha, layout),
            Layout::Rgb => (moxcms::Layout::Rgb, moxcms::Layout::Rgb, layout),
            // Four samples are four samples to it.
            Layout::Cmyk => (moxcms::Layout::Rgba, moxcms::Layout::Rgb, Layout::Rgb),
            _ => (moxcms::Layout::Rgba, moxcms::Layout::Rgba, Layout::Rgba),
        };
        let options = TransformOptions {
            rendering_intent: RenderingIntent::RelativeColorimetric,
            ..TransformOptions::default()
        };
        let Some(profile) = profile_of(space, layout) else {
            return Err(Error::internal("color")(
                "a colour space that was found usable is not",
            ));
        };
        let executor = profile
            .create_transform_8bit(from, &target(layout), to, options)
            .map_err(Error::internal("color"))?;
        Ok(Self {
            executor,
            layout: result,
        })
    }

    /// Converts a plane of whole pixels.
    pub(crate) fn convert(&self, from: &Plane) -> Result<Plane, Error> {
        let mut to = Plane::empty(from.size, self.layout.channels())?;
        self.executor
            .transform(&from.samples, &mut to.samples)
            .map_err(Error::internal("color"))?;
        Ok(to)
    }
}
