//! What holds for every JPEG that is written, with another decoder as the judge.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "samples and small coordinates"
)]

use headshot::{ColorModel, Damage, Format, Options, Quality, prepare, probe};
use jpeg_encoder::SamplingFactor;
use proptest::prelude::*;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::picture::{Picture, byte, jpeg, noise, png};
use crate::planes::planes;

/// What a picture is filled with.
#[derive(Clone, Copy, Debug)]
enum Content {
    Flat(u8),
    Noise(u32),
    /// Only the darkest and the lightest samples: the largest coefficients.
    Extremes(u32),
    Slope(u32, u32),
}

impl Content {
    fn sample(self, x: u32, y: u32) -> u8 {
        let noise = |seed| (noise::hash(seed, x, y) >> 24) as u8;
        match self {
            Self::Flat(sample) => sample,
            Self::Noise(seed) => noise(seed),
            Self::Extremes(seed) if noise(seed) < 128 => 0,
            Self::Extremes(_) => 255,
            Self::Slope(across, down) => (x * across / 8 + y * down / 8) as u8,
        }
    }
}

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        any::<u8>().prop_map(Content::Flat),
        any::<u32>().prop_map(Content::Noise),
        any::<u32>().prop_map(Content::Extremes),
        (0..256_u32, 0..256_u32).prop_map(|(across, down)| Content::Slope(across, down)),
    ]
}

/// Sizes that are neither resampled nor letterboxed, the ends and odd ones often.
fn edges() -> impl Strategy<Value = u32> {
    prop_oneof![
        prop::sample::select(vec![512, 513, 1023, 1024]),
        512..600_u32
    ]
}

fn qualities() -> impl Strategy<Value = Quality> {
    (1..=100_u8).prop_map(|quality| Quality::new(quality).unwrap())
}

fn written(file: &[u8], quality: Quality) -> Vec<u8> {
    // Where damage is accepted, no compressed pixels are taken over as they are.
    let options = Options::default()
        .with_format(Some(Format::Jpeg))
        .with_quality(quality)
        .with_damage(Damage::Accept);
    prepare(file, &options).unwrap().bytes
}

/// Each component's samples, all at the size of the picture.
fn decoded(file: &[u8], components: usize) -> (usize, Vec<Vec<u8>>) {
    let space = match components {
        1 => ColorSpace::Luma,
        _ => ColorSpace::YCbCr,
    };
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(space)
        .set_strict_mode(true);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    let samples = decoder.decode().expect("a valid file");
    let (width, height) = decoder.dimensions().unwrap();
    assert_eq!(width, height);
    let component = |first| -> Vec<u8> {
        samples
            .iter()
            .copied()
            .skip(first)
            .step_by(components)
            .collect()
    };
    (width, (0..components).map(component).collect())
}

/// The sum of squares of half the quantisation steps of a table: by Parseval the
/// most that a block's squared error can be.
fn block_error(file: &[u8], table: usize) -> f64 {
    let tables: Vec<usize> = jpeg::segments(file)
        .into_iter()
        .filter_map(|(marker, at)| (marker == 0xDB).then_some(at))
        .collect();
    // Marker, length and the table's number.
    let steps = &file[tables[table] + 5..][..64];
    steps
        .iter()
        .map(|&step| (f64::from(step) / 2.0).powi(2))
        .sum()
}

/// Holds a plane that was written against what came back: no more differs than
/// quantisation may change, and `slack` for the rounding of each sample.
#[track_caller]
fn assert_close(is: &[u8], was: &[u8], blocks: usize, block_error: f64, slack: f64) {
    assert_eq!(is.len(), was.len());
    let squares: f64 = (is.iter().zip(was))
        .map(|(&is, &was)| f64::from(is.abs_diff(was)).powi(2))
        .sum();
    let blocks = blocks as f64;
    let bound = ((blocks * block_error).sqrt() + (blocks * 64.0).sqrt() * slack).powi(2);
    assert!(squares <= bound, "squared error {squares} is above {bound}");
}

fn blocks(edge: u32) -> usize {
    (edge.div_ceil(8) as usize).pow(2)
}

