//! From indices to codes.

use super::{MAX_BITS, MAX_CODES, Used};

/// Slots of the table of known strings: four times as many as there may be codes, so
/// that nearly always the first one looked at is that of the string, or free.
const SLOTS: usize = 4 * MAX_CODES;

/// Slots that are looked at for a string. As many random strings as a table ever holds
/// took 1.15 on average, and 15 at most. Whoever makes a picture whose strings all belong
/// into the same slots has the table cleared before it is full, in place of a quarter of it
/// looked through for each pixel.
const MOST_LOOKS: usize = 128;

/// A slot without a string. No string looks like this: the last code is never
/// the beginning of another one.
const FREE: u32 = u32::MAX;

/// Packs indices; keeps its table from one frame to the next.
pub(crate) struct Packer {
    /// A string of indices is the code of all but the last (12 bits), the last (8
    /// bits), and its own code (12 bits).
    strings: Box<[u32]>,
}

impl Packer {
    pub(crate) fn new() -> Self {
        Self {
            strings: vec![FREE; SLOTS].into_boxed_slice(),
        }
    }

    /// Appends the codes for pixels, each of which may have either of two indices,
    /// below 2 to the power of `code_size` (2..=8). At least one pixel is there.
    ///
    /// Where the indices of a pixel differ, the one is taken that makes strings
    /// long: as many codes as there may be are followed at once. Returns the indices
    /// that were taken.
    pub(crate) fn pack(
        &mut self,
        mut pixels: impl Iterator<Item = [u8; 2]>,
        code_size: u8,
        codes: &mut Vec<u8>,
    ) -> Used {
        let clear = 1 << code_size;
        // Each index that occurs is a code by itself before it is part of another string.
        let mut used = Used::NONE;
        let mut note = |code: u32| {
            if code < clear
                && let Ok(index) = u8::try_from(code)
            {
                used.insert(index);
            }
        };
        let mut to = Bits::new(codes, u32::from(code_size) + 1);
        to.write(clear);
        let mut next = clear + 2;
        self.strings.fill(FREE);
        let Some([first, _]) = pixels.next() else {
            return used;
        };
        // Nearly always there is one way only, and that stays in a register.
        let mut known = u32::from(first);
        let mut ways = Ways::default();
        for [one, other] in pixels {
            let longer = if ways.count > 1 {
                self.follow(&mut ways, [one, other])
            } else {
                let longer = self.find(string(known, one));
                match (one != other).then(|| self.find(string(known, other))) {
                    Some(Ok(also)) => longer.map_or(Ok(also), |longer| {
                        ways = Ways::two(longer, also);
                        Ok(longer)
                    }),
                    Some(Err(_)) | None => longer,
                }
            };
            let free = match longer {
                Ok(longer) => {
                    known = longer;
                    continue;
                }
                Err(free) => free,
            };
            to.write(known);
            note(known);
            // A decoder knows a string one code later than we do.
            if next == 1 << to.width && to.width < MAX_BITS {
                to.width += 1;
            }
            if let Some(free) = free {
                self.add(free, next);
                next += 1;
            }
            if free.is_none() || next as usize == MAX_CODES {
                to.write(clear);
                to.width = u32::from(code_size) + 1;
                next = clear + 2;
                self.strings.fill(FREE);
            }
            // What was put down ends with the first index, so the next string has to
            // begin with it.
            known = one.into();
        }
        to.write(known);
        note(known);
        if next == 1 << to.width && to.width < MAX_BITS {
            to.width += 1;
        }
        to.write(clear + 1);
        to.finish();
        used
    }

    /// Goes on with a pixel: the code of the first of those ways that are left, or where
    /// that of the first one would be put down.
    fn follow(&self, ways: &mut Ways, [one, other]: [u8; 2]) -> Found {
        let before = std::mem::take(ways);
        let mut first = None;
        for &code in before.as_slice() {
            let longer = self.find(string(code, one));
            first = first.or(Some(longer));
            ways.extend(longer.ok());
            if other != one {
                ways.extend(self.find(string(code, other)).ok());
            }
        }
        match ways.as_slice() {
            [longer, ..] => Ok(*longer),
            [] => first.unwrap_or(Err(None)),
        }
    }

