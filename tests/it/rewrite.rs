//! The loss-free way: files that meet the rules keep their compressed pixels.

use std::io::Cursor;

use headshot::{
    Animation, CropBox, Damage, Format, Options, Orientation, Photo, Step, plan, prepare, probe,
};
use image::AnimationDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use jpeg_encoder::SamplingFactor;

use crate::picture::apng::{self, Blend};
use crate::picture::exif::{self, Order};
use crate::picture::gif::{self, Dispose, Loops};
use crate::picture::indexed::{Indexed, indexed};
use crate::picture::png::{self, Png};
use crate::picture::{Picture, icc, jpeg, noise};
use crate::planes::planes;
use crate::walk;

type File = (String, Vec<u8>);

const SIDE: u32 = 512;

fn photo() -> Picture {
    noise::photo(SIDE, SIDE, 7)
}

fn small(seed: u32) -> Picture {
    noise::photo(90, 70, seed)
}

fn passed_through(photo: &Photo) -> bool {
    photo.steps.contains(&Step::PassedThrough)
}

fn jpegs() -> Vec<File> {
    let photo = photo();
    let plain = jpeg::photo(&photo, 70);
    let progressive = jpeg::progressive(&photo, 70);
    let restarts = |progressive| {
        jpeg::with(&photo, 70, |encoder| {
            encoder.set_restart_interval(5);
            encoder.set_progressive(progressive);
        })
    };
    let tiff = exif::with_gps(Order::Little, 1);
    [
        ("exif", jpeg::with_exif(&plain, &tiff)),
        ("xmp and text", {
            jpeg::with_comment(&jpeg::with_xmp(&plain, b"<x/>"), "me")
        }),
        ("profile that says nothing", {
            jpeg::with_icc(&plain, &icc::profile("sRGB"), 60_000)
        }),
        ("second image", jpeg::with_second_image(&plain, &plain)),
        ("bytes after it", [&plain[..], b"tail"].concat()),
        ("no JFIF", jpeg::without_jfif(&plain)),
        ("RGB", jpeg::untransformed(&photo, 70)),
        ("4:4:4", jpeg::sampled(&photo, 70, SamplingFactor::R_4_4_4)),
        ("4:4:0", jpeg::sampled(&photo, 70, SamplingFactor::R_4_4_0)),
        ("gray", jpeg::photo(&photo.gray(), 70)),
        ("gray progressive", jpeg::progressive(&photo.gray(), 70)),
        ("restarts", restarts(false)),
        ("progressive restarts", restarts(true)),
        ("progressive", progressive),
        ("largest", jpeg::photo(&noise::photo(1024, 1024, 1), 40)),
        ("odd", jpeg::photo(&noise::photo(777, 777, 1), 40)),
        ("plain", plain),
    ]
    .map(|(name, file)| (format!("JPEG {name}"), file))
    .to_vec()
}

fn pngs() -> Vec<File> {
    let photo = photo();
    let gray = photo.gray();
    let kinds: [(&str, Picture, &[u8]); 4] = [
        ("gray", gray.clone(), &[1, 2, 4, 8, 16]),
        ("gray alpha", gray.with_alpha::<2>().cleared(), &[8, 16]),
        ("RGB", photo.clone(), &[8, 16]),
        ("RGBA", photo.with_alpha::<4>().cleared(), &[8, 16]),
    ];
    let mut files = Vec::new();
    for (name, picture, depths) in kinds {
        for &depth in depths {
            let kind = Png::depth(depth).with_chunk(*b"tEXt", b"Author\0me");
            files.push((format!("PNG {name} {depth}"), kind.write(&picture)));
            files.push((
                format!("PNG {name} {depth} interlaced"),
                kind.interlaced().write(&picture),
            ));
        }
    }
    for depth in [1, 2, 4, 8] {
        let Indexed { indices, palette } = indexed(&photo, depth);
        let kind = Png {
            palette: Some(palette),
            ..Png::depth(depth)
        };
        files.push((format!("PNG palette {depth}"), kind.write(&indices)));
        files.push((
            format!("PNG palette with alpha {depth} interlaced"),
            kind.with_chunk(*b"tRNS", &[0, 128])
                .interlaced()
                .write(&indices),
        ));
    }
    let keyed = Png::default().with_chunk(*b"tRNS", &[0, 0x70]);
    files.push(("PNG keyed".to_owned(), keyed.write(&gray)));
    let suggested = Png::default().with_chunk(*b"PLTE", &[7; 3 * 8]);
    files.push(("PNG suggested palette".to_owned(), suggested.write(&photo)));
    files
}

