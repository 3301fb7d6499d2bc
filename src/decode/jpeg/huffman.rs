//! Builds look-up tables for Huffman codes (T.81 annex C and F.2.2.3).
//!
//! [`LOOK_UP`] bits of the stream choose an entry. Where a code and the bits of its value fit in
//! them, the entry holds the value itself.

use super::bits::Bits;
use super::tables::Code;

/// Bits of the stream that choose an entry.
pub(super) const LOOK_UP: u32 = 11;
pub(super) const ENTRIES: usize = 1 << LOOK_UP;

/// A code of the wrong shape, or a symbol that means nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct BadCode;

/// Finds one symbol at a time.
pub(super) struct Symbols {
    /// Code length << 8 | symbol, or 0 for codes of more than [`LOOK_UP`] bits.
    pub(super) short: [u16; ENTRIES],
    /// For each length the first 16 bits beyond its codes, aligned to the top.
    limits: [u32; 17],
    /// What to add to a code of each length for its place in `by_place`.
    places: [i32; 17],
    by_place: [u8; 256],
}

impl Symbols {
    /// Checks and builds the table (T.81 C.2).
    ///
    /// A code of all ones is refused, as the standard reserves it and libjpeg does.
    pub(super) fn new(code: &Code) -> Result<Self, BadCode> {
        let mut table = Self {
            short: [0; ENTRIES],
            limits: [0; 17],
            places: [0; 17],
            by_place: code.symbols,
        };
        let (mut next, mut place) = (0_u32, 0_u32);
        for (length, &count) in (1_u32..).zip(&code.counts) {
            let end = next + u32::from(count);
            if count > 0 && end >= 1 << length {
                return Err(BadCode);
            }
            table.places[length as usize] = place as i32 - next as i32;
            table.limits[length as usize] = end << (16 - length);
            if length <= LOOK_UP {
                let spread = 1 << (LOOK_UP - length);
                let entries = &mut table.short[next as usize * spread..end as usize * spread];
                let symbols = &code.symbols[place as usize..];
                for (entries, &symbol) in entries.chunks_exact_mut(spread).zip(symbols) {
                    entries.fill((length as u16) << 8 | u16::from(symbol));
                }
            }
            place += u32::from(count);
            next = end << 1;
        }
        Ok(table)
    }

    /// The next symbol; 16 bits must be loaded.
    #[inline(always)]
    pub(super) fn next<'a>(&self, bits: Bits<'a>) -> Result<(Bits<'a>, u8), BadCode> {
        match self.short[bits.peek(LOOK_UP) as usize] {
            0 => self
                .long(bits.peek(16))
                .map(|(length, symbol)| (bits.skip(length), symbol)),
            entry => Ok((bits.skip(u32::from(entry >> 8)), entry as u8)),
        }
    }

    /// Length and symbol of a code of more than [`LOOK_UP`] bits.
    #[cold]
    fn long(&self, next: u32) -> Result<(u32, u8), BadCode> {
        for length in LOOK_UP + 1..=16 {
            if next < self.limits[length as usize] {
                let code = (next >> (16 - length)) as i32;
                let place = code + self.places[length as usize];
                let symbol = usize::try_from(place)
                    .ok()
                    .and_then(|place| self.by_place.get(place));
                return symbol.map(|&symbol| (length, symbol)).ok_or(BadCode);
            }
        }
        Err(BadCode)
    }

    /// The symbol whose code begins the entry, with the code's length.
    pub(super) fn begins(&self, entry: usize) -> Option<(u32, u8)> {
        match self.short[entry] {
            0 => None,
            found => Some((u32::from(found >> 8), found as u8)),
        }
    }
}

/// Finds differences of DC coefficients (T.81 F.1.2.1).
pub(super) struct DcTable {
    /// Length << 16 | difference as 16 bits, or 0 where both do not fit.
    whole: [u32; ENTRIES],
    symbols: Symbols,
}

impl DcTable {
    pub(super) fn new(code: &Code) -> Result<Box<Self>, BadCode> {
        let count: usize = code.counts.iter().map(|&count| usize::from(count)).sum();
        if code.symbols.iter().take(count).any(|&size| size > 15) {
            return Err(BadCode);
        }
        let mut table = Box::new(Self {
            whole: [0; ENTRIES],
            symbols: Symbols::new(code)?,
        });
        for entry in 0..ENTRIES {
            if let Some((length, size)) = table.symbols.begins(entry)
                && let Some((total, value)) = value_in(entry, length, u32::from(size))
            {
                table.whole[entry] = total << 16 | value as u32 & 0xFFFF;
            }
        }
        Ok(table)
    }

    /// The next difference; 31 bits must be loaded.
    #[inline(always)]
    pub(super) fn next<'a>(&self, bits: Bits<'a>) -> Result<(Bits<'a>, i32), BadCode> {
        match self.whole[bits.peek(LOOK_UP) as usize] {
            0 => {
                let (bits, size) = self.symbols.next(bits)?;
                Ok(value(bits, u32::from(size)))
            }
            entry => Ok((bits.skip(entry >> 16), i32::from(entry as i16))),
        }
    }
}

/// The value of `size` bits after the first `from` bits of an entry, and the bits up to its end.
pub(super) fn value_in(entry: usize, from: u32, size: u32) -> Option<(u32, i32)> {
    let total = from + size;
    let shift = LOOK_UP.checked_sub(total)?;
    let raw = entry as u32 >> shift & ((1 << size) - 1);
    Some((total, extend(raw, size)))
}

/// The next `size` bits, 0 to 15, as a value (T.81 F.2.2.1, RECEIVE and EXTEND).
#[inline(always)]
pub(super) fn value(bits: Bits<'_>, size: u32) -> (Bits<'_>, i32) {
    // Two steps, as no bits at all are one too many for a single shift.
    let raw = bits.peek(16) >> (16 - size);
    (bits.skip(size), extend(raw, size))
}

#[inline(always)]
fn extend(raw: u32, size: u32) -> i32 {
    let half = (1_u32 << size) >> 1;
    let negative = i32::from(raw < half);
    raw as i32 - negative * ((1 << size) - 1)
}
