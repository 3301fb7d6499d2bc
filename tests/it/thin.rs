//! Animations of more frames than are allowed.

use headshot::{Animation, Format, Limits, Options, Step, prepare, probe};

use crate::picture::gif::{self, Frame, Loops};
use crate::picture::indexed::Palette;
use crate::picture::{Picture, apng, noise};
use crate::viewer::frames;
use crate::walk;

/// Frames of one colour each, which they are told by, shown for 20, 30, 40 ms and so
/// on.
fn numbered(count: u8) -> Vec<u8> {
    let frames = (0..count).map(|n| {
        let frame = Frame::new(Picture::from_fn(16, 16, |_, _| [n]));
        frame.with_delay(2 + u16::from(n))
    });
    let frames: Vec<Frame> = frames.collect();
    let colors: Palette = (0..count).map(|n| [n, 0, 0]).collect();
    gif::write((16, 16), Some(&colors), Loops::Forever, &frames)
}

fn thin(frames: u32) -> Options {
    let limits = Limits {
        frames,
        ..Limits::default()
    };
    Options::default()
        .with_animation(Animation::Thin)
        .with_limits(limits)
}

#[test]
fn too_many_frames_are_thinned_evenly_and_take_as_long() {
    let source = numbered(10);
    let photo = prepare(&source, &thin(4)).unwrap();
    assert_eq!(photo.frames, 4);
    assert!(photo.steps.contains(&Step::Thinned { from: 10, to: 4 }));
    let shown = frames((512, 512), &photo.bytes);
    let found: Vec<(u8, u16)> = shown.iter().map(|f| (f.pixel(5, 5)[0], f.delay)).collect();
    // Two or three frames each: 2 + 3, 4 + 5 + 6, 7 + 8, 9 + 10 + 11.
    assert_eq!(found, [(0, 5), (2, 15), (5, 15), (7, 30)]);

    let png = prepare(&source, &thin(4).with_format(Some(Format::Png))).unwrap();
    let (before, after) = (probe(&source).unwrap(), probe(&png.bytes).unwrap());
    assert_eq!((after.frames, after.duration), (4, before.duration));
    // And from animated PNG.
    let png = prepare(&source, &Options::default().with_format(Some(Format::Png))).unwrap();
    let png = prepare(&png.bytes, &thin(3)).unwrap();
    let after = probe(&png.bytes).unwrap();
    assert_eq!((after.frames, after.duration), (3, before.duration));
}

#[test]
fn as_many_frames_as_allowed_are_not_thinned() {
    let source = numbered(10);
    for frames in [10, 11] {
        let photo = prepare(&source, &thin(frames)).unwrap();
        assert_eq!(photo, prepare(&source, &Options::default()).unwrap());
    }
    assert_eq!(prepare(&source, &thin(1)).unwrap().frames, 1);
    let error = prepare(&source, &thin(0)).unwrap_err();
    assert_eq!(error.reason(), "frames");
    let error = prepare(&source, &thin(9).with_animation(Animation::Keep)).unwrap_err();
    assert_eq!(error.reason(), "frames");
}

/// Delays of an animated PNG as they are written.
fn fractions(file: &[u8]) -> Vec<[u16; 2]> {
    let parts = walk::parts(file).into_iter();
    let controls = parts.filter(|part| part.name == "fcTL");
    let number = |bytes: &[u8]| u16::from_be_bytes(bytes.try_into().unwrap());
    controls
        .map(|part| [number(&part.data[20..22]), number(&part.data[22..24])])
        .collect()
}

#[test]
fn fractions_of_seconds_are_kept() {
    let delays = [
        (1, 60),
        (1001, 30_000),
        (1, 24),
        (16, 1000),
        (7, 0),
        (3, 100),
        (1, 60),
    ];
    let frames = delays.map(|delay| apng::Frame {
        delay,
        ..apng::Frame::new(noise::photo(60, 50, u32::from(delay.1)))
    });
    let file = apng::write(0, None, &frames);
    let photo = prepare(&file, &Options::default()).unwrap();
    let wanted = [
        [1, 60],
        [1001, 30_000],
        [1, 24],
        [2, 125],
        [7, 100],
        [3, 100],
        [1, 60],
    ];
    assert_eq!(fractions(&photo.bytes), wanted);
    // Frames that are left out last as long as before.
    let frames = [(1, 60); 30].map(|delay| apng::Frame {
        delay,
        ..frames[0].clone()
    });
    let file = apng::write(0, None, &frames);
    let photo = prepare(&file, &thin(3)).unwrap();
    assert_eq!(fractions(&photo.bytes), [[1, 6]; 3]);
    let durations = [&file, &photo.bytes].map(|file| probe(file).unwrap().duration);
    assert_eq!(durations, [std::time::Duration::from_millis(500); 2]);
}