fn animated_pngs() -> Vec<File> {
    let first = apng::Frame::new(photo().with_alpha::<4>().cleared());
    let part = |delay, dispose, blend| apng::Frame {
        delay,
        dispose,
        blend,
        ..apng::Frame::new(small(1).with_alpha::<4>().cleared()).at(40, 50)
    };
    let frames = [
        first.clone(),
        part((0, 100), apng::Dispose::Previous, Blend::Over),
        part((1, 0), apng::Dispose::Background, Blend::Source),
        part((1, 30), apng::Dispose::None, Blend::Over),
    ];
    let texted = apng::write(3, None, &frames[..2]);
    [
        ("frames", apng::write(0, None, &frames)),
        ("text", png::insert(&texted, *b"tEXt", b"Author\0me")),
        ("one frame", apng::write(1, None, &[first])),
    ]
    .map(|(name, file)| (format!("APNG {name}"), file))
    .to_vec()
}

fn still_gifs() -> Vec<File> {
    let Indexed { indices, palette } = indexed(&photo(), 4);
    let frame = gif::Frame::new(indices);
    let screen = (512, 512);
    let one =
        |palette: Option<_>, frame: gif::Frame| gif::write(screen, palette, Loops::Once, &[frame]);
    let plain = one(Some(&palette), frame.clone());
    [
        ("two colours", gif::still(&indexed(&photo(), 1))),
        ("256 colours", gif::still(&indexed(&photo(), 8))),
        (
            "interlaced",
            one(Some(&palette), frame.clone().interlaced()),
        ),
        (
            "transparent",
            one(Some(&palette), frame.clone().with_transparent(3)),
        ),
        (
            "local palette",
            one(None, frame.clone().with_palette(palette.clone())),
        ),
        ("small screen", {
            gif::write((0, 0), Some(&palette), Loops::Once, &[frame])
        }),
        ("plain", plain),
    ]
    .map(|(name, file)| (format!("GIF {name}"), file))
    .to_vec()
}

fn animated_gifs() -> Vec<File> {
    let Indexed { indices, palette } = indexed(&photo(), 3);
    let part = |dispose, delay| {
        gif::Frame::new(indexed(&small(2), 3).indices)
            .at(30, 440)
            .disposed(dispose)
            .with_delay(delay)
    };
    let frames = [
        gif::Frame::new(indices),
        part(Dispose::Previous, 0).with_transparent(2),
        part(Dispose::Background, 1).interlaced(),
        part(Dispose::Unspecified, 7),
    ];
    [Loops::Once, Loops::Repeats(4), Loops::Forever]
        .into_iter()
        .map(|loops| {
            let file = gif::write((512, 512), Some(&palette), loops, &frames);
            ("GIF frames".to_owned(), file)
        })
        .collect()
}

/// Files that pass through, with the options with which they do.
fn files() -> Vec<(String, Vec<u8>, Options)> {
    let default = [jpegs(), pngs(), animated_pngs(), animated_gifs()].concat();
    let default = default.into_iter().map(|file| (file, Options::default()));
    let as_gif = Options::default().with_format(Some(Format::Gif));
    let as_gif = still_gifs().into_iter().map(|file| (file, as_gif));
    default
        .chain(as_gif)
        .map(|((name, bytes), options)| (name, bytes, options))
        .collect()
}

#[test]
fn compressed_pixels_stay_as_they_are() {
    for (name, bytes, options) in files() {
        let planned = plan(&probe(&bytes).unwrap(), &options).unwrap();
        assert!(planned.pass_through, "{name} is not planned to pass");
        let photo = prepare(&bytes, &options).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(passed_through(&photo), "{name}");
        assert_eq!(photo.steps, planned.steps, "{name}");
        // The walk takes no bytes after the end.
        let has_tail = name.ends_with("second image") || name.ends_with("bytes after it");
        let original = if has_tail {
            jpeg::photo(&self::photo(), 70)
        } else {
            bytes.clone()
        };
        // The scans of a JPEG are Huffman-coded again.
        let is_same = match photo.format {
            Format::Jpeg => planes(&original, 8).unwrap() == planes(&photo.bytes, 8).unwrap(),
            _ => walk::pixels(&original) == walk::pixels(&photo.bytes),
        };
        assert!(is_same, "{name}: other pixels");
        if name != "GIF small screen" {
            assert!(
                shown(&bytes) == shown(&photo.bytes),
                "{name}: another picture"
            );
        }
    }
}

