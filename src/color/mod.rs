//! The color space that a file's samples are in, and the conversion to sRGB.
//!
//! [`of_profile`], [`of_cicp`] and [`of_gamma`] read what files say of it, [`srgb`] tells which
//! profiles are sRGB under another name, and [`Converter`] converts pixels: by `moxcms`, or by
//! [`hdr`] for spaces whose white is not the brightest color.

mod convert;
mod hdr;
mod srgb;

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace};

use crate::probe::ColorModel;
use crate::raster::Layout;

pub(crate) use convert::Converter;

/// The color space of a picture's samples, where it isn't sRGB.
///
/// Colors are converted with the perceptual intent, as browsers do: the profile's white becomes
/// white, and the black of inks becomes black. Spaces that are described by primaries and curves
/// have one intent only: colors that sRGB can hold stay the same. PQ and HLG have highlights above
/// white, which are compressed as described at [`ColorSpace::Cicp`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ColorSpace {
    /// An ICC profile.
    Icc(IccBytes),
    /// Code points (ITU-T H.273) of PNG's chunk cICP or of an ICC profile's tag `cicp`.
    ///
    /// The camera curves of video (transfer 1, 6, 11, 12, 14 and 15) are shown like sRGB. That is
    /// what writers of such files mean, and what Firefox shows.
    ///
    /// For PQ (16) and HLG (18), the reference white is at 203 cd/m² (ITU-R BT.2408), and
    /// highlights above it are compressed by the reference white tone mapping operator of SMPTE
    /// ST 2094-50. By default it halves the light up to the reference white, and compresses what
    /// is between that and 1000 cd/m² into the other half. Red, green and blue are multiplied
    /// by the same factor, so the hue stays. Colors outside of sRGB's gamut move toward the gray
    /// of their luminance until they fit.
    Cicp {
        /// Color primaries (H.273, table 2).
        primaries: u8,
        /// Transfer characteristics (H.273, table 3).
        transfer: u8,
        /// Luminance of the brightest color of PQ or HLG in cd/m². PNG's chunk cLLI says it, or
        /// else mDCV; it is 1000 if neither does, and for curves without highlights.
        peak: u32,
    },
    /// PNG's chunks gAMA and cHRM.
    Gamma {
        /// The exponent of the encoding, times 100 000.
        gamma: u32,
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
                ..
            } => write!(f, "cICP {primaries}/{transfer}"),
            Self::Gamma { gamma, .. } => write!(f, "gamma {}", f64::from(*gamma) / 100_000.0),
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

/// What usable color information means.
pub(crate) enum Meaning {
    /// The samples are sRGB.
    Srgb,
    /// The samples are in another space, which [`Converter`] can convert.
    Other(ColorSpace),
}

impl Meaning {
    /// The space to convert from; `None` if the samples are sRGB.
    pub(crate) fn space(self) -> Option<ColorSpace> {
        match self {
            Self::Srgb => None,
            Self::Other(space) => Some(space),
        }
    }

    fn usable(space: ColorSpace, model: ColorModel) -> Option<Self> {
        Converter::new(&space, layout(model)).ok()?;
        Some(Self::Other(space))
    }
}

/// Transfer characteristics that are handled specially (ITU-T H.273, table 3).
mod transfer {
    pub(super) const SRGB: u8 = 13;
    pub(super) const PQ: u8 = 16;
    pub(super) const HLG: u8 = 18;

    /// Whether the curve is sRGB's, or a camera curve of video that is shown like it.
    pub(super) const fn is_like_srgb(code: u8) -> bool {
        matches!(code, 1 | 6 | 11 | 12 | SRGB | 14 | 15)
    }

    /// Whether the curve is known and browsers show it: not the logarithmic ones.
    pub(super) const fn is_known(code: u8) -> bool {
        is_like_srgb(code) || matches!(code, 4 | 5 | 7 | 8 | PQ | 17 | HLG)
    }

    /// Whether the curve encodes highlights above the reference white.
    pub(super) const fn is_hdr(code: u8) -> bool {
        matches!(code, PQ | HLG)
    }
}

/// Color primaries of sRGB (ITU-T H.273, table 2).
const SRGB_PRIMARIES: u8 = 1;

