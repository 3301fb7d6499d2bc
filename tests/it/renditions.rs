//! One picture in several sizes.

use headshot::{
    Animation, Background, CropBox, Edge, Error, Format, Light, Limits, Options, Quality,
    Rendition, Side, Upscale, plan, prepare, probe, renditions,
};
use image::imageops::{self, FilterType};
use image::{Rgba32FImage, RgbaImage};

use crate::picture::indexed::indexed;
use crate::picture::{Picture, apng, exif, gif, jpeg, noise, png};

/// What a service keeps of a profile photo.
const SIZES: [u32; 7] = [24, 32, 48, 72, 192, 512, 1024];

fn edges(sizes: &[u32]) -> Vec<Edge> {
    sizes.iter().map(|&px| Edge::new(px).unwrap()).collect()
}

fn made(file: &[u8], sizes: &[u32], options: &Options) -> Vec<Rendition> {
    let made = renditions(file, &edges(sizes), options).unwrap();
    assert_eq!(made.len(), sizes.len());
    for (one, &px) in made.iter().zip(sizes) {
        let info = probe(&one.bytes).unwrap();
        let picture = decoded(one);
        assert_eq!((picture.width(), picture.height()), (px, px));
        assert_eq!((one.edge.px(), info.format), (px, one.format));
        assert_eq!(info.frames, 1);
        assert_eq!((info.metadata.bytes, info.trailing_bytes), (0, 0));
    }
    made
}

fn decoded(one: &Rendition) -> RgbaImage {
    image::load_from_memory(&one.bytes).unwrap().into_rgba8()
}

fn rgba(picture: &Picture) -> RgbaImage {
    let rgba = picture.map(|pixel| match *pixel {
        [v] => [v, v, v, 255],
        [v, alpha] => [v, v, v, alpha],
        [r, g, b] => [r, g, b, 255],
        [r, g, b, alpha] => [r, g, b, alpha],
        _ => unreachable!(),
    });
    RgbaImage::from_raw(picture.width, picture.height, rgba.samples).unwrap()
}

/// Premultiplied, between 0 and 1.
fn weighed(picture: &RgbaImage) -> Rgba32FImage {
    Rgba32FImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [r, g, b, alpha] = picture.get_pixel(x, y).0.map(|v| f32::from(v) / 255.0);
        image::Rgba([r * alpha, g * alpha, b * alpha, alpha])
    })
}

/// The picture on a black square of this edge, resampled by another crate straight from
/// all of its pixels.
fn straight(picture: &RgbaImage, edge: u32) -> Rgba32FImage {
    let (width, height) = picture.dimensions();
    let longest = width.max(height);
    let scaled = |px: u32| ((px * edge + longest / 2) / longest).max(1);
    let (width, height) = (scaled(width), scaled(height));
    let small = imageops::resize(&weighed(picture), width, height, FilterType::Lanczos3);
    let mut square = Rgba32FImage::from_pixel(edge, edge, image::Rgba([0.0, 0.0, 0.0, 1.0]));
    let (left, top) = ((edge - width) / 2, (edge - height) / 2);
    imageops::replace(&mut square, &small, left.into(), top.into());
    square
}

/// Peak signal to noise in dB, of colours as they weigh and of alpha.
fn psnr(one: &RgbaImage, other: &Rgba32FImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let one = weighed(one);
    let pairs = one.as_raw().iter().zip(other.as_raw());
    let squares = pairs.map(|(&a, &b)| f64::from(a - b.clamp(0.0, 1.0)).powi(2));
    let samples = f64::from(u32::try_from(one.as_raw().len()).unwrap());
    -10.0 * (squares.sum::<f64>() / samples).max(1e-10).log10()
}

/// Holds each size against the same size made straight from the picture.
fn assert_close(name: &str, file: &[u8], shown: &RgbaImage, options: &Options, least: f64) {
    for one in made(file, &SIZES, options) {
        let found = psnr(&decoded(&one), &straight(shown, one.edge.px()));
        assert!(found > least, "{name}, {}: {found:.1} dB", one.edge);
    }
}

fn as_png() -> Options {
    Options::default().with_format(Some(Format::Png))
}

