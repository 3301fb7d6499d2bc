//! JPEG: tables, frame and scans (ITU-T T.81, annex B). No application's
//! segment is taken over, and no byte between segments.

#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

use crate::container::jpeg::{JFIF, Segment, marker, scan_data};
use crate::container::reader::Reader;
use crate::error::Error;
use crate::memory::append;
use crate::probe::{ColorModel, probe};

/// Says that colours are RGB as they are: version 100, no flags, transform 0
/// (Adobe Technical Note 5116).
const ADOBE_RGB: &[u8; 12] = b"Adobe\0\x64\0\0\0\0\0";

pub(super) fn rewrite(file: &[u8]) -> Result<Vec<u8>, Error> {
    let mut jpeg = vec![0xFF, marker::SOI];
    match probe(file)?.color.model {
        ColorModel::Rgb => write(&mut jpeg, marker::APP14, ADOBE_RGB)?,
        _ => write(&mut jpeg, marker::APP0, JFIF)?,
    }
    let mut reader = Reader::new(file);
    reader.take(2); // SOI
    loop {
        let segment = Segment::next(&mut reader)?;
        if segment.marker == marker::EOI {
            break;
        }
        if let Some(payload) = needed(&segment) {
            write(&mut jpeg, segment.marker, payload)?;
            if segment.marker == marker::SOS {
                append(&mut jpeg, scan_data(&mut reader))?;
            }
        }
    }
    append(&mut jpeg, &[0xFF, marker::EOI])?;
    Ok(jpeg)
}

/// What a decoder needs of a segment: nothing of most, and nothing that stands
/// in its payload behind the fields of T.81.
fn needed<'a>(segment: &Segment<'a>) -> Option<&'a [u8]> {
    let payload = segment.payload;
    let count = |at| payload.get(at).copied().map(usize::from);
    let len = match segment.marker {
        marker::SOF0..=marker::SOF2 => 3_usize.saturating_mul(count(5)?).saturating_add(6),
        marker::SOS => 2_usize.saturating_mul(count(0)?).saturating_add(1 + 3),
        marker::DRI | marker::DNL => 2,
        marker::DQT => tables(payload, |table| match table {
            [0..=0x0F, ..] => Some(1 + 64),
            _ => Some(1 + 2 * 64),
        }),
        marker::DHT => tables(payload, |table| {
            let lengths: &[u8; 16] = table.get(1..)?.first_chunk()?;
            let symbols: usize = lengths.iter().copied().map(usize::from).sum();
            symbols.checked_add(1 + 16)
        }),
        _ => return None,
    };
    payload.get(..len)
}

/// The length of all whole tables, by the length of each.
fn tables(payload: &[u8], len: impl Fn(&[u8]) -> Option<usize>) -> usize {
    let mut rest = payload;
    while !rest.is_empty()
        && let Some(behind) = len(rest).and_then(|len| rest.get(len..))
    {
        rest = behind;
    }
    payload.len().saturating_sub(rest.len())
}

fn write(jpeg: &mut Vec<u8>, marker: u8, payload: &[u8]) -> Result<(), Error> {
    let len = u16::try_from(payload.len().saturating_add(2)).map_err(Error::internal("encode"))?;
    let [high, low] = len.to_be_bytes();
    append(jpeg, &[0xFF, marker, high, low])?;
    append(jpeg, payload)?;
    Ok(())
}
