//! Jobs that are stopped from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use headshot::{Cancel, CropBox, Damage, Effort, Error, Format, Options, Photo};
use headshot::{prepare, prepare_until};

use crate::picture::{apng, bombs, jpeg, noise, png};

/// Stops at the look after so many; tells how often it was looked.
fn after(looks: usize) -> (Cancel, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let cancel = Cancel::when(move || count.fetch_add(1, Ordering::Relaxed) >= looks);
    (cancel, asked)
}

fn stopped(bytes: &[u8], options: &Options, looks: usize) -> (Result<Photo, Error>, usize) {
    let (cancel, asked) = after(looks);
    let result = prepare_until(bytes, options, &cancel);
    (result, asked.load(Ordering::Relaxed))
}

/// At whichever look the job is stopped, it does not look again, and says why it ended;
/// if it is never stopped, the photo is the same.
#[track_caller]
fn stops(bytes: &[u8], options: &Options, at_least: usize) {
    let (photo, looks) = stopped(bytes, options, usize::MAX);
    assert_eq!(photo.unwrap(), prepare(bytes, options).unwrap());
    assert!(looks >= at_least, "{looks} looks");
    for at in [0, 1, looks / 3, looks / 2, looks - 1] {
        let (error, asked) = stopped(bytes, options, at);
        let error = error.unwrap_err();
        assert!(matches!(error, Error::Cancelled), "at {at}: {error}");
        assert_eq!((error.code(), error.reason()), ("cancelled", "cancelled"));
        assert_eq!(asked, at + 1);
    }
}

#[test]
fn between_rows_of_a_png() {
    let picture = noise::photo(1200, 600, 1);
    let streamed = png::photo(&picture);
    stops(&streamed, &Options::default(), 600);
    // Damage that is accepted is not what this is.
    let accepting = Options::default().with_damage(Damage::Accept);
    stops(&streamed, &accepting, 600);
    let interlaced = png::Png::default().interlaced().write(&picture);
    stops(&interlaced, &Options::default(), 600);
    let through = png::photo(&noise::photo(600, 600, 1));
    stops(&through, &Options::default(), 600);
}

#[test]
fn between_ways_to_write_a_png() {
    let picture = jpeg::photo(&noise::photo(64, 64, 1), 80);
    let options = Options::default().with_format(Some(Format::Png));
    let looks = |effort| stopped(&picture, &options.with_effort(effort), usize::MAX).1;
    assert!(looks(Effort::Smallest) >= looks(Effort::Fast) + 4);
    stops(&picture, &options.with_effort(Effort::Smallest), 8);
}

#[test]
fn between_rows_and_scans_of_a_jpeg() {
    let picture = noise::photo(900, 640, 1);
    // Rows of 16 pixels.
    stops(&jpeg::photo(&picture, 80), &Options::default(), 40);
    let accepting = Options::default().with_damage(Damage::Accept);
    stops(&jpeg::progressive(&picture, 80), &accepting, 40);
    stops(&bombs::scans(1040, 50), &Options::default(), 50);
}

#[test]
fn between_frames() {
    let frames = [1, 2, 3, 4, 5].map(|seed| apng::Frame::new(noise::photo(600, 600, seed)));
    let animation = apng::write(0, None, &frames);
    stops(&animation, &Options::default(), 5);
    let crop = CropBox {
        x: 0,
        y: 0,
        width: 520,
    };
    let options = Options::default().with_crop(crop);
    stops(&animation, &options, 5);
    let gif = options.with_format(Some(Format::Gif));
    stops(&animation, &gif, 5);
    let gif = prepare(&animation, &gif).unwrap().bytes;
    // Proven, and then taken as it is.
    stops(&gif, &Options::default(), 5);
    stops(&gif, &Options::default().with_format(Some(Format::Png)), 5);
}
