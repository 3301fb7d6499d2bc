//! What is missing or corrupt: pixels are minded, everything beside them is not.

use headshot::{Damage, Error, Format, Options, Photo, Step, decode, plan, prepare, probe};
use image::RgbImage;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::picture::{Picture, exif, jpeg, noise, png};

/// Where a file is cut: somewhere amid its pixels.
fn cut(file: &[u8]) -> &[u8] {
    &file[..file.len() * 6 / 10]
}

fn files() -> [(Format, Vec<u8>); 3] {
    let photo = noise::photo(600, 600, 7);
    [
        (Format::Jpeg, jpeg::photo(&photo, 80)),
        (Format::Png, png::photo(&photo)),
        (Format::Gif, gif_of(&photo)),
    ]
}

fn gif_of(photo: &Picture) -> Vec<u8> {
    prepare(
        &png::photo(photo),
        &Options::default().with_format(Some(Format::Gif)),
    )
    .unwrap()
    .bytes
}

fn accepting() -> Options {
    Options::default()
        .with_damage(Damage::Accept)
        .with_format(Some(Format::Png))
}

fn decoded(photo: &Photo) -> RgbImage {
    image::load_from_memory(&photo.bytes).unwrap().into_rgb8()
}

fn is_marked(photo: &Photo) -> bool {
    let is_mark = |step: &Step| matches!(step, Step::DamageAccepted { .. });
    photo.steps.iter().any(is_mark)
}

#[test]
fn cut_pixels_are_refused() {
    for (format, file) in files() {
        let error = prepare(cut(&file), &Options::default()).unwrap_err();
        assert_eq!(
            (error.code(), error.reason()),
            ("bad_image", "truncated"),
            "{format}"
        );
        let offset = error.offset().expect("all decoders say where");
        assert!(offset <= cut(&file).len() as u64, "{format}");
    }
}

#[test]
fn cut_pixels_are_accepted_on_request_and_the_step_says_so() {
    for (format, file) in files() {
        let whole = prepare(&file, &accepting()).unwrap();
        assert!(!is_marked(&whole), "{format}");
        let photo = prepare(cut(&file), &accepting()).unwrap();
        assert!(is_marked(&photo), "{format}: {:?}", photo.steps);
        // What came before the cut is all there.
        let (whole, part) = (decoded(&whole), decoded(&photo));
        let rows = 200 * 600 * 3;
        assert!(whole.as_raw()[..rows] == part.as_raw()[..rows], "{format}");
        assert!(whole != part, "{format}");
    }
}

#[test]
fn corrupt_pixels_are_refused() {
    for (format, mut file) in files() {
        let middle = file.len() / 2;
        // In a GIF, ones are codes that no string has yet; nearly all others have one.
        let fill = if format == Format::Gif { 0xFF } else { 0xA5 };
        file[middle..middle + 40].fill(fill);
        // A JPEG may go on with other pixels, and nothing in it could tell.
        match prepare(&file, &Options::default()) {
            Err(Error::Malformed { .. } | Error::Truncated { .. }) => {}
            Ok(_) if format == Format::Jpeg => {}
            other => panic!("{format}: {other:?}"),
        }
        prepare(&file, &accepting()).unwrap();
    }
}

#[test]
fn a_missing_end_is_not_minded() {
    for (format, file) in files() {
        let end = match format {
            Format::Jpeg => 2,
            Format::Png => 12,
            Format::Gif => 1,
        };
        let whole = prepare(&file, &accepting()).unwrap();
        let endless = prepare(&file[..file.len() - end], &accepting()).unwrap();
        assert_eq!(decoded(&whole), decoded(&endless), "{format}");
        assert!(!is_marked(&endless), "{format}");
    }
}

#[test]
fn broken_metadata_and_what_follows_the_end_are_not_minded() {
    for (format, file) in files() {
        let whole = decoded(&prepare(&file, &accepting()).unwrap());
        let mut longer = file.clone();
        longer.extend(b"something else\xFF\xD8\xFF");
        assert_eq!(
            whole,
            decoded(&prepare(&longer, &accepting()).unwrap()),
            "{format}"
        );
    }
    let (_, file) = &files()[0];
    let tiff = exif::orientation(exif::Order::Big, 6);
    for len in 0..tiff.len() {
        let broken = jpeg::with_exif(file, &tiff[..len]);
        prepare(&broken, &Options::default()).unwrap();
    }
}

/// Frames cut out of an animation: the ones that are there are kept.
#[test]
fn an_animation_that_lacks_pixels_keeps_what_it_has() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/testdata/good/anim_f12_320x240_loop0.gif"
    );
    let file = std::fs::read(path).unwrap();
    assert_eq!(
        prepare(cut(&file), &Options::default())
            .unwrap_err()
            .reason(),
        "truncated"
    );
    let photo = prepare(cut(&file), &Options::default().with_damage(Damage::Accept)).unwrap();
    assert!(is_marked(&photo));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// To see that a file is whole, its pixels need not be made: what is found wrong
    /// is the same.
    #[test]
    fn pixels_that_pass_through_are_proven_as_if_they_were_made(
        at: Index,
        bit in 0_u8..8,
        restart in prop_oneof![Just(0_u16), 1_u16..100],
        progressive: bool,
    ) {
        let photo = noise::photo(512, 512, 9);
        let mut bytes = jpeg::with(&photo, 80, |encoder| {
            encoder.set_progressive(progressive);
            if restart > 0 {
                encoder.set_restart_interval(restart);
            }
        });
        let place = at.index(bytes.len());
        bytes[place] ^= 1 << bit;
        let Ok(info) = probe(&bytes) else {
            return Ok(());
        };
        let Ok(proof) = plan(&info, &Options::default()) else {
            return Ok(());
        };
        if proof.pass_through {
            let mut full = proof.clone();
            full.pass_through = false;
            full.request.at_least = info.stored;
            full.request.chroma_at_least = info.stored;
            full.streamed = false;
            let result = |plan| {
                let mut frames = decode(&bytes, &info, plan)?;
                frames.next().map(|_| ())
            };
            let error = |plan| result(plan).map_err(|error| error.to_string());
            prop_assert_eq!(error(&proof), error(&full));
        }
    }
}
