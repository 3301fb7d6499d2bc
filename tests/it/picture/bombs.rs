//! Files of few bytes that ask for much: each says what should become of it.

use super::gif::{self, Loops};
use super::jpeg::{self, SOI, segment};
use super::png::{self, SIGNATURE, chunk, header};
use super::{Picture, apng, noise};

pub(crate) struct Bomb {
    pub(crate) name: &'static str,
    /// The reason that it is refused for, or `photo`.
    pub(crate) verdict: &'static str,
    pub(crate) bytes: Vec<u8>,
}

const fn bomb(name: &'static str, verdict: &'static str, bytes: Vec<u8>) -> Bomb {
    Bomb {
        name,
        verdict,
        bytes,
    }
}

/// Those that claim much, or hide it where nobody has to look.
pub(crate) fn all() -> Vec<Bomb> {
    [pngs(), animated_pngs(), gifs(), jpegs()]
        .into_iter()
        .flatten()
        .collect()
}

/// Those that have the pixels that they claim, as many as the limits allow: what a
/// picture may cost.
pub(crate) fn heavy() -> Vec<Bomb> {
    let row = |bytes: u32, seed| -> Vec<u8> {
        let noise = (0..bytes).map(|x| noise::hash(seed, x, 0).to_le_bytes()[0]);
        [0].into_iter().chain(noise).collect()
    };
    let repeated = |bytes, rows, seed| {
        miniz_oxide::deflate::compress_to_vec_zlib(&row(bytes, seed).repeat(rows), 6)
    };
    let frames = [0, 1].map(|seed| repeated(2000, 2000, seed));
    let colors = [0, 1].map(|seed| repeated(2000 * 3, 2000, seed));
    // Short periods, of which LZW makes long strings.
    let indices = [31, 37]
        .map(|period| Picture::from_fn(2000, 2000, |x, _| [u8::try_from(x % period).unwrap_or(0)]));
    let palette: Vec<_> = (0..=255_u8).map(|i| [i, i.wrapping_mul(7), !i]).collect();
    let two: Vec<_> = indices.map(gif::Frame::new).into();
    vec![
        bomb(
            "PNG, 100 MP of 16 bits, RGBA",
            "photo",
            still(10_000, 10_000, [16, 6, 0, 0, 0], &zeros(10_000 * 80_001)),
        ),
        bomb(
            "PNG, 100 MP of 1 bit",
            "photo",
            still(10_000, 10_000, [1, 0, 0, 0, 0], &zeros(10_000 * 1251)),
        ),
        bomb(
            "PNG, 100 MP of RGB, noise in each row",
            "photo",
            still(
                10_000,
                10_000,
                [8, 2, 0, 0, 0],
                &repeated(30_000, 10_000, 1),
            ),
        ),
        bomb(
            "APNG, 15 frames of 4 MP, gray",
            "photo",
            animation(2000, 2000, 0, 15, |n| frames[n % 2].clone()),
        ),
        bomb(
            "APNG, 25 frames of 4 MP, RGB",
            "photo",
            animation(2000, 2000, 2, 25, |n| colors[n % 2].clone()),
        ),
        bomb("GIF, 48 frames of 4 MP", "photo", {
            let screen = (2000, 2000);
            let two = gif::write(screen, Some(&palette), Loops::Once, &two);
            let (start, end) = (gif::start(screen, Some(&palette)).len(), two.len() - 1);
            [&two[..start], &two[start..end].repeat(24), b";"].concat()
        }),
        bomb(
            "GIF, 105 frames of 0.8 MP, a colour each",
            "photo",
            many_frames((1026, 778), 105, |n| {
                let index = u8::try_from(n % 2).unwrap_or(0);
                gif::Frame::new(Picture::from_fn(1026, 778, |_, _| [index]))
            }),
        ),
        bomb(
            "GIF, 105 frames of 0.8 MP, stripes",
            "photo",
            many_frames((1026, 778), 105, |n| {
                let stripe = |x, y| [u8::try_from((x + y + 7 * n) / 16 % 2 * 128).unwrap_or(0)];
                gif::Frame::new(Picture::from_fn(1026, 778, stripe))
            }),
        ),
        bomb(
            "GIF, 191 frames of noise, 3x3",
            "photo",
            many_frames((3, 3), 191, |n| noisy(n, 3, 3)),
        ),
        bomb(
            "GIF, 191 frames of noise, 24x24",
            "photo",
            many_frames((24, 24), 191, |n| noisy(n, 24, 24)),
        ),
        bomb(
            "GIF, 191 frames of noise and of blocks",
            "photo",
            many_frames((32, 32), 191, |n| {
                noisy(n, 32, if n % 2 == 0 { 5 } else { 32 })
            }),
        ),
        bomb(
            "JPEG, 100 MP of empty blocks",
            "photo",
            empty_blocks(10_000, 0),
        ),
        bomb("JPEG, a restart each block", "photo", empty_blocks(4096, 1)),
        bomb("JPEG, 85 scans of 100 MP", "photo", scans(10_000, 84)),
    ]
}