const GRAY: &[u8] = &[0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xC4, 0xDA, 0xD9];
const COLOR: &[u8] = &[
    0xD8, 0xE0, 0xDB, 0xDB, 0xC0, 0xC4, 0xC4, 0xC4, 0xC4, 0xDA, 0xD9,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn gray_comes_back(edge in edges(), content in content(), quality in qualities()) {
        let picture = Picture::from_fn(edge, edge, |x, y| [content.sample(x, y)]);
        let file = written(&png::photo(&picture), quality);
        prop_assert_eq!(jpeg::markers(&file), GRAY);
        prop_assert_eq!(probe(&file).unwrap().color.model, ColorModel::Gray);
        let (found, planes) = decoded(&file, 1);
        prop_assert_eq!(found, edge as usize);
        assert_close(&planes[0], &picture.samples, blocks(edge), block_error(&file, 0), 2.0);
    }

    /// Luma is that of the pixels, and so are the differences where they are the
    /// same all over.
    #[test]
    fn colors_come_back(
        edge in edges(),
        content in content(),
        tint in any::<[u8; 3]>(),
        quality in qualities(),
    ) {
        let gray = Picture::from_fn(edge, edge, |x, y| [content.sample(x, y); 3]);
        let flat = Picture::from_fn(edge, edge, |_, _| tint);
        for (picture, known) in [(gray, 1), (flat, 3)] {
            let file = written(&png::photo(&picture), quality);
            prop_assert_eq!(jpeg::markers(&file), COLOR);
            prop_assert_eq!(probe(&file).unwrap().color.model, ColorModel::YCbCr);
            let (found, planes) = decoded(&file, 3);
            prop_assert_eq!(found, edge as usize);
            let sent = ycbcr(&picture);
            for (channel, (is, was)) in planes.iter().zip(&sent).enumerate().take(known) {
                assert_close(is, was, blocks(edge), block_error(&file, channel.min(1)), 3.0);
            }
        }
    }

    /// From planes to planes: a JPEG of the same size, written again.
    #[test]
    fn planes_come_back(
        edge in edges(),
        contents in [content(), content(), content()],
        quality in qualities(),
    ) {
        let pixel = |x, y| contents.map(|content| content.sample(x, y));
        let picture = Picture::from_fn(edge, edge, pixel);
        let source = jpeg::ycbcr(&picture, 90, |encoder| {
            encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
        });
        let file = written(&source, quality);
        prop_assert_eq!(jpeg::markers(&file), COLOR);
        let (was, is) = (planes(&source, 8).unwrap(), planes(&file, 8).unwrap());
        for (channel, (is, was)) in is.iter().zip(&was).enumerate() {
            prop_assert_eq!(is.size, was.size);
            let error = block_error(&file, channel.min(1));
            assert_close(&is.samples, &was.samples, blocks(is.size.width()), error, 2.0);
        }
    }
}

/// Luma and differences of RGB (T.871, 7).
fn ycbcr(rgb: &Picture) -> [Vec<u8>; 3] {
    [
        [299_000, 587_000, 114_000, 0],
        [-168_736, -331_264, 500_000, 128_000_000],
        [500_000, -418_688, -81_312, 128_000_000],
    ]
    .map(|[r, g, b, offset]: [i64; 4]| {
        let channel = |pixel: &[u8]| {
            let [red, green, blue] = [0, 1, 2].map(|channel| i64::from(pixel[channel]));
            byte((r * red + g * green + b * blue + offset + 500_000) / 1_000_000)
        };
        rgb.samples.chunks_exact(3).map(channel).collect()
    })
}

/// Length and CRC of the files.
const GOLDEN_GRAY: (usize, u32) = (38_489, 1_079_498_646);
const GOLDEN_COLOR: (usize, u32) = (77_286, 4_248_881_709);

/// The same bytes on every machine. libjpeg-turbo 3.2 makes the gray file too, with
/// optimised tables.
#[test]
fn bytes_are_golden() {
    let sample = |x: u32, y: u32, k: u32| ((x * x + k * y * y + x * y) >> 9) as u8;
    let gray = Picture::from_fn(515, 515, |x, y| [sample(x, y, 3)]);
    let color = Picture::from_fn(515, 515, |x, y| [3, 5, 7].map(|k| sample(x, y, k)));
    let golden = |picture: &Picture| {
        let file = written(&png::photo(picture), Quality::default());
        (file.len(), png::crc32(&file))
    };
    assert_eq!(golden(&gray), GOLDEN_GRAY);
    assert_eq!(golden(&color), GOLDEN_COLOR);
}
