//! Effort changes how long a PNG is, and nothing else.

use headshot::{Effort, Options, prepare};

use crate::picture::{Picture, noise, png};

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
