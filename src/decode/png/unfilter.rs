//! The five filters undone, row by row (W3C PNG, section 9.2).

use pulp::NullaryFnOnce;

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
        match self.filter {
            0 => self.row.copy_from_slice(self.filtered),
            1 => self.each::<N>(|left, _, _| left),
            // Alone among the filters, it looks at nothing in its own row.
            2 => {
                let pairs = self.filtered.iter().zip(self.above);
                for (to, (from, above)) in self.row.iter_mut().zip(pairs) {
                    *to = from.wrapping_add(*above);
                }
            }
            3 => self.each::<N>(mean),
            _ => self.each::<N>(nearest),
        }
    }

    /// Adds what `predict` makes of the bytes at the left, above, and between them.
    #[inline(always)]
    fn each<const N: usize>(self, predict: impl Fn(u8, u8, u8) -> u8) {
        let [mut left, mut corner] = [[0; N]; 2];
        let (rows, _) = self.row.as_chunks_mut::<N>();
        let (above, _) = self.above.as_chunks::<N>();
        let (filtered, _) = self.filtered.as_chunks::<N>();
        for ((to, from), above) in rows.iter_mut().zip(filtered).zip(above) {
            let lanes = left.iter_mut().zip(from).zip(above).zip(corner);
            for (((left, from), above), corner) in lanes {
                *left = from.wrapping_add(predict(*left, *above, corner));
            }
            corner = *above;
            *to = left;
        }
    }
}

/// Undoes a filter behind so many bytes of the row, and hands the row back.
#[cfg(target_arch = "x86_64")]
pub(super) fn rest(one: Single<'_>, done: usize) -> &[u8] {
    let Single {
        filter,
        pixel,
        above,
        filtered,
        row,
    } = one;
    for at in done..filtered.len() {
        let before = at.checked_sub(pixel);
        let byte = |row: &[u8], at: Option<usize>| {
            at.and_then(|at| row.get(at)).copied().unwrap_or_default()
        };
        let (left, corner) = (byte(row, before), byte(above, before));
        let above = byte(above, Some(at));
        let predicted = match filter {
            0 => 0,
            1 => left,
            2 => above,
            3 => mean(left, above, corner),
            _ => nearest(left, above, corner),
        };
        if let Some(to) = row.get_mut(at) {
            *to = byte(filtered, Some(at)).wrapping_add(predicted);
        }
    }
    row
}

#[inline(always)]
fn mean(left: u8, above: u8, _: u8) -> u8 {
    left.midpoint(above)
}

/// Of the three, the one nearest to `left + above - corner`.
///
/// Told by sums: with `corner` between the other two, it is the nearest unless that
/// lies beyond one of them.
#[inline(always)]
fn nearest(left: u8, above: u8, corner: u8) -> u8 {
    let bound = 3 * i16::from(corner) - i16::from(left) - i16::from(above);
    let (low, high) = (left.min(above), left.max(above));
    if bound <= i16::from(low) {
        high
    } else if i16::from(high) <= bound {
        low
    } else {
        corner
    }
}
