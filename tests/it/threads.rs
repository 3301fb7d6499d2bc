//! A photo is the same, to the byte, with any number of threads.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use headshot::{
    Animation, Background, Cancel, CropBox, Damage, Filter, Format, Options, Photo, decode, plan,
    prepare, prepare_until, probe,
};
use jpeg_encoder::SamplingFactor;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::picture::indexed::palette;
use crate::picture::{Picture, apng, gif, jpeg, noise, png};

fn with(threads: usize, options: Options) -> Options {
    options.with_threads(NonZeroUsize::new(threads).expect("a number of threads"))
}

/// What one thread makes, after all others have been held against it.
fn same(bytes: &[u8], options: Options) -> Result<Photo, headshot::Error> {
    let one = prepare(bytes, &options);
    for threads in [2, 3, 7] {
        let several = prepare(bytes, &with(threads, options));
        match (&one, several) {
            (Ok(one), Ok(several)) => assert_eq!(one, &several, "{threads} threads"),
            (Err(one), Err(several)) => {
                assert_eq!(one.to_string(), several.to_string(), "{threads} threads");
            }
            (one, several) => panic!("{threads} threads: {several:?} instead of {one:?}"),
        }
    }
    one
}

/// Long enough for pieces, which have 32 KiB or more.
fn long(sampling: SamplingFactor, restart: u16, seed: u32) -> Vec<u8> {
    let photo = noise::photo(1700, 1300, seed);
    let bytes = jpeg::with(&photo, 95, |encoder| {
        encoder.set_sampling_factor(sampling);
        if restart > 0 {
            encoder.set_restart_interval(restart);
        }
    });
    assert!(
        bytes.len() > 7 * 40_000,
        "{} bytes are too short to be cut",
        bytes.len()
    );
    bytes
}

#[test]
fn more_threads_than_any_machine_has() {
    let bytes = long(SamplingFactor::R_4_2_0, 0, 2);
    let info = probe(&bytes).unwrap();
    let one = plan(&info, &Options::default()).unwrap();
    let photo = prepare(&bytes, &Options::default()).unwrap();
    for threads in [usize::MAX / 2, usize::MAX] {
        let options = with(threads, Options::default());
        // Their memory is beyond the limit, so that there is one.
        let plan = plan(&info, &options).unwrap();
        assert_eq!(plan.memory_bytes, one.memory_bytes);
        assert_eq!(plan.threads.get(), 1);
        assert_eq!(prepare(&bytes, &options).unwrap(), photo);
    }
}

