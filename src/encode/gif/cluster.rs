//! Colours that stand for many: k-means over a histogram.
//!
//! All arithmetic is in `f32` and in one order, whatever the processor: only
//! the loop over colours is done for several points at once.

#![expect(
    clippy::inline_always,
    reason = "run-time dispatch compiles only what is inlined into it for the wider instructions"
)]

use super::channels::Channels;
use super::cubes::Size;
use super::nearest::{CELLS, cell, wider};

/// Points that are compared with a colour at once.
const LANES: usize = 8;

/// Cells of which each becomes a point; those of more are taken together. Noise has many,
/// and took twice the time. Of 23 photos at 1024 pixels six had more, and lost 0.1 dB of 35.
const MOST: usize = 1 << 15;
/// The same where so much is drawn that time counts: some photos at 512 pixels have more.
const MOST_IN_HASTE: usize = 1 << 14;
/// Of how many pixels one is counted for all, then, once cells are taken together. An odd
/// number, so that it isn't the same columns of each row.
const STEP: u32 = 15;

/// What is known of the pixels in a cell of colours.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    sums: [u32; 3],
    count: u32,
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
            numbers: vec![0; CELLS],
            occurring: Vec::new(),
            cells: Vec::new(),
            most: if haste { MOST_IN_HASTE } else { MOST },
            is_coarse: false,
            step: if haste { STEP } else { 1 },
            left_out: 0,
        }
    }

    /// The mean colour of each cell of `colors`.
    pub(super) fn points(&mut self, colors: impl Iterator<Item = [u8; 3]>) -> Points {
        let (last, count) = colors.fold(([0; 3], 0), |(last, count), color| {
            // Neighbours are mostly alike.
            if color == last {
                return (last, count + 1);
            }
            self.add(last, count);
            (color, 1)
        });
        self.add(last, count);
        let points = Points {
            are_coarse: self.is_coarse,
            ..Points::new(&self.cells)
        };
        self.left_out = 0;
        self.forget();
        self.cells.clear();
        self.is_coarse = false;
        points
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
        let cell = cell(color);
        self.add_to(
            if self.is_coarse { wider(cell) } else { cell },
            Cell { sums, count },
        );
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
        self.is_coarse = true;
        let fine = std::mem::take(&mut self.cells);
        let occurring = self.occurring.clone();
        self.forget();
        for (at, cell) in occurring.into_iter().zip(fine) {
            self.add_to(wider(at as usize), cell);
        }
    }

    /// Makes all cells ones that don't occur.
    fn forget(&mut self) {
        for cell in self.occurring.drain(..) {
            if let Some(number) = self.numbers.get_mut(cell as usize) {
                *number = 0;
            }
        }
    }
}

/// Points of a cube from which on it pays to find out which colours are near to it.
const CROWD: usize = 32;

/// Many points are held against the colours that are near to their cube.
const CUBE: Size = Size::Of32;

/// A colour with its weight.
#[derive(Clone, Copy, Debug)]
struct Point {
    color: [f32; 3],
    weight: f32,
}

impl Point {
    const NONE: Self = Self {
        color: [0.0; 3],
        weight: 0.0,
    };

    fn cube(&self) -> usize {
        CUBE.cube(self.color.map(floor))
    }

    /// The middle of its cube.
    fn middle(&self) -> [f32; 3] {
        CUBE.middle(self.color.map(floor))
    }
}

/// Points cube by cube, in their order within each.
fn by_cube(points: &[Point]) -> Vec<Point> {
    let mut places = vec![0_usize; CUBE.count() + 1];
    for point in points {
        if let Some(count) = places.get_mut(point.cube() + 1) {
            *count += 1;
        }
    }
    let mut before = 0;
    for place in &mut places {
        before += *place;
        *place = before;
    }
    let mut sorted = vec![Point::NONE; points.len()];
    for &point in points {
        if let Some(place) = places.get_mut(point.cube()) {
            if let Some(to) = sorted.get_mut(*place) {
                *to = point;
            }
            *place += 1;
        }
    }
    sorted
}

