//! From codes to indices.

use super::{MAX_BITS, MAX_CODES, Used};

/// Why there are fewer indices than wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A code that no string has yet.
    NoSuchCode,
    /// The codes end.
    TooFew,
}

/// What was found of codes that stand for as many indices as are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Codes {
    /// The indices that occur.
    pub(crate) used: Used,
    /// Whether the codes begin with a clear code, follow none by another one, and stand for
    /// no more indices than are wanted, so that nothing but the end code is missing behind
    /// the last one of them.
    pub(crate) is_plain: bool,
    code_size: u8,
    /// Bits before the end code, or what stands in its place.
    bits: usize,
    /// Bits of the end code.
    width: u32,
}

impl Codes {
    /// Bytes in which the codes are, without the end code.
    pub(crate) const fn bytes(&self) -> usize {
        self.bits.div_ceil(8)
    }

    /// Puts the end code, and zeros up to the next byte, in place of all that stands behind
    /// the last code that is needed.
    pub(crate) fn cut(&self, codes: &mut Vec<u8>) {
        let (whole, more) = (self.bits / 8, self.bits % 8);
        let last = codes.get(whole).map_or(0, |&last| u32::from(last));
        let end = (1 << self.code_size) + 1;
        let bits = last & ((1 << more) - 1) | end << more;
        let len = (more + self.width as usize).div_ceil(8);
        codes.truncate(whole);
        codes.extend(bits.to_le_bytes().into_iter().take(len));
    }
}

/// Unpacks codes; keeps its table from one frame to the next.
///
/// Every string of the table is one that was unpacked before, and the index after
/// it. So it stands in the indices already, and the table needs only its place.
#[derive(Debug)]
pub(crate) struct Unpacker {
    strings: Box<[Text]>,
}

/// Where a string stands in the indices.
#[derive(Clone, Copy, Debug, Default)]
struct Text {
    start: u32,
    len: u32,
}

impl Unpacker {
    pub(crate) fn new() -> Self {
        Self {
            strings: vec![Text::default(); MAX_CODES].into_boxed_slice(),
        }
    }

    /// Fills `indices`. Codes that are left over then are not looked at.
    /// `code_size` is 1 to 11.
    ///
    /// # Errors
    ///
    /// How many indices there are, and why there are no more.
    pub(crate) fn unpack(
        &mut self,
        codes: &[u8],
        code_size: u8,
        indices: &mut [u8],
    ) -> Result<Codes, (usize, Fault)> {
        let wanted = indices.len();
        self.walk(codes, code_size, Writer { indices, at: 0 }, wanted)
    }

    /// Whether `unpack` would find `wanted` indices. Takes the time of reading the
    /// codes, however many indices they stand for.
    pub(crate) fn prove(
        &mut self,
        codes: &[u8],
        code_size: u8,
        wanted: usize,
    ) -> Result<Codes, (usize, Fault)> {
        self.walk(codes, code_size, Counter { at: 0 }, wanted)
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "codes are below `next`, and that below 4096"
    )]
    fn walk(
        &mut self,
        codes: &[u8],
        code_size: u8,
        mut to: impl Sink,
        wanted: usize,
    ) -> Result<Codes, (usize, Fault)> {
        let clear = 1 << code_size;
        let narrow = u32::from(code_size) + 1;
        let mut from = Bits::new(codes);
        let (mut width, mut next) = (narrow, clear + 2);
        // The string of the code before, once there is one.
        let mut last: Option<Text> = None;
        let mut used = Used::NONE;
        let (mut is_cleared, mut is_plain) = (false, true);
        while to.at() < wanted {
            let code = from.read(width).ok_or((to.at(), Fault::TooFew))? as usize;
            let start = to.at();
            let len = if code < clear {
                to.literal(code);
                let [low, ..] = code.to_le_bytes();
                used.insert(low);
                1
            } else if code == clear {
                is_plain &= !is_cleared || last.is_some();
                is_cleared = true;
                (width, next) = (narrow, clear + 2);
                last = None;
                continue;
            } else if code == clear + 1 {
                return Err((to.at(), Fault::TooFew));
            } else {
                // A string may be used by the very code that makes it known.
                let string = match last {
                    Some(_) if code < next => self.strings[code % MAX_CODES],
                    Some(last) if code == next && next < MAX_CODES => last.longer(),
                    _ => return Err((to.at(), Fault::NoSuchCode)),
                };
                to.copy(string);
                string.len
            };
            is_plain &= is_cleared;
            if let Some(last) = last
                && next < MAX_CODES
            {
                self.strings[next] = last.longer();
                next += 1;
            }
            // With a code size of 1, this is so before there is any string.
            if next == 1 << width && width < MAX_BITS {
                width += 1;
            }
            last = Some(Text {
                start: u32::try_from(start).unwrap_or(u32::MAX),
                len,
            });
        }
        let end = last.map_or(0, |last| last.start as usize + last.len as usize);
        Ok(Codes {
            used,
            is_plain: is_plain && end == wanted,
            code_size,
            bits: from.at(),
            width,
        })
    }
}

