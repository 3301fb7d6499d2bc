//! From samples as they are stored to 8 bits each, with alpha where tRNS says so.

use crate::raster::Layout;

/// How a row of samples becomes a row of pixels.
pub(super) enum Expand {
    /// They are the same.
    Copy,
    /// The upper one of two bytes is taken.
    Upper,
    /// Samples of 1, 2, 4 or 8 bits are looked up.
    Table(Table),
    /// Pixels of one colour are transparent, all others opaque.
    Key(Key),
}

/// A pixel for each sample, with as many channels as there are in use.
pub(super) struct Table {
    depth: u8,
    channels: usize,
    pixels: Box<[[u8; 4]; 256]>,
}

/// The colour that is transparent, as it is stored.
pub(super) struct Key {
    samples: usize,
    /// Bytes of a sample.
    bytes: usize,
    color: Vec<u8>,
}

impl Expand {
    /// `palette` is that of a picture with one, and `transparency` the content of
    /// tRNS, long enough for the kind of picture (W3C PNG, section 11.3.1.1).
    pub(super) fn new(
        samples: usize,
        depth: u8,
        palette: Option<&[u8]>,
        transparency: Option<&[u8]>,
    ) -> (Self, Layout) {
        let layout = match (samples, transparency) {
            _ if palette.is_some() && transparency.is_some() => Layout::Rgba,
            _ if palette.is_some() => Layout::Rgb,
            (1, None) => Layout::Gray,
            (1, Some(_)) | (2, _) => Layout::GrayAlpha,
            (3, None) => Layout::Rgb,
            _ => Layout::Rgba,
        };
        let table = |pixels| {
            Self::Table(Table {
                depth,
                channels: layout.channels(),
                pixels,
            })
        };
        let expand = match (palette, transparency) {
            (Some(palette), alphas) => table(colors(palette, alphas.unwrap_or_default())),
            (None, None) if depth == 16 => Self::Upper,
            (None, None) if depth == 8 => Self::Copy,
            (None, key) if samples == 1 && depth <= 8 => {
                table(grays(depth, key.and_then(|key| key.get(1).copied())))
            }
            (None, key) => {
                let bytes = usize::from(depth / 8);
                let (values, _) = key.unwrap_or_default().as_chunks::<2>();
                let stored = values.iter().take(samples).flat_map(|[upper, lower]| {
                    let both = [*upper, *lower];
                    both.into_iter().skip(2 - bytes)
                });
                Self::Key(Key {
                    samples,
                    bytes,
                    color: stored.collect(),
                })
            }
        };
        (expand, layout)
    }

    /// Makes as many pixels as `to` has room for.
    pub(super) fn row(&self, from: &[u8], to: &mut [u8]) {
        match self {
            Self::Copy => to.iter_mut().zip(from).for_each(|(to, from)| *to = *from),
            Self::Upper => {
                let (from, _) = from.as_chunks();
                for (to, [upper, _]) in to.iter_mut().zip(from) {
                    *to = *upper;
                }
            }
            Self::Table(table) => table.row(from, to),
            Self::Key(key) => key.row(from, to),
        }
    }
}

/// The colours of a palette; black where there is none. Alphas that are more than
/// the colours count for nothing.
fn colors(palette: &[u8], alphas: &[u8]) -> Box<[[u8; 4]; 256]> {
    let mut pixels = Box::new([[0, 0, 0, 255]; 256]);
    let (palette, _) = palette.as_chunks();
    for (pixel, [r, g, b]) in pixels.iter_mut().zip(palette) {
        *pixel = [*r, *g, *b, 255];
    }
    if alphas.len() <= palette.len() {
        for ([.., to], alpha) in pixels.iter_mut().zip(alphas) {
            *to = *alpha;
        }
    }
    pixels
}

/// The gray of each sample, and alpha for those that use it. Of the value that is
/// transparent, the bits of a sample count (section 11.3.1.1).
fn grays(depth: u8, transparent: Option<u8>) -> Box<[[u8; 4]; 256]> {
    let mut pixels = Box::new([[0; 4]; 256]);
    let most = (1_u16 << depth) - 1;
    for (sample, pixel) in (0..=most).zip(pixels.iter_mut()) {
        let gray = u8::try_from(sample * 255 / most).unwrap_or(255);
        let is_transparent = transparent.is_some_and(|key| u16::from(key) & most == sample);
        *pixel = [gray, if is_transparent { 0 } else { 255 }, 0, 0];
    }
    pixels
}

impl Table {
    fn row(&self, from: &[u8], to: &mut [u8]) {
        match self.channels {
            1 => self.look_up::<1>(from, to),
            2 => self.look_up::<2>(from, to),
            3 => self.look_up::<3>(from, to),
            _ => self.look_up::<4>(from, to),
        }
    }

    fn look_up<const N: usize>(&self, from: &[u8], to: &mut [u8]) {
        let pixels = &*self.pixels;
        let pixel = |sample: u8| {
            let mut pixel = [0; N];
            let entry = pixels.get(usize::from(sample)).into_iter().flatten();
            pixel
                .iter_mut()
                .zip(entry)
                .for_each(|(to, from)| *to = *from);
            pixel
        };
        let (to, _) = to.as_chunks_mut::<N>();
        if self.depth == 8 {
            for (to, from) in to.iter_mut().zip(from) {
                *to = pixel(*from);
            }
            return;
        }
        let samples = 8 / usize::from(self.depth);
        for (to, byte) in to.chunks_mut(samples).zip(from) {
            // The first sample stands in the highest bits.
            let mut bits = *byte;
            for to in to {
                *to = pixel(bits >> (8 - self.depth));
                bits <<= self.depth;
            }
        }
    }
}

impl Key {
    fn row(&self, from: &[u8], to: &mut [u8]) {
        let from = from.chunks_exact(self.samples * self.bytes);
        for (to, from) in to.chunks_exact_mut(self.samples + 1).zip(from) {
            let alpha = if from == self.color { 0 } else { 255 };
            let uppers = from.iter().step_by(self.bytes).copied();
            for (to, sample) in to.iter_mut().zip(uppers.chain([alpha])) {
                *to = sample;
            }
        }
    }
}
