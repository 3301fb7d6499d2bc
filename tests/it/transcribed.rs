//! JPEGs whose scans are Huffman-coded again decode to the same picture in every decoder.

use headshot::{Options, Step, prepare, probe};
use jpeg_encoder::SamplingFactor;
use proptest::prelude::*;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::picture::jpeg;
use crate::planes::{Coding, Recipe, codings, planes};

/// Any square picture that passes through.
fn squares() -> impl Strategy<Value = Recipe> {
    let sampling = prop::sample::select(vec![
        SamplingFactor::F_1_1,
        SamplingFactor::F_2_1,
        SamplingFactor::F_1_2,
        SamplingFactor::F_2_2,
        SamplingFactor::F_4_1,
        SamplingFactor::F_2_4,
    ]);
    let channels = prop::sample::select(vec![1, 3, 3]);
    let restart = prop::sample::select(vec![0, 0, 1, 7, 100]);
    let rest = (20..=100_u8, codings(), restart, any::<u32>());
    (512..=560_u32, channels, sampling, rest).prop_map(
        |(edge, channels, sampling, (quality, coding, restart, seed))| Recipe {
            width: edge,
            height: edge,
            channels,
            sampling,
            quality,
            coding,
            restart,
            seed,
        },
    )
}

fn passed(file: &[u8]) -> Vec<u8> {
    let photo = prepare(file, &Options::default()).unwrap();
    assert!(photo.steps.contains(&Step::PassedThrough));
    photo.bytes
}

/// As a decoder shows it that has nothing in common with ours, and accepts no fault.
fn shown(file: &[u8]) -> Vec<u8> {
    let options = DecoderOptions::default().set_strict_mode(true);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode().expect("a valid file")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_picture_stays(recipe in squares()) {
        let file = recipe.file();
        let photo = passed(&file);
        prop_assert!(planes(&photo, 8).unwrap() == planes(&file, 8).unwrap(), "other samples");
        prop_assert!(passed(&photo) == photo, "another file the second time");
        // It shows neither restarts in progressive files nor unusual samplings without a fault.
        let is_plain = recipe.restart == 0 || !matches!(recipe.coding, Coding::Progressive(_));
        if is_plain && (recipe.channels == 1 || recipe.sampling == SamplingFactor::F_1_1) {
            prop_assert!(shown(&photo) == shown(&file), "another picture");
        }
    }
}

/// Without its last scans, a progressive file is complete as far as a decoder can tell.
#[test]
fn missing_scans_are_told() {
    let recipe = Recipe {
        width: 512,
        height: 512,
        coding: Coding::Progressive(3),
        ..Recipe::PLAIN
    };
    let file = recipe.file();
    assert_eq!(probe(&file).unwrap().unsent_coefficients, 0);
    assert_eq!(
        prepare(&file, &Options::default()).unwrap().steps,
        [Step::PassedThrough]
    );
    let segments = jpeg::segments(&file);
    let scans: Vec<usize> = (segments.iter())
        .filter_map(|&(marker, at)| (marker == 0xDA).then_some(at))
        .collect();
    // Three scans of DC and one at least of AC: components, bands.
    let dc_only = scans
        .iter()
        .position(|&at| file[at + 2 + 2 + 1 + 2] > 0)
        .unwrap();
    for kept in dc_only..scans.len() {
        let short = [&file[..scans[kept]], b"\xFF\xD9"].concat();
        // Bands are no longer than from 1 to 63.
        let unsent: u32 = (scans[kept..].iter())
            .map(|&at| u32::from(file[at + 8] - file[at + 7]) + 1)
            .sum();
        let told = Step::ScansMissing {
            coefficients: unsent,
        };
        assert_eq!(probe(&short).unwrap().unsent_coefficients, unsent);
        for options in [
            Options::default(),
            Options::default().with_quality(headshot::Quality::MIN),
        ] {
            let photo = prepare(&short, &options).unwrap();
            assert!(photo.steps.contains(&told), "{:?}", photo.steps);
        }
        let photo = passed(&short);
        assert_eq!(probe(&photo).unwrap().unsent_coefficients, unsent);
        assert!(planes(&photo, 8).unwrap() == planes(&short, 8).unwrap());
        assert_eq!(passed(&photo), photo);
    }
}
