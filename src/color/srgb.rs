//! Whether a profile is sRGB, whatever it is called.

use moxcms::{ColorProfile, DataColorSpace, ToneReprCurve};

/// Whether a profile's colorants and curves are those of sRGB, except for what makers of profiles
/// round differently.
pub(super) fn is_srgb(profile: &ColorProfile) -> bool {
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

/// Whether a curve is within half a level of 8 bits of sRGB's, on the encoded side.
fn is_srgb_curve(curve: &ToneReprCurve) -> bool {
    let Ok(curve) = curve.make_linear_evaluator() else {
        return false;
    };
    (0..=64).all(|step: u16| {
        let encoded = f32::from(step) / 64.0;
        let linear = match encoded {
            low if low <= 0.04045 => low / 12.92,
            high => ((high + 0.055) / 1.055).powf(2.4),
        };
        // The slope of the curve, which tells how far linear values may differ.
        let slope = 2.2 * encoded.powf(1.2).max(0.04);
        (curve.evaluate_value(encoded) - linear).abs() < slope * 0.5 / 255.0
    })
}