/// A frame of so many blocks along each edge, in random colours.
pub(crate) fn noisy(n: u32, edge: u32, blocks: u32) -> gif::Frame {
    let index = |x, y| noise::hash(n, x * blocks / edge, y * blocks / edge).to_le_bytes()[0];
    let color = |index| {
        let [r, g, b, _] = noise::hash(n, index, 24).to_le_bytes();
        [r, g, b]
    };
    gif::Frame::new(Picture::from_fn(edge, edge, |x, y| [index(x, y)]))
        .with_palette((0..256).map(color).collect())
}

fn pngs() -> Vec<Bomb> {
    let dot = png::photo(&noise::photo(8, 8, 1));
    let giga = zeros(1 << 30);
    let after = |lead: &[u8]| [lead, &giga].concat();
    let profile = |count: usize, bytes| {
        let profile = [b"icc\0\0", &zeros(bytes)[..]].concat();
        (0..count).fold(dot.clone(), |png, _| png::insert(&png, *b"iCCP", &profile))
    };
    vec![
        bomb(
            "PNG, 1 GiB behind the pixels",
            "photo",
            still(8, 8, [8, 2, 0, 0, 0], &giga),
        ),
        bomb(
            "PNG, 1 GiB behind the pixels that pass through",
            "photo",
            still(512, 512, [8, 2, 0, 0, 0], &giga),
        ),
        bomb(
            "PNG, 1 GiB in zTXt",
            "photo",
            png::insert(&dot, *b"zTXt", &after(b"Comment\0\0")),
        ),
        bomb(
            "PNG, 1 GiB in iTXt",
            "photo",
            png::insert(&dot, *b"iTXt", &after(b"Comment\0\x01\0\0\0")),
        ),
        bomb("PNG, 1 GiB in iCCP", "metadata", profile(1, 1 << 30)),
        bomb("PNG, 250 iCCP of 5 MiB", "metadata", profile(250, 5 << 20)),
        bomb(
            "PNG, 2147483647 pixels wide",
            "edge",
            still(0x7FFF_FFFF, 1, [8, 2, 0, 0, 0], &[]),
        ),
        bomb(
            "PNG, 100 MP interlaced",
            "memory",
            still(10_000, 10_000, [16, 6, 0, 0, 1], &zeros(1 << 20)),
        ),
        bomb(
            "PNG, 100 MP and no pixel",
            "malformed",
            still(10_000, 10_000, [16, 6, 0, 0, 0], &zeros(1)),
        ),
        bomb("PNG, 80000 empty chunks of pixels", "photo", {
            let mut png = SIGNATURE.to_vec();
            chunk(&mut png, *b"IHDR", &header(8, 8, [8, 2, 0, 0, 0]));
            for _ in 0..80_000 {
                chunk(&mut png, *b"IDAT", &[]);
            }
            chunk(&mut png, *b"IDAT", &zeros(8 * 25));
            chunk(&mut png, *b"IEND", &[]);
            png
        }),
    ]
}

