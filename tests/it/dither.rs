//! Dithered GIFs: right on average, and still where the picture is.

use headshot::{Dither, Format, Options, prepare};

use crate::picture::{Picture, apng, byte, png};
use crate::viewer::{Pixel, Shown, frames};

const EDGE: u32 = 512;

/// Colours that change slowly in all directions, with a square of other ones.
fn gradient(square: u32) -> Picture {
    Picture::from_fn(512, 512, |x, y| {
        if x.abs_diff(square) < 40 && y.abs_diff(100) < 40 {
            return [250, byte(x / 2 % 256), 20];
        }
        [x / 4 + 40, y / 4 + 60, (x + y) / 8 + 50].map(byte)
    })
}

/// A pixel of what is shown.
fn pixel(shown: &Shown, x: u32, y: u32) -> Pixel {
    shown.pixel(x as usize, y as usize)
}

fn options(dither: Dither) -> Options {
    Options::default()
        .with_format(Some(Format::Gif))
        .with_dither(dither)
}

fn viewed(file: &[u8]) -> Vec<Shown> {
    frames((EDGE as usize, EDGE as usize), file)
}

fn shown(source: &[u8], dither: Dither) -> (Vec<Shown>, usize) {
    let photo = prepare(source, &options(dither)).unwrap();
    (viewed(&photo.bytes), photo.bytes.len())
}

/// The mean squared error of a channel: of the means of squares of so many pixels.
fn error(shown: &Shown, wanted: &Picture, square: u32) -> f64 {
    let mut sum = 0.0;
    for (top, left) in (0..EDGE / square).flat_map(|y| (0..EDGE / square).map(move |x| (y, x))) {
        let mut differences = [0_i32; 3];
        for at in 0..square * square {
            let (x, y) = (left * square + at % square, top * square + at / square);
            let pixel = pixel(shown, x, y);
            let wanted = wanted.pixel(x, y);
            for (sum, (a, b)) in differences.iter_mut().zip(pixel.iter().zip(wanted)) {
                *sum += i32::from(*a) - i32::from(*b);
            }
        }
        let pixels = f64::from(square * square);
        sum += differences
            .map(|sum| (f64::from(sum) / pixels).powi(2))
            .iter()
            .sum::<f64>();
    }
    sum / f64::from(3 * (EDGE / square).pow(2))
}

#[test]
fn neighbourhoods_are_nearer_to_the_original() {
    let picture = gradient(200);
    let source = png::photo(&picture);
    let [off, ordered] = [Dither::Off, Dither::Ordered].map(|dither| shown(&source, dither).0);
    let [banded, smooth] = [&off, &ordered].map(|shown| error(&shown[0], &picture, 8));
    assert!(4.0 * smooth < banded, "{smooth:.3} instead of {banded:.3}");
    // Single pixels are farther away, but no more than between colours of the palette.
    let [nearest, mixed] = [&off, &ordered].map(|shown| error(&shown[0], &picture, 1));
    assert!(
        nearest < mixed && mixed < 6.0 * nearest,
        "{mixed:.3}, {nearest:.3}"
    );
}

#[test]
fn what_stays_is_left_out_and_still() {
    let pictures = [100, 110, 120, 130].map(gradient);
    let source = pictures.clone().map(apng::Frame::new);
    let source = apng::write(0, None, &source);
    let (off, short) = shown(&source, Dither::Off);
    let (ordered, long) = shown(&source, Dither::Ordered);
    assert!(long < 3 * short, "{long} bytes, {short} without");
    for found in [off, ordered] {
        assert_eq!(found.len(), 4);
        for (pair, wanted) in found.windows(2).zip(pictures.windows(2)) {
            let mut staying = 0;
            for (x, y) in (0..EDGE).flat_map(|x| (0..EDGE).map(move |y| (x, y))) {
                let [before, after] = [0, 1].map(|at| wanted[at].pixel(x, y));
                if before == after {
                    let [before, after] = [0, 1].map(|at| pixel(&pair[at], x, y));
                    assert_eq!(before, after, "{x},{y}");
                    staying += 1;
                }
            }
            assert!(staying > EDGE * EDGE * 9 / 10);
        }
    }
}

#[test]
fn exact_colours_stay_exact() {
    let picture = gradient(200).map(|pixel| {
        let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(|sample| sample / 48 * 48);
        [r, g, b]
    });
    let source = png::photo(&picture);
    let [off, ordered] = [Dither::Off, Dither::Ordered]
        .map(|dither| prepare(&source, &options(dither)).unwrap().bytes);
    assert!(off == ordered);
    assert!(error(&viewed(&ordered)[0], &picture, 1) == 0.0);
}

#[cfg(feature = "parallel")]
#[test]
fn threads_change_nothing() {
    let source = apng::write(
        0,
        None,
        &[100, 130, 160].map(gradient).map(apng::Frame::new),
    );
    let one = prepare(&source, &options(Dither::Ordered)).unwrap();
    let three = options(Dither::Ordered).with_threads(std::num::NonZeroUsize::new(3).unwrap());
    assert_eq!(prepare(&source, &three).unwrap(), one);
}