#[test]
fn each_size_is_as_if_it_was_made_alone() {
    for (width, height) in [
        (1600, 1200),
        (700, 900),
        (1024, 1024),
        (300, 200),
        (2500, 90),
    ] {
        let picture = noise::photo(width, height, 3);
        let name = format!("{width}x{height}");
        let file = png::photo(&picture);
        assert_close(&name, &file, &rgba(&picture), &as_png(), 56.0);
        let gray = picture.gray();
        let file = png::photo(&gray);
        assert_close("gray", &file, &rgba(&gray), &as_png(), 56.0);
    }
}

#[test]
fn alpha_is_premultiplied() {
    let picture = noise::photo(1500, 1500, 4);
    for picture in [picture.with_alpha::<4>(), picture.gray().with_alpha::<2>()] {
        let file = png::photo(&picture);
        assert_close("alpha", &file, &rgba(&picture), &Options::default(), 56.0);
    }
}

#[test]
fn sizes_are_cut_from_the_crop_box() {
    let picture = noise::photo(1600, 1200, 5);
    for (x, y, width) in [(101, 33, 1100), (7, 500, 640), (800, 900, 200)] {
        let options = as_png().with_crop(CropBox { x, y, width });
        let part = rgba(&picture.part(x, y, width, width));
        assert_close("crop", &png::photo(&picture), &part, &options, 56.0);
    }
}

#[test]
fn all_orientations_are_turned_upright() {
    let picture = noise::photo(1300, 1001, 6);
    for orientation in 1..=8 {
        let stored = jpeg::photo(&picture.stored_as(orientation), 100);
        let tiff = exif::orientation(exif::Order::Little, orientation);
        let file = jpeg::with_exif(&stored, &tiff);
        let name = format!("orientation {orientation}");
        assert_close(&name, &file, &rgba(&picture), &as_png(), 48.0);
        let options = Options::default().with_quality(Quality::MAX);
        assert_close(
            &format!("{name} jpeg"),
            &file,
            &rgba(&picture),
            &options,
            34.0,
        );
    }
}

fn frame(seed: u32) -> (gif::Frame, RgbaImage) {
    let indexed = indexed(&noise::photo(900, 600, seed), 8);
    let shown = indexed
        .indices
        .map(|index| indexed.palette[usize::from(index[0])]);
    let frame = gif::Frame::new(indexed.indices).with_palette(indexed.palette);
    (frame, rgba(&shown))
}

#[test]
fn animations_show_their_first_frame() {
    let (first, shown) = frame(7);
    let frames = [first, frame(8).0];
    let file = gif::write((900, 600), None, gif::Loops::Forever, &frames);
    for one in made(&file, &[64], &Options::default()) {
        assert_eq!(one.format, Format::Png);
    }
    assert_close("gif", &file, &shown, &Options::default(), 56.0);
    let one = &made(
        &file,
        &[100],
        &Options::default().with_format(Some(Format::Gif)),
    )[0];
    assert_eq!(one.format, Format::Gif);
    assert!(psnr(&decoded(one), &straight(&shown, 100)) > 25.0);

    let pictures = [noise::photo(600, 700, 1), noise::photo(600, 700, 2)];
    let file = apng::write(0, None, &pictures.clone().map(apng::Frame::new));
    assert_close(
        "apng",
        &file,
        &rgba(&pictures[0]),
        &Options::default(),
        56.0,
    );

    let reject = Options::default().with_animation(Animation::Reject);
    let error = renditions(&file, &edges(&SIZES), &reject).unwrap_err();
    assert_eq!(error.reason(), "animated");
}

#[test]
fn order_and_duplicates_are_kept() {
    let file = jpeg::photo(&noise::photo(800, 600, 1), 90);
    let sizes = [48, 1024, 24, 48, 1, 800, 1024];
    let all = made(&file, &sizes, &Options::default());
    assert_eq!(all[0], all[3]);
    assert_eq!(all[1], all[6]);
    assert_eq!(renditions(&file, &[], &Options::default()).unwrap(), []);
}