fn animated_pngs() -> Vec<Bomb> {
    let dot = apng::Frame::new(noise::photo(1, 1, 1));
    let mut declared = apng::write(0, None, std::slice::from_ref(&dot));
    let count = SIGNATURE.len() + 25 + 8;
    assert_eq!(declared[count - 4..count], *b"acTL");
    declared[count..count + 4].fill(0xFF);
    let frame = zeros(2000 * 2001);
    vec![
        bomb("APNG, 4294967295 frames declared", "photo", declared),
        bomb(
            "APNG, 10000 frames",
            "frames",
            apng::write(0, None, &vec![dot; 10_000]),
        ),
        bomb(
            "APNG, 101 frames of 4 MP",
            "animation_pixels",
            animation(2000, 2000, 0, 101, |_| frame.clone()),
        ),
        bomb(
            "APNG, 5 frames of 64 MP",
            "memory",
            animation(8000, 8000, 0, 5, |_| zeros(8000 * 8001)),
        ),
        bomb(
            "APNG, 1 GiB behind a frame",
            "photo",
            animation(8, 8, 0, 2, |_| zeros(1 << 30)),
        ),
    ]
}

fn gifs() -> Vec<Bomb> {
    let palette = [[0; 3], [255; 3]];
    let one = |screen, width, height| {
        let picture = Picture::from_fn(width, height, |_, _| [1]);
        gif::write(
            screen,
            Some(&palette.to_vec()),
            Loops::Once,
            &[gif::Frame::new(picture)],
        )
    };
    let dot = one((1, 1), 1, 1);
    let start = gif::start((1, 1), Some(&palette.to_vec())).len();
    let image = &dot[start..dot.len() - 1];
    let large = b"GIF89a\xFF\xFF\xFF\xFF\x80\0\0\0\0\0\xFF\xFF\xFF,\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\x02D\x01\0;";
    vec![
        bomb("GIF, 65535x65535 in 36 bytes", "edge", large.to_vec()),
        bomb(
            "GIF, 40000 frames",
            "frames",
            [&dot[..start], &image.repeat(40_000), b";"].concat(),
        ),
        bomb("GIF, 16 MP in 12 KB", "photo", one((1, 1), 4000, 4000)),
        bomb("GIF, 36 MP", "memory", one((6000, 6000), 1, 1)),
        bomb("GIF, 1 MB of comments", "photo", {
            let comments = gif::extension(0xFE, &[]).repeat(350_000);
            [&dot[..start], &comments, &dot[start..]].concat()
        }),
        bomb("GIF, 101 frames of 4 MP", "animation_pixels", {
            let frame = b",\0\0\0\0\xD0\x07\xD0\x07\0\x02\x02D\x01\0";
            [
                &gif::start((2000, 2000), Some(&palette.to_vec()))[..],
                &frame.repeat(101),
                b";",
            ]
            .concat()
        }),
    ]
}

fn jpegs() -> Vec<Bomb> {
    let photo = noise::photo(8, 8, 1);
    let (baseline, progressive) = (jpeg::photo(&photo, 70), jpeg::progressive(&photo, 70));
    let many = |marker, lead: &[u8], count| {
        let part = segment(marker, &[lead, &vec![0; 65_533 - lead.len()]].concat());
        [&SOI[..], &part.repeat(count), &baseline[2..]].concat()
    };
    vec![
        bomb(
            "JPEG, 65500x65500",
            "edge",
            jpeg::with_size(&baseline, 65_500, 65_500),
        ),
        bomb(
            "JPEG, 100 MP and one block",
            "truncated",
            jpeg::with_size(&baseline, 10_000, 10_000),
        ),
        bomb(
            "JPEG, 100 MP progressive and one block",
            "truncated",
            jpeg::with_size(&progressive, 10_000, 10_000),
        ),
        bomb("JPEG, 101 scans", "scans", scans(1040, 100)),
        bomb("JPEG, 91 scans of 100 MP", "scan_blocks", scans(10_000, 90)),
        bomb("JPEG, 16384 restarts", "photo", empty_blocks(1024, 1)),
        bomb("JPEG, 31 MB of APP1", "photo", many(0xE1, b"Exif\0\0", 500)),
        bomb(
            "JPEG, 34 MB of APP1",
            "file_bytes",
            many(0xE1, b"Exif\0\0", 520),
        ),
        bomb(
            "JPEG, a profile of 4 MiB and more",
            "metadata",
            many(0xE2, b"ICC_PROFILE\0\x01\x41", 65),
        ),
        bomb("JPEG, 30000 Huffman tables", "photo", {
            let table = segment(0xC4, &[&[3][..], &[0; 16]].concat());
            [&SOI[..], &table.repeat(30_000), &baseline[2..]].concat()
        }),
    ]
}

