//! PNG files of every colour type, depth and interlacing, and changes to their
//! chunks. Written by hand, since no writer at hand does Adam7.

use miniz_oxide::deflate::compress_to_vec_zlib;

use super::Picture;
use super::indexed::{Indexed, Palette};

pub(crate) const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";

/// What a PNG says about its samples.
#[derive(Clone)]
pub(crate) struct Png {
    pub(crate) depth: u8,
    pub(crate) interlaced: bool,
    pub(crate) palette: Option<Palette>,
    /// Chunks between the header (and the palette) and the pixels.
    pub(crate) chunks: Vec<([u8; 4], Vec<u8>)>,
}

impl Default for Png {
    fn default() -> Self {
        Self {
            depth: 8,
            interlaced: false,
            palette: None,
            chunks: Vec::new(),
        }
    }
}

/// 8 bits a sample, in the colours of the picture.
pub(crate) fn photo(picture: &Picture) -> Vec<u8> {
    Png::default().write(picture)
}

pub(crate) fn indexed(indexed: &Indexed, depth: u8) -> Vec<u8> {
    Png {
        depth,
        palette: Some(indexed.palette.clone()),
        ..Png::default()
    }
    .write(&indexed.indices)
}

impl Png {
    pub(crate) fn depth(depth: u8) -> Self {
        Self {
            depth,
            ..Self::default()
        }
    }

    pub(crate) fn interlaced(self) -> Self {
        Self {
            interlaced: true,
            ..self
        }
    }

    pub(crate) fn with_chunk(mut self, name: [u8; 4], data: &[u8]) -> Self {
        self.chunks.push((name, data.to_vec()));
        self
    }

    pub(crate) fn write(&self, picture: &Picture) -> Vec<u8> {
        let mut png = self.start(picture);
        chunk(&mut png, *b"IDAT", &self.pixels(picture));
        chunk(&mut png, *b"IEND", &[]);
        png
    }

    /// Everything before the pixels.
    pub(crate) fn start(&self, picture: &Picture) -> Vec<u8> {
        let mut png = SIGNATURE.to_vec();
        let kind = match (picture.channels, &self.palette) {
            (_, Some(_)) => 3,
            (1, None) => 0,
            (2, None) => 4,
            (3, None) => 2,
            _ => 6,
        };
        let rest = [self.depth, kind, 0, 0, self.interlaced.into()];
        chunk(
            &mut png,
            *b"IHDR",
            &header(picture.width, picture.height, rest),
        );
        if let Some(palette) = &self.palette {
            chunk(&mut png, *b"PLTE", palette.as_flattened());
        }
        for (name, data) in &self.chunks {
            chunk(&mut png, *name, data);
        }
        png
    }

    /// The pixels, filtered and deflated.
    pub(crate) fn pixels(&self, picture: &Picture) -> Vec<u8> {
        let mut filtered = Vec::new();
        for &[left, top, right, down] in passes(self.interlaced) {
            let mut above = Vec::new();
            for y in (top..picture.height as usize).step_by(down) {
                let row = self.row(picture, y, (left..picture.width as usize).step_by(right));
                above.resize(row.len(), 0);
                // A pass without columns has no rows either.
                if !row.is_empty() {
                    self.filter(picture.channels, &above, &row, &mut filtered);
                }
                above = row;
            }
        }
        compress_to_vec_zlib(&filtered, 6)
    }

    /// Some pixels of a row, packed.
    fn row(&self, picture: &Picture, y: usize, columns: impl Iterator<Item = usize>) -> Vec<u8> {
        let stride = picture.width as usize * picture.channels;
        let row = &picture.samples[y * stride..][..stride];
        let samples = columns.flat_map(|x| &row[x * picture.channels..][..picture.channels]);
        if self.depth == 8 {
            return samples.copied().collect();
        }
        if self.depth == 16 {
            // The lower byte differs from the upper one, as in a real file.
            return samples.flat_map(|&sample| [sample, !sample]).collect();
        }
        let shift = if self.palette.is_some() {
            0
        } else {
            8 - self.depth
        };
        let samples: Vec<u8> = samples.map(|sample| sample >> shift).collect();
        samples
            .chunks(8 / usize::from(self.depth))
            .map(|samples| {
                let places = (0..8).step_by(self.depth.into()).skip(1).chain([8]);
                samples
                    .iter()
                    .zip(places)
                    .fold(0, |byte, (&sample, place)| byte | sample << (8 - place))
            })
            .collect()
    }

