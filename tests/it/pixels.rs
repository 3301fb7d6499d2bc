//! Properties of the pixels that come out.

use headshot::{Background, CropBox, Format, Options, Orientation, Photo, Quality, prepare};
use image::{DynamicImage, RgbaImage, imageops};
use proptest::prelude::*;

use crate::check;

/// A picture with structure at all scales, different in all corners.
fn picture(width: u32, height: u32, seed: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        let ripple = (x * x / 9 + 3 * y + seed) % 200;
        let ramp = |at: u32, edge: u32| at * 255 / edge.max(2);
        let channels = [ripple, ramp(x, width) ^ (seed & 15), ramp(y, height), 255];
        image::Rgba(channels.map(|channel| u8::try_from(channel).unwrap()))
    })
}

fn png(picture: &RgbaImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgba8(picture.clone())
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// The same file with an orientation in a chunk of its own, behind IHDR.
fn tagged(mut png: Vec<u8>, orientation: Orientation) -> Vec<u8> {
    let mut chunk = b"\0\0\0\x1aeXIfII\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    chunk.extend([orientation.exif(), 0, 0, 0, 0, 0, 0, 0]);
    let mut crc = flate_crc(&chunk[4..]).to_be_bytes().to_vec();
    chunk.append(&mut crc);
    png.splice(33..33, chunk);
    png
}

/// CRC-32 as PNG has it, bit by bit.
fn flate_crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    })
}

fn turned(picture: &RgbaImage, orientation: Orientation) -> RgbaImage {
    match orientation {
        Orientation::Upright => picture.clone(),
        Orientation::FlipHorizontal => imageops::flip_horizontal(picture),
        Orientation::Rotate180 => imageops::rotate180(picture),
        Orientation::FlipVertical => imageops::flip_vertical(picture),
        Orientation::Transpose => imageops::flip_horizontal(&imageops::rotate90(picture)),
        Orientation::Rotate90 => imageops::rotate90(picture),
        Orientation::Transverse => imageops::flip_horizontal(&imageops::rotate270(picture)),
        Orientation::Rotate270 => imageops::rotate270(picture),
    }
}

fn decoded(photo: &Photo) -> RgbaImage {
    image::load_from_memory(&photo.bytes).unwrap().into_rgba8()
}

