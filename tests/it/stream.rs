//! Pictures that are resampled while their rows are decoded look as if they had been
//! decoded first.

use headshot::{
    CropBox, Filter, Format, Limits, Options, Plane, decode, plan, prepare, probe, transform,
};
use jpeg_encoder::SamplingFactor;
use proptest::prelude::*;

use crate::picture::exif::{self, Order};
use crate::picture::png::Png;
use crate::picture::{Picture, jpeg, noise, png};

/// The finished square, streamed if the plan says so, and not.
fn both(bytes: &[u8], options: &Options) -> [Vec<Plane>; 2] {
    let info = probe(bytes).unwrap();
    let mut plan = plan(&info, options).unwrap();
    assert!(plan.streamed, "nothing to compare");
    [true, false].map(|streamed| {
        plan.streamed = streamed;
        let frames = decode(bytes, &info, &plan).unwrap();
        let mut canvases = transform(frames, &plan);
        canvases.next().unwrap().unwrap().raster.planes.clone()
    })
}

/// The largest difference of two samples, each multiplied by its pixel's alpha: what
/// is transparent has no colour.
fn distance([one, other]: [&Plane; 2]) -> u32 {
    let weighted = |plane: &Plane| -> Vec<u32> {
        let pixels = plane.samples.chunks_exact(plane.channels);
        pixels
            .flat_map(|pixel| {
                let (&alpha, colors) = pixel.split_last().unwrap();
                let alpha = u32::from(alpha);
                let weighted = colors
                    .iter()
                    .map(move |&color| u32::from(color) * alpha / 255);
                weighted.chain([alpha])
            })
            .collect()
    };
    let (one, other) = (weighted(one), weighted(other));
    assert_eq!(one.len(), other.len());
    let differences = one
        .iter()
        .zip(&other)
        .map(|(one, other)| one.abs_diff(*other));
    differences.max().unwrap()
}

/// Without alpha, to the bit. With it, all is multiplied and divided in between, with
/// weights that `fast_image_resize` rounds to the largest of a call.
fn assert_alike(bytes: &[u8], options: &Options) {
    let [one, other] = both(bytes, options);
    if one[0].channels.is_multiple_of(2) {
        let distance = distance([&one[0], &other[0]]);
        assert!(distance <= 3, "{distance} levels");
    } else {
        assert!(one == other, "another picture");
    }
}

fn layouts(photo: &Picture) -> [Picture; 4] {
    [
        photo.gray(),
        photo.gray().with_alpha::<2>(),
        photo.clone(),
        photo.with_alpha::<4>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_size_layout_and_crop(
        (width, height) in (1_u32..2600, 1_u32..2600),
        layout in 0_usize..4,
        crop in proptest::option::of((0.0..1.0_f64, 0.0..1.0_f64, 0.01..1.0_f64)),
        seed: u32,
    ) {
        let picture = layouts(&noise::photo(width, height, seed))[layout].clone();
        let bytes = png::photo(&picture);
        let mut options = Options::default();
        if let Some((x, y, part)) = crop {
            options = options.with_crop(square(width, height, x, y, part));
        }
        let info = probe(&bytes).unwrap();
        if plan(&info, &options).unwrap().streamed {
            assert_alike(&bytes, &options);
        }
    }

    #[test]
    fn planes_of_any_size_sampling_and_crop(
        (width, height) in (1_u32..2600, 1_u32..2600),
        (horizontal, vertical, progressive) in (1_u8..=2, 1_u8..=2, any::<bool>()),
        orientation in 1_u16..=8,
        crop in proptest::option::of((0.0..1.0_f64, 0.0..1.0_f64, 0.01..1.0_f64)),
        seed: u32,
    ) {
        let picture = noise::photo(width, height, seed);
        let bytes = jpeg::with(&picture, 80, |encoder| {
            let sampling = SamplingFactor::from_factors(horizontal, vertical);
            encoder.set_sampling_factor(sampling.unwrap());
            encoder.set_progressive(progressive);
        });
        let bytes = jpeg::with_exif(&bytes, &exif::orientation(Order::Big, orientation));
        let mut options = Options::default();
        if let Some((x, y, part)) = crop {
            let [width, height] = if orientation > 4 { [height, width] } else { [width, height] };
            options = options.with_crop(square(width, height, x, y, part));
        }
        let info = probe(&bytes).unwrap();
        if plan(&info, &options).unwrap().streamed {
            assert_alike(&bytes, &options);
        }
    }
}

/// A square within the picture.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "parts of an edge"
)]
fn square(width: u32, height: u32, x: f64, y: f64, part: f64) -> CropBox {
    let of = |edge: u32, part: f64| (f64::from(edge) * part) as u32;
    let edge = of(width.min(height), part).max(1);
    CropBox {
        x: of(width - edge, x),
        y: of(height - edge, y),
        width: edge,
    }
}

#[test]
fn every_filter() {
    let bytes = png::photo(&noise::photo(1700, 1300, 3));
    for filter in [
        Filter::Box,
        Filter::Bilinear,
        Filter::Hamming,
        Filter::CatmullRom,
        Filter::Mitchell,
        Filter::Gaussian,
        Filter::Lanczos3,
    ] {
        let options = Options::default().with_filter(filter);
        assert_alike(&bytes, &options);
    }
}

#[test]
fn what_is_not_resampled_or_comes_in_passes_is_not_streamed() {
    let is_streamed = |bytes: &[u8], options: &Options| {
        let plan = plan(&probe(bytes).unwrap(), options).unwrap();
        plan.streamed
    };
    let options = Options::default();
    let large = noise::photo(1100, 700, 4);
    assert!(is_streamed(&png::photo(&large), &options));
    assert!(!is_streamed(
        &Png::depth(8).interlaced().write(&large),
        &options
    ));
    assert!(!is_streamed(
        &png::photo(&large),
        &options.with_filter(Filter::Nearest)
    ));
    assert!(!is_streamed(
        &png::photo(&noise::photo(900, 700, 4)),
        &options
    ));
}

/// What a picture costs in memory goes with its width, and no longer with its area.
#[test]
fn memory_for_a_hundred_megapixels() {
    let mut file = b"\x89PNG\r\n\x1A\n".to_vec();
    png::chunk(
        &mut file,
        *b"IHDR",
        &png::header(10_000, 10_000, [8, 2, 0, 0, 0]),
    );
    png::chunk(&mut file, *b"IDAT", &[]);
    let plan = plan(&probe(&file).unwrap(), &Options::default()).unwrap();
    assert!(plan.streamed);
    assert!(plan.memory_bytes < 24 << 20, "{} bytes", plan.memory_bytes);
    let tight = Limits {
        memory_bytes: 24 << 20,
        ..Limits::default()
    };
    let photo = png::photo(&noise::photo(4000, 3000, 5));
    let jpeg = Options::default().with_format(Some(Format::Jpeg));
    prepare(&photo, &jpeg.with_limits(tight)).unwrap();
}