#[test]
fn upscaling_is_refused_where_it_is_forbidden() {
    let forbid = Options::default().with_upscale(Upscale::Forbid);
    let minimum = |size: u32, largest: u32| {
        let file = png::photo(&noise::photo(size, size / 2, 1));
        match renditions(&file, &edges(&[24, largest]), &forbid) {
            Ok(made) => {
                assert_eq!(made.len(), 2);
                None
            }
            Err(Error::TooSmall { minimum, .. }) => Some(minimum.px()),
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(minimum(700, 700), None);
    assert_eq!(minimum(700, 701), Some(701));
    assert_eq!(minimum(512, 72), None);
    assert_eq!(minimum(511, 72), Some(Side::MIN.px()));
}

#[test]
fn bars_are_filled_as_asked_for() {
    let file = png::photo(&noise::photo(900, 300, 1));
    let transparent = Options::default().with_background(Background::Transparent);
    let orange = Options::default().with_background(Background::Color([255, 128, 0]));
    for (options, bar) in [(transparent, [0; 4]), (orange, [255, 128, 0, 255])] {
        for one in made(&file, &SIZES, &options) {
            let picture = decoded(&one);
            let last = one.edge.px() - 1;
            for (x, y) in [(0, 0), (last, last), (last / 2, last / 6)] {
                assert_eq!(picture.get_pixel(x, y).0, bar, "{}", one.edge);
            }
        }
    }
}

#[test]
fn linear_light_keeps_brightness() {
    let board = Picture::from_fn(900, 900, |x, y| [if (x + y) % 2 == 0 { 255 } else { 0 }; 3]);
    let linear = Options::default().with_light(Light::Linear);
    for file in [png::photo(&board), jpeg::photo(&board, 100)] {
        for one in made(&file, &[24, 72, 192], &linear) {
            let picture = decoded(&one);
            let sum: u64 = picture.pixels().map(|pixel| u64::from(pixel.0[1])).sum();
            let mean = sum / u64::from(picture.width() * picture.height());
            assert!((187..=189).contains(&mean), "{}: {mean}", one.edge);
        }
    }
}

/// Bytes that `prepare` refuses are refused for the same reason.
#[test]
fn errors_are_those_of_prepare() {
    let still = Options::default().with_animation(Animation::Still);
    let reason = |result: Result<(), Error>| result.map_err(|error| error.reason());
    let (mut refused, mut prepared) = (0, 0);
    let testdata = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    for folder in ["good", "bad", "found"] {
        for entry in std::fs::read_dir(testdata.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let file = std::fs::read(&path).unwrap();
            let alone = reason(prepare(&file, &still).map(drop));
            let several = reason(renditions(&file, &edges(&[24, 512]), &still).map(drop));
            assert_eq!(several, alone, "{}", path.display());
            *(if alone.is_ok() {
                &mut prepared
            } else {
                &mut refused
            }) += 1;
        }
    }
    assert!(refused > 10 && prepared > 10, "{refused} and {prepared}");
}

#[test]
fn every_cut_is_refused_or_whole() {
    let still = Options::default().with_animation(Animation::Still);
    let file = png::photo(&noise::photo(60, 40, 1));
    for len in 0..file.len() {
        let alone = prepare(&file[..len], &still).map(drop);
        let several = renditions(&file[..len], &edges(&[24]), &still).map(drop);
        let reason = |result: Result<(), Error>| result.map_err(|error| error.reason());
        assert_eq!(reason(several), reason(alone), "{len}");
    }
}

#[test]
fn limits_hold() {
    let file = jpeg::photo(&noise::photo(900, 900, 1), 90);
    let few = Options::default().with_max_bytes(Some(500));
    let error = renditions(&file, &edges(&[1024]), &few).unwrap_err();
    assert_eq!(error.reason(), "output_bytes");
    assert_eq!(
        made(&file, &[8], &Options::default().with_max_bytes(Some(2000))).len(),
        1
    );

    let memory = |memory_bytes: u64| {
        let limits = Limits {
            memory_bytes,
            ..Limits::default()
        };
        renditions(
            &file,
            &edges(&SIZES),
            &Options::default().with_limits(limits),
        )
    };
    let planned = plan(&probe(&file).unwrap(), &Options::default()).unwrap();
    assert!(memory(2 * planned.memory_bytes).is_ok());
    assert_eq!(memory(1 << 20).unwrap_err().reason(), "memory");
}

#[cfg(feature = "parallel")]
#[test]
fn threads_change_nothing() {
    for file in [
        jpeg::photo(&noise::photo(1500, 1100, 1), 90),
        png::photo(&noise::photo(900, 1100, 1).with_alpha::<4>()),
    ] {
        let one = made(&file, &SIZES, &Options::default());
        for count in [2, 3, 7] {
            let threads = std::num::NonZeroUsize::new(count).unwrap();
            let options = Options::default().with_threads(threads);
            assert!(made(&file, &SIZES, &options) == one, "{count} threads");
        }
    }
}
