//! The entropy-coded segment: bits, and a zero stuffed after each byte 0xFF (T.81, F.1.2.3).

use super::table::{Code, CodeBook};
use super::token::Token;
use crate::error::Error;
use crate::memory::reserve;

/// Appends tokens to a file.
pub(crate) struct BitWriter {
    file: Vec<u8>,
    pending: Pending,
}

/// Bits that do not fill a byte yet.
#[derive(Clone, Copy, Default)]
struct Pending {
    /// From the highest bit down. The others are zero.
    bits: u64,
    count: u32,
}

/// Tokens that are written between two checks for memory.
const CHUNK: usize = 512;

/// Bytes that a chunk needs before stuffing, and a whole word more since only whole words are
/// stored.
const CHUNK_BYTES: usize = CHUNK * Code::LONGEST as usize / 8 + 2 * size_of::<u64>();

impl BitWriter {
    pub(crate) fn new(file: Vec<u8>) -> Self {
        Self {
            file,
            pending: Pending::default(),
        }
    }

    pub(crate) fn write(&mut self, tokens: &[Token], codes: &CodeBook) -> Result<(), Error> {
        for tokens in tokens.chunks(CHUNK) {
            reserve(&mut self.file, 2 * CHUNK_BYTES)?;
            pulp::Arch::new().dispatch(WriteChunk {
                writer: self,
                tokens,
                codes,
            });
        }
        Ok(())
    }

    /// Fills the last byte with ones (T.81, F.1.2.3), and gives the file back.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Error> {
        let Pending { bits, count } = self.pending;
        if count > 0 {
            reserve(&mut self.file, 2)?;
            let [last, ..] = (bits | u64::MAX >> count).to_be_bytes();
            push_stuffed(&mut self.file, &[last]);
        }
        Ok(self.file)
    }
}

struct WriteChunk<'a> {
    writer: &'a mut BitWriter,
    tokens: &'a [Token],
    codes: &'a CodeBook,
}

impl pulp::NullaryFnOnce for WriteChunk<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let mut bytes = [0; CHUNK_BYTES];
        let mut length = 0;
        let mut pending = self.writer.pending;
        // Two tokens a step: there are half as many steps to wait for. All but the longest fit in a
        // word with the 7 bits that may be pending.
        let (pairs, odd) = self.tokens.as_chunks();
        for pair in pairs {
            let [first, second] = pair.map(|token| self.codes.code(token));
            if first.length + second.length <= u64::BITS - 7 {
                length += pending.append(first.then(second), &mut bytes[length..]);
            } else {
                length += pending.append(first, &mut bytes[length..]);
                length += pending.append(second, &mut bytes[length..]);
            }
        }
        for &token in odd {
            length += pending.append(self.codes.code(token), &mut bytes[length..]);
        }
        self.writer.pending = pending;
        extend_stuffed(&mut self.writer.file, &bytes[..length]);
    }
}

impl Pending {
    /// Stores the bytes that `code` fills and says how many they are.
    ///
    /// A whole word is stored each time: no branch depends on the length, which nothing could
    /// predict.
    #[inline(always)]
    fn append(&mut self, code: Code, bytes: &mut [u8]) -> usize {
        self.count += code.length;
        self.bits |= code.value << (u64::BITS - self.count);
        bytes[..size_of::<u64>()].copy_from_slice(&self.bits.to_be_bytes());
        let whole = self.count / 8;
        self.bits <<= 8 * whole;
        self.count %= 8;
        whole as usize
    }
}

#[inline(always)]
fn extend_stuffed(file: &mut Vec<u8>, bytes: &[u8]) {
    let (words, end) = bytes.as_chunks();
    for word in words {
        if has_byte_ff(u64::from_ne_bytes(*word)) {
            push_stuffed(file, word);
        } else {
            file.extend_from_slice(word);
        }
    }
    push_stuffed(file, end);
}

/// Whether some byte is 0xFF. Adding one to each byte clears the top bit of those only; the carry
/// out of one can do the same to a neighbour that is less, but then the answer is right already.
#[inline(always)]
fn has_byte_ff(word: u64) -> bool {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const TOPS: u64 = u64::from_ne_bytes([0x80; 8]);
    word & !word.wrapping_add(ONES) & TOPS != 0
}

#[inline(always)]
fn push_stuffed(file: &mut Vec<u8>, bytes: &[u8]) {
    for &byte in bytes {
        file.push(byte);
        if byte == 0xFF {
            file.push(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The lowest `count` bits, the highest of them first.
    fn bits(value: u64, count: u32) -> impl Iterator<Item = bool> {
        (0..count).rev().map(move |bit| value >> bit & 1 == 1)
    }

    proptest! {
        #[test]
        fn stuffing_is_the_naive_one(
            bytes in prop::collection::vec(prop_oneof![Just(0xFF), Just(0xFE), any::<u8>()], 0..99),
        ) {
            let mut stuffed = Vec::new();
            extend_stuffed(&mut stuffed, &bytes);
            let mut expected = Vec::new();
            push_stuffed(&mut expected, &bytes);
            prop_assert_eq!(stuffed, expected);
        }

        #[test]
        fn bits_are_written_in_order(
            codes in prop::collection::vec((any::<u64>(), 1..=54_u32), 0..50),
        ) {
            let mut pending = Pending::default();
            let mut written = Vec::new();
            let mut expected = Vec::new();
            for (value, length) in codes {
                let value = value & ((1 << length) - 1);
                let mut bytes = [0; 8];
                let count = pending.append(Code { value, length }, &mut bytes);
                written.extend(bytes[..count].iter().flat_map(|&byte| bits(byte.into(), 8)));
                expected.extend(bits(value, length));
            }
            written.extend(bits(pending.bits >> 57, 7).take(pending.count as usize));
            prop_assert_eq!(written, expected);
        }
    }
}
