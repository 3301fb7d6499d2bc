//! How often colours occur.

use super::cubes::Size;

/// Cells of which each becomes a point; those of more are taken together. Noise has many,
/// and took twice the time. Of 23 photos at 1024 pixels six had more, and lost 0.1 dB of 35.
const MOST: usize = 1 << 15;
/// The same where so much is drawn that time counts: some photos have more.
const MOST_IN_HASTE: usize = 1 << 14;
/// Of how many pixels that are unlike their neighbours one is counted for all where time
/// counts, in narrow cells and in wide ones. Of one width in five, and of one in seventeen, that
/// is the same columns in each row: a grid, which many colours don't mind.
const FINE_STEP: u32 = 5;
const COARSE_STEP: u32 = 17;
/// So many wide cells, of pixels that are counted so, are taken for a sign of more than
/// `MOST_IN_HASTE` narrow ones. Noise has twice as many, a photo half.
const SURELY_MANY: usize = MOST_IN_HASTE / 4;

/// Cells of colours, and those that are twice as wide.
const FINE: Size = Size::Of4;
pub(super) const COARSE: Size = Size::Of8;

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
    /// Number of each cell among those that occur, plus one; 0 for the others. There are
    /// `MOST` and one at most: of those that are twice as wide, there are no more.
    numbers: Vec<u16>,
    /// Cells that occur.
    occurring: Vec<u32>,
    cells: Vec<Cell>,
    /// Whether there were so many that they are twice as wide.
    is_coarse: bool,
    /// Whether time counts.
    haste: bool,
    /// Whether some pixels stand for others.
    is_sampled: bool,
}

impl Histogram {
    pub(super) fn new() -> Self {
        Self {
            numbers: vec![0; FINE.count()],
            occurring: Vec::new(),
            cells: Vec::new(),
            is_coarse: false,
            haste: false,
            is_sampled: false,
        }
    }

    /// Counts colours, all of them if they are few. Hands out their cells, and whether those
    /// were so many that they are twice as wide.
    ///
    /// In haste, what comes after a frame with that many is counted in wide cells from the
    /// start, unless it turns out to have far fewer.
    pub(super) fn count(
        &mut self,
        colors: impl Iterator<Item = [u8; 3]> + Clone,
        haste: bool,
        are_few: bool,
    ) -> (&[Cell], bool) {
        self.haste = haste;
        self.is_sampled = self.haste && !are_few;
        if self.is_coarse && self.is_sampled {
            self.restart(true);
            self.count_all(colors.clone());
            if self.cells.len() >= SURELY_MANY {
                return (&self.cells, true);
            }
        }
        self.restart(false);
        self.count_all(colors);
        (&self.cells, self.is_coarse)
    }

    fn count_all(&mut self, colors: impl Iterator<Item = [u8; 3]>) {
        let mut step = self.step();
        let (last, count, _) = colors.fold(([0; 3], 0, 0), |(last, count, left_out), color| {
            // Neighbours are mostly alike.
            if color == last {
                return (last, count + 1, left_out);
            }
            if count != 1 {
                // Large areas of a colour are never left out.
                self.add(last, count);
                return (color, 1, left_out);
            }
            if left_out + 1 < step {
                return (color, 1, left_out + 1);
            }
            self.add(last, step);
            step = self.step();
            (color, 1, 0)
        });
        self.add(last, count);
    }

    /// Of how many single pixels one is counted for all.
    const fn step(&self) -> u32 {
        match (self.is_sampled, self.is_coarse) {
            (false, _) => 1,
            (true, false) => FINE_STEP,
            (true, true) => COARSE_STEP,
        }
    }

    /// The mean of those pixels that were counted in a colour's wide cell, or its middle if
    /// none was.
    pub(super) fn mean(&self, color: [u8; 3]) -> [u8; 3] {
        let number = self.numbers.get(COARSE.cube(color)).copied().unwrap_or(0);
        let cell = self.cells.get(usize::from(number).wrapping_sub(1));
        cell.map_or(COARSE.middle(color), Cell::color)
    }

    /// Makes all cells ones that don't occur, and wide ones or not.
    fn restart(&mut self, is_coarse: bool) {
        for cell in self.occurring.drain(..) {
            if let Some(number) = self.numbers.get_mut(cell as usize) {
                *number = 0;
            }
        }
        self.cells.clear();
        self.is_coarse = is_coarse;
    }

