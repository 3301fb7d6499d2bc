//! What a GIF can hold beside what is seen: none of it is in the photo.

use headshot::{Format, Options, Photo, Step, prepare};

use crate::picture::Picture;
use crate::picture::gif::{self, Dispose, Frame, Loops};
use crate::picture::indexed::Palette;
use crate::viewer::{frames, read_strictly};
use crate::walk;

const EDGE: u16 = 512;

fn palette() -> Palette {
    (1..=16_u8).map(|n| [n, 2 * n, 3 * n]).collect()
}

/// A frame in four colors, from an index on.
fn frame(first: u8) -> Frame {
    Frame::new(Picture::from_fn(512, 512, |x, y| {
        [first + u8::try_from((x / 9 * (y / 7)) % 4).unwrap()]
    }))
}

fn write(frames: &[Frame]) -> Vec<u8> {
    gif::write((EDGE, EDGE), Some(&palette()), Loops::Once, frames)
}

/// The photo of a file that passes through, which shows the same and is the same again.
fn passed(file: &[u8]) -> Photo {
    let options = Options::default().with_format(Some(Format::Gif));
    let photo = prepare(file, &options).unwrap();
    assert!(photo.steps.contains(&Step::PassedThrough));
    read_strictly(&photo.bytes);
    let edges = (usize::from(EDGE), usize::from(EDGE));
    let [shown, wanted] = [&photo.bytes[..], file].map(|file| frames(edges, file));
    assert!(shown.len() == wanted.len());
    let same = shown.iter().zip(&wanted);
    assert!(same.into_iter().all(|(a, b)| a.pixels == b.pixels));
    let again = prepare(&photo.bytes, &options).unwrap();
    assert!(again.bytes == photo.bytes, "another file");
    photo
}

fn named(photo: &Photo, name: &str) -> Vec<Vec<u8>> {
    let parts = walk::parts(&photo.bytes).into_iter();
    let named = parts.filter(|part| part.name == name);
    named.map(|part| part.data).collect()
}

/// The colors of a table, with zeros for all but some indices.
fn only(palette: &Palette, indices: &[usize], len: usize) -> Vec<u8> {
    let mut colors = vec![[0; 3]; len];
    for &at in indices {
        colors[at] = palette[at];
    }
    colors.as_flattened().to_vec()
}

#[test]
fn colors_that_no_pixel_has_are_black() {
    let photo = passed(&write(&[frame(0), frame(1).with_transparent(3)]));
    // The second frame leaves out what the first one draws.
    assert_eq!(
        named(&photo, "palette"),
        [only(&palette(), &[0, 1, 2, 3, 4], 8)]
    );
    let photo = passed(&write(&[frame(0).with_transparent(3), frame(4)]));
    assert_eq!(
        named(&photo, "palette"),
        [only(&palette(), &[0, 1, 2, 4, 5, 6, 7], 8)]
    );
}

#[test]
fn tables_hold_what_their_own_frames_use() {
    let other: Palette = palette().into_iter().rev().collect();
    let frames = [
        frame(0),
        frame(2).with_palette(other.clone()),
        // The same colors at the same places, and others where no pixel looks.
        frame(0).with_palette([&palette()[..4], &other[..4]].concat()),
    ];
    let photo = passed(&write(&frames));
    let tables = [
        only(&palette(), &[0, 1, 2, 3], 4),
        only(&other, &[2, 3, 4, 5], 8),
    ];
    assert_eq!(named(&photo, "palette"), tables);
}

#[test]
fn a_table_that_no_frame_uses_is_left_out() {
    let other: Palette = palette().into_iter().rev().collect();
    let frames = [0, 4].map(|first| frame(first).with_palette(other.clone()));
    let photo = passed(&write(&frames));
    assert_eq!(named(&photo, "palette").len(), 2);
    assert_eq!(named(&photo, "screen")[0][10..], [0, 0, 0]);
}

