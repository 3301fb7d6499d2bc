//! Nothing hidden in the coding of a JPEG survives where its pixels pass through: the photo is that
//! of a file in which nothing is hidden, to the byte.

use headshot::{Options, Photo, Step, prepare};
use jpeg_encoder::{Encoder, SamplingFactor};
use memchr::memmem;

use crate::picture::{Picture, jpeg, noise};
use crate::walk;

/// Not a byte of it is 0xFF, so that it can lie in a scan.
const MARK: &[u8] = b"<?php hidden in a photo ?>";

type Settings = fn(&mut Encoder<&mut Vec<u8>>);

/// Kinds of coding, all 4:2:0.
const KINDS: [(&str, Settings); 4] = [
    ("baseline", |_| {}),
    ("restarts", |encoder| encoder.set_restart_interval(7)),
    ("progressive", |encoder| encoder.set_progressive(true)),
    ("progressive restarts", |encoder| {
        encoder.set_progressive(true);
        encoder.set_restart_interval(30);
    }),
];

/// Files of each kind with the same picture.
fn files(picture: &Picture) -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    KINDS.into_iter().map(|(name, settings)| {
        let file = jpeg::ycbcr(picture, 70, |encoder| {
            encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
            settings(encoder);
        });
        (name, file)
    })
}

fn square() -> Picture {
    noise::photo(512, 512, 3)
}