/// A GIF of nearly as many frames as are allowed.
/// A GIF of a mebibyte or more, the rest of which is behind its end.
fn many_frames(screen: (u16, u16), count: u32, frame: impl Fn(u32) -> gif::Frame) -> Vec<u8> {
    let palette = (0..=255_u8).map(|i| [i, i.wrapping_mul(7), !i]).collect();
    let frames: Vec<_> = (0..count).map(frame).collect();
    let mut gif = gif::write(screen, Some(&palette), Loops::Once, &frames);
    gif.resize(gif.len().max(1 << 20), 0);
    gif
}

/// A PNG with this header and these data.
fn still(width: u32, height: u32, rest: [u8; 5], data: &[u8]) -> Vec<u8> {
    let mut png = SIGNATURE.to_vec();
    chunk(&mut png, *b"IHDR", &header(width, height, rest));
    chunk(&mut png, *b"IDAT", data);
    chunk(&mut png, *b"IEND", &[]);
    png
}

/// Frames of 8 bits that cover the canvas.
fn animation(
    width: u32,
    height: u32,
    color: u8,
    frames: u32,
    data: impl Fn(usize) -> Vec<u8>,
) -> Vec<u8> {
    let mut png = SIGNATURE.to_vec();
    chunk(
        &mut png,
        *b"IHDR",
        &header(width, height, [8, color, 0, 0, 0]),
    );
    chunk(&mut png, *b"acTL", &[frames.to_be_bytes(), [0; 4]].concat());
    let mut number = 0_u32;
    let mut next = || {
        number += 1;
        (number - 1).to_be_bytes()
    };
    for frame in 0..frames {
        let control = [
            next(),
            width.to_be_bytes(),
            height.to_be_bytes(),
            [0; 4],
            [0; 4],
        ];
        let control = [control.as_flattened(), &[0, 1, 0, 10, 0, 0]].concat();
        chunk(&mut png, *b"fcTL", &control);
        let data = data(frame as usize);
        if frame == 0 {
            chunk(&mut png, *b"IDAT", &data);
        } else {
            chunk(&mut png, *b"fdAT", &[&next()[..], &data].concat());
        }
    }
    chunk(&mut png, *b"IEND", &[]);
    png
}

/// At least so many zeros in zlib's format, 1032 of them a byte (RFC 1951): a match of
/// 258 is one bit, as is its distance, and both bits are 0.
pub(crate) fn zeros(count: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    // The last block, with codes of its own: 286 for bytes and lengths, 1 for
    // distances, and the lengths of 18 of the codes that say how long those are.
    for (value, len) in [(1, 1), (2, 2), (29, 5), (0, 5), (14, 4)] {
        bits.put(value, len);
    }
    // 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1: 18 in one bit, 2 and 1 in two.
    for len in [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2] {
        bits.put(len, 3);
    }
    // 0 and 256 have two bits, 285 has one, and so has the distance of 1. Codes begin
    // with their highest bit.
    let (one, two, gap) = (0b01, 0b11, 0);
    bits.put(two, 2);
    for zeros in [138, 117] {
        bits.put(gap, 1);
        bits.put(zeros - 11, 7);
    }
    bits.put(two, 2);
    bits.put(gap, 1);
    bits.put(28 - 11, 7);
    bits.put(one, 2);
    bits.put(one, 2);
    // A zero, and matches of 258 without end, from an odd bit on.
    bits.put(0b01, 2);
    assert!(!bits.used.is_multiple_of(2));
    let mut zlib = vec![0x78, 0xDA];
    zlib.extend(bits.bytes);
    zlib.resize(zlib.len() + count.div_ceil(1032), 0);
    // The end of the block, at an odd bit, too. Nobody looks at the checksum.
    zlib.extend([0b110, 0, 0, 0, 0]);
    zlib
}

