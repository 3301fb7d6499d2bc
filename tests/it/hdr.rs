//! PQ, HLG and the curves of video, held against what Chromium 156 shows of the same samples
//! (`createImageBitmap` and a canvas in sRGB).

use moxcms::{CicpProfile, ColorProfile, MatrixCoefficients};

use crate::color::{iccp, png, shown};
use crate::picture::{Picture, jpeg};

/// Every 16th sample of a gray ramp, and what Chromium shows: with PQ, and with HLG.
const PQ: [u8; 17] = [
    0, 1, 5, 15, 30, 48, 70, 98, 132, 175, 213, 237, 255, 255, 255, 255, 255,
];
const HLG: [u8; 17] = [
    0, 3, 14, 29, 43, 57, 71, 85, 99, 115, 135, 160, 189, 212, 228, 243, 255,
];

fn ramp() -> impl Iterator<Item = u8> {
    (0..=u8::MAX).step_by(16).chain([u8::MAX])
}

fn cicp(primaries: u8, transfer: u8) -> (&'static [u8; 4], Vec<u8>) {
    (b"cICP", vec![primaries, transfer, 0, 1])
}

fn assert_within(found: u8, expected: u8, levels: u8, what: &str) {
    assert!(
        found.abs_diff(expected) <= levels,
        "{what}: {found} and not {expected}"
    );
}

#[test]
fn gray_ramps_are_shown_as_in_chromium() {
    for (transfer, expected) in [(16, PQ), (18, HLG)] {
        // Gray is the same in BT.2020's primaries and in sRGB's.
        for primaries in [9, 1] {
            for (sample, expected) in ramp().zip(expected) {
                let what = format!("{primaries}/{transfer}, {sample}");
                for color in [vec![sample], vec![sample; 3], vec![sample; 4]] {
                    let (found, from) = shown(&png(&color, &[cicp(primaries, transfer)]));
                    // Where alpha is the sample, black shines through.
                    if color.len() < 4 {
                        assert_within(found[0], expected, 1, &what);
                        assert_eq!(from, Some(format!("cICP {primaries}/{transfer}")));
                    }
                    assert!(
                        found[0] == found[1] && found[1] == found[2],
                        "{what}: {found:?}"
                    );
                }
            }
        }
    }
}

/// A clipped channel would stop rising long before the brightest color, or turn the hue.
#[test]
fn saturated_colors_keep_their_hue_and_their_steps() {
    let channels = [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [1, 1, 0],
        [0, 1, 1],
        [1, 0, 1],
    ];
    for (transfer, brightest) in [(16_u8, 192_u8), (18, 255)] {
        for on in channels {
            let mut before = [0; 3];
            for sample in (64..=brightest).step_by(16) {
                let color = on.map(|on: u8| on * sample);
                let (found, _) = shown(&png(&color, &[cicp(9, transfer)]));
                let what = format!("{color:?} with {transfer}: {found:?} after {before:?}");
                let total = |color: [u8; 3]| color.map(u32::from).iter().sum::<u32>();
                assert!(total(found) > total(before), "{what}");
                for (on, other) in on.iter().zip(0..3).filter(|(on, _)| **on == 0) {
                    let strongest = found.iter().max().unwrap();
                    assert!(*on == 0 && found[other] < *strongest, "{what}");
                }
                before = found;
            }
        }
    }
}

/// cLLI tells the luminance of the brightest color, mDCV that of the screen it was made on.
#[test]
fn the_peak_that_a_file_tells_is_used() {
    let chunk = |cd: u32| (10_000 * cd).to_be_bytes().to_vec();
    let clli = |cd: u32| (b"cLLI", [chunk(cd), chunk(100)].concat());
    let mdcv = |cd: u32| (b"mDCV", [vec![0; 16], chunk(cd), chunk(1)].concat());
    // What Chromium shows of the samples 128, 144 and 160 in an `<img>`.
    for (chunks, expected) in [
        (vec![clli(400)], [163, 214, 249]),
        (vec![clli(203)], [181, 238, 255]),
        (vec![clli(4000)], [132, 175, 202]),
        (vec![mdcv(4000)], [132, 175, 202]),
        (vec![mdcv(1000), clli(4000)], [132, 175, 202]),
        (vec![clli(0)], [132, 175, 213]),
    ] {
        for (sample, expected) in [128, 144, 160].into_iter().zip(expected) {
            let mut chunks = chunks.clone();
            chunks.push(cicp(9, 16));
            let (found, _) = shown(&png(&[sample; 3], &chunks));
            assert_within(found[0], expected, 3, &format!("{sample} with {chunks:?}"));
        }
    }
}

#[test]
fn curves_of_video_are_shown_like_srgb() {
    let color = [200, 100, 50];
    for transfer in [1, 6, 11, 12, 14, 15] {
        assert_eq!(shown(&png(&color, &[cicp(1, transfer)])), (color, None));
        let p3 = shown(&png(&color, &[cicp(12, transfer)]));
        assert_eq!(p3.0, shown(&png(&color, &[cicp(12, 13)])).0);
    }
}

/// The others are inverted: what Chromium shows of the sample 64.
#[test]
fn curves_of_screens_are_inverted() {
    for (transfer, expected) in [(4, 62), (5, 40), (7, 81), (8, 137), (17, 48)] {
        for color in [vec![64], vec![64; 3]] {
            let (found, _) = shown(&png(&color, &[cicp(1, transfer)]));
            assert_within(found[0], expected, 1, &format!("transfer {transfer}"));
        }
    }
}

/// A profile tells it by its tag `cicp`, in a PNG and in a JPEG.
#[test]
fn a_profile_with_code_points_is_shown_like_a_chunk_with_them() {
    for transfer in [16, 18] {
        let profile = ColorProfile::new_from_cicp(CicpProfile {
            color_primaries: 9.try_into().unwrap(),
            transfer_characteristics: transfer.try_into().unwrap(),
            matrix_coefficients: MatrixCoefficients::Identity,
            full_range: true,
        });
        let profile = profile.encode().unwrap();
        let color = [150, 110, 60];
        let by_chunk = shown(&png(&color, &[cicp(9, transfer)]));
        assert_eq!(shown(&png(&color, &[(b"iCCP", iccp(&profile))])), by_chunk);
        let picture = Picture::from_fn(600, 600, |_, _| color);
        let jpeg = jpeg::with_icc(&jpeg::photo(&picture, 100), &profile, 60_000);
        let (found, from) = shown(&jpeg);
        for (found, expected) in found.into_iter().zip(by_chunk.0) {
            assert_within(found, expected, 6, "JPEG");
        }
        assert_eq!(from, by_chunk.1);
    }
}
