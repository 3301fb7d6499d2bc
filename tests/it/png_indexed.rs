//! PNGs of few colors are written as indices or levels of gray, of as few bits as it
//! takes, and look the same.

use headshot::{CropBox, Effort, Format, Options, Photo, Step, prepare};
use image::RgbaImage;
use miniz_oxide::deflate::compress_to_vec_zlib;
use proptest::prelude::*;

use crate::picture::gif;
use crate::picture::indexed::{Indexed, indexed};
use crate::picture::noise::{self, hash};
use crate::picture::png::{self, Png};
use crate::picture::{Picture, byte};
use crate::walk;

/// Bits of a sample, the color type, and the entries of PLTE and tRNS.
fn stored(file: &[u8]) -> (u8, u8, [usize; 2]) {
    let parts = walk::parts(file);
    let len = |name: &str| {
        let part = parts.iter().find(|part| part.name == name);
        part.map_or(0, |part| part.data.len())
    };
    let header = &parts[0].data;
    (header[8], header[9], [len("PLTE") / 3, len("tRNS")])
}

fn rgba(file: &[u8]) -> RgbaImage {
    image::load_from_memory(file).unwrap().into_rgba8()
}

/// The picture in the middle of a square that is black, or transparent.
fn letterboxed(picture: &Picture, bars: [u8; 4]) -> RgbaImage {
    let side = picture.width.max(picture.height);
    let [left, top] = [picture.width, picture.height].map(|edge| (side - edge) / 2);
    RgbaImage::from_fn(side, side, |x, y| {
        let inside =
            (left..left + picture.width).contains(&x) && (top..top + picture.height).contains(&y);
        if !inside {
            return image::Rgba(bars);
        }
        image::Rgba(match *picture.pixel(x - left, y - top) {
            [v] => [v, v, v, 255],
            [_, 0] | [_, _, _, 0] => [0; 4],
            [v, alpha] => [v, v, v, alpha],
            [r, g, b] => [r, g, b, 255],
            [r, g, b, alpha] => [r, g, b, alpha],
            _ => unreachable!(),
        })
    })
}

fn prepared(file: &[u8], effort: Effort) -> Photo {
    prepare(file, &Options::default().with_effort(effort)).unwrap()
}

const BLACK: [u8; 4] = [0, 0, 0, 255];

/// A picture that isn't square, of so many colors, the first of which is black.
fn picture<const N: usize>(colors: u32, color: impl Fn(u32) -> [u8; N]) -> Picture {
    Picture::from_fn(520, 301, |x, y| {
        color(if y % 7 < 4 { x / 2 + y } else { x / 9 } % colors)
    })
}

#[test]
fn as_few_bits_as_it_takes() {
    let shade = |levels: u32| move |number: u32| [byte(number * 255 / (levels - 1))];
    let odd = |number: u32| [byte(number * 3)];
    let color = |number: u32| [byte(number), byte(number * 7 % 256), byte(number / 3)];
    let faint = |number: u32| {
        let [r, g, b] = color(number);
        // The second and the third entry aren't opaque.
        [r, g, b, if matches!(number, 1 | 2) { 100 } else { 255 }]
    };
    let gray_in_rgb = |number: u32| [byte(number); 3];
    let cases = [
        (picture(2, shade(2)), (1, 0, [0, 0])),
        (picture(4, shade(4)), (2, 0, [0, 0])),
        (picture(3, shade(4)), (2, 0, [0, 0])),
        (picture(16, shade(16)), (4, 0, [0, 0])),
        (picture(17, shade(17)), (8, 0, [0, 0])),
        (picture(3, odd), (2, 3, [3, 0])),
        (picture(16, odd), (4, 3, [16, 0])),
        (picture(17, odd), (8, 0, [0, 0])),
        (picture(2, color), (1, 3, [2, 0])),
        (picture(5, color), (4, 3, [5, 0])),
        (picture(17, color), (8, 3, [17, 0])),
        (picture(256, color), (8, 3, [256, 0])),
        (picture(256, gray_in_rgb), (8, 0, [0, 0])),
        (
            picture(257, |n| [byte(n % 255), byte(n / 255), 9]),
            (8, 2, [0, 0]),
        ),
        (picture(4, faint), (2, 3, [4, 2])),
        (picture(2, |n| [0, byte(n * 255)]), (1, 3, [2, 1])),
    ];
    for (number, (picture, wanted)) in cases.into_iter().enumerate() {
        let file = png::photo(&picture);
        for effort in Effort::ALL {
            let photo = prepared(&file, effort);
            assert!(
                rgba(&photo.bytes) == letterboxed(&picture, BLACK),
                "{number}"
            );
            if effort != Effort::Smallest {
                assert_eq!(stored(&photo.bytes), wanted, "{number}, {effort:?}");
            }
        }
    }
}