    /// The code of a string, or the slot where it can be put down.
    #[expect(
        clippy::indexing_slicing,
        reason = "slots are taken modulo their number"
    )]
    #[inline]
    fn find(&self, string: u32) -> Found {
        let first = first_slot(string);
        for slot in first..first + MOST_LOOKS {
            let slot = slot % SLOTS;
            let entry = self.strings[slot];
            if entry >> MAX_BITS == string {
                return Ok(entry % (1 << MAX_BITS));
            }
            if entry == FREE {
                return Err(Some(Place { slot, string }));
            }
        }
        Err(None)
    }

    #[expect(clippy::indexing_slicing, reason = "the slot was found by `find`")]
    fn add(&mut self, place: Place, code: u32) {
        self.strings[place.slot] = place.string << MAX_BITS | code;
    }
}

/// A string: the code of all but the last index, and that one.
fn string(code: u32, index: u8) -> u32 {
    code << 8 | u32::from(index)
}

/// Where a string belongs.
fn first_slot(string: u32) -> usize {
    // Fibonacci hashing (Knuth, TAOCP 6.4): the upper bits are well mixed.
    (string.wrapping_mul(0x9E37_79B1) >> (32 - SLOTS.ilog2())) as usize
}

/// The code of a string, or where it can be put down, if anywhere.
type Found = Result<u32, Option<Place>>;

/// Where a string can be put down.
#[derive(Clone, Copy)]
struct Place {
    slot: usize,
    string: u32,
}

/// Codes that all stand for the same pixels, followed with the first index wherever
/// that could be.
#[derive(Clone, Copy, Default)]
struct Ways {
    codes: [u32; MOST_WAYS],
    count: usize,
}

/// More ways are not followed.
const MOST_WAYS: usize = 4;

impl Ways {
    const fn two(one: u32, other: u32) -> Self {
        Self {
            codes: [one, other, 0, 0],
            count: 2,
        }
    }

    fn as_slice(&self) -> &[u32] {
        self.codes.get(..self.count).unwrap_or(&self.codes)
    }

    fn extend(&mut self, code: Option<u32>) {
        if let (Some(code), Some(place)) = (code, self.codes.get_mut(self.count)) {
            *place = code;
            self.count += 1;
        }
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

#[cfg(test)]
mod tests {
    use weezl::BitOrder;

    use super::*;

    /// Pixels of which each two neighbours are a new string that belongs into one of the
    /// first slots.
    fn crowd() -> Vec<u8> {
        let mut pixels = vec![0_u8];
        let mut next = [0_u16; 256];
        while let Some(&last) = pixels.last() {
            let from = next[usize::from(last)];
            let index = (from..256).find_map(|index| {
                let index = u8::try_from(index).unwrap();
                (first_slot(string(last.into(), index)) < SLOTS / 16).then_some(index)
            });
            let Some(index) = index else { break };
            next[usize::from(last)] = u16::from(index) + 1;
            pixels.push(index);
        }
        pixels
    }

    #[test]
    fn a_crowded_table_is_given_up() {
        let pixels = crowd();
        assert!(pixels.len() > 1000, "{}", pixels.len());
        let mut packer = Packer::new();
        let mut codes = 0;
        for pair in pixels.windows(2) {
            match packer.find(string(pair[0].into(), pair[1])) {
                Err(Some(free)) => packer.add(free, codes),
                Err(None) => break,
                Ok(_) => unreachable!("each string is another one"),
            }
            codes += 1;
        }
        assert!((100..1000).contains(&codes), "{codes} codes found a slot");

        let mut bytes = Vec::new();
        Packer::new().pack(pixels.iter().map(|&index| [index; 2]), 8, &mut bytes);
        let mut decoder = weezl::decode::Decoder::new(BitOrder::Lsb, 8);
        assert_eq!(decoder.decode(&bytes).unwrap(), pixels);
    }
}
