//! How often colours occur.

use super::cubes::Size;

/// Cells of which each becomes a point; those of more are taken together. Noise has many,
/// and took twice the time. Of 23 photos at 1024 pixels six had more, and lost 0.1 dB of 35.
const MOST: usize = 1 << 15;
/// The same where so much is drawn that time counts: some photos at 512 pixels have more.
const MOST_IN_HASTE: usize = 1 << 14;
/// Of how many pixels one is counted for all, then, once cells are taken together. A prime, so
/// that there are few widths of which it counts the same columns in each row.
const STEP: u32 = 17;

/// Cells of colours, and those that are twice as wide.
const FINE: Size = Size::Of4;
const COARSE: Size = Size::Of8;

/// What is known of the pixels in a cell of colours.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cell {
    pub(super) sums: [u32; 3],
    pub(super) count: u32,
}

impl Cell {
    /// A colour of it.
    fn color(&self) -> [u8; 3] {
        let mean = |sum: u32| sum.checked_div(self.count).unwrap_or(0);
        (self.sums).map(|sum| u8::try_from(mean(sum)).unwrap_or(u8::MAX))
    }
}

/// How often colours occur, taken together cell by cell.
pub(super) struct Histogram {
    /// Number of each cell among those that occur, plus one; 0 for the others.
    numbers: Vec<u32>,
    /// Cells that occur.
    occurring: Vec<u32>,
    cells: Vec<Cell>,
    /// Cells that may become points.
    most: usize,
    /// Whether there were so many that they are twice as wide.
    is_coarse: bool,
    /// Of how many pixels one is counted, once they are.
    step: u32,
    /// How many of those were left out.
    left_out: u32,
}

impl Histogram {
    pub(super) fn new(haste: bool) -> Self {
        Self {
            numbers: vec![0; FINE.count()],
            occurring: Vec::new(),
            cells: Vec::new(),
            most: if haste { MOST_IN_HASTE } else { MOST },
            is_coarse: false,
            step: if haste { STEP } else { 1 },
            left_out: 0,
        }
    }

    /// Counts colours. Hands out their cells, and whether those were so many that they are
    /// twice as wide.
    pub(super) fn count(&mut self, colors: impl Iterator<Item = [u8; 3]>) -> (&[Cell], bool) {
        self.clear();
        let (last, count) = colors.fold(([0; 3], 0), |(last, count), color| {
            // Neighbours are mostly alike.
            if color == last {
                return (last, count + 1);
            }
            self.add(last, count);
            (color, 1)
        });
        self.add(last, count);
        (&self.cells, self.is_coarse)
    }

    /// Makes all cells ones that don't occur.
    fn clear(&mut self) {
        for cell in self.occurring.drain(..) {
            if let Some(number) = self.numbers.get_mut(cell as usize) {
                *number = 0;
            }
        }
        self.cells.clear();
        self.is_coarse = false;
        self.left_out = 0;
    }

    /// Counts so many pixels of a colour.
    fn add(&mut self, color: [u8; 3], mut count: u32) {
        if count == 0 {
            return;
        }
        // Large areas of a colour are never left out.
        if count == 1 && self.is_coarse {
            self.left_out += 1;
            if self.left_out < self.step {
                return;
            }
            self.left_out = 0;
            count = self.step;
        }
        let sums = color.map(|channel| count * u32::from(channel));
        let size = if self.is_coarse { COARSE } else { FINE };
        self.add_to(size.cube(color), Cell { sums, count });
        if self.cells.len() > self.most && !self.is_coarse {
            self.coarsen();
        }
    }

    fn add_to(&mut self, at: usize, more: Cell) {
        let Some(number) = self.numbers.get_mut(at) else {
            return;
        };
        if *number == 0 {
            self.cells.push(Cell::default());
            self.occurring.push(u32::try_from(at).unwrap_or(u32::MAX));
            *number = u32::try_from(self.cells.len()).unwrap_or(u32::MAX);
        }
        if let Some(cell) = self.cells.get_mut(*number as usize - 1) {
            cell.count += more.count;
            for (sum, more) in cell.sums.iter_mut().zip(more.sums) {
                *sum += more;
            }
        }
    }

    /// Takes cells together in groups of up to eight, which are twice as wide.
    fn coarsen(&mut self) {
        let fine = std::mem::take(&mut self.cells);
        self.clear();
        self.is_coarse = true;
        for cell in fine {
            self.add_to(COARSE.cube(cell.color()), cell);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_counted_in_wider_cells() {
        // Three pixels in each cell.
        let colors = (0..3 * FINE.count()).map(|pixel| {
            let at = pixel / 3;
            let channel = |shift: u32| u8::try_from((at >> shift) % 64).unwrap() << 2;
            [channel(0), channel(6), channel(12)]
        });
        let mut histogram = Histogram::new(false);
        let (cells, is_coarse) = histogram.count(colors.clone());
        assert!(is_coarse);
        assert_eq!(cells.len(), COARSE.count());
        assert!(cells.iter().all(|cell| cell.count == 24));
        // Two cells in each channel: 0 and 4 are the first.
        assert_eq!(cells[0].sums, [12 * 4; 3]);
        // Nothing of it is left for the next frame.
        let (cells, is_coarse) = histogram.count(colors.take(3 * MOST));
        assert!(!is_coarse);
        assert_eq!(cells.len(), MOST);
    }

    #[test]
    fn in_haste_single_pixels_of_many_colours_stand_for_others() {
        let colors = (0..1 << 20).map(|pixel: u32| {
            let [r, g, b, _] = pixel.wrapping_mul(0x9E37_79B1).to_le_bytes();
            [r, g, b]
        });
        let flat = std::iter::repeat_n([9, 8, 7], 1000);
        let mut histogram = Histogram::new(true);
        let (cells, is_coarse) = histogram.count(colors.chain(flat));
        assert!(is_coarse);
        assert!(cells.len() < COARSE.count(), "some cells are left out");
        let counted: u32 = cells.iter().map(|cell| cell.count).sum();
        let pixels = (1 << 20) + 1000;
        assert!(counted.abs_diff(pixels) < STEP, "{counted} of {pixels}");
        let flat = cells
            .iter()
            .find(|cell| COARSE.cube(cell.color()) == COARSE.cube([9, 8, 7]));
        assert!(flat.is_some_and(|cell| cell.count >= 1000));
    }
}
