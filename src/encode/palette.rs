//! At most 256 colours for a picture.

use crate::error::Error;
use crate::raster::zeroed;

/// The most colours of a palette.
const MAX_COLORS: usize = 256;

/// Pixels that are less opaque than this become transparent.
const OPAQUE: u8 = 128;

/// A picture as indices into a palette.
#[derive(Debug)]
pub(super) struct Indexed {
    pub(super) indices: Vec<u8>,
    pub(super) palette: Vec<[u8; 3]>,
    /// The index of transparent pixels, if there are any.
    pub(super) transparent: Option<u8>,
}

/// Chooses a palette for `pixels` (RGBA, not premultiplied) and maps them to it:
/// exactly if there are few enough colours, else to the nearest of colours that
/// were chosen to keep the squared error small.
pub(super) fn index(pixels: &[[u8; 4]]) -> Result<Indexed, Error> {
    let has_transparent = pixels.iter().any(|&pixel| !is_opaque(pixel));
    let most = MAX_COLORS - usize::from(has_transparent);
    let mut palette = Vec::with_capacity(MAX_COLORS);
    let mut indices = zeroed(pixels.len() as u64)?;
    let found = exact(pixels, most, &mut palette, &mut indices);
    if !found {
        nearest(pixels, most, &mut palette, &mut indices);
    }
    let transparent = has_transparent.then_some(small(palette.len()));
    if let Some(transparent) = transparent {
        palette.push([0; 3]);
        for (index, &pixel) in indices.iter_mut().zip(pixels) {
            if !is_opaque(pixel) {
                *index = transparent;
            }
        }
    }
    Ok(Indexed {
        indices,
        palette,
        transparent,
    })
}

const fn is_opaque(pixel: [u8; 4]) -> bool {
    pixel[3] >= OPAQUE
}

/// An index into a palette.
fn small(index: usize) -> u8 {
    u8::try_from(index).unwrap_or(u8::MAX)
}

/// Maps pixels to exactly their colours; `false` if there are too many.
fn exact(pixels: &[[u8; 4]], most: usize, palette: &mut Vec<[u8; 3]>, indices: &mut [u8]) -> bool {
    let mut known = std::collections::HashMap::with_capacity(2 * MAX_COLORS);
    let mut last = ([0; 3], 0);
    for (index, &pixel) in indices.iter_mut().zip(pixels) {
        if !is_opaque(pixel) {
            continue;
        }
        let [r, g, b, _] = pixel;
        let color = [r, g, b];
        if color != last.0 || palette.is_empty() {
            let next = palette.len();
            let found = *known.entry(color).or_insert(next);
            if found == next {
                if next == most {
                    palette.clear();
                    return false;
                }
                palette.push(color);
            }
            last = (color, small(found));
        }
        *index = last.1;
    }
    true
}

/// Bits of each channel that tell one cell of the histogram from the next.
const CELL_BITS: u32 = 6;

/// Colours that are alike in their upper bits, taken together.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    count: u64,
    sums: [u64; 3],
    /// Where the cell ends up in the palette.
    index: u8,
}

impl Cell {
    fn of([r, g, b, _]: [u8; 4]) -> usize {
        [r, g, b].into_iter().fold(0, |cell, channel| {
            cell << CELL_BITS | usize::from(channel >> (8 - CELL_BITS))
        })
    }

    fn add(&mut self, pixel: [u8; 4]) {
        self.count += 1;
        for (sum, channel) in self.sums.iter_mut().zip(pixel) {
            *sum += u64::from(channel);
        }
    }
}

/// The mean colour and the number of the pixels of a cell.
#[derive(Clone, Copy, Debug)]
struct Point {
    color: [f32; 3],
    weight: f32,
    cell: usize,
}

/// Rounds of improving the palette; more than four gain little (0.2 dB for
/// twice the time on a photo-like animation).
const ROUNDS: usize = 4;

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of at most 2^20 pixels, sums of at most 2^28"
)]
fn nearest(pixels: &[[u8; 4]], most: usize, palette: &mut Vec<[u8; 3]>, indices: &mut [u8]) {
    let mut cells = vec![Cell::default(); 1 << (3 * CELL_BITS)];
    for &pixel in pixels.iter().filter(|&&pixel| is_opaque(pixel)) {
        if let Some(cell) = cells.get_mut(Cell::of(pixel)) {
            cell.add(pixel);
        }
    }
    let mut points: Vec<Point> = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| cell.count > 0)
        .map(|(index, cell)| Point {
            color: cell.sums.map(|sum| sum as f32 / cell.count as f32),
            weight: cell.count as f32,
            cell: index,
        })
        .collect();
    let mut colors = split(&mut points, most);
    for _ in 0..ROUNDS {
        improve(&mut colors, &points);
    }
    for point in &points {
        if let Some(cell) = cells.get_mut(point.cell) {
            cell.index = small(closest(&colors, point.color));
        }
    }
    palette.extend(colors.iter().map(|color| color.map(rounded)));
    for (index, &pixel) in indices.iter_mut().zip(pixels) {
        *index = cells.get(Cell::of(pixel)).map_or(0, |cell| cell.index);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a mean of u8 values"
)]
fn rounded(channel: f32) -> u8 {
    (channel + 0.5) as u8
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

/// Splits the points into clusters, always the one with the largest error, at
/// its mean, along the axis on which it is widest. Returns their means.
fn split(points: &mut [Point], most: usize) -> Vec<[f32; 3]> {
    let mut clusters = vec![Cluster::new(points, 0, points.len())];
    while clusters.len() < most {
        let widest = clusters
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.error.total_cmp(&b.1.error));
        let Some((widest, cluster)) = widest else {
            break;
        };
        let (start, end, axis) = (cluster.start, cluster.end, cluster.axis);
        let mean = cluster.mean;
        let below = |point: &Point| {
            let pair = point.color.iter().zip(&mean).nth(axis);
            pair.is_some_and(|(channel, mean)| channel < mean)
        };
        let Some(run) = points.get_mut(start..end) else {
            break;
        };
        run.sort_by_key(|point| !below(point));
        let middle = start + run.partition_point(below);
        if middle == start || middle == end {
            break; // all points are one
        }
        clusters.swap_remove(widest);
        clusters.push(Cluster::new(points, start, middle));
        clusters.push(Cluster::new(points, middle, end));
    }
    clusters.into_iter().map(|cluster| cluster.mean).collect()
}

/// Moves each colour to the mean of the points that are closest to it
/// (a round of k-means).
fn improve(colors: &mut [[f32; 3]], points: &[Point]) {
    let mut sums = vec![([0.0; 3], 0.0); colors.len()];
    for point in points {
        if let Some((sum, weight)) = sums.get_mut(closest(colors, point.color)) {
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

fn closest(colors: &[[f32; 3]], [r, g, b]: [f32; 3]) -> usize {
    let mut best = (f32::INFINITY, 0);
    for (index, color) in colors.iter().enumerate() {
        let distance = (color[0] - r).powi(2) + (color[1] - g).powi(2) + (color[2] - b).powi(2);
        if distance < best.0 {
            best = (distance, index);
        }
    }
    best.1
}