#[test]
fn palettes_stay_palettes() {
    let photo = noise::photo(700, 600, 2);
    for bits in [1, 2, 4, 6, 8] {
        let indexed = indexed(&photo, bits);
        let depth = bits.next_power_of_two();
        let file = png::indexed(&indexed, depth);
        let options = Options::default().with_crop(CropBox {
            x: 50,
            y: 20,
            width: 555,
        });
        for (options, wanted) in [
            (Options::default(), letterboxed(&colors(&indexed), BLACK)),
            (
                options,
                letterboxed(&colors(&indexed).part(50, 20, 555, 555), BLACK),
            ),
        ] {
            let photo = prepare(&file, &options).unwrap();
            assert!(!photo.steps.contains(&Step::PassedThrough));
            assert!(rgba(&photo.bytes) == wanted);
            assert_eq!(stored(&photo.bytes).0, depth, "{bits} bits");
            // As short as the same indices that `miniz_oxide` deflates well.
            let (side, _) = wanted.dimensions();
            let rows = (0..side).flat_map(|y| {
                let row: Vec<u8> = wanted_row(&wanted, y, &indexed);
                std::iter::once(0).chain(packed(&row, depth))
            });
            let deflated = compress_to_vec_zlib(&rows.collect::<Vec<_>>(), 10);
            let most = (deflated.len() + 3 * indexed.palette.len()) * 106 / 100 + 80;
            assert!(photo.bytes.len() < most, "{}, {most}", photo.bytes.len());
        }
    }
}

fn colors(indexed: &Indexed) -> Picture {
    indexed
        .indices
        .map(|index| indexed.palette[usize::from(index[0])])
}

fn wanted_row(wanted: &RgbaImage, y: u32, indexed: &Indexed) -> Vec<u8> {
    let index = |x| {
        let [r, g, b, _] = wanted.get_pixel(x, y).0;
        let at = indexed.palette.iter().position(|color| *color == [r, g, b]);
        byte(i64::try_from(at.unwrap_or(0)).unwrap())
    };
    (0..wanted.width()).map(index).collect()
}

fn packed(row: &[u8], depth: u8) -> Vec<u8> {
    let bytes = row.chunks(8 / usize::from(depth));
    let pack = |samples: &[u8]| {
        let places = (0..8).step_by(depth.into()).map(|place| 8 - depth - place);
        samples
            .iter()
            .zip(places)
            .fold(0, |byte, (sample, place)| byte | sample << place)
    };
    bytes.map(pack).collect()
}

/// Some rectangles and discs of ten colors, as people draw charts and logos.
fn flat_drawing() -> Picture {
    let palette = [
        [255; 3],
        [230, 60, 40],
        [30, 120, 200],
        [250, 200, 50],
        [40, 160, 90],
        [120, 60, 160],
        [20, 20, 30],
        [200, 210, 220],
        [255, 130, 170],
        [90, 90, 100],
    ];
    Picture::from_fn(900, 600, |x, y| {
        let mut color = if y < 90 { 6 } else { 0 };
        for shape in 0..14 {
            let random = |what, most| hash(5, shape, what) % most;
            let (dx, dy) = (x.abs_diff(random(0, 900)), y.abs_diff(random(1, 600)));
            let radius = 20 + random(2, 110);
            let covers = if shape % 2 == 0 {
                dx < radius && dy < radius / 2
            } else {
                dx * dx + dy * dy < radius * radius / 2
            };
            if covers {
                color = 1 + shape as usize % 9;
            }
        }
        palette[color]
    })
}

#[test]
fn flat_drawings_are_tiny() {
    let drawing = flat_drawing();
    let file = png::photo(&drawing);
    let lens = Effort::ALL.map(|effort| {
        let photo = prepared(&file, effort);
        assert!(rgba(&photo.bytes) == letterboxed(&drawing, BLACK));
        assert_eq!(stored(&photo.bytes).0, 4);
        photo.bytes.len()
    });
    let [fast, balanced, smallest] = lens;
    assert!(smallest <= balanced && balanced < fast, "{lens:?}");
    // In RGB, it had 9,808 bytes.
    assert!(balanced < 4_000, "{lens:?}");
}

#[test]
fn a_still_gif_becomes_indices() {
    let indexed = indexed(&noise::photo(640, 560, 4), 5);
    let photo = prepare(&gif::still(&indexed), &Options::default()).unwrap();
    assert_eq!(photo.format, Format::Png);
    assert!(rgba(&photo.bytes) == letterboxed(&colors(&indexed), BLACK));
    let (depth, color, [entries, _]) = stored(&photo.bytes);
    assert!(color == 3 && entries <= 32 && depth <= 8);
}

fn few_colors() -> impl Strategy<Value = (Picture, Effort)> {
    let size = (1_u32..700, 1_u32..700);
    let effort = prop::sample::select(Effort::ALL.to_vec());
    let kind = (1_usize..=4, 1_u32..300, 1_u32..40, any::<u32>());
    (size, kind, effort).prop_map(
        |((width, height), (channels, colors, cell, seed), effort)| {
            let number = |x: u32, y: u32| hash(seed, x / cell, y / cell) % colors;
            let sample = |number, channel| hash(!seed, number, channel).to_le_bytes()[0];
            let rgba = Picture::from_fn(width.max(512), height, |x, y| {
                [0, 1, 2, 3].map(|channel| sample(number(x, y), channel))
            });
            let picture = match channels {
                1 => rgba.map(|pixel| [pixel[0]]),
                2 => rgba.map(|pixel| [pixel[0], pixel[3] / 16 * 17]),
                3 => rgba.map(|pixel| [pixel[0], pixel[1], pixel[2]]),
                _ => rgba,
            };
            (picture, effort)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn pixels_stay((picture, effort) in few_colors()) {
        let photo = prepared(&Png::default().write(&picture), effort);
        prop_assert!(rgba(&photo.bytes) == letterboxed(&picture, BLACK));
        let again = prepare(&photo.bytes, &Options::default()).unwrap();
        prop_assert!(again.bytes == photo.bytes);
    }
}
