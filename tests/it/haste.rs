//! Animations of which so much is drawn that time counts.

use std::io::Cursor;

use headshot::{Format, Options, prepare};
use image::{AnimationDecoder, RgbaImage};

use crate::animations::palette;
use crate::fit::psnr;
use crate::picture::bombs::noisy;
use crate::picture::gif::{self, Loops};

/// Frames of noise in random colours, enlarged to 512 pixels: hardly two pixels are alike.
fn animation(count: u32, edge: u16) -> Vec<u8> {
    let frames: Vec<_> = (0..count)
        .map(|n| noisy(n, edge.into(), edge.into()))
        .collect();
    gif::write((edge, edge), Some(&palette(2, 1)), Loops::Once, &frames)
}

/// The first three frames.
fn shown(photo: &[u8]) -> Vec<RgbaImage> {
    let decoder = image::codecs::gif::GifDecoder::new(Cursor::new(photo)).unwrap();
    let frames = decoder.into_frames().take(3);
    frames.map(|frame| frame.unwrap().into_buffer()).collect()
}

/// The same three, without loss.
fn wanted(source: &[u8]) -> Vec<RgbaImage> {
    let png = prepare(source, &Options::default().with_format(Some(Format::Png))).unwrap();
    let decoder = image::codecs::png::PngDecoder::new(Cursor::new(png.bytes)).unwrap();
    let frames = decoder.apng().unwrap().into_frames();
    frames.map(|frame| frame.unwrap().into_buffer()).collect()
}

/// How good the second and the third frame of an animation are that is drawn with care, and
/// of one that has so many frames that more than 24 Mi pixels are drawn.
fn with_care_and_in_haste(edge: u16) -> Vec<[f64; 2]> {
    let wanted = wanted(&animation(3, edge));
    let [with_care, in_haste] = [90, 105].map(|count| {
        let photo = prepare(&animation(count, edge), &Options::default()).unwrap();
        shown(&photo.bytes)
    });
    assert!(with_care[0] == in_haste[0], "the first frame in haste");
    let frames = with_care.iter().zip(&in_haste).zip(&wanted).skip(1);
    frames
        .map(|((with_care, in_haste), wanted)| [with_care, in_haste].map(|it| psnr(it, wanted)))
        .collect()
}

/// Frames of very many colours are drawn in nearly the nearest ones.
#[test]
fn frames_of_very_many_colours_are_nearly_as_good() {
    for [with_care, in_haste] in with_care_and_in_haste(24) {
        assert!(with_care > 26.0, "{with_care} dB");
        assert!(in_haste < with_care, "{in_haste} dB of {with_care}");
        assert!(in_haste > with_care - 1.0, "{in_haste} dB of {with_care}");
    }
}

/// Others are drawn in the nearest ones of a palette for which fewer pixels were asked.
#[test]
fn others_are_hardly_worse() {
    for [with_care, in_haste] in with_care_and_in_haste(2) {
        assert!(with_care > 36.0, "{with_care} dB");
        assert!((in_haste - with_care).abs() > 0.0, "drawn with care");
        assert!(in_haste > with_care - 0.2, "{in_haste} dB of {with_care}");
    }
}
