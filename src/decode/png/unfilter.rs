//! The five filters undone (W3C PNG, section 9.2).

use pulp::NullaryFnOnce;

use super::paeth::{Lanes, pair, predict};

/// A row to unfilter.
pub(super) struct Single<'r> {
    /// 0 to 4.
    pub(super) filter: u8,
    /// Bytes from one pixel to the next.
    pub(super) pixel: usize,
    pub(super) above: &'r [u8],
    pub(super) filtered: &'r [u8],
    pub(super) row: &'r mut [u8],
}

impl NullaryFnOnce for Single<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        match self.pixel {
            1 => self.undo::<1>(),
            2 => self.undo::<2>(),
            3 => self.undo::<3>(),
            4 => self.undo::<4>(),
            6 => self.undo::<6>(),
            _ => self.undo::<8>(),
        }
    }
}

impl Single<'_> {
    #[inline(always)]
    fn undo<const N: usize>(self) {
        let Self {
            above,
            filtered,
            row,
            ..
        } = self;
        match self.filter {
            0 => row.copy_from_slice(filtered),
            1 => {
                let mut left = [0_u8; N];
                for (to, from) in chunks_mut::<N>(row).iter_mut().zip(chunks::<N>(filtered)) {
                    for (left, from) in left.iter_mut().zip(from) {
                        *left = from.wrapping_add(*left);
                    }
                    *to = left;
                }
            }
            2 => {
                for ((to, from), above) in row.iter_mut().zip(filtered).zip(above) {
                    *to = from.wrapping_add(*above);
                }
            }
            3 => {
                let mut left = [0_u8; N];
                let above = chunks::<N>(above);
                let rows = chunks_mut::<N>(row).iter_mut().zip(chunks::<N>(filtered));
                for ((to, from), above) in rows.zip(above) {
                    for ((left, from), above) in left.iter_mut().zip(from).zip(above) {
                        *left = from.wrapping_add(left.midpoint(*above));
                    }
                    *to = left;
                }
            }
            _ => {
                let [mut left, mut corner] = [[0; 8]; 2];
                let above = chunks::<N>(above);
                let rows = chunks_mut::<N>(row).iter_mut().zip(chunks::<N>(filtered));
                for ((to, from), above) in rows.zip(above) {
                    let above = widened(above);
                    left = predict(left, above, corner, widened(from));
                    corner = above;
                    *to = narrowed(left);
                }
            }
        }
    }
}

/// Two neighbouring rows of the Paeth filter, undone together.
pub(super) struct Pair<'r> {
    pub(super) pixel: usize,
    pub(super) above: &'r [u8],
    pub(super) filtered: [&'r [u8]; 2],
    pub(super) rows: [&'r mut [u8]; 2],
}

impl Pair<'_> {
    /// Whether that is done for such pixels, and rows that begin so.
    pub(super) fn exists(pixel: usize, filtered: &[u8]) -> bool {
        matches!(pixel, 3 | 4) && filtered.first() == Some(&4)
    }
}

impl NullaryFnOnce for Pair<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        match self.pixel {
            3 => pair::<3, 12>(self.above, self.filtered, self.rows),
            _ => pair::<4, 16>(self.above, self.filtered, self.rows),
        }
    }
}

fn chunks<const N: usize>(row: &[u8]) -> &[[u8; N]] {
    row.as_chunks().0
}

fn chunks_mut<const N: usize>(row: &mut [u8]) -> &mut [[u8; N]] {
    row.as_chunks_mut().0
}

#[inline(always)]
fn widened<const N: usize>(bytes: &[u8; N]) -> Lanes {
    let mut lanes = [0; 8];
    for (lane, byte) in lanes.iter_mut().zip(bytes) {
        *lane = i16::from(*byte);
    }
    lanes
}

#[inline(always)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lanes hold bytes"
)]
fn narrowed<const N: usize>(lanes: Lanes) -> [u8; N] {
    let mut bytes = [0; N];
    for (byte, lane) in bytes.iter_mut().zip(lanes) {
        *byte = lane as u8;
    }
    bytes
}
