//! The indices of an image.

use super::Image;
use crate::error::Error;
use crate::lzw::{self, Codes, Fault};
use crate::memory::zeroed;
use crate::probe::Format;

/// Unpacks images; keeps its tables from one to the next.
#[derive(Debug)]
pub(crate) struct Unpacker {
    codes: lzw::Unpacker,
    /// Codes of the image in work, in one piece.
    joined: Vec<u8>,
}

/// How many indices there are.
#[expect(clippy::large_enum_variant, reason = "one for an image")]
pub(crate) enum Unpacked {
    /// As many as the image has pixels.
    All(usize, Codes),
    /// Fewer, and why.
    Some(usize, Error),
}

impl Unpacker {
    pub(crate) fn new() -> Self {
        Self {
            codes: lzw::Unpacker::new(),
            joined: Vec::new(),
        }
    }

    /// Unpacks an image's indices to the front of `indices`, in the order in which
    /// they are stored.
    pub(crate) fn unpack(
        &mut self,
        image: &Image<'_>,
        indices: &mut Vec<u8>,
    ) -> Result<Unpacked, Error> {
        let pixels = pixels(image)?;
        if indices.len() < pixels {
            *indices = zeroed(pixels as u64)?;
        }
        image.data.join(&mut self.joined)?;
        let to = indices.get_mut(..pixels).unwrap_or_default();
        let unpacked = self.codes.unpack(&self.joined, image.code_size, to);
        Ok(match unpacked {
            Ok(codes) => Unpacked::All(pixels, codes),
            Err((known, fault)) => Unpacked::Some(known, broken(image, fault)),
        })
    }

    /// Finds out whether an image's pixels are all there, at the cost of reading
    /// its codes.
    pub(crate) fn prove(&mut self, image: &Image<'_>) -> Result<Codes, Error> {
        let pixels = pixels(image)?;
        image.data.join(&mut self.joined)?;
        (self.codes)
            .prove(&self.joined, image.code_size, pixels)
            .map_err(|(_, fault)| broken(image, fault))
    }

    /// Returns the codes that were read last, up to and with their end code.
    pub(crate) fn cut(&mut self, codes: &Codes) -> &[u8] {
        codes.cut(&mut self.joined);
        &self.joined
    }
}

/// Pixels of an image, if its codes can be read.
fn pixels(image: &Image<'_>) -> Result<usize, Error> {
    if !(1..=11).contains(&image.code_size) {
        return Err(malformed(image, "no such code size"));
    }
    Ok((image.rect.width as usize).saturating_mul(image.rect.height as usize))
}

fn malformed(image: &Image<'_>, problem: &'static str) -> Error {
    Error::malformed(Format::Gif, problem, image.data.offset)
}

fn broken(image: &Image<'_>, fault: Fault) -> Error {
    match fault {
        Fault::NoSuchCode => malformed(image, "no such code"),
        Fault::TooFew if image.data.complete => malformed(image, "fewer pixels than announced"),
        Fault::TooFew => {
            let end = image.data.offset.saturating_add(image.data.raw.len());
            Error::truncated(Format::Gif, end)
        }
    }
}
