//! Converts pixels to sRGB.

use std::fmt;
use std::sync::Arc;

use moxcms::{
    CicpProfile, ColorPrimaries, ColorProfile, MatrixCoefficients, RenderingIntent, ToneReprCurve,
    Transform8BitExecutor, TransformOptions, XyY,
};

use super::hdr::Hdr;
use super::{ColorSpace, IccBytes, transfer};
use crate::error::Error;
use crate::raster::{Layout, Plane};

/// Converts pixels of one space and layout to sRGB.
pub(crate) struct Converter {
    method: Method,
    /// The layout of converted pixels.
    pub(crate) layout: Layout,
}

enum Method {
    Profile(Arc<Transform8BitExecutor>),
    Hdr(Box<Hdr>),
}

impl fmt::Debug for Converter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Converter").field(&self.layout).finish()
    }
}

impl Converter {
    /// Prepares the conversion of pixels of `space` in `layout`: gray or RGB, with alpha
    /// or without, or CMYK. Gray stays gray, and CMYK becomes RGB.
    pub(crate) fn new(space: &ColorSpace, layout: Layout) -> Result<Self, Error> {
        let unusable = || Error::internal("color")("a color space that was found usable is not");
        if let ColorSpace::Cicp {
            primaries,
            transfer,
            peak,
        } = *space
            && transfer::is_hdr(transfer)
        {
            let hdr = Hdr::new(primaries, transfer, peak).ok_or_else(unusable)?;
            return Ok(Self {
                method: Method::Hdr(Box::new(hdr)),
                layout,
            });
        }
        let (from, to, result) = match layout {
            Layout::Gray => (moxcms::Layout::Gray, moxcms::Layout::Gray, layout),
            Layout::GrayAlpha => (moxcms::Layout::GrayAlpha, moxcms::Layout::GrayAlpha, layout),
            Layout::Rgb => (moxcms::Layout::Rgb, moxcms::Layout::Rgb, layout),
            // `moxcms` has the same layout for four samples of any kind.
            Layout::Cmyk => (moxcms::Layout::Rgba, moxcms::Layout::Rgb, Layout::Rgb),
            _ => (moxcms::Layout::Rgba, moxcms::Layout::Rgba, Layout::Rgba),
        };
        let options = TransformOptions {
            rendering_intent: RenderingIntent::Perceptual,
            ..TransformOptions::default()
        };
        let profile = profile_of(space, layout).ok_or_else(unusable)?;
        let executor = profile
            .create_transform_8bit(from, &srgb_for(layout), to, options)
            .map_err(Error::internal("color"))?;
        Ok(Self {
            method: Method::Profile(executor),
            layout: result,
        })
    }

    /// Converts a plane of whole pixels.
    pub(crate) fn convert(&self, from: &Plane) -> Result<Plane, Error> {
        let mut to = Plane::empty(from.size, self.layout.channels())?;
        match &self.method {
            Method::Profile(executor) => executor
                .transform(&from.samples, &mut to.samples)
                .map_err(Error::internal("color"))?,
            Method::Hdr(hdr) => hdr.convert(&from.samples, &mut to.samples, self.layout),
        }
        Ok(to)
    }
}

/// The profile of a space for samples of `layout`; `None` if there is none.
pub(super) fn profile_of(space: &ColorSpace, layout: Layout) -> Option<ColorProfile> {
    match *space {
        ColorSpace::Icc(IccBytes(ref bytes)) => {
            let mut profile = ColorProfile::new_from_slice(bytes).ok()?;
            // The profile's own curves count.
            profile.cicp = None;
            Some(profile)
        }
        ColorSpace::Cicp {
            primaries,
            transfer,
            ..
        } => of_code_points(primaries, transfer, layout),
        ColorSpace::Gamma {
            gamma,
            chromaticities,
        } => of_gamma(gamma, chromaticities, layout),
    }
}

/// The profile of code points that have no highlights above white.
pub(super) fn of_code_points(primaries: u8, transfer: u8, layout: Layout) -> Option<ColorProfile> {
    let transfer = if transfer::is_like_srgb(transfer) {
        transfer::SRGB
    } else {
        transfer
    };
    let profile = ColorProfile::new_from_cicp(CicpProfile {
        color_primaries: primaries.try_into().ok()?,
        transfer_characteristics: transfer.try_into().ok()?,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    });
    let curve = profile.red_trc.clone()?;
    Some(match layout {
        Layout::Gray | Layout::GrayAlpha => {
            let mut gray = srgb_for(layout);
            gray.gray_trc = Some(curve);
            gray
        }
        _ => profile,
    })
}

fn of_gamma(gamma: u32, chromaticities: Option<[u32; 8]>, layout: Layout) -> Option<ColorProfile> {
    let mut profile = srgb_for(layout);
    let exponent = 100_000.0 / f64::from(gamma);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "between 2 * 10^-5 and 10^5"
    )]
    let curve = ToneReprCurve::Parametric(vec![exponent as f32]);
    profile.gray_trc = Some(curve.clone());
    profile.red_trc = Some(curve.clone());
    profile.green_trc = Some(curve.clone());
    profile.blue_trc = Some(curve);
    if let Some(chromaticities) = chromaticities {
        let [wx, wy, rx, ry, gx, gy, bx, by] =
            chromaticities.map(|value| f64::from(value) / 100_000.0);
        let are_colors = [[wx, wy], [rx, ry], [gx, gy], [bx, by]]
            .iter()
            .all(|[x, y]| *y > 0.0 && x + y <= 1.0);
        // Twice the area of the triangle of primaries, whose colors span the space.
        let area = (gx - rx) * (by - ry) - (bx - rx) * (gy - ry);
        if !are_colors || area.abs() < 0.001 {
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

/// sRGB, or its curve alone for gray.
pub(super) fn srgb_for(layout: Layout) -> ColorProfile {
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
