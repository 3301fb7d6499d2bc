//! Cuts the data of a scan into pieces that can be decoded at the same time.

use crate::container::jpeg::marker;
use memchr::memchr;

/// Fewest bytes of a piece: what a thread can do in less than it costs to wake one up.
const SHORTEST: usize = 32 * 1024;

/// Bytes between two places where a piece may begin.
const SPACING: usize = 4 * 1024;

/// The beginning of a piece.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    /// Where in the file it begins: behind a stuffed byte, or behind a restart marker if the scan
    /// has any.
    pub(super) offset: usize,
    /// Bytes of the scan before it, without those stuffed in and without markers.
    pub(super) passed: u64,
    /// Restart markers before it.
    pub(super) restarts: u64,
}

impl Piece {
    /// The bit of the scan that it begins at.
    pub(super) const fn bit(&self) -> u64 {
        self.passed.saturating_mul(8)
    }

    /// The unit of the scan that it begins with, if an interval has so many.
    pub(super) fn first_unit(&self, interval: u32) -> u64 {
        self.restarts.saturating_mul(interval.into())
    }
}

/// Where to begin all pieces but the first, if the scan that starts at `start` is to be cut into
/// `count` of about the same length.
///
/// There are fewer for short scans, and none if the data does not end with a marker or is unusual:
/// with restart markers out of order, or bytes that fill up before a marker.
pub(super) fn cut(bytes: &[u8], start: usize, restarts: bool, count: usize) -> Vec<Piece> {
    let Some((places, end)) = survey(bytes, start, restarts) else {
        return Vec::new();
    };
    let length = end.saturating_sub(start);
    let count = count.min(length / SHORTEST);
    let spacing = length.checked_div(count).unwrap_or(length);
    let mut pieces: Vec<Piece> = (1..count)
        .filter_map(|number| {
            let wanted = start.saturating_add(spacing.saturating_mul(number));
            let place = places.partition_point(|place| place.offset < wanted);
            places.get(place).copied()
        })
        .collect();
    pieces.dedup_by_key(|piece| piece.offset);
    pieces
}

/// Places where a piece may begin, and the end of the scan.
fn survey(bytes: &[u8], start: usize, restarts: bool) -> Option<(Vec<Piece>, usize)> {
    let mut places = Vec::new();
    let mut next = start.saturating_add(SPACING);
    let mut at = Piece {
        offset: start,
        passed: 0,
        restarts: 0,
    };
    loop {
        let rest = bytes.get(at.offset..)?;
        let plain = memchr(0xFF, rest)?;
        let escape = at.offset.saturating_add(plain);
        at.offset = escape.saturating_add(2);
        at.passed = at.passed.saturating_add(plain as u64);
        let (_, rest) = rest.split_at_checked(plain)?;
        let is_marker = match rest.get(1)? {
            0 => {
                at.passed = at.passed.saturating_add(1);
                false
            }
            number @ marker::RST0..=marker::RST7 => {
                if !restarts || u64::from(number & 7) != at.restarts % 8 {
                    return None;
                }
                at.restarts = at.restarts.saturating_add(1);
                true
            }
            0xFF => return None,
            _ => return Some((places, escape)),
        };
        if is_marker == restarts && at.offset >= next {
            places.push(at);
            next = at.offset.saturating_add(SPACING);
        }
    }
}
