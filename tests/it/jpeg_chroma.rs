//! From JPEG to JPEG no colour is computed: chroma is resampled, turned and laid
//! beside bars at half the resolution. What comes out must look as if it had gone
//! through colours.

use headshot::{Format, Options, Orientation, Quality, Rect, plan, prepare, probe};
use image::RgbImage;
use jpeg_encoder::{ChromaSubsamplingMethod, SamplingFactor};

use crate::picture::exif::{self, Order};
use crate::picture::{Picture, jpeg, noise};

/// A photo without fine colours, and with dark and pale edges.
fn photo(width: u32, height: u32) -> Picture {
    noise::photo(width, height, width * 7 + height)
}

fn file(picture: &Picture, sampling: SamplingFactor, orientation: Orientation) -> Vec<u8> {
    let jpeg = jpeg::with(picture, 95, |encoder| {
        encoder.set_sampling_factor(sampling);
        encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    });
    let tiff = exif::orientation(Order::Big, orientation.exif().into());
    jpeg::with_exif(&jpeg, &tiff)
}

fn prepared(file: &[u8], format: Format) -> Vec<u8> {
    let options = Options::default()
        .with_format(Some(format))
        .with_quality(Quality::MAX);
    prepare(file, &options).unwrap().bytes
}

fn pixels(file: &[u8]) -> RgbImage {
    image::load_from_memory(file).unwrap().into_rgb8()
}

/// What two ways to the same photo have in common.
struct Comparison {
    /// Of the picture, without the bars.
    psnr: f64,
    /// The lightest channel of the bars, within [`BORDER`] of the picture: of this
    /// crate's way and of the other.
    near: [u8; 2],
    /// The same, further away.
    far: [u8; 2],
}

/// Pixels that a decoder's interpolation of chroma carries colours beyond the
/// picture: a sample more, and half of one where the picture begins at an odd pixel.
const BORDER: u32 = 3;

/// By planes, and by way of a PNG, which has colours.
fn compare(file: &[u8]) -> Comparison {
    let plan = plan(&probe(file).unwrap(), &Options::default()).unwrap();
    let Rect {
        x: left,
        y: top,
        width,
        height,
    } = plan.picture;
    let by_planes = pixels(&prepared(file, Format::Jpeg));
    let by_colors = pixels(&prepared(&prepared(file, Format::Png), Format::Jpeg));
    assert_eq!(by_planes.dimensions(), by_colors.dimensions());
    let mut squares = 0.0;
    let [mut near, mut far] = [[0; 2]; 2];
    for ((x, y, a), b) in by_planes.enumerate_pixels().zip(by_colors.pixels()) {
        let is_in = |border: u32| {
            (left..left + width + 2 * border).contains(&(x + border))
                && (top..top + height + 2 * border).contains(&(y + border))
        };
        if is_in(0) {
            let pairs = a.0.into_iter().zip(b.0);
            squares += pairs
                .map(|(a, b)| f64::from(a.abs_diff(b)).powi(2))
                .sum::<f64>();
            continue;
        }
        let bars = if is_in(BORDER) { &mut near } else { &mut far };
        *bars = [bars[0].max(lightest(*a)), bars[1].max(lightest(*b))];
    }
    let samples = 3.0 * f64::from(width) * f64::from(height);
    Comparison {
        psnr: 10.0 * (255.0 * 255.0 * samples / squares).log10(),
        near,
        far,
    }
}

fn lightest(image::Rgb(pixel): image::Rgb<u8>) -> u8 {
    pixel.into_iter().max().unwrap_or(0)
}

#[track_caller]
fn assert_alike(name: &str, file: &[u8]) {
    let Comparison { psnr, near, far } = compare(file);
    // From 48.3 to 60.3 dB were seen: quality 100 costs as much by itself.
    assert!(psnr > 46.0, "{name}: {psnr} dB");
    assert!(near[0] <= near[1] + 4, "{name}: bars up to {near:?}");
    assert!(far[0] <= 4, "{name}: bars up to {far:?}");
}

/// Bars of even and odd width, at either end, without resampling and with.
#[test]
fn any_size_is_as_good_as_by_colors() {
    for (width, height) in [
        (512, 511),
        (600, 597),
        (602, 597),
        (597, 600),
        (701, 523),
        (683, 1024),
        (1500, 1001),
        (300, 201),
    ] {
        let file = file(
            &photo(width, height),
            SamplingFactor::R_4_2_0,
            Orientation::Upright,
        );
        assert_alike(&format!("{width}x{height}"), &file);
    }
}

#[test]
fn any_orientation_is_as_good_as_by_colors() {
    for orientation in Orientation::ALL {
        for (width, height) in [(601, 598), (603, 601)] {
            let file = file(&photo(width, height), SamplingFactor::R_4_2_0, orientation);
            assert_alike(&format!("{width}x{height} {orientation:?}"), &file);
        }
    }
}

#[test]
fn any_sampling_is_as_good_as_by_colors() {
    for sampling in [
        SamplingFactor::R_4_4_4,
        SamplingFactor::R_4_4_0,
        SamplingFactor::R_4_2_2,
        SamplingFactor::R_4_1_1,
        SamplingFactor::R_4_1_0,
    ] {
        let file = file(&photo(1203, 801), sampling, Orientation::Rotate90);
        assert_alike(&format!("{sampling:?}"), &file);
    }
}

/// Without colours, nothing of the picture is in the bars: light ends where it does.
#[test]
fn bars_beside_gray_are_black() {
    for orientation in Orientation::ALL {
        let pale = photo(601, 598).map(|rgb| [rgb[1] / 2 + 127; 3]);
        let file = file(&pale, SamplingFactor::R_4_2_0, orientation);
        let Comparison { near, far, .. } = compare(&file);
        let lightest = near[0].max(far[0]);
        assert!(lightest <= 12, "{orientation:?}: {near:?}, {far:?}");
    }
}
