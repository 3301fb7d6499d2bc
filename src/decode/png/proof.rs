//! What a stream of compressed pixels has to be so that it can be handed on as it is.

use simd_adler32::Adler32;

/// What was found of the compressed data of a picture that are handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pixels {
    /// They are the picture's and nothing else, if they are cut to this length.
    Clean {
        /// Bytes of the stream.
        len: u64,
    },
    /// They hold more than the picture, or their checksum is wrong.
    Unclean {
        /// Bytes of the picture, inflated.
        inflated: u64,
    },
}

/// Follows a stream to find its very end. The decompressor reads a few bytes beyond
/// it; the checksum that the stream ends with (RFC 1950, section 2.2) tells where
/// they begin.
pub(super) struct Proof {
    checksum: Adler32,
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
            read: 0,
            last: [0; Self::LAST],
        }
    }

    pub(super) fn add(&mut self, read: &[u8], inflated: &[u8]) {
        self.checksum.write(inflated);
        self.read += read.len() as u64;
        let new = read.len().min(Self::LAST);
        self.last.rotate_left(new);
        let places = self.last.iter_mut().rev();
        for (place, byte) in places.zip(read.iter().rev()) {
            *place = *byte;
        }
    }

    /// The length of the stream, if its checksum is right.
    pub(super) fn len(&self) -> Option<u64> {
        let checksum = self.checksum.finish().to_be_bytes();
        let ends = self.last.windows(Self::CHECKSUM).rev();
        let beyond = ends.zip(0_u64..).find(|(bytes, _)| *bytes == checksum)?.1;
        self.read.checked_sub(beyond)
    }
}