#[test]
fn every_sampling_with_and_without_restarts() {
    for sampling in [
        SamplingFactor::R_4_2_0,
        SamplingFactor::R_4_2_2,
        SamplingFactor::R_4_4_0,
        SamplingFactor::R_4_4_4,
        SamplingFactor::R_4_1_1,
    ] {
        for restart in [0, 1, 13, 32, 107, 1000] {
            same(&long(sampling, restart, 1), Options::default()).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_photo(
        (width, height) in (400_u32..2500, 400_u32..2500),
        seed: u32,
        quality in 60_u8..=100,
        restart in prop_oneof![Just(0_u16), 1_u16..400],
        gray: bool,
        format in prop_oneof![Just(None), Just(Some(Format::Png))],
    ) {
        let photo = noise::photo(width, height, seed);
        let photo = if gray { photo.gray() } else { photo };
        let bytes = jpeg::with(&photo, quality, |encoder| {
            if restart > 0 {
                encoder.set_restart_interval(restart);
            }
        });
        same(&bytes, Options::default().with_format(format)).unwrap();
    }

    /// Wherever it is, one bit that is wrong changes nothing about that.
    #[test]
    fn any_fault(at: Index, bit in 0_u8..8, restart in 0_u16..200, accept: bool) {
        let mut bytes = long(SamplingFactor::R_4_2_0, restart, 2);
        let place = 700 + at.index(bytes.len() - 700);
        bytes[place] ^= 1 << bit;
        let damage = if accept { Damage::Accept } else { Damage::Refuse };
        let _ = same(&bytes, Options::default().with_damage(damage));
    }

    /// Wherever it ends.
    #[test]
    fn any_cut(at: Index, restart in 0_u16..200, accept: bool) {
        let bytes = long(SamplingFactor::R_4_2_2, restart, 3);
        let length = at.index(bytes.len());
        let damage = if accept { Damage::Accept } else { Damage::Refuse };
        let _ = same(&bytes[..length], Options::default().with_damage(damage));
    }
}

#[test]
fn every_scale_of_the_decoder() {
    let bytes = long(SamplingFactor::R_4_2_0, 0, 4);
    for divisor in [1, 2, 4, 8] {
        let info = probe(&bytes).unwrap();
        let mut found = Vec::new();
        for threads in [1, 2, 5] {
            let mut plan = plan(&info, &with(threads, Options::default())).unwrap();
            let part = |edge: u32| edge / divisor;
            let at_least = headshot::Size::new(part(1700), part(1300)).unwrap();
            plan.request.at_least = at_least;
            plan.request.chroma_at_least = at_least;
            plan.streamed = false;
            let mut frames = decode(&bytes, &info, &plan).unwrap();
            found.push(frames.next().unwrap().unwrap().raster.clone());
        }
        assert_eq!(found[0].planes[0].size.width(), 1700_u32.div_ceil(divisor));
        assert!(
            found.iter().all(|raster| raster == &found[0]),
            "1/{divisor}"
        );
    }
}

#[test]
fn every_filter_and_layout() {
    let photo = noise::photo(1500, 1111, 5);
    let crop = CropBox {
        x: 101,
        y: 7,
        width: 1101,
    };
    for filter in [
        Filter::Nearest,
        Filter::Box,
        Filter::Bilinear,
        Filter::Hamming,
        Filter::CatmullRom,
        Filter::Mitchell,
        Filter::Gaussian,
        Filter::Lanczos3,
    ] {
        let options = Options::default().with_filter(filter);
        for bytes in [png::photo(&photo), jpeg::photo(&photo, 90)] {
            same(&bytes, options).unwrap();
            same(&bytes, options.with_crop(crop)).unwrap();
        }
    }
}

#[test]
fn no_memory_for_threads_is_no_reason_to_refuse() {
    let bytes = long(SamplingFactor::R_4_2_0, 0, 6);
    let info = probe(&bytes).unwrap();
    let one = plan(&info, &Options::default()).unwrap();
    let tight = headshot::Limits {
        memory_bytes: one.memory_bytes,
        ..headshot::Limits::default()
    };
    let two = plan(&info, &with(2, Options::default())).unwrap();
    assert!(two.memory_bytes > one.memory_bytes);
    assert_eq!(two.threads.get(), 2);
    let tight = plan(&info, &with(2, Options::default().with_limits(tight))).unwrap();
    assert_eq!(tight, one);
}

/// Planes of red, green and blue, which become whole pixels first.
#[test]
fn colors_that_are_stored_as_planes() {
    let photo = noise::photo(600, 400, 8);
    let png = Options::default().with_format(Some(Format::Png));
    let planes = same(&jpeg::untransformed(&photo, 95), png).unwrap();
    let whole = same(&png::photo(&photo), png).unwrap();
    let [planes, whole] =
        [planes, whole].map(|photo| image::load_from_memory(&photo.bytes).unwrap().into_rgb8());
    let sum: u64 = (planes.iter().zip(whole.iter()))
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    assert!(sum / (planes.len() as u64) < 4, "{sum} levels");
}

/// Spots that move over each other, in all ways of disposal, with indices that nothing
/// is drawn for.
fn gif_of(seed: u32, frames: u8) -> Vec<u8> {
    let frames: Vec<gif::Frame> = (0..frames)
        .map(|number| {
            let (size, shift) = if number == 0 { (300, 3) } else { (170, 4) };
            let spots = noise::photo(size, size, seed + u32::from(number)).gray();
            let at = u16::from(number) * 13;
            let mut frame = gif::Frame::new(spots.map(|pixel| [pixel[0] >> shift]))
                .at(at, at / 2)
                .with_delay(3 + u16::from(number))
                .disposed(match number % 4 {
                    0 => gif::Dispose::Keep,
                    1 => gif::Dispose::Background,
                    2 => gif::Dispose::Previous,
                    _ => gif::Dispose::Unspecified,
                });
            frame.transparent = (number % 3 == 1).then_some(5);
            frame
        })
        .collect();
    gif::write((300, 300), Some(&palette(5)), gif::Loops::Forever, &frames)
}

/// Photos one after the other, then parts of some that are laid over them.
fn apng_of(seed: u32, frames: u32) -> Vec<u8> {
    let frames: Vec<apng::Frame> = (0..frames)
        .map(|number| {
            let size = if number < 2 { 300 } else { 120 };
            let photo = noise::photo(size, size, seed + number);
            let holes = Picture::from_fn(size, size, |x, y| {
                let [r, g, b] = [0, 1, 2].map(|channel| photo.pixel(x, y)[channel]);
                [r, g, b, if (x / 20 + y / 20) % 2 == 0 { 255 } else { g }]
            });
            let mut frame = apng::Frame::new(holes).at(5 * number % 150, 9 * number % 150);
            if number < 2 {
                (frame.x, frame.y) = (0, 0);
            } else {
                frame.blend = apng::Blend::Over;
                frame.dispose = match number % 3 {
                    0 => apng::Dispose::None,
                    1 => apng::Dispose::Background,
                    _ => apng::Dispose::Previous,
                };
            }
            frame
        })
        .collect();
    apng::write(0, None, &frames)
}

/// One thread works frame by frame, others on several frames at once.
#[test]
fn animations_of_every_kind() {
    let crop = CropBox {
        x: 20,
        y: 10,
        width: 230,
    };
    for bytes in [gif_of(1, 9), gif_of(2, 1), gif_of(3, 2), apng_of(1, 7)] {
        for format in [Format::Gif, Format::Png] {
            let options = Options::default().with_format(Some(format));
            same(&bytes, options).unwrap();
            same(&bytes, options.with_background(Background::Transparent)).unwrap();
            same(&bytes, options.with_crop(crop)).unwrap();
        }
    }
}

#[test]
fn animations_that_are_thinned() {
    let limits = headshot::Limits {
        frames: 4,
        ..headshot::Limits::default()
    };
    let options = Options::default()
        .with_animation(Animation::Thin)
        .with_limits(limits);
    for bytes in [gif_of(1, 9), apng_of(1, 7)] {
        assert_eq!(same(&bytes, options).unwrap().frames, 4);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whichever frame is broken or missing, all before it are as they were.
    #[test]
    fn any_fault_of_an_animation(
        at: Index,
        bit in prop::option::of(0_u8..8),
        is_gif: bool,
        accept: bool,
        to_gif: bool,
    ) {
        let mut bytes = if is_gif { gif_of(4, 6) } else { apng_of(4, 4) };
        match bit {
            Some(bit) => {
                let place = at.index(bytes.len());
                bytes[place] ^= 1 << bit;
            }
            None => bytes.truncate(at.index(bytes.len())),
        }
        let damage = if accept { Damage::Accept } else { Damage::Refuse };
        let format = if to_gif { Format::Gif } else { Format::Png };
        let _ = same(&bytes, Options::default().with_damage(damage).with_format(Some(format)));
    }
}

/// Wherever a job is cancelled, it ends, and says so.
#[test]
fn animations_that_are_cancelled() {
    for bytes in [gif_of(1, 6), apng_of(1, 4)] {
        let options = with(3, Options::default());
        let asked = Arc::new(AtomicUsize::new(0));
        let stopping = |after: usize| {
            asked.store(0, Ordering::Relaxed);
            let asked = Arc::clone(&asked);
            Cancel::when(move || asked.fetch_add(1, Ordering::Relaxed) >= after)
        };
        let whole = prepare_until(&bytes, &options, &stopping(usize::MAX)).unwrap();
        let looks = asked.load(Ordering::Relaxed);
        assert!(looks >= 4, "{looks} looks");
        for after in [0, 1, looks / 3, looks / 2, looks - 2, looks - 1] {
            let error = prepare_until(&bytes, &options, &stopping(after)).unwrap_err();
            assert_eq!(error.reason(), "cancelled", "after {after}");
        }
        let photo = prepare_until(&bytes, &options, &stopping(looks)).unwrap();
        assert_eq!(photo, whole);
    }
}