    /// Filters a row in the way that leaves the smallest sum of differences.
    fn filter(&self, channels: usize, above: &[u8], row: &[u8], filtered: &mut Vec<u8>) {
        let pixel = (channels * usize::from(self.depth)).div_ceil(8);
        let best = (0..5)
            .map(|filter| filter_row(filter, pixel, above, row))
            .min_by_key(|row| {
                let differences = row[1..].iter().map(|&byte| u64::from(byte.min(!byte)));
                differences.sum::<u64>()
            });
        filtered.extend(best.unwrap_or_default());
    }
}

/// A row behind the number of its filter (W3C PNG, section 9.2).
fn filter_row(filter: u8, pixel: usize, above: &[u8], row: &[u8]) -> Vec<u8> {
    let mut filtered = vec![filter];
    filtered.extend(row.iter().enumerate().map(|(at, &byte)| {
        let left = |row: &[u8]| at.checked_sub(pixel).map_or(0, |at| row[at]);
        let [a, b, c] = [left(row), above[at], left(above)];
        byte.wrapping_sub(match filter {
            0 => 0,
            1 => a,
            2 => b,
            3 => a.midpoint(b),
            _ => paeth(a, b, c),
        })
    }));
    filtered
}

fn paeth(a: u8, b: u8, c: u8) -> u8 {
    let estimate = i16::from(a) + i16::from(b) - i16::from(c);
    let far = |value: u8| (estimate - i16::from(value)).abs();
    if far(a) <= far(b) && far(a) <= far(c) {
        a
    } else if far(b) <= far(c) {
        b
    } else {
        c
    }
}

/// The content of IHDR.
pub(crate) fn header(width: u32, height: u32, rest: [u8; 5]) -> Vec<u8> {
    [&width.to_be_bytes()[..], &height.to_be_bytes(), &rest].concat()
}

pub(crate) fn chunk(png: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    let len = u32::try_from(data.len()).expect("a small chunk");
    png.extend(len.to_be_bytes());
    let start = png.len();
    png.extend(name);
    png.extend(data);
    let checksum = crc32(&png[start..]);
    png.extend(checksum.to_be_bytes());
}

/// Puts a chunk behind the header.
pub(crate) fn insert(png: &[u8], name: [u8; 4], data: &[u8]) -> Vec<u8> {
    const HEADER_END: usize = SIGNATURE.len() + 4 + 4 + 13 + 4;
    let mut changed = png[..HEADER_END].to_vec();
    chunk(&mut changed, name, data);
    changed.extend(&png[HEADER_END..]);
    changed
}

/// The content of iCCP: a name, NUL, the method 0, and the profile deflated.
pub(crate) fn profile(profile: &[u8]) -> Vec<u8> {
    [b"icc\0\0", &compress_to_vec_zlib(profile, 6)[..]].concat()
}

/// The checksum of a chunk (W3C PNG, annex D).
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut byte = 0_u32;
        while byte < 256 {
            let mut crc = byte;
            let mut bit = 0;
            while bit < 8 {
                crc = (crc >> 1) ^ (0xEDB8_8320 * (crc & 1));
                bit += 1;
            }
            table[byte as usize] = crc;
            byte += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |crc, &byte| {
        let [low, ..] = crc.to_le_bytes();
        TABLE[usize::from(low ^ byte)] ^ (crc >> 8)
    })
}

/// Column, row, and the steps to the next ones, of each pass (W3C PNG, section 8.2).
pub(crate) fn passes(interlaced: bool) -> &'static [[usize; 4]] {
    if interlaced {
        &[
            [0, 0, 8, 8],
            [4, 0, 8, 8],
            [0, 4, 4, 8],
            [2, 0, 4, 4],
            [0, 2, 2, 4],
            [1, 0, 2, 2],
            [0, 1, 1, 2],
        ]
    } else {
        &[[0, 0, 1, 1]]
    }
}
