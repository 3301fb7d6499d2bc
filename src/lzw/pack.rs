//! From indices to codes.

use super::{MAX_BITS, MAX_CODES};

/// Slots of the table of known strings: twice as many as there may be codes, so
/// that a free one is near.
const SLOTS: usize = 2 * MAX_CODES;

/// A slot without a string. No string looks like this: the last code is never
/// the beginning of another one.
const FREE: u32 = u32::MAX;

/// Packs indices; keeps its table from one frame to the next.
pub(crate) struct Packer {
    /// A string of indices is the code of all but the last (12 bits), the last (8
    /// bits), and its own code (12 bits).
    strings: Box<[u32; SLOTS]>,
}

impl Packer {
    #[expect(
        clippy::large_stack_arrays,
        reason = "32 KiB, on their way to the heap"
    )]
    pub(crate) fn new() -> Self {
        Self {
            strings: Box::new([FREE; SLOTS]),
        }
    }

    /// Appends the codes for pixels, each of which may have either of two indices,
    /// below 2 to the power of `code_size` (2..=8). At least one pixel is there.
    ///
    /// Where the indices of a pixel differ, the one is taken that makes strings
    /// long: as many codes as there may be are followed at once.
    pub(crate) fn pack(
        &mut self,
        pixels: impl Iterator<Item = [u8; 2]>,
        code_size: u8,
        codes: &mut Vec<u8>,
    ) {
        let clear = 1 << code_size;
        let mut to = Bits::new(codes, u32::from(code_size) + 1);
        to.write(clear);
        let mut next = clear + 2;
        self.strings.fill(FREE);
        let mut known = Ways::default();
        for pixel in pixels {
            let free = match self.follow(&known, pixel) {
                Ok(longer) => {
                    known = longer;
                    continue;
                }
                Err(free) => free,
            };
            if let Some(free) = free {
                to.write(known.first());
                self.add(free, next);
                // A decoder knows a string one code later than we do.
                if next == 1 << to.width && to.width < MAX_BITS {
                    to.width += 1;
                }
                next += 1;
                if next as usize == MAX_CODES {
                    to.write(clear);
                    to.width = u32::from(code_size) + 1;
                    next = clear + 2;
                    self.strings.fill(FREE);
                }
            }
            // What was put down ends with the first index, so the next string has to
            // begin with it.
            known = Ways::one(pixel[0].into());
        }
        to.write(known.first());
        if next == 1 << to.width && to.width < MAX_BITS {
            to.width += 1;
        }
        to.write(clear + 1);
        to.finish();
    }

    /// The codes that go on with a pixel, or the place where the first one's would be
    /// put down.
    fn follow(&self, known: &Ways, [one, other]: [u8; 2]) -> Result<Ways, Option<Place>> {
        let longer = |code: u32, index: u8| self.find(code << 8 | u32::from(index));
        if known.count == 1 && one == other {
            // Nearly always: there is one way only.
            return longer(known.first(), one).map(Ways::one).map_err(Some);
        }
        let mut ways = Ways::default();
        let mut free = None;
        for &code in known.as_slice() {
            match longer(code, one) {
                Ok(code) => ways.add(code),
                Err(place) => free = free.or(Some(place)),
            }
            if other != one
                && let Ok(code) = longer(code, other)
            {
                ways.add(code);
            }
        }
        if ways.count > 0 { Ok(ways) } else { Err(free) }
    }

    /// The code of a string, or the slot where it can be put down.
    #[expect(
        clippy::indexing_slicing,
        reason = "slots are taken modulo their number"
    )]
    fn find(&self, string: u32) -> Result<u32, Place> {
        // Fibonacci hashing (Knuth, TAOCP 6.4): the upper bits are well mixed.
        let mut slot = (string.wrapping_mul(0x9E37_79B1) >> (32 - SLOTS.ilog2())) as usize;
        loop {
            let entry = self.strings[slot % SLOTS];
            if entry >> MAX_BITS == string {
                return Ok(entry % (1 << MAX_BITS));
            }
            if entry == FREE {
                return Err(Place {
                    slot: slot % SLOTS,
                    string,
                });
            }
            slot += 1;
        }
    }

    #[expect(clippy::indexing_slicing, reason = "the slot was found by `find`")]
    fn add(&mut self, place: Place, code: u32) {
        self.strings[place.slot] = place.string << MAX_BITS | code;
    }
}

/// Where a string can be put down.
#[derive(Clone, Copy)]
struct Place {
    slot: usize,
    string: u32,
}

/// Codes that all stand for the same pixels.
#[derive(Clone, Copy, Default)]
struct Ways {
    codes: [u32; MOST_WAYS],
    count: usize,
}

/// More ways are not followed.
const MOST_WAYS: usize = 4;

impl Ways {
    const fn one(code: u32) -> Self {
        Self {
            codes: [code; MOST_WAYS],
            count: 1,
        }
    }

    fn as_slice(&self) -> &[u32] {
        self.codes.get(..self.count).unwrap_or(&self.codes)
    }

    fn add(&mut self, code: u32) {
        if let Some(place) = self.codes.get_mut(self.count) {
            *place = code;
            self.count += 1;
        }
    }

    /// The first way, which was followed with the first index wherever that could be.
    const fn first(&self) -> u32 {
        let [first, ..] = self.codes;
        first
    }
}

/// Codes as bytes, the lowest bits first.
struct Bits<'a> {
    bytes: &'a mut Vec<u8>,
    pending: u64,
    /// Bits of `pending`.
    count: u32,
    /// Bits of the next code.
    width: u32,
}

impl<'a> Bits<'a> {
    fn new(bytes: &'a mut Vec<u8>, width: u32) -> Self {
        Self {
            bytes,
            pending: 0,
            count: 0,
            width,
        }
    }

    fn write(&mut self, code: u32) {
        self.pending |= u64::from(code) << self.count;
        self.count += self.width;
        if self.count >= 32 {
            let [a, b, c, d, ..] = self.pending.to_le_bytes();
            self.bytes.extend_from_slice(&[a, b, c, d]);
            self.pending >>= 32;
            self.count -= 32;
        }
    }

    fn finish(self) {
        let len = self.count.div_ceil(8) as usize;
        let bytes = self.pending.to_le_bytes();
        self.bytes
            .extend_from_slice(bytes.get(..len).unwrap_or(&bytes));
    }
}