/// The largest difference between two samples at the same place.
fn difference(a: &RgbaImage, b: &RgbaImage) -> u8 {
    assert_eq!(a.dimensions(), b.dimensions());
    let pairs = a.as_raw().iter().zip(b.as_raw());
    pairs.map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

fn mean_difference(a: &RgbaImage, b: &RgbaImage) -> f64 {
    let pairs = a.as_raw().iter().zip(b.as_raw());
    let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    f64::from(u32::try_from(sum).unwrap()) / f64::from(u32::try_from(a.as_raw().len()).unwrap())
}

/// Width, height and seed of a picture. The strategies don't hand out the picture
/// itself: all of its pixels would be written down with a failure.
fn small() -> impl Strategy<Value = (u32, u32, u32)> {
    (1..90_u32, 1..90_u32, 0..1000_u32)
}

/// Either side of the window, so that some are resampled and some are not.
fn large() -> impl Strategy<Value = (u32, u32, u32)> {
    (300..1300_u32, 300..1300_u32, 0..1000_u32)
}

fn all_options() -> impl Strategy<Value = Options> {
    let formats = vec![
        None,
        Some(Format::Jpeg),
        Some(Format::Png),
        Some(Format::Gif),
    ];
    let backgrounds = vec![
        Background::default(),
        Background::Transparent,
        Background::Color([10, 200, 30]),
    ];
    (
        prop::sample::select(formats),
        prop::sample::select(backgrounds),
        1..=100_u8,
    )
        .prop_map(|(format, background, quality)| {
            Options::default()
                .with_format(format)
                .with_background(background)
                .with_quality(Quality::new(quality).unwrap())
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn output_is_square_and_accepted((width, height, seed) in small(), options in all_options()) {
        let picture = picture(width, height, seed);
        let photo = prepare(&png(&picture), &options).unwrap();
        prop_assert_eq!(photo.format, options.format().unwrap_or(Format::Png));
        let image = decoded(&photo);
        prop_assert_eq!(image.dimensions(), (photo.side.px(), photo.side.px()));
        check::any_bytes(&photo.bytes);
    }

    #[test]
    fn a_tag_turns_as_a_hand_does((width, height, seed) in large(), index in 0..8_usize) {
        let picture = picture(width, height, seed);
        let orientation = Orientation::ALL[index];
        let by_tag = prepare(&tagged(png(&picture), orientation), &Options::default()).unwrap();
        let by_hand = prepare(&png(&turned(&picture, orientation)), &Options::default()).unwrap();
        prop_assert_eq!(by_tag.side, by_hand.side);
        let (by_tag, by_hand) = (decoded(&by_tag), decoded(&by_hand));
        let longest = picture.width().max(picture.height());
        if (512..=1024).contains(&longest) {
            prop_assert_eq!(by_tag, by_hand);
        } else if orientation.transposes() {
            // Rows and columns are resampled in turn, and between the two what
            // overshoots at hard edges is cut off; the other way round, at others.
            prop_assert!(mean_difference(&by_tag, &by_hand) < 0.5);
        } else {
            // The sums are the same but for their order.
            prop_assert!(difference(&by_tag, &by_hand) <= 1);
        }
    }

    #[test]
    fn a_crop_looks_as_if_the_rest_had_never_been(
        (width, height, seed) in large(),
        (x, y, edge) in (0..150_u32, 0..150_u32, 1..150_u32),
    ) {
        let picture = picture(width, height, seed);
        let options = Options::default().with_crop(CropBox { x, y, width: edge });
        let cropped = prepare(&png(&picture), &options).unwrap();
        let cut = imageops::crop_imm(&picture, x, y, edge, edge).to_image();
        let alone = prepare(&png(&cut), &Options::default()).unwrap();
        prop_assert_eq!(decoded(&cropped), decoded(&alone));
    }

    #[test]
    fn a_photo_prepared_again_keeps_its_pixels((width, height, seed) in small(), gif in any::<bool>()) {
        let picture = picture(width, height, seed);
        let format = if gif { Format::Gif } else { Format::Png };
        let options = Options::default().with_format(Some(format));
        let once = prepare(&png(&picture), &options).unwrap();
        let twice = prepare(&once.bytes, &options).unwrap();
        prop_assert_eq!(decoded(&once), decoded(&twice));
    }

    /// An odd number of columns and bars of any colour: nothing leaks into them.
    #[test]
    fn bars_have_the_background_and_nothing_else(
        height in 600..1000_u32,
        color in any::<[u8; 3]>(),
    ) {
        let width = height - 201;
        let options = Options::default().with_background(Background::Color(color));
        let photo = prepare(&png(&picture(width, height, 5)), &options).unwrap();
        let [r, g, b] = color;
        for (x, _, pixel) in decoded(&photo).enumerate_pixels() {
            if x < 100 || x >= 100 + width {
                prop_assert_eq!(pixel.0, [r, g, b, 255], "column {}", x);
            }
        }
    }
}

/// A fully transparent pixel has no colour: none may bleed into its neighbours.
#[test]
fn transparent_pixels_bleed_no_colour() {
    let red_on_green = RgbaImage::from_fn(1200, 1200, |x, _| {
        image::Rgba(if x < 600 {
            [255, 0, 0, 255]
        } else {
            [0, 255, 0, 0]
        })
    });
    let photo = prepare(&png(&red_on_green), &Options::default()).unwrap();
    for pixel in decoded(&photo).pixels() {
        assert!(pixel[3] == 0 || pixel[1] <= 1, "{pixel:?}");
    }
}

#[test]
fn transparency_is_flattened_on_the_background_where_it_must_be() {
    let half = RgbaImage::from_pixel(600, 600, image::Rgba([200, 100, 0, 128]));
    let options = Options::default()
        .with_format(Some(Format::Jpeg))
        .with_background(Background::Color([0, 100, 200]));
    let photo = prepare(&png(&half), &options).unwrap();
    let expected = image::Rgba([100, 100, 100, 255]);
    let flat = RgbaImage::from_pixel(600, 600, expected);
    assert!(difference(&decoded(&photo), &flat) <= 2);
}

#[cfg(feature = "parallel")]
#[test]
fn a_batch_is_in_order_and_a_bad_picture_leaves_the_others_alone() {
    let pictures: Vec<Vec<u8>> = (0..9_u32)
        .map(|seed| match seed {
            4 => b"no picture".to_vec(),
            seed => png(&picture(40 + seed, 30, seed)),
        })
        .collect();
    let options = Options::default();
    let results = headshot::prepare_batch(&pictures, &options);
    assert_eq!(results.len(), pictures.len());
    for (index, (result, picture)) in results.iter().zip(&pictures).enumerate() {
        match (result, prepare(picture, &options)) {
            (Ok(batch), Ok(alone)) => assert_eq!(*batch, alone),
            (Err(error), Err(_)) => assert_eq!((index, error.reason()), (4, "unknown_format")),
            _ => panic!("picture {index} differs"),
        }
    }
}