/// Bits from the lowest on.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: usize,
}

impl Bits {
    fn put(&mut self, value: u8, len: usize) {
        for bit in 0..len {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= (value >> bit & 1) << (self.used % 8);
            }
            self.used += 1;
        }
    }
}

/// One table of one code, for DC (class 0) or AC (class 0x10).
fn table(class: u8, symbol: u8) -> Vec<u8> {
    let mut lengths = [0; 16];
    lengths[0] = 1;
    segment(0xC4, &[&[class], &lengths[..], &[symbol]].concat())
}

fn flat_quantization() -> Vec<u8> {
    segment(0xDB, &[&[0][..], &[1; 64]].concat())
}

/// A gray baseline file whose blocks have two bits each, with a restart every so many
/// blocks (0 for none).
fn empty_blocks(edge: u16, restart: u16) -> Vec<u8> {
    let [high, low] = edge.to_be_bytes();
    let blocks = usize::from(edge.div_ceil(8)).pow(2);
    let data = match restart {
        0 => vec![0; blocks / 4 + 1],
        // Two bits of a block, six to fill the byte, and the next of eight markers.
        _ => (0..blocks)
            .zip((0xD0..=0xD7).cycle())
            .flat_map(|(_, marker)| [0x3F, 0xFF, marker])
            .take(3 * blocks - 2)
            .collect(),
    };
    [
        SOI.to_vec(),
        flat_quantization(),
        segment(0xC0, &[8, high, low, high, low, 1, 1, 0x11, 0]),
        table(0, 0),
        table(0x10, 0),
        segment(0xDD, &restart.to_be_bytes()),
        segment(0xDA, &[1, 1, 0, 0, 63, 0]),
        data,
        vec![0xFF, 0xD9],
    ]
    .concat()
}

/// A gray progressive file whose blocks have one bit each: a scan of DC, and
/// `scans` further ones that bring next to nothing.
pub(crate) fn scans(edge: u16, scans: usize) -> Vec<u8> {
    let [high, low] = edge.to_be_bytes();
    let blocks = usize::from(edge.div_ceil(8)).pow(2);
    let dc = [segment(0xDA, &[1, 1, 0, 0, 0, 0]), vec![0; blocks / 8 + 1]].concat();
    let mut bits = Vec::new();
    for start in (0..blocks).step_by(0x7FFF) {
        let run = (blocks - start).min(0x7FFF);
        // Shorter runs would need other codes: the last one may reach too far.
        let more = run.saturating_sub(0x4000);
        bits.push(false);
        bits.extend((0..14).rev().map(|bit| more >> bit & 1 == 1));
    }
    let data: Vec<u8> = bits
        .chunks(8)
        .map(|bits| {
            (0..8).fold(0, |byte, at| {
                byte << 1 | u8::from(*bits.get(at).unwrap_or(&true))
            })
        })
        .flat_map(|byte| {
            if byte == 0xFF {
                vec![0xFF, 0]
            } else {
                vec![byte]
            }
        })
        .collect();
    let ac = [segment(0xDA, &[1, 1, 0, 1, 63, 0]), data].concat();
    [
        SOI.to_vec(),
        flat_quantization(),
        segment(0xC2, &[8, high, low, high, low, 1, 1, 0x11, 0]),
        // One code of one bit each: DC without a difference, and a run of 16384 empty
        // blocks and more, of which 14 further bits tell the number.
        table(0, 0),
        table(0x10, 0xE0),
        dc,
        ac.repeat(scans),
        vec![0xFF, 0xD9],
    ]
    .concat()
}
