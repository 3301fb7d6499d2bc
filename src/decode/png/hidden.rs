//! Finds what the rows of a picture hide (bits after the last pixel of a row, and colors of
//! fully transparent pixels), and which colors are in use.

use super::header::Header;

/// The samples of a frame that occur, and whether it hides anything.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    /// Samples of up to 8 bits that occur, where a pixel is one of them: bit 0 of the
    /// first number is the sample 0.
    samples: [u64; 4],
    /// Whether a pixel has the color that tRNS makes transparent.
    pub(crate) key: bool,
    /// Whether bits after the last pixel of a row are set, or the color of a fully
    /// transparent pixel is not zero.
    pub(crate) hides: bool,
}

impl Seen {
    pub(crate) fn has(&self, sample: u8) -> bool {
        let bits = self.samples.get(usize::from(sample / 64));
        bits.is_some_and(|bits| bits >> (sample % 64) & 1 == 1)
    }

    fn add(&mut self, sample: u8) {
        if let Some(bits) = self.samples.get_mut(usize::from(sample / 64)) {
            *bits |= 1 << (sample % 64);
        }
    }

    /// What occurs in either of two frames.
    pub(crate) fn and(self, other: Self) -> Self {
        let mut samples = self.samples;
        for (bits, others) in samples.iter_mut().zip(other.samples) {
            *bits |= others;
        }
        Self {
            samples,
            key: self.key || other.key,
            hides: self.hides || other.hides,
        }
    }
}

/// Looks at rows.
pub(super) struct Look<'a> {
    kind: Kind<'a>,
    /// Bytes that occur, of pixels with up to 8 bits.
    bytes: Box<[bool; 256]>,
    seen: Seen,
}

#[derive(Clone, Copy)]
enum Kind<'a> {
    /// There is nothing to see but pixels.
    Plain,
    /// Pixels of one sample of so many bits, up to 8.
    Samples(u8),
    /// Pixels with alpha: samples of so many bytes.
    Alpha { samples: usize, bytes: usize },
    /// Pixels of which one color is transparent, as tRNS has it.
    Key {
        samples: usize,
        bytes: usize,
        color: &'a [u8],
    },
}

impl<'a> Look<'a> {
    pub(super) fn new(header: &Header<'a>) -> Self {
        let bytes = usize::from(header.depth / 8);
        let kind = match (header.color, header.depth, header.transparency) {
            (3, depth, _) | (0, depth @ ..8, _) => Kind::Samples(depth),
            (4, ..) => Kind::Alpha { samples: 2, bytes },
            (6, ..) => Kind::Alpha { samples: 4, bytes },
            (_, _, None) => Kind::Plain,
            (color, _, Some(transparent)) => Kind::Key {
                samples: if color == 0 { 1 } else { 3 },
                bytes,
                color: transparent,
            },
        };
        Self {
            kind,
            bytes: Box::new([false; 256]),
            seen: Seen::default(),
        }
    }

    /// Whether rows have to be looked at.
    pub(super) const fn needs_rows(&self) -> bool {
        !matches!(self.kind, Kind::Plain)
    }

    /// Looks at a row of so many pixels.
    pub(super) fn row(&mut self, row: &[u8], width: u32) {
        match self.kind {
            Kind::Plain => {}
            Kind::Samples(depth) => self.samples(row, width, depth),
            Kind::Alpha {
                samples: 4,
                bytes: 1,
            } => self.seen.hides |= hides_rgba(row),
            Kind::Alpha { samples, bytes } => {
                let mut pixels = row.chunks_exact(samples * bytes);
                self.seen.hides |= pixels.any(|pixel| {
                    let (color, alpha) = pixel.split_at(pixel.len() - bytes);
                    alpha.iter().all(|&byte| byte == 0) && color.iter().any(|&byte| byte != 0)
                });
            }
            Kind::Key {
                samples,
                bytes,
                color,
            } => {
                let is_key = |pixel: &[u8]| {
                    let (values, _) = color.as_chunks::<2>();
                    let mut pairs = pixel.chunks_exact(bytes).zip(values);
                    pairs.all(|(sample, value)| value.ends_with(sample))
                };
                self.seen.key = self.seen.key || row.chunks_exact(samples * bytes).any(is_key);
            }
        }
    }

    fn samples(&mut self, row: &[u8], width: u32, depth: u8) {
        let pixels = width as usize % (8 / usize::from(depth));
        let (whole, last) = match row.split_last() {
            Some((last, whole)) if pixels > 0 => (whole, Some(*last)),
            _ => (row, None),
        };
        for &byte in whole {
            if let Some(byte) = self.bytes.get_mut(usize::from(byte)) {
                *byte = true;
            }
        }
        if let Some(byte) = last {
            for sample in split(byte, depth).take(pixels) {
                self.seen.add(sample);
            }
            self.seen.hides |= split(byte, depth).skip(pixels).any(|sample| sample != 0);
        }
    }

    /// What was seen in all rows.
    pub(super) fn finish(mut self) -> Seen {
        if let Kind::Samples(depth) = self.kind {
            for (byte, occurs) in (0..=255).zip(&*self.bytes) {
                if *occurs {
                    split(byte, depth).for_each(|sample| self.seen.add(sample));
                }
            }
        }
        self.seen
    }
}

/// The samples in a byte. The first stands in the highest bits.
pub(super) fn split(byte: u8, depth: u8) -> impl Iterator<Item = u8> {
    let samples = (1..=8 / depth).map(move |number| byte >> (8 - depth * number));
    samples.map(move |sample| sample & (u8::MAX >> (8 - depth)))
}

/// Returns true if the color of a fully transparent pixel is not zero.
fn hides_rgba(row: &[u8]) -> bool {
    let (pixels, _) = row.as_chunks();
    let hidden = |hidden, pixel: &[u8; 4]| {
        let pixel = u32::from_le_bytes(*pixel);
        hidden | if pixel >> 24 == 0 { pixel } else { 0 }
    };
    pixels.iter().fold(0, hidden) != 0
}
