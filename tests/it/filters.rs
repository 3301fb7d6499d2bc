//! Filters, and the light in which pixels are mixed.

use std::collections::HashSet;

use headshot::{Filter, Format, Light, Options, prepare};
use image::RgbImage;

use crate::picture::{exif, jpeg, noise, png};

fn decoded(file: &[u8], options: &Options) -> RgbImage {
    let photo = prepare(file, &options.with_format(Some(Format::Png))).unwrap();
    image::load_from_memory(&photo.bytes).unwrap().into_rgb8()
}

fn mean(picture: &RgbImage) -> f64 {
    let sum: u64 = picture
        .as_raw()
        .iter()
        .map(|&sample| u64::from(sample))
        .sum();
    f64::from(u32::try_from(sum).unwrap())
        / f64::from(u32::try_from(picture.as_raw().len()).unwrap())
}

#[test]
fn each_filter_gives_pixels_of_its_own() {
    for edge in [300, 1500] {
        let file = png::photo(&noise::photo(edge, edge, 3));
        let pictures: Vec<_> = Filter::ALL
            .map(|filter| decoded(&file, &Options::default().with_filter(filter)))
            .into();
        let means: Vec<f64> = pictures.iter().map(mean).collect();
        let different: HashSet<_> = pictures.iter().map(image::ImageBuffer::as_raw).collect();
        // A box as wide as a pixel takes the nearest one.
        let expected = if edge < 512 { 7 } else { 8 };
        assert!(different.len() >= expected, "{}", different.len());
        // None makes the picture lighter or darker.
        assert!(
            means.iter().all(|mean| (mean - means[7]).abs() < 1.5),
            "{means:?}"
        );
    }
}

/// White and black pixels in turn send out half the light of white ones: 188 in
/// sRGB. Mixed as they are encoded, they come out at 128.
#[test]
fn linear_light_keeps_brightness() {
    let board = image::GrayImage::from_fn(2048, 2048, |x, y| {
        image::Luma([if (x + y) % 2 == 0 { 255 } else { 0 }])
    });
    let mut file = std::io::Cursor::new(Vec::new());
    board.write_to(&mut file, image::ImageFormat::Png).unwrap();
    let file = file.into_inner();
    let linear = decoded(&file, &Options::default().with_light(Light::Linear));
    let encoded = decoded(&file, &Options::default());
    assert!((mean(&linear) - 188.0).abs() < 1.0, "{}", mean(&linear));
    assert!((mean(&encoded) - 127.5).abs() < 1.0, "{}", mean(&encoded));
}

#[test]
fn linear_light_goes_with_everything_else() {
    let photo = noise::photo(1300, 900, 5);
    let tiff = exif::orientation(exif::Order::Little, 6);
    let turned = jpeg::with_exif(&jpeg::photo(&photo, 90), &tiff);
    for format in [None, Some(Format::Png)] {
        let options = Options::default().with_format(format);
        let encoded = prepare(&turned, &options).unwrap();
        let linear = prepare(&turned, &options.with_light(Light::Linear)).unwrap();
        let pictures = [&encoded, &linear]
            .map(|photo| image::load_from_memory(&photo.bytes).unwrap().into_rgb8());
        assert_eq!(encoded.side, linear.side);
        assert_eq!(encoded.steps, linear.steps);
        let [encoded, linear] = pictures.each_ref().map(mean);
        // A photo's mean hardly changes: the two are the same picture.
        assert!((encoded - linear).abs() < 3.0, "{encoded} {linear}");
    }
}
