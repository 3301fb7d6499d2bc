//! Colours that stand for many: k-means over the cells of a histogram.
//!
//! All arithmetic is in `f32` and in one order, whatever the processor: only
//! the loop over colours is done for several points at once.

#![expect(
    clippy::inline_always,
    reason = "run-time dispatch compiles only what is inlined into it for the wider instructions"
)]

use super::channels::{Channels, squared};
use super::cubes::Size;
use super::histogram::Cell;

/// Points that are compared with a colour at once.
const LANES: usize = 8;

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
        CUBE.middle(self.color.map(floor)).map(f32::from)
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
}

impl Points {
    /// A point for each cell: the mean of its colours.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of at most 2^20 pixels, sums of at most 2^28"
    )]
    pub(super) fn new(cells: &[Cell]) -> Self {
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
            channels.near(middle, f32::from(CUBE.half()), |at| {
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