/// All frames as the crate `image` shows them.
fn shown(file: &[u8]) -> Vec<image::DynamicImage> {
    let frames = match Format::sniff(file) {
        Some(Format::Gif) => GifDecoder::new(Cursor::new(file)).unwrap().into_frames(),
        Some(Format::Png) if probe(file).unwrap().is_animated() => {
            let decoder = PngDecoder::new(Cursor::new(file)).unwrap();
            decoder.apng().unwrap().into_frames()
        }
        _ => return vec![image::load_from_memory(file).unwrap()],
    };
    let frames = frames.collect_frames().unwrap();
    frames
        .into_iter()
        .map(|frame| frame.into_buffer().into())
        .collect()
}

#[test]
fn a_screen_that_is_too_small_grows() {
    let whole = still_gifs().pop().unwrap().1;
    let (_, small) = still_gifs()
        .into_iter()
        .find(|(name, _)| name == "GIF small screen")
        .unwrap();
    let options = Options::default().with_format(Some(Format::Gif));
    let photo = prepare(&small, &options).unwrap();
    assert!(shown(&whole) == shown(&photo.bytes));
}

#[test]
fn short_delays_are_raised_and_loops_kept() {
    for (name, bytes) in [animated_pngs(), animated_gifs()].concat() {
        let before = probe(&bytes).unwrap();
        let photo = prepare(&bytes, &Options::default()).unwrap();
        let after = probe(&photo.bytes).unwrap();
        assert_eq!(after.duration, before.duration, "{name}");
        assert_eq!(after.short_delays, 0, "{name}");
        if before.is_animated() {
            assert_eq!(after.loops, before.loops, "{name}");
        }
        let raised = Step::DelaysRaised {
            frames: before.short_delays,
        };
        assert_eq!(photo.steps.contains(&raised), before.short_delays > 0);
    }
}

#[test]
fn a_photo_of_ours_passes_through_unchanged() {
    let photo = noise::photo(300, 200, 5);
    let Indexed { indices, palette } = indexed(&photo, 4);
    let frames: Vec<_> = [4, 0, 9]
        .into_iter()
        .map(|delay| gif::Frame::new(indices.clone()).with_delay(delay))
        .collect();
    let moving = [1, 2].map(|seed| apng::Frame::new(noise::photo(300, 200, seed)));
    let small = [
        ("photo", jpeg::photo(&photo, 80)),
        ("gray", jpeg::photo(&photo.gray(), 80)),
        ("alpha", png::photo(&photo.with_alpha::<4>())),
        ("gray alpha", png::photo(&photo.gray().with_alpha::<2>())),
        ("still GIF", gif::still(&indexed(&photo, 4))),
        ("GIF", {
            gif::write((300, 200), Some(&palette), Loops::Repeats(2), &frames)
        }),
        ("APNG", apng::write(3, None, &moving)),
    ]
    .map(|(name, file)| (name.to_owned(), file, Options::default()));
    for (name, bytes, options) in [small.to_vec(), files()].concat() {
        for format in [
            None,
            Some(Format::Jpeg),
            Some(Format::Png),
            Some(Format::Gif),
        ] {
            if name.starts_with("PNG") && format.is_some() {
                continue; // that many kinds take long, and teach no more
            }
            let first = prepare(&bytes, &options.with_format(format)).unwrap();
            let again = options.with_format(Some(first.format));
            let second = prepare(&first.bytes, &again).unwrap();
            assert!(passed_through(&second), "{name} as {format:?}");
            assert!(first.bytes == second.bytes, "{name} as {format:?}");
        }
    }
}

