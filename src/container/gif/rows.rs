//! In which order the rows of an image are stored.

use super::Image;

/// Where the rows of a frame stand in its data: in order, or interlaced in four
/// passes (GIF89a, appendix E).
pub(crate) enum Rows {
    InOrder,
    Interlaced { height: usize },
}

impl Rows {
    pub(crate) const fn of(image: &Image<'_>) -> Self {
        if image.interlaced {
            Self::Interlaced {
                height: image.rect.height as usize,
            }
        } else {
            Self::InOrder
        }
    }

    /// The stored place of a displayed row.
    pub(crate) const fn stored(&self, row: usize) -> usize {
        let Self::Interlaced { height } = *self else {
            return row;
        };
        // Rows of the passes before: every 8th from 0, every 8th from 4, every
        // 4th from 2.
        let first = height.div_ceil(8);
        let second = height.saturating_add(3) / 8;
        let third = height.saturating_add(1) / 4;
        let (before, place) = match row % 8 {
            0 => (0, row / 8),
            4 => (first, row / 8),
            2 | 6 => (first.saturating_add(second), row / 4),
            _ => (first.saturating_add(second).saturating_add(third), row / 2),
        };
        before.saturating_add(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The four passes, written down as the specification does.
    fn passes(height: usize) -> Vec<usize> {
        [(0, 8), (4, 8), (2, 4), (1, 2)]
            .into_iter()
            .flat_map(|(start, step)| (start..height).step_by(step))
            .collect()
    }

    #[test]
    fn interlaced_rows_are_found_for_every_height() {
        for height in 1..70 {
            let rows = Rows::Interlaced { height };
            for (stored, &row) in passes(height).iter().enumerate() {
                assert_eq!(rows.stored(row), stored, "row {row} of {height}");
            }
        }
    }
}
