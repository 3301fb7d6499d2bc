//! JPEG markers and segments (ITU-T T.81, annex B).

pub(crate) mod quantization;
pub(crate) mod write;

use memchr::memchr;

use super::reader::Reader;
use crate::error::Error;
use crate::probe::Format;

/// Markers (T.81, table B.1).
pub(crate) mod marker {
    pub(crate) const TEM: u8 = 0x01;
    pub(crate) const SOF0: u8 = 0xC0;
    pub(crate) const SOF1: u8 = 0xC1;
    pub(crate) const SOF2: u8 = 0xC2;
    pub(crate) const SOF3: u8 = 0xC3;
    pub(crate) const DHT: u8 = 0xC4;
    pub(crate) const SOF5: u8 = 0xC5;
    pub(crate) const SOF7: u8 = 0xC7;
    pub(crate) const JPG: u8 = 0xC8;
    pub(crate) const DAC: u8 = 0xCC;
    pub(crate) const SOF13: u8 = 0xCD;
    pub(crate) const SOF15: u8 = 0xCF;
    pub(crate) const RST0: u8 = 0xD0;
    pub(crate) const RST7: u8 = 0xD7;
    pub(crate) const SOI: u8 = 0xD8;
    pub(crate) const EOI: u8 = 0xD9;
    pub(crate) const SOS: u8 = 0xDA;
    pub(crate) const DQT: u8 = 0xDB;
    pub(crate) const DNL: u8 = 0xDC;
    pub(crate) const DRI: u8 = 0xDD;
    pub(crate) const APP0: u8 = 0xE0;
    pub(crate) const APP1: u8 = 0xE1;
    pub(crate) const APP2: u8 = 0xE2;
    pub(crate) const APP13: u8 = 0xED;
    pub(crate) const APP14: u8 = 0xEE;
    pub(crate) const APP15: u8 = 0xEF;
    pub(crate) const JPG0: u8 = 0xF0;
    pub(crate) const JPG13: u8 = 0xFD;
    pub(crate) const COM: u8 = 0xFE;
}

/// Which quantization and Huffman tables a component uses. The value is the tables' destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    Luma = 0,
    Chroma = 1,
}

impl Channel {
    /// The channel of a component by its place in the frame.
    pub(crate) const fn of(component: usize) -> Self {
        match component {
            0 => Self::Luma,
            _ => Self::Chroma,
        }
    }
}

/// The payload of JFIF's APP0 (T.871, 10.1): version 1.1, square pixels without
/// a size, no thumbnail.
pub(crate) const JFIF: &[u8; 14] = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0";

/// A marker and what belongs to it.
#[derive(Clone, Copy)]
pub(crate) struct Segment<'a> {
    pub(crate) marker: u8,
    /// Where the marker stands.
    pub(crate) offset: usize,
    /// What follows the length; empty for a marker without one.
    pub(crate) payload: &'a [u8],
}

/// Why there is no further segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SegmentError {
    /// The file ends in or before it.
    Truncated { offset: usize },
    /// Its length doesn't even cover itself.
    TooShort { offset: usize },
}

impl<'a> Segment<'a> {
    /// The next segment. Bytes before it that are none are skipped, as all
    /// decoders do; among them is a scan's data.
    pub(crate) fn next(reader: &mut Reader<'a>) -> Result<Self, SegmentError> {
        let (marker, offset) = next_marker(reader).ok_or(SegmentError::Truncated {
            offset: reader.at(),
        })?;
        let payload = if stands_alone(marker) {
            &[]
        } else {
            payload(reader)?
        };
        Ok(Self {
            marker,
            offset,
            payload,
        })
    }
}

impl From<SegmentError> for Error {
    fn from(error: SegmentError) -> Self {
        match error {
            SegmentError::Truncated { offset } => Self::truncated(Format::Jpeg, offset),
            SegmentError::TooShort { offset } => {
                Self::malformed(Format::Jpeg, "segment too short", offset)
            }
        }
    }
}

/// The next marker and where it stands.
fn next_marker(reader: &mut Reader<'_>) -> Option<(u8, usize)> {
    let (skip, marker) = find_marker(reader.rest())?;
    let offset = reader.at().saturating_add(skip);
    reader.take(skip.saturating_add(2));
    Some((marker, offset))
}

/// The first marker among `bytes`: the place of its last 0xFF, and its code.
///
/// It may have fill bytes before it (T.81, B.1.1.2); 0xFF with a 0 behind it is
/// data (F.1.2.3).
pub(crate) fn find_marker(bytes: &[u8]) -> Option<(usize, u8)> {
    let mut at = 0_usize;
    loop {
        let fill = at.saturating_add(memchr(0xFF, bytes.get(at..)?)?);
        let code = (bytes.get(fill..)?.iter()).position(|&byte| byte != 0xFF)?;
        let code = fill.saturating_add(code);
        match *bytes.get(code)? {
            0 => at = code.saturating_add(1),
            marker => return Some((code.saturating_sub(1), marker)),
        }
    }
}

/// Whether the marker has no length and no payload.
fn stands_alone(marker: u8) -> bool {
    matches!(marker, marker::TEM | marker::RST0..=marker::EOI)
}

fn payload<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], SegmentError> {
    let offset = reader.at();
    let truncated = SegmentError::Truncated { offset };
    let len = usize::from(reader.u16_be().ok_or(truncated)?);
    let len = len
        .checked_sub(2)
        .ok_or(SegmentError::TooShort { offset })?;
    reader.take(len).ok_or(truncated)
}
