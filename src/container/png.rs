//! PNG chunks (W3C PNG, third edition, section 5).

use std::time::Duration;

use super::reader::Reader;
use crate::error::Error;
use crate::memory::append;
use crate::probe::Loops;

/// Length of the signature before the first chunk.
pub(crate) const SIGNATURE_LEN: usize = 8;

/// A chunk. Its checksum is the decoder's to check.
pub(crate) struct Chunk<'a> {
    pub(crate) name: [u8; 4],
    pub(crate) data: &'a [u8],
    /// As it stands in the file, if it does.
    checksum: Option<u32>,
}

impl<'a> Chunk<'a> {
    /// The next chunk, or `None` where the file ends in or before it. Pixels
    /// that are cut short are pixels all the same.
    pub(crate) fn next(reader: &mut Reader<'a>) -> Option<Self> {
        let mut ahead = *reader;
        let len = usize::try_from(ahead.u32_be()?).ok()?;
        let name = ahead.array()?;
        let data = match ahead.take(len) {
            Some(data) => data,
            None if matches!(&name, b"IDAT" | b"fdAT") => ahead.take(ahead.rest().len())?,
            None => return None,
        };
        let checksum = ahead.u32_be();
        if checksum.is_none() {
            ahead.take(ahead.rest().len());
        }
        *reader = ahead;
        Some(Self {
            name,
            data,
            checksum,
        })
    }

    /// Whether the file ends before the checksum does.
    pub(crate) const fn is_cut(&self) -> bool {
        self.checksum.is_none()
    }

    /// Whether the checksum is there, and right.
    pub(crate) fn is_intact(&self) -> bool {
        self.checksum == Some(checksum(self.name, self.data))
    }
}

/// The checksum behind a chunk (section 5.3).
fn checksum(name: [u8; 4], data: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&name);
    crc.update(data);
    crc.finalize()
}

/// Writes a chunk, whose data come in parts.
pub(crate) fn write(png: &mut Vec<u8>, name: [u8; 4], parts: &[&[u8]]) -> Result<(), Error> {
    let len = parts.iter().map(|part| part.len()).sum::<usize>();
    let len = u32::try_from(len).map_err(Error::internal("encode"))?;
    let mut crc = crc32fast::Hasher::new();
    append(png, &len.to_be_bytes())?;
    for part in [&name[..]].iter().chain(parts) {
        crc.update(part);
        append(png, part)?;
    }
    append(png, &crc.finalize().to_be_bytes())?;
    Ok(())
}

/// How long a frame is shown (section 11.3.6.2): a fraction of a second, in
/// hundredths if the denominator is 0.
pub(crate) fn delay(numerator: u16, denominator: u16) -> Duration {
    let denominator = match denominator {
        0 => 100,
        denominator => u64::from(denominator),
    };
    let milliseconds = u64::from(numerator).saturating_mul(1000);
    Duration::from_millis(milliseconds.checked_div(denominator).unwrap_or(0))
}

/// A delay as a fraction of a second that fits: milliseconds up to 65 s, then
/// whole seconds.
pub(crate) fn fraction(delay: Duration) -> (u16, u16) {
    match u16::try_from(delay.as_millis()) {
        Ok(millis) => (millis, 1000),
        Err(_) => (u16::try_from(delay.as_secs()).unwrap_or(u16::MAX), 1),
    }
}

/// How the loop count is written: 0 for ever.
pub(crate) fn plays(loops: Loops) -> u32 {
    match loops {
        Loops::Forever => 0,
        Loops::Times(times) => times.get(),
    }
}
