//! Colours of other spaces than sRGB, held against the standards' formulas.

use headshot::{Error, Format, Info, Options, Step, prepare, probe};
use moxcms::ColorProfile;

use crate::picture::{Picture, icc, jpeg};

/// A square of one colour as PNG, with chunks before its pixels.
pub(crate) fn png(color: &[u8], chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 520, 520);
    encoder.set_color(match color.len() {
        1 => png::ColorType::Grayscale,
        3 => png::ColorType::Rgb,
        _ => png::ColorType::Rgba,
    });
    let mut writer = encoder.write_header().unwrap();
    for (name, data) in chunks {
        writer
            .write_chunk(png::chunk::ChunkType(**name), data)
            .unwrap();
    }
    writer.write_image_data(&color.repeat(520 * 520)).unwrap();
    writer.finish().unwrap();
    file
}

pub(crate) fn iccp(profile: &[u8]) -> Vec<u8> {
    let deflated = miniz_oxide::deflate::compress_to_vec_zlib(profile, 6);
    [b"icc\0\0", &deflated[..]].concat()
}

pub(crate) fn gama(gamma: u32) -> Vec<u8> {
    gamma.to_be_bytes().to_vec()
}

/// The colour in the middle of the photo, and how it was come by.
pub(crate) fn shown(file: &[u8]) -> ([u8; 3], Option<String>) {
    let photo = prepare(file, &Options::default().with_format(Some(Format::Png))).unwrap();
    let from = photo.steps.iter().find_map(|step| match step {
        Step::ColorsConverted { from } => Some(from.clone()),
        _ => None,
    });
    let picture = image::load_from_memory(&photo.bytes).unwrap().into_rgb8();
    (picture.get_pixel(260, 260).0, from)
}

pub(crate) fn linear(encoded: u8) -> f64 {
    match f64::from(encoded) / 255.0 {
        low if low <= 0.04045 => low / 12.92,
        high => ((high + 0.055) / 1.055).powf(2.4),
    }
}

pub(crate) fn encoded(linear: f64) -> f64 {
    let linear = linear.clamp(0.0, 1.0);
    255.0
        * if linear <= 0.003_130_8 {
            linear * 12.92
        } else {
            1.055 * linear.powf(1.0 / 2.4) - 0.055
        }
}

pub(crate) fn assert_near(found: [u8; 3], expected: [f64; 3]) {
    for (found, expected) in found.into_iter().zip(expected) {
        assert!(
            (f64::from(found) - expected).abs() <= 1.5,
            "{found} for {expected}"
        );
    }
}

/// From linear Display P3 to linear sRGB: the product of both spaces' matrices
/// (SMPTE EG 432-1 and IEC 61966-2-1), which share a white point.
fn srgb_of_p3(color: [u8; 3]) -> [f64; 3] {
    let [r, g, b] = color.map(linear);
    [
        1.224_94 * r - 0.224_94 * g,
        -0.042_06 * r + 1.042_06 * g,
        -0.019_64 * r - 0.078_64 * g + 1.098_27 * b,
    ]
    .map(encoded)
}

#[test]
fn display_p3_becomes_srgb() {
    for color in [[200, 100, 50], [90, 120, 200], [128; 3], [255; 3], [0; 3]] {
        let (found, from) = shown(&png(&color, &[(b"iCCP", iccp(&icc::display_p3()))]));
        assert_near(found, srgb_of_p3(color));
        assert_eq!(from.as_deref(), Some("Display P3"));
    }
}

#[test]
fn code_points_become_srgb() {
    // Primaries 12 are Display P3's, transfer 13 is sRGB's.
    let color = [200, 100, 50];
    let (found, from) = shown(&png(&color, &[(b"cICP", vec![12, 13, 0, 1])]));
    assert_near(found, srgb_of_p3(color));
    assert_eq!(from.as_deref(), Some("cICP 12/13"));
}

