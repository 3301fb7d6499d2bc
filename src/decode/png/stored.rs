//! Pixels as they are stored, for recompression.

use super::animation::Control;
use super::hidden::{Seen, split};
use super::source::{Place, Source};
use super::{Picture, header::Header};
use crate::error::Error;
use crate::geometry::Size;
use crate::memory::zeroed;
use crate::plan::Plan;

/// What was found of the compressed data of a frame that are handed on.
#[derive(Clone, Debug)]
pub(crate) struct Pixels {
    /// `None` for a still.
    pub(crate) control: Option<Control>,
    pub(crate) size: Size,
    pub(super) place: Place,
    /// The stream, if it can be handed on.
    pub(super) stream: Option<Stream>,
    pub(crate) seen: Seen,
}

/// A zlib stream that holds the pixels and nothing else, with the right checksum.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stream {
    pub(super) head: [u8; 2],
    pub(super) len: u64,
}

impl Pixels {
    /// Whether the compressed data can be handed on, and hide nothing.
    pub(crate) const fn is_clean(&self) -> bool {
        self.stream.is_some() && !self.seen.hides
    }
}

/// A file that was proven to be whole, opened once more.
pub(crate) struct Stored<'a>(Picture<'a>);

impl<'a> Stored<'a> {
    pub(crate) fn open(file: &'a [u8], plan: &Plan) -> Result<Self, Error> {
        Picture::open(Source::new(file, plan), |_, _| Ok(())).map(Self)
    }

    const fn header(&self) -> &Header<'a> {
        &self.0.header
    }

    pub(crate) const fn size(&self) -> Size {
        self.header().size
    }

    /// The color type, as IHDR has it.
    pub(crate) const fn color(&self) -> u8 {
        self.header().color
    }

    /// The bits of a sample.
    pub(crate) const fn depth(&self) -> u8 {
        self.header().depth
    }

    pub(crate) const fn is_interlaced(&self) -> bool {
        self.header().interlaced
    }

    /// PLTE, if pixels are indices.
    pub(crate) const fn palette(&self) -> Option<&'a [u8]> {
        self.header().palette
    }

    /// tRNS, as far as it counts.
    pub(crate) const fn transparency(&self) -> Option<&'a [u8]> {
        self.header().transparency
    }

    /// The compressed data of a frame, cut where they end. The header says that they
    /// refer as far back as deflate can, since no decoder that is strict about it found
    /// out that they don't refer farther than it said.
    pub(crate) fn stream(
        &self,
        pixels: &Pixels,
    ) -> Option<impl Iterator<Item = &'a [u8]> + Clone + use<'a>> {
        const HEAD: usize = 2;
        const HEAD_OF_ALL: &[u8] = &[0x78, 0x01];
        let Stream {
            head: [method, _],
            len,
        } = pixels.stream?;
        let len = usize::try_from(len).ok()?;
        let skipped = if method == 0x78 { 0 } else { HEAD };
        let head = HEAD_OF_ALL.get(..skipped).unwrap_or_default();
        let pieces = self.0.source.pieces(pixels.place);
        let cut = pieces.scan(0_usize, move |at, piece| {
            let start = skipped.saturating_sub(*at).min(piece.len());
            let end = len
                .checked_sub(*at)
                .filter(|&left| left > 0)?
                .min(piece.len());
            *at += piece.len();
            Some(piece.get(start..end).unwrap_or_default())
        });
        Some([head].into_iter().chain(cut))
    }

    /// The pixels of a frame, not interlaced: as many bytes each as they are stored in,
    /// or one if they have fewer bits.
    pub(crate) fn samples(&mut self, pixels: &Pixels) -> Result<Vec<u8>, Error> {
        let size = pixels.size;
        let Self(picture) = self;
        let depth = picture.header.depth;
        let unit = picture.header.bits.div_ceil(8);
        let stride = size.width() as usize * unit;
        let mut samples = zeroed(size.pixels() * unit as u64)?;
        let mut split_row = Vec::new();
        picture.source.resume(pixels.place);
        picture.rows(pixels.place.name, size, |_, pass, number, row| {
            let from = number as usize * stride;
            let to = samples.get_mut(from..from + stride).unwrap_or_default();
            if depth >= 8 {
                pass.scatter(row, unit, to);
                return Ok(());
            }
            split_row.clear();
            let all = row.iter().flat_map(|&byte| split(byte, depth));
            split_row.extend(all.take(pass.width(size) as usize));
            pass.scatter(&split_row, 1, to);
            Ok(())
        })?;
        Ok(samples)
    }
}
