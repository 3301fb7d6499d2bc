//! How much work an animation may take: what is done counts, and not what is claimed.

use std::num::NonZeroUsize;

use headshot::{Animation, CropBox, Error, Format, Limits, Options, Photo, decode, plan, probe};
use headshot::{prepare, transform};

use crate::picture::Picture;
use crate::picture::bombs::noisy;
use crate::picture::gif::{self, Dispose, Frame, Loops};
use crate::picture::indexed::{Palette, palette};

const EDGE: u32 = 300;
const COUNT: u32 = 40;

fn colors() -> Palette {
    palette(3)
}

/// Pixel of a logo of 40 by 40 pixels that moves over a flat background.
fn logo(number: u32, x: u32, y: u32) -> [u8; 1] {
    let (left, top) = (6 * number % 260, 100);
    let inside = (left..left + 40).contains(&x) && (top..top + 40).contains(&y);
    [u8::from(inside) * u8::try_from((x + y) % 3 + 1).unwrap()]
}

/// Frames as programs write them that leave out nothing: `ImageMagick`, with a palette each,
/// or Pillow, with each frame cleared away.
fn full(dispose: Dispose, has_palette: bool) -> Vec<u8> {
    let frames: Vec<Frame> = (0..COUNT)
        .map(|number| {
            let mut frame = Frame::new(Picture::from_fn(EDGE, EDGE, |x, y| logo(number, x, y)));
            frame.palette = has_palette.then(colors);
            frame.disposed(dispose)
        })
        .collect();
    write(&frames)
}

/// Frames as `FFmpeg` writes them: around what changes, with the rest of that transparent.
fn partly_transparent() -> Vec<u8> {
    let frames: Vec<Frame> = (0..COUNT)
        .map(|number| {
            let pixel = |x, y| match number.checked_sub(1) {
                Some(before) if logo(before, x, y) == logo(number, x, y) => [7],
                _ => logo(number, x, y),
            };
            match number {
                0 => Frame::new(Picture::from_fn(EDGE, EDGE, pixel)),
                _ => Frame::new(Picture::from_fn(EDGE, 40, |x, y| pixel(x, y + 100)))
                    .at(0, 100)
                    .with_transparent(7),
            }
        })
        .collect();
    write(&frames)
}

fn write(frames: &[Frame]) -> Vec<u8> {
    let edge = u16::try_from(EDGE).unwrap();
    gif::write((edge, edge), Some(&colors()), Loops::Forever, frames)
}

fn with_work(file: &[u8], options: Options, work: u64) -> Result<Photo, Error> {
    let limits = Limits {
        work,
        ..Limits::default()
    };
    prepare(file, &options.with_limits(limits))
}

/// The least limit by which a file is accepted.
fn least(file: &[u8], options: Options) -> u64 {
    let (mut refused, mut accepted) = (0, Limits::default().work);
    while accepted - refused > 1 {
        let middle = refused.midpoint(accepted);
        match with_work(file, options, middle) {
            Ok(_) => accepted = middle,
            Err(error) => {
                assert_eq!((error.code(), error.reason()), ("too_large", "work"));
                let (measured, limit) = error.measured_and_limit().unwrap();
                assert!(measured > limit && limit >= middle, "{measured} {limit}");
                refused = middle;
            }
        }
    }
    accepted
}

/// Pixels of all frames, if each were enlarged and drawn whole.
const CLAIMED: u64 = COUNT as u64 * 512 * 512;

#[test]
fn frames_that_are_written_whole_cost_what_changes_in_them() {
    let files = [
        ("as by ImageMagick", full(Dispose::Unspecified, true)),
        ("as by Pillow", full(Dispose::Background, false)),
        ("taken back", full(Dispose::Previous, false)),
        ("as by FFmpeg", partly_transparent()),
    ];
    for (name, file) in files {
        for format in [Format::Gif, Format::Png] {
            let options = Options::default().with_format(Some(format));
            // A seventh of what is claimed, at the price of a PNG's pixels of four samples.
            let photo = with_work(&file, options, CLAIMED * 12);
            assert!(photo.is_ok(), "{name} as {format}: {photo:?}");
        }
    }
}

