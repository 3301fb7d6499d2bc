//! What frames of a GIF hold: no more than has to be drawn, in no more colours than it takes.

use headshot::{Background, Options, Step, prepare};

use crate::animations::{canvases, difference, palette};
use crate::picture::Picture;
use crate::picture::gif::{self, Dispose, Frame, Loops};
use crate::viewer::frames;
use crate::walk;

#[test]
fn codes_of_frames_that_only_move_stay_as_they_are() {
    let frame = |seed: u8| {
        Frame::new(Picture::from_fn(520, 40, |x, y| {
            [u8::try_from((x * y + x + u32::from(seed)) % 64).unwrap()]
        }))
    };
    let frames_in = [frame(1), frame(2), frame(3).interlaced()];
    let source = gif::write((520, 40), Some(&palette(64, 1)), Loops::Once, &frames_in);
    let photo = prepare(&source, &Options::default()).unwrap();
    let (before, after) = (walk::pixels(&source), walk::pixels(&photo.bytes));
    assert_eq!(before[1..], after[1..]);
    assert_ne!(before[0], after[0], "the first one draws the bars");
    let transparent = Options::default().with_background(Background::Transparent);
    let photo = prepare(&source, &transparent).unwrap();
    assert_eq!(before, walk::pixels(&photo.bytes));
}

/// Pillow writes the codes of 256 colours for every image.
#[test]
fn codes_wider_than_their_palette_are_packed_anew() {
    let frame = |seed: u32| {
        Frame::new(Picture::from_fn(520, 40, |x, y| {
            match (x * y + x + seed) % 17 {
                16 => [200],
                index => [u8::try_from(index % 15).unwrap()],
            }
        }))
        .with_transparent(200)
    };
    let frames_in = [frame(1), frame(2), frame(3).interlaced()];
    let source = gif::write((520, 40), Some(&palette(16, 1)), Loops::Once, &frames_in);
    let transparent = Options::default().with_background(Background::Transparent);
    let photo = prepare(&source, &transparent).unwrap();
    assert!(photo.steps.contains(&Step::IndicesKept));
    let (before, after) = (walk::pixels(&source), walk::pixels(&photo.bytes));
    for (before, after) in before.iter().zip(&after) {
        let (before, after) = (before.data.len(), after.data.len());
        assert!(after < before, "{after} bytes of {before}");
    }
    let wanted = frames((520, 40), &source);
    let shown = frames((520, 520), &photo.bytes);
    for (shown, wanted) in shown.iter().zip(&wanted) {
        for (x, y) in (0..520).flat_map(|x| (0..40).map(move |y| (x, y))) {
            assert_eq!(shown.pixel(x, y + 240), wanted.pixel(x, y), "{x},{y}");
        }
    }
}

/// Each frame is drawn whole, as some tools write them, in a palette of its own or the
/// same; little of it changes, or nothing.
#[test]
fn what_is_shown_already_is_left_out_of_frames_that_only_move() {
    use Dispose::{Background, Keep, Previous, Unspecified};

    let frame = |number: u32, dispose: Dispose, has_palette: bool| {
        let noise = |x: u32, y: u32| (x * x + 31 * y * y + x * y) % 97 % 60;
        let mut frame = Frame::new(Picture::from_fn(520, 200, |x, y| {
            let is_spot = x / 30 == number && y / 30 == 2;
            [u8::try_from(if is_spot { x % 4 } else { noise(x, y) }).unwrap()]
        }))
        .disposed(dispose);
        frame.palette = has_palette.then(|| palette(64, 1));
        frame
    };
    let frames_in = [
        frame(1, Keep, false),
        frame(2, Keep, true),
        frame(3, Unspecified, false).interlaced(),
        frame(3, Previous, false),
        frame(4, Background, true),
        frame(4, Keep, false),
        frame(5, Keep, false),
    ];
    let source = gif::write((520, 200), Some(&palette(64, 1)), Loops::Once, &frames_in);
    let photo = prepare(&source, &Options::default()).unwrap();
    assert!(photo.steps.contains(&Step::IndicesKept));
    let sizes = |file: &[u8]| -> Vec<usize> {
        let parts = walk::pixels(file);
        parts.iter().map(|part| part.data.len()).collect()
    };
    let (before, after) = (sizes(&source), sizes(&photo.bytes));
    // The first one, and what comes after the one that is cleared away, are whole.
    for (at, (before, after)) in before.iter().zip(&after).enumerate() {
        if ![0, 5].contains(&at) {
            assert!(5 * after < *before, "{at}: {after} bytes of {before}");
        }
    }
    let wanted = frames((520, 200), &source);
    let shown = frames((520, 520), &photo.bytes);
    assert_eq!(shown.len(), wanted.len());
    for (shown, wanted) in shown.iter().zip(&wanted) {
        for (x, y) in (0..520).flat_map(|x| (0..200).map(move |y| (x, y))) {
            assert_eq!(shown.pixel(x, y + 160), wanted.pixel(x, y), "{x},{y}");
        }
    }
}

#[test]
fn drawings_get_no_more_colours_than_they_need() {
    let source = gif::write(
        (64, 64),
        Some(&vec![
            [29, 53, 87],
            [230, 57, 70],
            [241, 250, 238],
            [168, 218, 220],
        ]),
        Loops::Forever,
        &[0, 3, 6].map(|moved| {
            Frame::new(Picture::from_fn(64, 64, |x, y| {
                let (x, y) = (x.abs_diff(20 + moved), y.abs_diff(30));
                [if x * x + y * y < 200 {
                    1
                } else {
                    u8::from(y > 20) * 2
                }]
            }))
        }),
    );
    let photo = prepare(&source, &Options::default()).unwrap();
    let colors = 2 << (photo.bytes[10] & 7);
    assert!(colors <= 128, "{colors} colours");
    let shown = frames((512, 512), &photo.bytes);
    for (shown, wanted) in shown.iter().zip(canvases(&source, &Options::default())) {
        let pixels = shown.pixels.iter().zip(&wanted.pixels);
        let error: u32 = pixels.map(|(&one, &other)| difference(one, other)).sum();
        let error = f64::from(error) / (255.0 * 512.0 * 512.0);
        assert!(error < 0.9, "an error of {error} levels");
    }
}

#[test]
fn frames_that_change_nothing_are_counted_and_small() {
    let frame = Frame::new(Picture::from_fn(40, 40, |x, y| [u8::from(x > y)]));
    let mut frames_in: Vec<Frame> = vec![frame; 20];
    frames_in[7].delay = 123;
    let source = gif::write((40, 40), Some(&palette(2, 1)), Loops::Once, &frames_in);
    let photo = prepare(&source, &Options::default()).unwrap();
    assert_eq!(photo.frames, 20);
    let shown = frames((512, 512), &photo.bytes);
    let delays: Vec<u16> = shown.iter().map(|frame| frame.delay).collect();
    assert_eq!(
        delays,
        frames_in
            .iter()
            .map(|frame| frame.delay)
            .collect::<Vec<_>>()
    );
    let codes: Vec<usize> = walk::pixels(&photo.bytes)
        .iter()
        .map(|part| part.data.len())
        .collect();
    assert!(codes[1..].iter().all(|&len| len < 8), "{codes:?}");
}
