//! PNG chunks (W3C PNG, third edition, section 5).

use super::reader::Reader;

/// Length of the signature before the first chunk.
pub(crate) const SIGNATURE_LEN: usize = 8;

/// A chunk. Its checksum is the decoder's to check.
pub(crate) struct Chunk<'a> {
    pub(crate) name: [u8; 4],
    pub(crate) data: &'a [u8],
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
        ahead.take(ahead.rest().len().min(4)); // the checksum
        *reader = ahead;
        Some(Self { name, data })
    }
}
