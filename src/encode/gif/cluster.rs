//! Colours that stand for many: k-means over a histogram.
//!
//! All arithmetic is in `f32` and in one order, whatever the processor: only
//! the loop over colours is done for several points at once.

#![expect(
    clippy::inline_always,
    reason = "run-time dispatch compiles only what is inlined into it for the wider instructions"
)]

use super::nearest::{CELLS, cell, wider};
use super::rough::Rough;

/// Points that are compared with a colour at once.
const LANES: usize = 8;

/// Cells of which each becomes a point; those of more are taken together. Noise has many,
/// and took twice the time. Of 23 photos at 1024 pixels six had more, and lost 0.1 dB of 35.
const MOST: usize = 1 << 15;

/// Points from which on `assign_many` is the faster way.
const MANY: usize = 1 << 13;

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
}

impl Histogram {
    pub(super) fn new() -> Self {
        Self {
            numbers: vec![0; CELLS],
            occurring: Vec::new(),
            cells: Vec::new(),
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
        if self.cells.len() > MOST {
            self.cells = self.coarser();
        }
        let points = Points::new(&self.cells);
        for cell in self.occurring.drain(..) {
            if let Some(number) = self.numbers.get_mut(cell as usize) {
                *number = 0;
            }
        }
        self.cells.clear();
        points
    }

    /// The cells in groups of up to eight, which are twice as wide.
    fn coarser(&self) -> Vec<Cell> {
        let mut numbers = vec![0_u32; CELLS / 8];
        let mut cells: Vec<Cell> = Vec::new();
        for (&at, cell) in self.occurring.iter().zip(&self.cells) {
            let Some(number) = numbers.get_mut(wider(at as usize)) else {
                continue;
            };
            if *number == 0 {
                cells.push(Cell::default());
                *number = u32::try_from(cells.len()).unwrap_or(u32::MAX);
            }
            if let Some(group) = cells.get_mut(*number as usize - 1) {
                group.count += cell.count;
                for (sum, more) in group.sums.iter_mut().zip(cell.sums) {
                    *sum += more;
                }
            }
        }
        cells
    }

    /// Counts so many pixels of a colour.
    fn add(&mut self, color: [u8; 3], count: u32) {
        if count == 0 {
            return;
        }
        let cell = cell(color);
        let Some(number) = self.numbers.get_mut(cell) else {
            return;
        };
        if *number == 0 {
            self.cells.push(Cell::default());
            self.occurring.push(u32::try_from(cell).unwrap_or(u32::MAX));
            *number = u32::try_from(self.cells.len()).unwrap_or(u32::MAX);
        }
        if let Some(cell) = self.cells.get_mut(*number as usize - 1) {
            cell.count += count;
            for (sum, channel) in cell.sums.iter_mut().zip(color) {
                *sum += count * u32::from(channel);
            }
        }
    }
}

/// A colour with its weight.
#[derive(Clone, Copy, Debug)]
struct Point {
    color: [f32; 3],
    weight: f32,
}

/// Weighted colours, as the loops want them.
pub(super) struct Points {
    all: Vec<Point>,
    /// The same, several together: red, green and blue of each. Those that are
    /// missing at the end are black.
    groups: Vec<[[f32; LANES]; 3]>,
    /// The colour that each is nearest to, once somebody looked.
    nearest: Vec<u8>,
    /// Their weight.
    pub(super) weight: f32,
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
        let groups = points.chunks(LANES).map(|points| {
            let mut group = [[0.0; LANES]; 3];
            for (lane, point) in points.iter().enumerate() {
                for (channel, value) in group.iter_mut().zip(point.color) {
                    if let Some(place) = channel.get_mut(lane) {
                        *place = value;
                    }
                }
            }
            group
        });
        Self {
            groups: groups.collect(),
            nearest: vec![0; points.len().next_multiple_of(LANES)],
            weight: points.iter().map(|point| point.weight).sum(),
            all: points,
        }
    }

    /// Finds the colour that each point is nearest to, and returns the sum of
    /// squared distances. At most 256 colours are given.
    pub(super) fn assign(&mut self, colors: &[[f32; 3]]) -> f32 {
        if self.all.len() < MANY {
            pulp::Arch::new().dispatch(Assign {
                groups: &self.groups,
                colors,
                nearest: &mut self.nearest,
            });
        } else {
            self.assign_many(colors);
        }
        let mut error = 0.0;
        for (point, &nearest) in self.all.iter().zip(&self.nearest) {
            if let Some(color) = colors.get(usize::from(nearest)) {
                error += squared(point.color, *color) * point.weight;
            }
        }
        error
    }

    /// The same for so many points that it pays to find out first, for all that are near each
    /// other, which colours are near.
    fn assign_many(&mut self, colors: &[[f32; 3]]) {
        let mut rough = Rough::new();
        rough.set(colors.iter().copied());
        for (point, nearest) in self.all.iter().zip(&mut self.nearest) {
            let mut least = f32::INFINITY;
            for &index in rough.near(point.color.map(floor)) {
                let color = colors.get(usize::from(index)).copied().unwrap_or_default();
                let distance = squared(point.color, color);
                if distance < least {
                    (least, *nearest) = (distance, index);
                }
            }
        }
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
        let mut points = self.all.clone();
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

struct Assign<'a> {
    groups: &'a [[[f32; LANES]; 3]],
    colors: &'a [[f32; 3]],
    nearest: &'a mut [u8],
}

impl pulp::NullaryFnOnce for Assign<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let (to, _) = self.nearest.as_chunks_mut::<LANES>();
        for (&[red, green, blue], to) in self.groups.iter().zip(to) {
            let mut least = [f32::INFINITY; LANES];
            let mut nearest = [0_u32; LANES];
            for (&[r, g, b], index) in self.colors.iter().zip(0..) {
                let colors = red.iter().zip(&green).zip(&blue);
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

    /// Means of eight colours each: mostly no whole numbers.
    fn cells() -> impl Strategy<Value = Vec<Cell>> {
        let cell = any::<[u8; 3]>().prop_map(|sums| Cell {
            sums: sums.map(|sum| u32::from(sum) * 7),
            count: 8,
        });
        prop::collection::vec(cell, 1..300)
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
        let mut histogram = Histogram::new();
        let points = histogram.points(colors.clone());
        assert_eq!(points.all.len(), CELLS / 8);
        let near = |one: f32, other: f32| (one - other).abs() < 1e-3;
        assert!(points.all.iter().all(|point| near(point.weight, 24.0)));
        // The mean of two cells in each channel: 0 and 4 are the first.
        assert!(
            points.all[0]
                .color
                .iter()
                .all(|&channel| near(channel, 2.0))
        );
        // Nothing of it is left for the next frame.
        let few = histogram.points(colors.take(3 * MOST));
        assert_eq!(few.all.len(), MOST);
    }

    proptest! {
        #[test]
        fn many_points_are_assigned_as_few_are(cells in cells(), colors in colors()) {
            let mut few = Points::new(&cells);
            few.assign(&colors);
            let mut many = Points::new(&cells);
            many.assign_many(&colors);
            prop_assert_eq!(&few.nearest[..cells.len()], &many.nearest[..cells.len()]);
        }
    }
}