/// The photo, which has passed through.
fn passed(file: &[u8], name: &str) -> Photo {
    let photo =
        prepare(file, &Options::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(photo.steps.contains(&Step::PassedThrough), "{name}");
    photo
}

fn is_marked(file: &[u8]) -> bool {
    memmem::find(file, MARK).is_some()
}

/// `hide` leaves the picture as it is, and the photo becomes the same.
fn nothing_survives(hide: fn(&[u8]) -> Vec<u8>) {
    for (name, file) in files(&square()) {
        let hiding = hide(&file);
        assert!(is_marked(&hiding), "{name}: nothing hidden");
        assert!(
            passed(&hiding, name).bytes == passed(&file, name).bytes,
            "{name}: another photo"
        );
    }
}

/// Calls `change` with each segment, and with the data of each scan as a segment "scan".
fn rewritten(file: &[u8], mut change: impl FnMut(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut changed = Vec::new();
    for part in walk::parts(file) {
        let name = part.name.clone();
        let data = change(&name, part.data);
        match &*name {
            "scan" => changed.extend(data),
            "D8" => changed.extend(jpeg::SOI),
            "D9" => changed.extend([0xFF, 0xD9]),
            marker => {
                let marker = u8::from_str_radix(marker, 16).unwrap();
                changed.extend(jpeg::segment(marker, &data));
            }
        }
    }
    changed
}

/// The mark, filled up to a length.
fn filled(len: usize) -> Vec<u8> {
    let mut bytes = MARK.to_vec();
    bytes.resize(len, 1);
    bytes
}

#[test]
fn in_an_unused_quantization_table() {
    nothing_survives(|file| jpeg::insert(file, 0xDB, &[&[3], &filled(64)[..]].concat()));
}

#[test]
fn in_an_unused_huffman_table() {
    nothing_survives(|file| {
        let mut lengths = [0; 16];
        lengths[7] = u8::try_from(MARK.len()).unwrap();
        jpeg::insert(file, 0xC4, &[&[0x13], &lengths[..], MARK].concat())
    });
}

/// Symbols of a scan's table that the scan doesn't use.
#[test]
fn in_unused_symbols_of_a_table() {
    for (name, file) in files(&square()) {
        let photo = passed(&file, name);
        let mut used = vec![0x00, 0xF0];
        for part in walk::parts(&photo.bytes) {
            if part.name == "C4" && part.data[0] >> 4 == 1 {
                used.extend(&part.data[17..]);
            }
        }
        let hiding = rewritten(&file, |name, mut data| {
            let mut at = 0;
            while name == "C4" && at < data.len() {
                let count: usize = data[at + 1..][..16].iter().map(|&n| usize::from(n)).sum();
                let symbols = &mut data[at + 17..][..count];
                let is_unused = |symbols: &[u8]| symbols.iter().all(|one| !used.contains(one));
                let place = symbols.windows(MARK.len()).position(is_unused);
                if let Some(place) = place {
                    symbols[place..][..MARK.len()].copy_from_slice(MARK);
                }
                at += 17 + count;
            }
            data
        });
        assert!(is_marked(&hiding), "{name}: nothing hidden");
        assert!(passed(&hiding, name).bytes == photo.bytes, "{name}");
    }
}

/// Steps of coefficients that are zero in all blocks.
#[test]
fn in_steps_of_zero_coefficients() {
    let smooth = Picture::from_fn(512, 512, |x, y| {
        [x, y, x.abs_diff(y)].map(|value| u8::try_from(value / 4 + 50).unwrap())
    });
    for (name, file) in files(&smooth) {
        let hiding = rewritten(&file, |name, mut data| {
            if name == "DB" {
                let from = data.len() - MARK.len();
                data[from..].copy_from_slice(MARK);
            }
            data
        });
        assert!(is_marked(&hiding), "{name}: nothing hidden");
        let photo = passed(&hiding, name);
        assert!(!is_marked(&photo.bytes), "{name}");
        assert!(
            shown(&photo.bytes) == shown(&file),
            "{name}: another picture"
        );
        // A table that most encoders write is no place to hide anything.
        let tables = |file: &[u8]| -> Vec<_> {
            let parts = walk::parts(file).into_iter();
            parts.filter(|part| part.name == "DB").collect()
        };
        let plain = passed(&file, name).bytes;
        let quality = prepare(&passed(&file, name).bytes, &Options::default()).unwrap();
        assert!(tables(&plain) == tables(&quality.bytes), "{name}");
    }
}

#[test]
fn behind_the_last_unit_of_a_scan() {
    nothing_survives(|file| {
        rewritten(file, |name, mut data| {
            if name == "scan" {
                data.extend(MARK);
            }
            data
        })
    });
}

#[test]
fn behind_restart_intervals() {
    for (name, file) in files(&square()).filter(|(name, _)| name.contains("restarts")) {
        let hiding = rewritten(&file, |name, data| match name {
            "scan" => {
                let mut hiding = Vec::new();
                for (index, &byte) in data.iter().enumerate() {
                    let next = data.get(index + 1);
                    if byte == 0xFF && next.is_some_and(|next| (0xD0..=0xD7).contains(next)) {
                        hiding.extend(MARK);
                    }
                    hiding.push(byte);
                }
                hiding
            }
            _ => data,
        });
        assert!(memmem::find_iter(&hiding, MARK).count() > 10, "{name}");
        assert!(
            passed(&hiding, name).bytes == passed(&file, name).bytes,
            "{name}"
        );
    }
}

#[test]
fn in_scans_of_what_is_known() {
    for (name, file) in files(&square()) {
        let last = walk::parts(&file).len() - 1;
        let parts = walk::parts(&file);
        let [header, scan] = [&parts[last - 2], &parts[last - 1]];
        assert_eq!([&*header.name, &*scan.name], ["DA", "scan"]);
        let end = file.len() - 2;
        let again = [&jpeg::segment(0xDA, &header.data), &scan.data, MARK].concat();
        let hiding = [&file[..end], &again, &file[end..]].concat();
        if name.starts_with("progressive") {
            // It may replace coefficients, so that the picture is recompressed.
            let photo = prepare(&hiding, &Options::default()).unwrap();
            assert!(!photo.steps.contains(&Step::PassedThrough), "{name}");
            assert!(!is_marked(&photo.bytes), "{name}");
        } else {
            let photo = passed(&hiding, name);
            assert!(photo.bytes == passed(&file, name).bytes, "{name}");
        }
    }
}

#[test]
fn in_rows_below_the_picture() {
    let tall = noise::photo(512, 600, 3);
    let whole = tall.part(0, 0, 512, 512);
    for ((name, tall), (_, whole)) in files(&tall).zip(files(&whole)) {
        let cropped = jpeg::with_size(&tall, 512, 512);
        assert!(tall.len() > whole.len() + 1000);
        assert!(
            passed(&cropped, name).bytes == passed(&whole, name).bytes,
            "{name}"
        );
    }
}

/// Blocks that only fill up the last units: 520 samples are 65 blocks, and 33 units of two.
#[test]
fn in_blocks_beyond_the_picture() {
    let picture = noise::photo(528, 528, 3);
    let other = Picture::from_fn(528, 528, |x, y| {
        let [luma, cb, cr] = *picture.pixel(x, y) else {
            unreachable!("three channels")
        };
        [if x >= 520 || y >= 520 { !luma } else { luma }, cb, cr]
    });
    // Bands of progressive files are coded without such blocks, for another size.
    let pairs = files(&picture).zip(files(&other));
    for ((name, one), (_, other)) in pairs.filter(|((name, _), _)| !name.starts_with("progressive"))
    {
        let [one, other] = [one, other].map(|file| jpeg::with_size(&file, 520, 520));
        assert!(one != other, "{name}: nothing hidden");
        assert!(
            passed(&one, name).bytes == passed(&other, name).bytes,
            "{name}"
        );
    }
}

/// Numbers of components and tables, factors of a single component, and what sequential decoders
/// ignore.
#[test]
fn in_numbers() {
    for (name, file) in files(&square()) {
        let renumbered = rewritten(&file, |name, mut data| {
            match name {
                "C0" | "C2" => data[6..].chunks_exact_mut(3).for_each(|c| c[0] += b'a'),
                "DA" => {
                    let count = usize::from(data[0]);
                    let members = data[1..].chunks_exact_mut(2).take(count);
                    members.for_each(|member| member[0] += b'a');
                }
                _ => {}
            }
            if name == "DA" && !file.windows(2).any(|marker| marker == [0xFF, 0xC2]) {
                let last = data.len();
                data[last - 3..].copy_from_slice(b"abc");
            }
            data
        });
        assert!(renumbered != file);
        assert!(
            passed(&renumbered, name).bytes == passed(&file, name).bytes,
            "{name}"
        );
    }
    let gray = jpeg::photo(&square().gray(), 70);
    let mut factors = gray.clone();
    factors[jpeg::frame_at(&gray) + 11] = 0x42;
    assert!(passed(&factors, "gray").bytes == passed(&gray, "gray").bytes);
}

/// The picture as the crate `image` shows it.
fn shown(file: &[u8]) -> image::DynamicImage {
    image::load_from_memory(file).unwrap()
}
