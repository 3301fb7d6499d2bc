//! What a stream of compressed pixels has to be so that it can be handed on as it is.

use simd_adler32::Adler32;

use super::stored::Stream;

/// Follows a stream to find its very end. The decompressor reads a few bytes beyond
/// it; the checksum that the stream ends with (RFC 1950, section 2.2) tells where
/// they begin.
pub(super) struct Proof {
    checksum: Adler32,
    head: [u8; 2],
    /// Bytes that the decompressor has read, and the last ones of them.
    read: u64,
    last: [u8; Self::LAST],
}

impl Proof {
    const CHECKSUM: usize = 4;
    /// The decompressor takes 63 bits at most, and the checksum with the bits before
    /// it has 32 at least.
    const BEYOND: usize = 3;
    const LAST: usize = Self::CHECKSUM + Self::BEYOND;

    pub(super) fn new() -> Self {
        Self {
            checksum: Adler32::new(),
            head: [0; 2],
            read: 0,
            last: [0; Self::LAST],
        }
    }

    pub(super) fn add(&mut self, read: &[u8], inflated: &[u8]) {
        self.checksum.write(inflated);
        for (place, byte) in (self.read..).zip(read).take(2) {
            let place = usize::try_from(place).ok();
            if let Some(head) = place.and_then(|place| self.head.get_mut(place)) {
                *head = *byte;
            }
        }
        self.read += read.len() as u64;
        let new = read.len().min(Self::LAST);
        self.last.rotate_left(new);
        let places = self.last.iter_mut().rev();
        for (place, byte) in places.zip(read.iter().rev()) {
            *place = *byte;
        }
    }

    /// The head and the length of the stream, if its checksum is right.
    pub(super) fn stream(&self) -> Option<Stream> {
        let checksum = self.checksum.finish().to_be_bytes();
        let ends = self.last.windows(Self::CHECKSUM).rev();
        let beyond = ends.zip(0_u64..).find(|(bytes, _)| *bytes == checksum)?.1;
        Some(Stream {
            head: self.head,
            len: self.read.checked_sub(beyond)?,
        })
    }
}
