//! Animations of more frames than are allowed.

use headshot::{Animation, Format, Limits, Options, Step, prepare, probe};

use crate::picture::Picture;
use crate::picture::gif::{self, Frame, Loops};
use crate::picture::indexed::Palette;
use crate::viewer::frames;

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