/// Weighted colours, as the loops want them.
pub(super) struct Points {
    /// Those that are missing where lanes must be filled are black, and weigh nothing.
    all: Vec<Point>,
    /// The same, several together: red, green and blue of each.
    groups: Vec<[[f32; LANES]; 3]>,
    /// The middle of each cube that has many of them, and how many groups they are. After
    /// those the others follow.
    crowds: Vec<([f32; 3], usize)>,
    /// The colour that each is nearest to, once somebody looked.
    nearest: Vec<u8>,
    /// Their weight.
    pub(super) weight: f32,
    /// Whether the cells were so many that they are twice as wide.
    pub(super) are_coarse: bool,
}

impl Points {
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of at most 2^20 pixels, sums of at most 2^28"
    )]
    fn new(cells: &[Cell]) -> Self {
        let points: Vec<Point> = cells
            .iter()
            .map(|cell| Point {
                color: cell.sums.map(|sum| sum as f32 / cell.count as f32),
                weight: cell.count as f32,
            })
            .collect();
        let points = by_cube(&points);
        let mut groups: Vec<[Point; LANES]> = Vec::new();
        let mut append = |points: &[Point]| {
            groups.extend(points.chunks(LANES).map(|points| {
                let mut group = [Point::NONE; LANES];
                for (to, &point) in group.iter_mut().zip(points) {
                    *to = point;
                }
                group
            }));
            points.len().div_ceil(LANES)
        };
        let mut crowds = Vec::new();
        let mut others = Vec::new();
        for points in points.chunk_by(|one, other| one.cube() == other.cube()) {
            match points.first() {
                Some(point) if points.len() >= CROWD => {
                    crowds.push((point.middle(), append(points)));
                }
                _ => others.extend_from_slice(points),
            }
        }
        append(&others);
        let channels = |points: &[Point; LANES]| {
            let mut channels = [[0.0; LANES]; 3];
            for (lane, point) in points.iter().enumerate() {
                for (channel, value) in channels.iter_mut().zip(point.color) {
                    if let Some(place) = channel.get_mut(lane) {
                        *place = value;
                    }
                }
            }
            channels
        };
        Self {
            groups: groups.iter().map(channels).collect(),
            crowds,
            nearest: vec![0; groups.len() * LANES],
            weight: points.iter().map(|point| point.weight).sum(),
            all: groups.into_flattened(),
            are_coarse: false,
        }
    }

    /// Finds the colour that each point is nearest to, and returns the sum of
    /// squared distances. At most 256 colours are given.
    pub(super) fn assign(&mut self, colors: &[[f32; 3]]) -> f32 {
        let mut channels = Channels::new();
        channels.set(colors.iter().copied());
        let mut candidates = Vec::new();
        let mut groups = self.groups.iter();
        let mut nearest = self.nearest.as_chunks_mut::<LANES>().0.iter_mut();
        for &(middle, count) in &self.crowds {
            candidates.clear();
            channels.near(middle, CUBE.half(), |at| {
                let index = u8::try_from(at).unwrap_or(u8::MAX);
                candidates.extend(colors.get(at).map(|&color| (index, color)));
            });
            pulp::Arch::new().dispatch(Assign {
                groups: groups.by_ref().take(count),
                candidates: candidates.iter().copied(),
                nearest: nearest.by_ref(),
            });
        }
        pulp::Arch::new().dispatch(Assign {
            groups,
            candidates: (0..=u8::MAX).zip(colors.iter().copied()),
            nearest,
        });
        let mut error = 0.0;
        for (point, &nearest) in self.all.iter().zip(&self.nearest) {
            if let Some(color) = colors.get(usize::from(nearest)) {
                error += squared(point.color, *color) * point.weight;
            }
        }
        error
    }

    /// Moves each colour to the mean of the points that were assigned to it.
    pub(super) fn improve(&self, colors: &mut [[f32; 3]]) {
        let mut sums = vec![([0.0; 3], 0.0); colors.len()];
        for (point, &nearest) in self.all.iter().zip(&self.nearest) {
            if let Some((sum, weight)) = sums.get_mut(usize::from(nearest)) {
                for (sum, channel) in sum.iter_mut().zip(point.color) {
                    *sum += channel * point.weight;
                }
                *weight += point.weight;
            }
        }
        for (color, (sum, weight)) in colors.iter_mut().zip(sums) {
            if weight > 0.0 {
                *color = sum.map(|sum: f32| sum / weight);
            }
        }
    }

    /// Splits the points into `most` clusters or fewer, always the one with the
    /// largest error, at its mean, along the axis on which it is widest. Returns
    /// their means.
    pub(super) fn split(&self, most: usize) -> Vec<[f32; 3]> {
        let points = self.all.iter().filter(|point| point.weight > 0.0);
        let mut points: Vec<Point> = points.copied().collect();
        let mut clusters = vec![Cluster::new(&points, 0, points.len())];
        while clusters.len() < most {
            let widest = clusters
                .iter()
                .enumerate()
                .max_by(|a, b| a.1.error.total_cmp(&b.1.error));
            let Some((widest, cluster)) = widest else {
                break;
            };
            let (start, end, axis, mean) = (cluster.start, cluster.end, cluster.axis, cluster.mean);
            let Some(run) = points.get_mut(start..end) else {
                break;
            };
            let middle = start + partition(run, axis, mean);
            if middle == start || middle == end {
                break; // all points are one
            }
            clusters.swap_remove(widest);
            clusters.push(Cluster::new(&points, start, middle));
            clusters.push(Cluster::new(&points, middle, end));
        }
        clusters.into_iter().map(|cluster| cluster.mean).collect()
    }
}