/// Reads an ICC profile for samples of `model`. Returns `None` if it is broken, or made for
/// samples of another model.
pub(crate) fn of_profile(bytes: &[u8], model: ColorModel) -> Option<Meaning> {
    let profile = ColorProfile::new_from_slice(bytes).ok()?;
    let made_for = match model {
        ColorModel::Gray => DataColorSpace::Gray,
        ColorModel::Rgb | ColorModel::Palette | ColorModel::YCbCr => DataColorSpace::Rgb,
        ColorModel::Cmyk | ColorModel::Ycck => DataColorSpace::Cmyk,
    };
    if profile.color_space != made_for {
        return None;
    }
    if let Some(cicp) = &profile.cicp
        && transfer::is_hdr(cicp.transfer_characteristics as u8)
    {
        // The curves and tables of such a profile are an approximation for programs that
        // don't know the tag.
        let primaries = cicp.color_primaries as u8;
        let transfer = cicp.transfer_characteristics as u8;
        if let Some(meaning) = of_cicp(primaries, transfer, None, model) {
            return Some(meaning);
        }
    }
    if srgb::is_srgb(&profile) {
        return Some(Meaning::Srgb);
    }
    Meaning::usable(ColorSpace::Icc(IccBytes(bytes.into())), model)
}

/// Reads code points, for a brightest color of `peak` cd/m² if that is known. Returns `None` if
/// one of them is reserved, unspecified or unknown.
pub(crate) fn of_cicp(
    primaries: u8,
    transfer: u8,
    peak: Option<u32>,
    model: ColorModel,
) -> Option<Meaning> {
    if !transfer::is_known(transfer) {
        return None;
    }
    if primaries == SRGB_PRIMARIES && transfer::is_like_srgb(transfer) {
        return Some(Meaning::Srgb);
    }
    let peak = peak
        .filter(|_| transfer::is_hdr(transfer))
        .unwrap_or(hdr::PEAK);
    let space = ColorSpace::Cicp {
        primaries,
        transfer,
        peak,
    };
    Meaning::usable(space, model)
}

/// Reads PNG's chunk gAMA, with cHRM if there is one. Returns `None` for a gamma of 0.
///
/// Writers of sRGB say so by the numbers below (PNG, section 11.3.2.5). A gamma alone that is within
/// 5 % of theirs means sRGB as well: so libpng reads it, and browsers show it. Beside chromaticities
/// of another space, any gamma is a pure exponent.
pub(crate) fn of_gamma(
    gamma: u32,
    chromaticities: Option<[u32; 8]>,
    model: ColorModel,
) -> Option<Meaning> {
    const SRGB_GAMMA: u32 = 45_455;
    const SRGB_GAMMA_ALONE: RangeInclusive<u32> = 43_182..=47_727;
    const SRGB_CHROMATICITIES: [u32; 8] = [
        31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000,
    ];
    let near = |(given, srgb): (u32, u32)| given.abs_diff(srgb) <= 100;
    let are_srgb = |given: [u32; 8]| given.into_iter().zip(SRGB_CHROMATICITIES).all(near);
    match chromaticities {
        _ if gamma == 0 => return None,
        None if SRGB_GAMMA_ALONE.contains(&gamma) => return Some(Meaning::Srgb),
        Some(given) if gamma == SRGB_GAMMA && are_srgb(given) => return Some(Meaning::Srgb),
        _ => {}
    }
    let chromaticities = chromaticities.filter(|&given| !are_srgb(given));
    let usable = |chromaticities| {
        let space = ColorSpace::Gamma {
            gamma,
            chromaticities,
        };
        Meaning::usable(space, model)
    };
    // Nonsense in cHRM leaves gAMA as it is.
    usable(chromaticities.filter(|_| model != ColorModel::Gray)).or_else(|| usable(None))
}

const fn layout(model: ColorModel) -> Layout {
    match model {
        ColorModel::Gray => Layout::Gray,
        ColorModel::Cmyk | ColorModel::Ycck => Layout::Cmyk,
        ColorModel::Rgb | ColorModel::Palette | ColorModel::YCbCr => Layout::Rgb,
    }
}

/// Whether the curve of a space is so far from sRGB's that pixels must be converted before they
/// are resampled: beyond exponents of 1.8 to 2.6, and for all spaces with highlights above white.
pub(crate) fn is_far_from_srgb(space: &ColorSpace) -> bool {
    /// Half the signal, with an exponent of 2.6 and of 1.8.
    const NEAR: RangeInclusive<f32> = 0.165..=0.287;
    if let ColorSpace::Cicp { transfer, .. } = space
        && transfer::is_hdr(*transfer)
    {
        return true;
    }
    let curve = convert::profile_of(space, Layout::Rgb).and_then(|p| p.red_trc.or(p.gray_trc));
    // Without a curve it is a table, for inks or by perception.
    let curve = curve.and_then(|curve| curve.make_linear_evaluator().ok());
    curve.is_some_and(|curve| !NEAR.contains(&curve.evaluate_value(0.5)))
}