#[test]
fn gamma_becomes_srgb() {
    for (gamma, gray) in [
        (100_000, 128),
        (100_000, 10),
        (55_556, 77),
        (47_728, 60),
        (43_181, 60),
        (35_000, 200),
    ] {
        let exponent = 100_000.0 / f64::from(gamma);
        let expected = encoded((f64::from(gray) / 255.0).powf(exponent));
        for color in [vec![gray], vec![gray; 3]] {
            let (found, _) = shown(&png(&color, &[(b"gAMA", gama(gamma))]));
            assert_near(found, [expected; 3]);
        }
    }
}

#[test]
fn what_means_srgb_changes_nothing() {
    let profile = ColorProfile::new_srgb().encode().unwrap();
    for chunk in [
        (b"iCCP", iccp(&profile)),
        (b"cICP", vec![1, 13, 0, 1]),
        (b"sRGB", vec![0]),
        (b"gAMA", gama(43_182)),
        (b"gAMA", gama(45_455)),
        (b"gAMA", gama(47_727)),
        (b"gAMA", gama(0)),
        (b"cICP", vec![1, 1, 0, 1]),
        (b"iCCP", iccp(b"no profile")),
        (b"iCCP", b"icc\0\0no zlib".to_vec()),
        (b"cICP", vec![255, 255, 0, 1]),
    ] {
        let (found, from) = shown(&png(&[200, 100, 50], std::slice::from_ref(&chunk)));
        assert_eq!((found, from), ([200, 100, 50], None), "{chunk:?}");
    }
}

#[test]
fn a_profile_for_other_samples_is_ignored() {
    let (found, from) = shown(&png(&[77], &[(b"iCCP", iccp(&icc::display_p3()))]));
    assert_eq!((found, from), ([77; 3], None));
}

/// cICP before iCCP before sRGB before gAMA (PNG, section 4.3).
#[test]
fn the_first_in_order_counts() {
    let all = [
        (b"gAMA", gama(100_000)),
        (b"sRGB", vec![0]),
        (b"iCCP", iccp(&icc::display_p3())),
        (b"cICP", vec![12, 13, 0, 1]),
    ];
    let from = |chunks: &[(&[u8; 4], Vec<u8>)]| shown(&png(&[200, 100, 50], chunks)).1;
    assert_eq!(from(&all).as_deref(), Some("cICP 12/13"));
    assert_eq!(from(&all[..3]).as_deref(), Some("Display P3"));
    assert_eq!(from(&all[..2]), None);
    assert_eq!(from(&all[..1]).as_deref(), Some("gamma 1"));
}

#[test]
fn transparency_stays_when_colours_are_converted() {
    let file = png(&[200, 100, 50, 99], &[(b"iCCP", iccp(&icc::display_p3()))]);
    let photo = prepare(&file, &Options::default()).unwrap();
    let picture = image::load_from_memory(&photo.bytes).unwrap().into_rgba8();
    let [r, g, b, alpha] = picture.get_pixel(10, 10).0;
    assert_near([r, g, b], srgb_of_p3([200, 100, 50]));
    assert_eq!(alpha, 99);
}

/// A bomb of a profile is told by its inflated length, and costs no more.
#[test]
fn a_profile_that_inflates_beyond_the_limit_is_refused() {
    let file = png(&[200, 100, 50], &[(b"iCCP", iccp(&vec![0; 30 << 20]))]);
    assert!(file.len() < 200_000);
    let Info { color, .. } = probe(&file).unwrap();
    assert!(color.profile.unwrap().bytes > 4 << 20);
    let error = prepare(&file, &Options::default()).unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }));
    assert_eq!(error.reason(), "metadata");
}