#[test]
fn frames_that_change_everywhere_cost_all_of_it() {
    let frames: Vec<Frame> = (0..COUNT).map(|n| noisy(n, EDGE, EDGE)).collect();
    let error = with_work(&write(&frames), Options::default(), CLAIMED * 70 / 2).unwrap_err();
    assert_eq!(error.reason(), "work");
    // The first one costs less, some of them do, and a pixel of all.
    let pixel = CropBox {
        x: 0,
        y: 0,
        width: 1,
    };
    for (animation, frames_at_most, crop) in [
        (Animation::Still, COUNT, None),
        (Animation::Thin, 4, None),
        (Animation::Keep, COUNT, Some(pixel)),
    ] {
        let limits = Limits {
            frames: frames_at_most,
            work: CLAIMED * 70 / 2,
            ..Limits::default()
        };
        let mut options = Options::default()
            .with_animation(animation)
            .with_limits(limits);
        if let Some(crop) = crop {
            options = options.with_crop(crop);
        }
        let photo = prepare(&write(&frames), &options);
        assert!(photo.is_ok(), "{animation:?}: {photo:?}");
    }
}

/// Few pixels of many colors, enlarged.
fn small(count: u32) -> Vec<u8> {
    let frames: Vec<Frame> = (0..count).map(|n| noisy(n, 6, 6)).collect();
    gif::write((6, 6), Some(&colors()), Loops::Once, &frames)
}

#[test]
fn the_verdict_is_the_same_on_any_number_of_threads() {
    let file = small(4);
    for format in [Format::Gif, Format::Png] {
        let options = Options::default().with_format(Some(format));
        let least = least(&file, options);
        for work in [least, least - 1, least / 2, least / 5, 1] {
            let verdicts = [1, 2, 3].map(|threads| {
                #[cfg(feature = "parallel")]
                let options = options.with_threads(NonZeroUsize::new(threads).unwrap());
                #[cfg(not(feature = "parallel"))]
                let _ = NonZeroUsize::new(threads);
                let photo = with_work(&file, options, work);
                photo.map_err(|error| error.measured_and_limit().unwrap())
            });
            assert_eq!(verdicts[0].is_ok(), work >= least, "{work} of {least}");
            assert!(verdicts.iter().all(|verdict| *verdict == verdicts[0]));
        }
    }
}

#[test]
fn bytes_that_no_pixel_comes_from_buy_nothing() {
    let file = small(3);
    let work = least(&file, Options::default());
    let tail = vec![0; 1 << 20];
    let with_tail = [&file[..], &tail].concat();
    assert!(with_work(&with_tail, Options::default(), work - 1).is_err());
    // Nor do those after the end code of an image.
    let (image, trailer) = file.split_at(file.len() - 2);
    assert_eq!(trailer, [0, 0x3B]);
    let block = [&[255][..], &[0; 255]].concat();
    let behind = [image, &block.repeat(4000), trailer].concat();
    assert!(with_work(&behind, Options::default(), work - 1).is_err());
}

#[test]
fn frames_that_move_are_counted_too() {
    let frame = |n| Frame::new(Picture::from_fn(520, 300, |x, y| logo(n, x, y)));
    let frames: Vec<Frame> = (0..4).map(frame).collect();
    let file = gif::write((520, 300), Some(&colors()), Loops::Once, &frames);
    assert!(least(&file, Options::default()) > 4 * 520 * 300);
}

/// What is cleared and drawn once more as it was doesn't differ.
#[test]
fn what_is_reported_as_changed_does_differ() {
    for dispose in [Dispose::Keep, Dispose::Background, Dispose::Previous] {
        let file = full(dispose, false);
        let options = Options::default().with_format(Some(Format::Png));
        let info = probe(&file).unwrap();
        let planned = plan(&info, &options).unwrap();
        let mut frames = decode(&file, &info, &planned).unwrap();
        let mut number = 0;
        while let Some(frame) = frames.next().unwrap() {
            let rect = frame.changed.unwrap();
            if number > 0 {
                assert_eq!((rect.y, rect.height), (100, 40), "frame {number}");
                let moves_on = 6 * number % 260 > 6 * (number - 1) % 260;
                assert_eq!(rect.width == 46, moves_on, "frame {number}");
            }
            number += 1;
        }
        // Nor does a frame that is drawn once more.
        let one = Frame::new(Picture::from_fn(EDGE, EDGE, |x, y| logo(1, x, y)));
        let file = write(&[one.clone().disposed(dispose), one]);
        let info = probe(&file).unwrap();
        let planned = plan(&info, &options).unwrap();
        let mut canvases = transform(decode(&file, &info, &planned).unwrap(), &planned);
        assert!(canvases.next().unwrap().unwrap().changed.is_some());
        assert_eq!(canvases.next().unwrap().unwrap().changed, None);
    }
}
