//! Reads bits from unstuffed entropy-coded data.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "64 bits are shifted by less than 64 and 1 to 32 of them peeked at, as constants \
              and the low halves of symbols say; `next` passes the end by 8 bytes a refill at \
              most, and `overrun` is asked after each run of units"
)]

/// A position in the bits of `data`, which reads as zeros beyond its end.
///
/// It is small, `Copy`, and every step returns the next one by value: a reader that lives in
/// registers is a sixth faster than one behind `&mut`.
#[derive(Clone, Copy)]
pub(super) struct Bits<'a> {
    data: &'a [u8],
    position: Position,
}

/// A [`Bits`] without its data.
#[derive(Clone, Copy, Default)]
pub(super) struct Position {
    /// Bits not yet read, the next one on top; bits below the first `count` may repeat in the
    /// next refill, where they are the same.
    window: u64,
    /// How many bits of `window` are loaded, at most 63.
    count: u32,
    /// The byte of data to load next.
    next: usize,
}

impl<'a> Bits<'a> {
    #[inline(always)]
    pub(super) fn new(data: &'a [u8], position: Position) -> Self {
        Self { data, position }
    }

    #[inline(always)]
    pub(super) fn position(self) -> Position {
        self.position
    }

    /// Loads whole bytes until at least 56 bits can be read.
    #[inline(always)]
    pub(super) fn refill(self) -> Self {
        let Position {
            window,
            count,
            next,
        } = self.position;
        let word = match self.data.get(next..).and_then(|rest| rest.first_chunk()) {
            Some(bytes) => u64::from_be_bytes(*bytes),
            None => tail(self.data, next),
        };
        let position = Position {
            window: window | (word >> count),
            next: next + ((63 - count) >> 3) as usize,
            // Adds whole bytes up to 56 bits or more, and no more than 63.
            count: count | 0b11_1000,
        };
        Self { position, ..self }
    }

    /// The next `count` bits, 1 to 32, not yet consumed.
    #[inline(always)]
    pub(super) fn peek(self, count: u32) -> u32 {
        (self.position.window >> (64 - count)) as u32
    }

    /// The next `count` bits, 0 to 63, not yet consumed.
    #[inline(always)]
    pub(super) fn long(self, count: u32) -> u64 {
        // Two steps, as no bits at all are one too many for a single shift.
        self.position.window >> 1 >> (63 - count)
    }

    /// Consumes `count` bits that a refill has loaded.
    #[inline(always)]
    pub(super) fn skip(self, count: u32) -> Self {
        let position = Position {
            window: self.position.window << (count & 63),
            count: self.position.count.wrapping_sub(count) & 63,
            ..self.position
        };
        Self { position, ..self }
    }

    /// Whether more bits were consumed than there are.
    #[inline(always)]
    pub(super) fn overrun(self) -> bool {
        self.position.next * 8 > self.data.len() * 8 + self.position.count as usize
    }
}

impl Position {
    /// The byte of data to load next.
    pub(super) fn next(self) -> usize {
        self.next
    }

    /// Loaded bits that are not yet consumed.
    pub(super) fn unread(self) -> u32 {
        self.count
    }

    /// The same position after `count` bytes that were already loaded are dropped.
    pub(super) fn rebased(self, count: usize) -> Self {
        Self {
            next: self.next.saturating_sub(count),
            ..self
        }
    }
}

/// The last bytes of `data` from `next`, then zeros.
#[cold]
#[inline(never)]
fn tail(data: &[u8], next: usize) -> u64 {
    let mut bytes = [0; 8];
    let rest = data.get(next..).unwrap_or_default();
    bytes
        .iter_mut()
        .zip(rest)
        .for_each(|(to, from)| *to = *from);
    u64::from_be_bytes(bytes)
}
