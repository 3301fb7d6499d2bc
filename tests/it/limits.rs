//! The limits as they are by default: at each, and one over.

use headshot::{CropBox, Damage, Error, Format, Limits, Options, Orientation, Plan};
use headshot::{plan, prepare, probe};

use crate::claim;
use crate::picture::{Picture, apng, bombs, noise, png};

#[track_caller]
fn planned(bytes: &[u8]) -> Result<Plan, Error> {
    plan(&probe(bytes).unwrap(), &Options::default())
}

/// `at` is accepted, and `over` is refused for this reason with these numbers.
#[track_caller]
fn held(at: &[u8], over: &[u8], reason: &str, numbers: (u64, u64)) {
    let found = planned(at);
    assert!(found.is_ok(), "{reason}: {found:?}");
    let error = planned(over).unwrap_err();
    assert_eq!(error.reason(), reason);
    assert_eq!(error.measured_and_limit(), Some(numbers));
}

fn png(width: u32, height: u32) -> Vec<u8> {
    claim::png(width, height, Orientation::Upright)
}

/// Frames of these sizes on a canvas of one pixel, each of one index.
fn gif(frames: &[(u16, u16)]) -> Vec<u8> {
    let mut gif = claim::gif(1, 1, 1);
    gif.pop();
    for (width, height) in frames {
        gif.extend(b",\0\0\0\0");
        gif.extend([width.to_le_bytes(), height.to_le_bytes()].as_flattened());
        gif.extend(b"\0\x02\x02D\x01\0");
    }
    gif.push(b';');
    gif
}

#[test]
fn bytes_of_the_file() {
    let mut at = png::photo(&noise::photo(8, 8, 1));
    at.resize(32 << 20, 0);
    let over = [&at[..], &[0]].concat();
    held(&at, &over, "file_bytes", ((32 << 20) + 1, 32 << 20));
}

#[test]
fn pixels_of_an_edge() {
    held(&png(16_384, 1), &png(16_385, 1), "edge", (16_385, 16_384));
    held(&png(1, 16_384), &png(1, 16_385), "edge", (16_385, 16_384));
}

#[test]
fn pixels_of_a_frame() {
    // One pixel over has no two edges that would be allowed: 17 times 5 882 353.
    let numbers = (100_010_000, 100_000_000);
    held(
        &png(10_000, 10_000),
        &png(10_000, 10_001),
        "pixels",
        numbers,
    );
}

#[test]
fn frames_of_an_animation() {
    let [at, over] = [500, 501].map(|frames| claim::gif(2, 2, frames));
    held(&at, &over, "frames", (501, 500));
}

#[test]
fn pixels_of_an_animation() {
    // With the first frame's pixel, 400 million: (n - 1)(n + 1) is one below a square.
    let mut frames = vec![(2000, 2000); 100];
    let over = gif(&frames);
    frames[99] = (1999, 2001);
    let numbers = (400_000_001, 400_000_000);
    held(&gif(&frames), &over, "animation_pixels", numbers);
}

#[test]
fn bytes_of_a_profile() {
    let picture = png::photo(&noise::photo(8, 8, 1));
    let with = |bytes| png::insert(&picture, *b"iCCP", &png::profile(&vec![0; bytes]));
    let limit = 4 << 20;
    let numbers = (limit as u64 + 1, limit as u64);
    held(&with(limit), &with(limit + 1), "metadata", numbers);
}

#[test]
fn bytes_of_memory() {
    let claims = |height| {
        let mut png = png::SIGNATURE.to_vec();
        png::chunk(
            &mut png,
            *b"IHDR",
            &png::header(8000, height, [8, 2, 0, 0, 1]),
        );
        png::chunk(&mut png, *b"IDAT", &[]);
        png
    };
    let limit = Limits::default().memory_bytes;
    // The tallest that is accepted, and the one that is taller by a row.
    let accepted = (1..10_000).take_while(|&height| planned(&claims(height)).is_ok());
    let tallest = accepted.last().unwrap();
    let at = planned(&claims(tallest)).unwrap().memory_bytes;
    let (over, found) = (planned(&claims(tallest + 1)).unwrap_err())
        .measured_and_limit()
        .unwrap();
    assert_eq!(found, limit);
    assert!(
        at <= limit && limit < over && over - at < 1 << 17,
        "{at} {over}"
    );

    let exactly = |memory_bytes| {
        let limits = Limits {
            memory_bytes,
            ..Limits::default()
        };
        let info = probe(&claims(tallest)).unwrap();
        plan(&info, &Options::default().with_limits(limits))
    };
    assert!(exactly(at).is_ok());
    let numbers = exactly(at - 1).unwrap_err().measured_and_limit();
    assert_eq!(numbers, Some((at, at - 1)));
}

#[test]
fn scans_of_a_jpeg() {
    let [at, over] = [99, 100].map(|more| bombs::scans(1040, more));
    held(&at, &over, "scans", (101, 100));
    // 1250 by 1250 blocks each.
    let [at, over] = [84, 85].map(|more| bombs::scans(10_000, more));
    held(&at, &over, "scan_blocks", (86 * 1250 * 1250, 1 << 27));
}

#[test]
fn fewer_bits_than_blocks() {
    // Of 64 by 64 blocks, 4096 bits: as many bytes as it takes, and one fewer.
    let file = bombs::scans(512, 0);
    assert!(file.len() > 512);
    assert!(prepare(&file, &Options::default()).is_ok());
    let error = prepare(&file[..511], &Options::default()).unwrap_err();
    assert_eq!(error.reason(), "truncated");
    assert_eq!(error.offset(), Some(511));
    // What is left of it may do.
    let accepting = Options::default().with_damage(Damage::Accept);
    assert!(prepare(&file[..511], &accepting).is_ok());
}

#[test]
fn bytes_of_what_is_written() {
    // Frames of noise, each all over another: 3 MB each as they are.
    let noise = |seed| {
        Picture::from_fn(1024, 1024, |x, y| {
            let [r, g, b, _] = noise::hash(seed, x, y).to_le_bytes();
            [r, g, b]
        })
    };
    let frames = [1, 2].map(|seed| apng::Frame::new(noise(seed)));
    let frames: Vec<_> = frames.into_iter().cycle().take(40).collect();
    let crop = CropBox {
        x: 0,
        y: 0,
        width: 1023,
    };
    let limits = Limits {
        file_bytes: u64::MAX,
        ..Limits::default()
    };
    let options = Options::default().with_limits(limits).with_crop(crop);
    for (format, count) in [(Format::Png, 11), (Format::Gif, 40)] {
        let animation = apng::write(0, None, &frames[..count]);
        let options = options.with_format(Some(format));
        let error = prepare(&animation, &options).unwrap_err();
        assert_eq!(error.reason(), "output_bytes", "{format}");
        let (measured, limit) = error.measured_and_limit().unwrap();
        assert!(
            limit == 32 << 20 && measured < limit + (2 << 20),
            "{measured}"
        );
    }
    // The same by way of the compressed pixels.
    let animation = apng::write(0, None, &frames[..11]);
    let through = Options::default().with_limits(limits);
    assert_eq!(
        prepare(&animation, &through).unwrap_err().reason(),
        "output_bytes"
    );
}