#[test]
fn near_misses_are_made_anew() {
    let default = Options::default();
    let plain = jpeg::photo(&photo(), 70);
    let crop = |x, width| default.with_crop(CropBox { x, y: 0, width });
    let as_png = default.with_format(Some(Format::Png));
    let as_gif = default.with_format(Some(Format::Gif));
    let turned = jpeg::with_exif(&plain, &exif::orientation(Order::Big, 6));
    let profile = jpeg::with_icc(&plain, &icc::display_p3(), 60_000);
    let said = |name, data: &[u8]| Png::default().with_chunk(name, data).write(&photo());
    let square = |side| jpeg::photo(&noise::photo(side, side, 1), 50);
    let fallback = apng::write(
        0,
        Some(&photo()),
        &[apng::Frame::new(photo()), apng::Frame::new(photo())],
    );
    let (_, moving) = animated_gifs().remove(0);
    let misses = [
        ("1025 pixels", square(1025), default),
        ("511 pixels", square(511), default),
        (
            "not square",
            jpeg::photo(&noise::photo(512, 513, 1), 50),
            default,
        ),
        ("turned", turned, default),
        ("profile", profile, default),
        ("P3 by its number", said(*b"cICP", &[12, 13, 0, 1]), default),
        ("gamma", said(*b"gAMA", &100_000_u32.to_be_bytes()), default),
        ("cropped", square(700), crop(0, 600)),
        ("inks", jpeg::with(&photo().cmyk(), 70, |_| {}), default),
        ("without an end", plain[..plain.len() - 2].to_vec(), default),
        ("another format", plain.clone(), as_png),
        (
            "damage accepted",
            plain.clone(),
            default.with_damage(Damage::Accept),
        ),
        ("a still GIF", still_gifs().remove(0).1, default),
        ("a PNG as GIF", png::photo(&photo()), as_gif),
        ("a default image apart", fallback, default),
        (
            "an animation stilled",
            moving,
            as_gif.with_animation(Animation::Still),
        ),
    ];
    for (name, bytes, options) in misses {
        let planned = plan(&probe(&bytes).unwrap(), &options).unwrap();
        assert!(!planned.pass_through, "{name}");
        let photo = prepare(&bytes, &options).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!passed_through(&photo), "{name}");
    }
    let whole = prepare(&plain, &crop(0, SIDE)).unwrap();
    assert_eq!(whole.steps, [Step::PassedThrough], "a crop box of all");
    assert_eq!(
        probe(&whole.bytes).unwrap().orientation,
        Orientation::Upright
    );
}

#[test]
fn broken_pixels_do_not_pass() {
    /// The file with the second half of its longest part gone or changed.
    fn damaged(file: &[u8], change: impl FnOnce(&mut Vec<u8>, std::ops::Range<usize>)) -> Vec<u8> {
        let longest = walk::pixels(file).into_iter().max_by_key(|p| p.data.len());
        let data = longest.unwrap().data;
        let start = file.windows(data.len()).position(|part| part == data);
        let start = start.unwrap();
        let mut damaged = file.to_vec();
        change(&mut damaged, start + data.len() / 2..start + data.len());
        damaged
    }
    let options = Options::default().with_format(Some(Format::Gif));
    let (_, still) = still_gifs().pop().unwrap();
    let cases = [
        ("PNG changed", Options::default(), {
            damaged(&png::photo(&photo()), |file, half| file[half.start] ^= 1)
        }),
        ("PNG with less", Options::default(), {
            let picture = photo();
            let mut png = Png::default().start(&picture);
            let pixels = Png::default().pixels(&picture.part(0, 0, SIDE, SIDE - 1));
            png::chunk(&mut png, *b"IDAT", &pixels);
            png::chunk(&mut png, *b"IEND", &[]);
            png
        }),
        ("GIF with less", options, {
            // An end of codes that comes too early: no sub-block is left.
            damaged(&still, |file, half| {
                let codes = walk::pixels(file).remove(0).data;
                let first = half.end - codes.len() + 1;
                let second = first + 1 + usize::from(file[first]);
                file.drain(second..half.end - 1);
            })
        }),
        ("JPEG with less", Options::default(), {
            damaged(&jpeg::photo(&photo(), 70), |file, half| {
                file.drain(half);
            })
        }),
        ("progressive JPEG with less", Options::default(), {
            damaged(&jpeg::progressive(&photo(), 70), |file, half| {
                file.drain(half);
            })
        }),
        ("JPEG with codes that no table has", Options::default(), {
            // Codes of ones alone are reserved (T.81, annex C).
            damaged(&jpeg::photo(&photo(), 70), |file, half| {
                let ones = [0xFF, 0].into_iter().cycle();
                file[half]
                    .iter_mut()
                    .zip(ones)
                    .for_each(|(to, one)| *to = one);
            })
        }),
    ];
    for (name, options, bytes) in cases {
        assert!(
            plan(&probe(&bytes).unwrap(), &options)
                .unwrap()
                .pass_through
        );
        match prepare(&bytes, &options) {
            Ok(_) => panic!("{name} passes"),
            Err(error) => assert_eq!(error.code(), "bad_image", "{name}: {error}"),
        }
    }
}