    /// Counts so many pixels of a colour.
    fn add(&mut self, color: [u8; 3], count: u32) {
        if count == 0 {
            return;
        }
        let sums = color.map(|channel| count * u32::from(channel));
        let size = if self.is_coarse { COARSE } else { FINE };
        self.add_to(size.cube(color), Cell { sums, count });
        let most = if self.haste { MOST_IN_HASTE } else { MOST };
        if self.cells.len() > most && !self.is_coarse {
            self.coarsen();
        }
    }

    /// Inlined, since what is added would go through memory in parts, and come back whole
    /// only after a while.
    #[inline]
    fn add_to(&mut self, at: usize, more: Cell) {
        let number = match self.numbers.get(at) {
            Some(&number) if number != 0 => number,
            _ => self.begin(at),
        };
        if let Some(cell) = self.cells.get_mut(usize::from(number) - 1) {
            cell.count += more.count;
            for (sum, more) in cell.sums.iter_mut().zip(more.sums) {
                *sum += more;
            }
        }
    }

    /// The number of a cell that didn't occur before.
    #[cold]
    fn begin(&mut self, at: usize) -> u16 {
        self.cells.push(Cell::default());
        self.occurring.push(u32::try_from(at).unwrap_or(u32::MAX));
        let number = u16::try_from(self.cells.len()).unwrap_or(u16::MAX);
        if let Some(place) = self.numbers.get_mut(at) {
            *place = number;
        }
        number
    }

    /// Takes cells together in groups of up to eight, which are twice as wide.
    fn coarsen(&mut self) {
        let fine = std::mem::take(&mut self.cells);
        self.restart(true);
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
        let mut histogram = Histogram::new();
        let (cells, is_coarse) = histogram.count(colors.clone(), false, false);
        assert!(is_coarse);
        assert_eq!(cells.len(), COARSE.count());
        assert!(cells.iter().all(|cell| cell.count == 24));
        // Two cells in each channel: 0 and 4 are the first.
        assert_eq!(cells[0].sums, [12 * 4; 3]);
        // Nothing of it is left for the next frame.
        let (cells, is_coarse) = histogram.count(colors.take(3 * MOST), false, false);
        assert!(!is_coarse);
        assert_eq!(cells.len(), MOST);
    }

    #[test]
    fn in_haste_a_frame_with_few_colours_is_counted_well_after_noise() {
        let color = |pixel: u32| {
            let [r, g, b, _] = pixel.wrapping_mul(0x9E37_79B1).to_le_bytes();
            [r, g, b]
        };
        let mut histogram = Histogram::new();
        let counted = |cells: &[Cell]| cells.iter().map(|cell| cell.count).sum::<u32>();
        let first = histogram
            .count((0..1 << 18).map(color), true, false)
            .0
            .len();
        // All are counted in wide cells, and fewer pixels than before are looked at.
        let (cells, is_coarse) = histogram.count((0..1 << 18).map(color), true, false);
        assert!(is_coarse);
        assert!((SURELY_MANY..first).contains(&cells.len()), "{first}");
        assert!(counted(cells).abs_diff(1 << 18) < COARSE_STEP);
        let (cells, is_coarse) = histogram.count((0..3000).map(color), true, false);
        assert!(!is_coarse);
        assert!(counted(cells).abs_diff(3000) < FINE_STEP);
        assert!(cells.len() <= 3000 / FINE_STEP as usize + 1);
        // Of few colours, each pixel counts.
        let (cells, _) = histogram.count((0..255).map(color), true, true);
        assert_eq!(counted(cells), 255);
        assert!(cells.iter().all(|cell| cell.count == 1));
    }

    #[test]
    fn in_haste_single_pixels_of_many_colours_stand_for_others() {
        let colors = (0..1 << 20).map(|pixel: u32| {
            let [r, g, b, _] = pixel.wrapping_mul(0x9E37_79B1).to_le_bytes();
            [r, g, b]
        });
        let flat = std::iter::repeat_n([9, 8, 7], 1000);
        let mut histogram = Histogram::new();
        let (cells, is_coarse) = histogram.count(colors.chain(flat), true, false);
        assert!(is_coarse);
        assert!(cells.len() < COARSE.count(), "some cells are left out");
        let counted: u32 = cells.iter().map(|cell| cell.count).sum();
        let pixels = (1 << 20) + 1000;
        assert!(
            counted.abs_diff(pixels) < COARSE_STEP,
            "{counted} of {pixels}"
        );
        let flat = cells
            .iter()
            .find(|cell| COARSE.cube(cell.color()) == COARSE.cube([9, 8, 7]));
        assert!(flat.is_some_and(|cell| cell.count >= 1000));
    }
}