impl Text {
    /// The string with the index that follows it.
    const fn longer(self) -> Self {
        Self {
            start: self.start,
            len: self.len + 1,
        }
    }
}

/// What becomes of strings.
trait Sink {
    /// Indices so far.
    fn at(&self) -> usize;
    fn literal(&mut self, index: usize);
    fn copy(&mut self, string: Text);
}

struct Writer<'a> {
    indices: &'a mut [u8],
    at: usize,
}

/// Most strings are shorter than this, and one move of so many bytes costs less
/// than a loop.
const SHORT: usize = 16;

impl Sink for Writer<'_> {
    fn at(&self) -> usize {
        self.at
    }

    fn literal(&mut self, index: usize) {
        let [low, ..] = index.to_le_bytes();
        if let Some(to) = self.indices.get_mut(self.at) {
            *to = low;
        }
        self.at += 1;
    }

    fn copy(&mut self, string: Text) {
        let start = string.start as usize;
        let end = self.indices.len().min(self.at + string.len as usize);
        if string.len as usize <= SHORT
            && let Some((known, to)) = self.indices.split_at_mut_checked(self.at)
            && let Some(from) = known.get(start..).and_then(<[u8]>::first_chunk::<SHORT>)
            && let Some(to) = to.first_chunk_mut()
        {
            // What is too much is written over by the next string.
            *to = *from;
        } else {
            // All but the last index are there; the last one may be the first of
            // those that are moved now.
            let apart = (self.at - start).min(end - self.at);
            self.indices.copy_within(start..start + apart, self.at);
            for at in self.at + apart..end {
                let index = self.indices.get(start + at - self.at).copied();
                if let (Some(index), Some(to)) = (index, self.indices.get_mut(at)) {
                    *to = index;
                }
            }
        }
        self.at = end;
    }
}

struct Counter {
    at: usize,
}

impl Sink for Counter {
    fn at(&self) -> usize {
        self.at
    }

    fn literal(&mut self, _: usize) {
        self.at += 1;
    }

    fn copy(&mut self, string: Text) {
        self.at += string.len as usize;
    }
}

/// Codes out of bytes, the lowest bits first.
struct Bits<'a> {
    /// Bytes in all.
    len: usize,
    /// Those that are not pending yet.
    bytes: &'a [u8],
    pending: u64,
    /// Bits of `pending`.
    count: u32,
}

impl<'a> Bits<'a> {
    const fn new(bytes: &'a [u8]) -> Self {
        Self {
            len: bytes.len(),
            bytes,
            pending: 0,
            count: 0,
        }
    }

    /// Bits that were read.
    const fn at(&self) -> usize {
        8 * (self.len - self.bytes.len()) - self.count as usize
    }

    /// The next bits, or `None` where there are too few.
    fn read(&mut self, width: u32) -> Option<u32> {
        if self.count < width {
            self.fill();
            if self.count < width {
                return None;
            }
        }
        let code = self.pending & ((1 << width) - 1);
        self.pending >>= width;
        self.count -= width;
        u32::try_from(code).ok()
    }

    fn fill(&mut self) {
        if let Some((&bytes, rest)) = self.bytes.split_first_chunk() {
            self.pending |= u64::from(u32::from_le_bytes(bytes)) << self.count;
            self.count += 32;
            self.bytes = rest;
        } else if let Some((&byte, rest)) = self.bytes.split_first() {
            self.pending |= u64::from(byte) << self.count;
            self.count += 8;
            self.bytes = rest;
            if self.count < MAX_BITS {
                self.fill();
            }
        }
    }
}