fn squared(one: [f32; 3], other: [f32; 3]) -> f32 {
    let [r, g, b] = one;
    let [other_r, other_g, other_b] = other;
    (r - other_r).powi(2) + (g - other_g).powi(2) + (b - other_b).powi(2)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a mean of u8 values"
)]
fn floor(channel: f32) -> u8 {
    channel as u8
}

struct Assign<G, C, N> {
    groups: G,
    candidates: C,
    nearest: N,
}

impl<'a, G, C, N> pulp::NullaryFnOnce for Assign<G, C, N>
where
    C: Iterator<Item = (u8, [f32; 3])> + Clone,
    G: Iterator<Item = &'a [[f32; LANES]; 3]>,
    N: Iterator<Item = &'a mut [u8; LANES]>,
{
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for ([red, green, blue], to) in self.groups.zip(self.nearest) {
            let mut least = [f32::INFINITY; LANES];
            let mut nearest = [0_u32; LANES];
            for (index, [r, g, b]) in self.candidates.clone() {
                let index = u32::from(index);
                let colors = red.iter().zip(green).zip(blue);
                for ((least, nearest), ((red, green), blue)) in
                    least.iter_mut().zip(&mut nearest).zip(colors)
                {
                    let (dr, dg, db) = (red - r, green - g, blue - b);
                    let distance = dr * dr + dg * dg + db * db;
                    let nearer = distance < *least;
                    *least = if nearer { distance } else { *least };
                    *nearest = if nearer { index } else { *nearest };
                }
            }
            *to = nearest.map(|index| u8::try_from(index).unwrap_or(u8::MAX));
        }
    }
}

/// Brings the points below the mean to the front; returns how many they are.
fn partition(points: &mut [Point], axis: usize, mean: [f32; 3]) -> usize {
    let below = |point: &Point| {
        let pair = point.color.iter().zip(&mean).nth(axis);
        pair.is_some_and(|(channel, mean)| channel < mean)
    };
    let mut count = 0;
    for at in 0..points.len() {
        if points.get(at).is_some_and(below) {
            points.swap(at, count);
            count += 1;
        }
    }
    count
}

