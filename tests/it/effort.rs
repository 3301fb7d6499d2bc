//! Effort changes how long a PNG is, still or animated, and nothing else.

use std::io::Cursor;

use headshot::{Effort, Options, prepare};
use image::AnimationDecoder;
use image::codecs::png::PngDecoder;

use crate::picture::{Picture, apng, noise, png};

/// Lines of what could be text, not a square, and of a size that is kept.
fn drawing() -> Picture {
    Picture::from_fn(700, 500, |x, y| {
        let is_ink = y % 16 < 10 && (x / 3 * 7 + y / 16 * 5) % 11 < 4 && (x + y) % 5 != 0;
        if is_ink { [20, 30, 90] } else { [255; 3] }
    })
}

fn files(picture: &Picture) -> [Vec<u8>; 3] {
    let file = png::photo(picture);
    Effort::ALL.map(|effort| {
        let photo = prepare(&file, &Options::default().with_effort(effort)).unwrap();
        photo.bytes
    })
}

#[test]
fn pixels_are_the_same() {
    for picture in [drawing(), noise::photo(700, 500, 3)] {
        let [one, two, three] =
            files(&picture).map(|file| image::load_from_memory(&file).unwrap().into_rgb8());
        assert!(one == two && two == three);
    }
}

#[test]
fn more_effort_makes_no_file_longer() {
    let [fast, balanced, smallest] = files(&noise::photo(700, 500, 3)).map(|file| file.len());
    assert_eq!(fast, balanced, "a photo");
    assert!(smallest < balanced);
    let [fast, balanced, smallest] = files(&drawing()).map(|file| file.len());
    assert!(balanced < fast, "{balanced} {fast}");
    assert!(smallest <= balanced);
}

fn animations(frames: &[apng::Frame]) -> [Vec<u8>; 3] {
    let file = apng::write(0, None, frames);
    Effort::ALL.map(|effort| {
        let photo = prepare(&file, &Options::default().with_effort(effort)).unwrap();
        assert_eq!(photo.frames as usize, frames.len());
        photo.bytes
    })
}

/// A drawing, and a part of it that moves.
fn drawn() -> [apng::Frame; 3] {
    let spot = Picture::from_fn(90, 70, |x, y| {
        if x / 9 == y / 7 {
            [200, 0, 0]
        } else {
            [255; 3]
        }
    });
    [
        apng::Frame::new(drawing()),
        apng::Frame::new(spot.clone()).at(10, 20),
        apng::Frame::new(spot).at(300, 401),
    ]
}

#[test]
fn frames_are_the_same() {
    let photos = [1, 2, 3].map(|seed| apng::Frame::new(noise::photo(400, 300, seed)));
    for frames in [drawn(), photos] {
        let [one, two, three] = animations(&frames).map(|file| {
            let decoder = PngDecoder::new(Cursor::new(file)).unwrap();
            let frames = decoder.apng().unwrap().into_frames().collect_frames();
            let frames = frames.unwrap().into_iter();
            frames.map(image::Frame::into_buffer).collect::<Vec<_>>()
        });
        assert!(one == two && two == three);
    }
}

#[test]
fn more_effort_makes_no_animation_longer() {
    let photos = [1, 2, 3].map(|seed| apng::Frame::new(noise::photo(400, 300, seed)));
    let [fast, balanced, smallest] = animations(&photos).map(|file| file.len());
    assert_eq!(fast, balanced, "photos");
    assert!(smallest < balanced);
    let [fast, balanced, smallest] = animations(&drawn()).map(|file| file.len());
    assert!(balanced < fast, "{balanced} {fast}");
    assert!(smallest <= balanced);
}
