//! JPEG files, and changes to their segments.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::{Picture, exif};

pub(crate) const SOI: [u8; 2] = [0xFF, 0xD8];

/// The same coefficients in one scan, and in ten of which half bring bits that others
/// left out, without restarts and with: what `jpeg-encoder` can't write. Made by
/// libjpeg-turbo 3.2 of waves and noise.
pub(crate) const SEQUENTIAL: &[u8] = include_bytes!("sequential_35x27.jpg");
pub(crate) const REFINED: [&[u8]; 2] = [
    include_bytes!("refined_35x27.jpg"),
    include_bytes!("refined_restarts_35x27.jpg"),
];

/// Baseline, 4:2:0.
pub(crate) fn photo(picture: &Picture, quality: u8) -> Vec<u8> {
    with(picture, quality, |encoder| {
        encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    })
}

pub(crate) fn sampled(picture: &Picture, quality: u8, sampling: SamplingFactor) -> Vec<u8> {
    with(picture, quality, |encoder| {
        encoder.set_sampling_factor(sampling);
    })
}

pub(crate) fn progressive(picture: &Picture, quality: u8) -> Vec<u8> {
    with(picture, quality, |encoder| {
        encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
        encoder.set_progressive(true);
    })
}

/// Gray, RGB, or (with four channels) CMYK in Adobe's manner.
pub(crate) fn with(
    picture: &Picture,
    quality: u8,
    settings: impl FnOnce(&mut Encoder<&mut Vec<u8>>),
) -> Vec<u8> {
    let color = match picture.channels {
        1 => ColorType::Luma,
        3 => ColorType::Rgb,
        _ => ColorType::Cmyk,
    };
    encode(picture, quality, color, settings)
}

/// Inks with the first three as luma and differences.
pub(crate) fn ycck(cmyk: &Picture, quality: u8) -> Vec<u8> {
    encode(cmyk, quality, ColorType::CmykAsYcck, |_| {})
}

/// Three channels that are luma and differences already.
pub(crate) fn ycbcr(
    picture: &Picture,
    quality: u8,
    settings: impl FnOnce(&mut Encoder<&mut Vec<u8>>),
) -> Vec<u8> {
    encode(picture, quality, ColorType::Ycbcr, settings)
}

/// RGB without a colour transform, which an Adobe segment says.
pub(crate) fn untransformed(picture: &Picture, quality: u8) -> Vec<u8> {
    let jpeg = encode(picture, quality, ColorType::Ycbcr, |encoder| {
        encoder.set_sampling_factor(SamplingFactor::R_4_4_4);
    });
    // Version 100, two flags, transform 0 (Adobe Technical Note 5116).
    insert(&without_jfif(&jpeg), 0xEE, b"Adobe\0\x64\0\0\0\0\0")
}

fn encode(
    picture: &Picture,
    quality: u8,
    color: ColorType,
    settings: impl FnOnce(&mut Encoder<&mut Vec<u8>>),
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    settings(&mut encoder);
    let edge = |edge| u16::try_from(edge).expect("no JPEG is that large");
    let (width, height) = (edge(picture.width), edge(picture.height));
    encoder
        .encode(&picture.samples, width, height, color)
        .expect("the samples fit the size");
    bytes
}

/// Puts a segment where cameras put it: at the start, behind JFIF's.
pub(crate) fn insert(jpeg: &[u8], marker: u8, payload: &[u8]) -> Vec<u8> {
    let at = SOI.len() + jfif_len(jpeg);
    [&jpeg[..at], &segment(marker, payload), &jpeg[at..]].concat()
}

pub(crate) fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let len = u16::try_from(payload.len() + 2).expect("payload of a segment");
    [&[0xFF, marker], &len.to_be_bytes()[..], payload].concat()
}

/// Bytes of the segment APP0 behind SOI: 0 if there is none.
fn jfif_len(jpeg: &[u8]) -> usize {
    match jpeg[2..] {
        [0xFF, 0xE0, high, low, ..] => 2 + usize::from(u16::from_be_bytes([high, low])),
        _ => 0,
    }
}

/// Leaves out the segments of a marker that stand before the first scan.
pub(crate) fn without_segment(jpeg: &[u8], marker: u8) -> Vec<u8> {
    let mut without = SOI.to_vec();
    let mut rest = &jpeg[SOI.len()..];
    while let [0xFF, found, high, low, ..] = *rest {
        let len = 2 + usize::from(u16::from_be_bytes([high, low]));
        let (segment, behind) = rest.split_at(len);
        if found != marker {
            without.extend(segment);
        }
        rest = behind;
        if found == 0xDA {
            break;
        }
    }
    [without, rest.to_vec()].concat()
}

pub(crate) fn without_jfif(jpeg: &[u8]) -> Vec<u8> {
    [&SOI, &jpeg[2 + jfif_len(jpeg)..]].concat()
}

pub(crate) fn with_exif(jpeg: &[u8], tiff: &[u8]) -> Vec<u8> {
    insert(jpeg, 0xE1, &[exif::NAME, tiff].concat())
}