/// Inks without a profile are ideal: each takes away its complement, and black all
/// the same. Both ways in which Adobe stores them look alike.
#[test]
fn inks_become_the_colours_that_they_leave() {
    for inks in [
        [0, 0, 0, 0],
        [255, 0, 0, 0],
        [40, 90, 200, 30],
        [0, 0, 0, 200],
    ] {
        let picture = Picture::from_fn(600, 600, |_, _| inks);
        let [c, m, y, k] = inks.map(|ink: u8| f64::from(255 - ink) / 255.0);
        let expected = [c, m, y].map(|left| 255.0 * left * k);
        let adobe = jpeg::with(&picture, 100, |_| {});
        let plain = jpeg::without_segment(&adobe, 0xEE);
        assert!(plain.len() < adobe.len());
        let bytes = [&plain, &adobe].map(|file| prepare(file, &Options::default()).unwrap().bytes);
        assert!(bytes[0] == bytes[1], "Adobe's segment makes a difference");
        for file in [adobe, plain, jpeg::ycck(&picture, 100)] {
            let (found, from) = shown(&file);
            for (found, expected) in found.into_iter().zip(expected) {
                let near = (f64::from(found) - expected).abs() <= 3.0;
                assert!(near, "{inks:?}: {found} for {expected}");
            }
            assert_eq!(from.as_deref(), Some("CMYK"));
        }
    }
}

/// All types of ICC.1:2022, table 68, of which the last has an offset.
#[test]
#[expect(clippy::many_single_char_names, reason = "the names of the standard")]
fn parametric_curves_have_all_their_parameters() {
    let curves: [&[f32]; 5] = [
        &[1.5],
        &[2.0, 0.9, 0.1],
        &[2.0, 0.8, 0.1, 0.19],
        &[2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 6.0, 0.1],
        &[
            2.4,
            0.9 / 1.055,
            0.055 / 1.055,
            1.0 / 12.92,
            0.04045,
            0.1,
            0.05,
        ],
    ];
    for curve in curves {
        let [g, ref rest @ ..] = *curve else {
            unreachable!()
        };
        let light = |x: f32| match *rest {
            [] => x.powf(g),
            [a, b] if x >= -b / a => (a * x + b).powf(g),
            [_, _] => 0.0,
            [a, b, c] if x >= -b / a => (a * x + b).powf(g) + c,
            [_, _, c] => c,
            [a, b, _, d] if x >= d => (a * x + b).powf(g),
            [_, _, c, _] => c * x,
            [a, b, _, d, e, _] if x >= d => (a * x + b).powf(g) + e,
            [_, _, c, _, _, f] => c * x + f,
            _ => unreachable!(),
        };
        let mut profile = ColorProfile::new_srgb();
        profile.cicp = None;
        let parameters = moxcms::ToneReprCurve::Parametric(curve.to_vec());
        profile.red_trc = Some(parameters.clone());
        profile.green_trc = Some(parameters.clone());
        profile.blue_trc = Some(parameters);
        let profile = profile.encode().unwrap();
        for gray in [0, 5, 20, 100, 200, 255] {
            let (found, from) = shown(&png(&[gray; 3], &[(b"iCCP", iccp(&profile))]));
            let expected = encoded(f64::from(light(f32::from(gray) / 255.0)));
            for found in found {
                let near = (f64::from(found) - expected).abs() <= 2.5;
                assert!(
                    near,
                    "{curve:?}: {gray} is shown as {found}, not {expected}"
                );
            }
            assert!(from.is_some(), "{curve:?} is taken for sRGB's");
        }
    }
}

/// Profiles of presses have up to 2.5 MB.
#[test]
fn a_profile_of_3_megabytes_is_read() {
    let profile = {
        let mut profile = icc::display_p3();
        profile.resize(3 << 20, 0);
        profile
    };
    let color = [200, 100, 50];
    let (found, from) = shown(&png(&color, &[(b"iCCP", iccp(&profile))]));
    assert_near(found, srgb_of_p3(color));
    assert_eq!(from.as_deref(), Some("Display P3"));
}