#[test]
fn a_transparent_index_that_no_pixel_has_is_left_out() {
    let photo = passed(&write(&[frame(0), frame(0).with_transparent(77)]));
    for control in named(&photo, "control") {
        assert_eq!((control[1] & 1, control[4]), (0, 0));
    }
}

/// Without one, Pillow and others fill the place of an image that is cleared with a color.
#[test]
fn an_image_that_is_cleared_keeps_a_transparent_index() {
    let cleared = frame(0).with_transparent(77).disposed(Dispose::Background);
    let photo = passed(&write(&[cleared, frame(0)]));
    let controls = named(&photo, "control");
    let used = frame(0).indices.samples;
    let free = (0..=u8::MAX).find(|index| !used.contains(index)).unwrap();
    assert_eq!((controls[0][1] & 1, controls[0][4]), (1, free));
    assert_eq!((controls[1][1] & 1, controls[1][4]), (0, 0));
}

#[test]
fn pixels_outside_of_the_canvas_are_cut_off() {
    let wide = Frame::new(Picture::from_fn(300, 400, |x, y| {
        [u8::try_from((x * y / 5 + x) % 16).unwrap()]
    }));
    let file = write(&[
        frame(0),
        wide.clone().at(400, 300).disposed(Dispose::Previous),
        wide.clone().at(600, 300).disposed(Dispose::Background),
        wide.at(0, 200).interlaced(),
    ]);
    let photo = passed(&file);
    let rects = named(&photo, "image")
        .into_iter()
        .map(|image| [0, 2, 4, 6].map(|at| u16::from_le_bytes([image[at], image[at + 1]])));
    let rects: Vec<_> = rects.collect();
    assert_eq!(rects[1], [400, 300, 112, 212]);
    assert_eq!(rects[2], [0, 0, 1, 1]);
    assert_eq!(rects[3], [0, 200, 300, 312]);
}

#[test]
fn codes_of_more_pixels_than_the_image_has_are_packed_anew() {
    // Of a run, the last string reaches beyond the end; of a pattern, codes are left over.
    let pictures: [fn(u32, u32) -> u8; 2] = [|_, _| 3, |x, y| u8::from(x * y % 7 == 0)];
    for pixel in pictures {
        let file = |height| {
            let frame = Frame::new(Picture::from_fn(512, height, |x, y| [pixel(x, y)]));
            write(&[frame])
        };
        let (right, mut planted) = (file(512), file(530));
        let at = image_at(&planted);
        assert_eq!(planted[at + 7..at + 9], 530_u16.to_le_bytes());
        planted[at + 7..at + 9].copy_from_slice(&512_u16.to_le_bytes());
        let options = Options::default().with_format(Some(Format::Gif));
        let [photo, wanted] = [&planted, &right].map(|file| prepare(file, &options).unwrap());
        assert!(photo.steps.contains(&Step::PassedThrough));
        // The viewer finds neither a pixel too few nor one too many.
        let shown = [&photo, &wanted].map(|photo| frames((512, 512), &photo.bytes));
        assert!(shown[0] == shown[1]);
    }
}

/// Where the descriptor of the first image begins.
fn image_at(file: &[u8]) -> usize {
    let start = gif::start((EDGE, EDGE), Some(&palette())).len();
    let at = start + 8; // behind a control
    assert_eq!(file[at], 0x2C);
    at
}

#[test]
fn clear_codes_that_clear_nothing_are_left_out() {
    let file = write(&[frame(0)]);
    let at = image_at(&file) + 10;
    // A code size of 2: 4 clears, and is the first code. Eight more of it are three bytes.
    let clears = [0b0010_0100, 0b0100_1001, 0b1001_0010];
    let first = usize::from(file[at + 1]);
    assert_eq!((file[at], first), (2, 255));
    let planted = [&file[..=at], &[3], &clears, &file[at + 1..]].concat();
    assert!(passed(&planted).bytes.len() <= file.len());
}
