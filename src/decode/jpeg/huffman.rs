//! Builds look-up tables for Huffman codes (T.81 annex C and F.2.2.3).
//!
//! [`LOOK_UP`] bits of the stream choose an entry. Where a code and the bits of its value fit in
//! them, the entry holds the value itself.

use super::bits::Bits;
use super::tables::Code;

/// Bits of the stream that choose an entry.
pub(super) const LOOK_UP: u32 = 11;
pub(super) const ENTRIES: usize = 1 << LOOK_UP;

/// The least bits of a code that has no entry.
const LONG: u32 = LOOK_UP + 1;

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
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "lengths are 1 to 16; a code is below 2 to the power of its length, or the \
                  table is refused before it is doubled; 16 counts of 8 bits add up to 12 bits"
    )]
    pub(super) fn new(code: &Code) -> Result<Self, BadCode> {
        let mut table = Self {
            short: [0; ENTRIES],
            limits: [0; 17],
            places: [0; 17],
            by_place: code.symbols,
        };
        let (mut next, mut place) = (0_u32, 0_u32);
        let rows = table.limits.iter_mut().zip(&mut table.places).skip(1);
        for ((length, &count), (limit, to_place)) in (1_u8..).zip(&code.counts).zip(rows) {
            let bits = u32::from(length);
            let end = next + u32::from(count);
            if count > 0 && end >= 1 << bits {
                return Err(BadCode);
            }
            *to_place = place.cast_signed() - next.cast_signed();
            *limit = end << (16 - bits);
            if let Some(spare) = LOOK_UP.checked_sub(bits) {
                let spread = 1 << spare;
                let entries = next as usize * spread..end as usize * spread;
                let entries = table.short.get_mut(entries).ok_or(BadCode)?;
                let symbols = code.symbols.get(place as usize..).ok_or(BadCode)?;
                for (entries, &symbol) in entries.chunks_exact_mut(spread).zip(symbols) {
                    entries.fill(u16::from_be_bytes([length, symbol]));
                }
            }
            place += u32::from(count);
            next = end << 1;
        }
        Ok(table)
    }

    /// The next symbol; 16 bits must be loaded.
    #[inline(always)]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::indexing_slicing,
        reason = "LOOK_UP bits are peeked, and there are 2 to that power of entries, whose low 8 \
                  bits are the symbol"
    )]
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
        let rows = self.limits.iter().zip(&self.places).skip(LONG as usize);
        let (length, (_, &to_place)) = (LONG..=16)
            .zip(rows)
            .find(|&(_, (limit, _))| next < *limit)
            .ok_or(BadCode)?;
        let beyond = 16_u32.saturating_sub(length);
        let code = next.unbounded_shr(beyond).cast_signed();
        let place = usize::try_from(code.saturating_add(to_place)).map_err(|_| BadCode)?;
        let symbol = self.by_place.get(place).ok_or(BadCode)?;
        Ok((length, *symbol))
    }

    /// The symbol whose code begins the entry, with the code's length.
    pub(super) fn begins(&self, entry: usize) -> Option<(u32, u8)> {
        match *self.short.get(entry)? {
            0 => None,
            found => {
                let [length, symbol] = found.to_be_bytes();
                Some((length.into(), symbol))
            }
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
        let Self { whole, symbols } = &mut *table;
        for (entry, whole) in whole.iter_mut().enumerate() {
            if let Some((length, size)) = symbols.begins(entry)
                && let Some((total, value)) = value_in(entry, length, u32::from(size))
            {
                *whole = total << 16 | value.cast_unsigned() & 0xFFFF;
            }
        }
        Ok(table)
    }

    /// The next difference; 31 bits must be loaded.
    #[inline(always)]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::indexing_slicing,
        reason = "LOOK_UP bits are peeked, and there are 2 to that power of entries, whose low \
                  16 bits are the difference"
    )]
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

/// The value of `size` bits, at most 15, after the first `from` bits of an entry, and the bits
/// up to its end.
#[expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "an entry has LOOK_UP bits, and there are no more in `from` and `size` where one is \
              shifted"
)]
pub(super) fn value_in(entry: usize, from: u32, size: u32) -> Option<(u32, i32)> {
    let total = from.saturating_add(size);
    let shift = LOOK_UP.checked_sub(total)?;
    let raw = entry as u32 >> shift & ((1 << size) - 1);
    Some((total, extend(raw, size)))
}

/// The next `size` bits, 0 to 15, as a value (T.81 F.2.2.1, RECEIVE and EXTEND).
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a size is the low half of a symbol, or of a DC table that has none above 15"
)]
pub(super) fn value(bits: Bits<'_>, size: u32) -> (Bits<'_>, i32) {
    // Two steps, as no bits at all are one too many for a single shift.
    let raw = bits.peek(16) >> (16 - size);
    (bits.skip(size), extend(raw, size))
}

/// `raw` has `size` bits, 0 to 15.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "shifts by at most 15, and numbers of at most 15 bits"
)]
fn extend(raw: u32, size: u32) -> i32 {
    let half = (1_u32 << size) >> 1;
    let negative = i32::from(raw < half);
    raw.cast_signed() - negative * ((1 << size) - 1)
}