/// A run of points, and what splitting it would gain.
struct Cluster {
    start: usize,
    end: usize,
    mean: [f32; 3],
    /// The sum of squared distances from the mean along the widest axis.
    error: f32,
    axis: usize,
}

impl Cluster {
    fn new(points: &[Point], start: usize, end: usize) -> Self {
        let points = points.get(start..end).unwrap_or_default();
        let weight: f32 = points.iter().map(|point| point.weight).sum();
        let mut mean = [0.0; 3];
        for point in points {
            for (mean, channel) in mean.iter_mut().zip(point.color) {
                *mean += channel * point.weight / weight;
            }
        }
        let mut errors = [0.0; 3];
        for point in points {
            for ((error, channel), mean) in errors.iter_mut().zip(point.color).zip(mean) {
                *error += (channel - mean).powi(2) * point.weight;
            }
        }
        let (axis, error) = errors
            .into_iter()
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or_default();
        Self {
            start,
            end,
            mean,
            error,
            axis,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Means of eight colours each: mostly no whole numbers. In some, there are crowds.
    fn cells() -> impl Strategy<Value = Vec<Cell>> {
        let cells = |most: u8, count| {
            let cell = prop::array::uniform3(0..=most).prop_map(|sums| Cell {
                sums: sums.map(|sum| u32::from(sum) * 7),
                count: 8,
            });
            prop::collection::vec(cell, 1..count)
        };
        prop_oneof![cells(u8::MAX, 300), cells(80, 3000)]
    }

    fn colors() -> impl Strategy<Value = Vec<[f32; 3]>> {
        let color = any::<[u8; 3]>().prop_map(|color| color.map(|c| f32::from(c) * 0.99));
        prop::collection::vec(color, 1..=256)
    }

    #[test]
    fn noise_is_counted_in_wider_cells() {
        // Three pixels in each cell.
        let colors = (0..3 * CELLS).map(|pixel| {
            let at = pixel / 3;
            let channel = |shift: u32| u8::try_from((at >> shift) % 64).unwrap() << 2;
            [channel(0), channel(6), channel(12)]
        });
        let mut histogram = Histogram::new(false);
        let points = histogram.points(colors.clone());
        let all = || points.all.iter().filter(|point| point.weight > 0.0);
        assert_eq!(all().count(), CELLS / 8);
        let near = |one: f32, other: f32| (one - other).abs() < 1e-3;
        assert!(all().all(|point| near(point.weight, 24.0)));
        // The mean of two cells in each channel: 0 and 4 are the first.
        let mut first = points.all[0].color.iter();
        assert!(first.all(|&channel| near(channel, 2.0)));
        // Nothing of it is left for the next frame.
        let few = histogram.points(colors.take(3 * MOST));
        let few = few.all.iter().filter(|point| point.weight > 0.0);
        assert_eq!(few.count(), MOST);
    }

    proptest! {
        #[test]
        fn no_colour_is_nearer_to_a_point(cells in cells(), colors in colors()) {
            let mut points = Points::new(&cells);
            let error = points.assign(&colors);
            let mut sum = 0.0;
            let mut count = 0;
            for (point, &nearest) in points.all.iter().zip(&points.nearest) {
                if point.weight > 0.0 {
                    let distances = colors.iter().map(|&color| squared(point.color, color));
                    let (index, least) = (distances.enumerate())
                        .min_by(|one, other| one.1.total_cmp(&other.1))
                        .unwrap();
                    prop_assert_eq!(usize::from(nearest), index);
                    sum += f64::from(least) * 8.0;
                    count += 1;
                }
            }
            prop_assert_eq!(count, cells.len());
            prop_assert!((f64::from(error) - sum).abs() <= 1e-4 * sum);
        }
    }
}