pub(crate) fn with_xmp(jpeg: &[u8], packet: &[u8]) -> Vec<u8> {
    insert(
        jpeg,
        0xE1,
        &[b"http://ns.adobe.com/xap/1.0/\0", packet].concat(),
    )
}

pub(crate) fn with_comment(jpeg: &[u8], text: &str) -> Vec<u8> {
    insert(jpeg, 0xFE, text.as_bytes())
}

/// Photoshop's resources with a caption.
pub(crate) fn with_iptc(jpeg: &[u8], caption: &str) -> Vec<u8> {
    let record = |tag: u8, text: &[u8]| {
        let len = u16::try_from(text.len()).expect("a short caption");
        [&[0x1C, 2, tag], &len.to_be_bytes()[..], text].concat()
    };
    let mut data = record(120, caption.as_bytes());
    let len = u32::try_from(data.len()).expect("a short caption");
    data.resize(data.len().next_multiple_of(2), 0);
    let resource = [b"8BIM\x04\x04\0\0", &len.to_be_bytes()[..], &data].concat();
    insert(jpeg, 0xED, &[b"Photoshop 3.0\0", &resource[..]].concat())
}

/// A profile in parts of at most `part` bytes, in order (ICC.1:2022, annex B.4).
pub(crate) fn with_icc(jpeg: &[u8], profile: &[u8], part: usize) -> Vec<u8> {
    let parts: Vec<&[u8]> = profile.chunks(part).collect();
    let count = u8::try_from(parts.len()).expect("255 parts at most");
    let mut jpeg = jpeg.to_vec();
    // Each goes before those that are there already.
    for (part, number) in parts.into_iter().zip(1..=count).rev() {
        let payload = [b"ICC_PROFILE\0", &[number, count][..], part].concat();
        jpeg = insert(&jpeg, 0xE2, &payload);
    }
    jpeg
}

/// Two images one behind the other, with the index of CIPA DC-007 in the first.
pub(crate) fn with_second_image(first: &[u8], second: &[u8]) -> Vec<u8> {
    const INDEX_LEN: usize = 4 + 8 + 2 + 3 * 12 + 4 + 2 * 16;
    let number = |number: usize| u32::try_from(number).expect("a small file");
    let first_len = first.len() + 4 + INDEX_LEN;
    // Offsets count from the byte order mark, four bytes into the payload.
    let base = SOI.len() + jfif_len(first) + 4 + 4;
    let mut index = b"MPF\0MM\0\x2A\0\0\0\x08\0\x03".to_vec();
    index.extend(b"\xB0\x00\0\x07\0\0\0\x040100");
    index.extend(b"\xB0\x01\0\x04\0\0\0\x01\0\0\0\x02");
    index.extend(b"\xB0\x02\0\x07\0\0\0\x20\0\0\0\x32");
    index.extend([0; 4]);
    let entry = |index: &mut Vec<u8>, kind: u32, len: usize, offset: usize| {
        for value in [kind, number(len), number(offset), 0] {
            index.extend(value.to_be_bytes());
        }
    };
    entry(&mut index, 0x2003_0000, first_len, 0);
    entry(&mut index, 0, second.len(), first_len - base);
    assert_eq!(index.len(), INDEX_LEN);
    [insert(first, 0xE2, &index), second.to_vec()].concat()
}

/// Markers of all segments in order, without those within a scan's data; the file
/// must end where its image does.
pub(crate) fn markers(jpeg: &[u8]) -> Vec<u8> {
    segments(jpeg)
        .into_iter()
        .map(|(marker, _)| marker)
        .collect()
}

/// Each marker and its place, from SOI to EOI.
pub(crate) fn segments(jpeg: &[u8]) -> Vec<(u8, usize)> {
    assert_eq!(jpeg[..2], SOI);
    let mut segments = vec![(0xD8, 0)];
    let mut at = SOI.len();
    loop {
        assert_eq!(jpeg[at], 0xFF, "no marker at {at}");
        let marker = jpeg[at + 1];
        segments.push((marker, at));
        at += 2;
        if marker == 0xD9 {
            assert_eq!(at, jpeg.len(), "bytes behind the image");
            return segments;
        }
        at += usize::from(u16::from_be_bytes([jpeg[at], jpeg[at + 1]]));
        if marker == 0xDA {
            at = scan_end(jpeg, at);
        }
    }
}

/// Where the data of a scan that starts at `at` ends: at a marker other than RST.
fn scan_end(jpeg: &[u8], at: usize) -> usize {
    let is_end = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xD0..=0xD7);
    at + jpeg[at..].windows(2).position(is_end).expect("an end")
}

/// The place of the marker of the frame header (SOF0 or SOF2).
pub(crate) fn frame_at(jpeg: &[u8]) -> usize {
    let mut at = SOI.len();
    while !matches!(jpeg[at + 1], 0xC0 | 0xC2) {
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    at
}

/// The same file with another size claimed.
pub(crate) fn with_size(jpeg: &[u8], width: u16, height: u16) -> Vec<u8> {
    let at = frame_at(jpeg) + 5;
    let mut jpeg = jpeg.to_vec();
    jpeg[at..at + 2].copy_from_slice(&height.to_be_bytes());
    jpeg[at + 2..at + 4].copy_from_slice(&width.to_be_bytes());
    jpeg
}
