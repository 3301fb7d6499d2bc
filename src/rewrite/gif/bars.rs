//! Bars beside the picture of an animation that keeps its indices.
//!
//! No image is added, so the first one draws them: it is enlarged to the whole
//! canvas. If it is cleared away afterwards, so are the bars, and the next one
//! draws them again.

use super::Cut;
use crate::container::gif::Palette;
use crate::error::Error;
use crate::geometry::Rect;
use crate::memory::zeroed;
use crate::plan::Plan;

/// What is seen of an image, and bars where the picture isn't. What is neither
/// stays transparent.
pub(super) fn beside(seen: Option<Cut>, palette: Palette<'_>, plan: &Plan) -> Result<Cut, Error> {
    let mut image = Indexed::new(seen, palette);
    let covers = image
        .seen
        .as_ref()
        .is_some_and(|seen| seen.rect == plan.picture);
    let bar = image.index_of(plan.background.opaque());
    let around = if covers { bar } else { image.clear_index(bar) };

    let whole = Rect::covering(plan.side.size());
    let mut indices = zeroed(plan.side.size().pixels())?;
    indices.fill(bar);
    fill(&mut indices, whole, plan.picture, |row| row.fill(around));
    if let Some(seen) = &image.seen {
        let mut rows = seen.indices.chunks_exact(seen.rect.width as usize);
        fill(&mut indices, whole, seen.rect, |row| {
            if let Some(from) = rows.next() {
                row.copy_from_slice(from);
            }
        });
    }
    image
        .palette
        .resize(image.palette.len().next_power_of_two().max(2), [0; 3]);
    Ok(Cut {
        rect: whole,
        indices,
        transparent: image.transparent,
        palette: image.palette,
    })
}

/// Calls `fill` for each row of a rectangle.
fn fill(indices: &mut [u8], whole: Rect, rect: Rect, mut fill: impl FnMut(&mut [u8])) {
    let (left, width) = (rect.x as usize, rect.width as usize);
    let rows = indices.chunks_exact_mut(whole.width as usize);
    let rows = rows.skip(rect.y as usize).take(rect.height as usize);
    for row in rows.filter_map(|row| row.get_mut(left..left.saturating_add(width))) {
        fill(row);
    }
}

/// An image whose palette may take more colours.
struct Indexed {
    seen: Option<Cut>,
    palette: Vec<[u8; 3]>,
    transparent: Option<u8>,
    /// How many pixels have each index.
    counts: [u32; 256],
    /// An index that was handed out.
    taken: Option<u8>,
}

impl Indexed {
    fn new(seen: Option<Cut>, palette: Palette<'_>) -> Self {
        let mut counts = [0_u32; 256];
        let indices = seen.iter().flat_map(|seen| &seen.indices);
        for &index in indices {
            if let Some(count) = counts.get_mut(usize::from(index)) {
                *count = count.saturating_add(1);
            }
        }
        let palette = match palette {
            // Without any palette, indices are shades of gray.
            [] => (0..=u8::MAX).map(|gray| [gray; 3]).collect(),
            palette => palette.as_chunks().0.to_vec(),
        };
        Self {
            transparent: seen.as_ref().and_then(|seen| seen.transparent),
            seen,
            palette,
            counts,
            taken: None,
        }
    }

    /// The index of a colour, which the palette has from now on.
    fn index_of(&mut self, color: [u8; 3]) -> u8 {
        let known = (self.palette.iter().zip(0..=u8::MAX))
            .find(|&(&known, index)| known == color && Some(index) != self.transparent)
            .map(|(_, index)| index);
        let index = known.unwrap_or_else(|| self.add(color));
        self.taken = Some(index);
        index
    }

    /// Gives a colour an index that no pixel has.
    fn add(&mut self, color: [u8; 3]) -> u8 {
        let index = self.free();
        let at = usize::from(index);
        self.palette.resize(self.palette.len().max(at + 1), [0; 3]);
        if let Some(place) = self.palette.get_mut(at) {
            *place = color;
        }
        index
    }

    /// The index of pixels that are not drawn; it is none of those in use.
    fn clear_index(&mut self, taken: u8) -> u8 {
        if let Some(transparent) = self.transparent {
            return transparent;
        }
        self.taken = Some(taken);
        let index = self.add([0; 3]);
        self.transparent = Some(index);
        index
    }

    /// An index that no pixel has. If all are in use, the pixels of one get the
    /// nearest other colour: of the one where that adds the least error.
    fn free(&mut self) -> u8 {
        let is_kept = |index: u8| Some(index) == self.transparent || Some(index) == self.taken;
        let unused = (self.counts.iter().zip(0..=u8::MAX))
            .find(|&(&count, index)| count == 0 && !is_kept(index));
        if let Some((_, index)) = unused {
            return index;
        }
        let color = |index: u8| {
            self.palette
                .get(usize::from(index))
                .copied()
                .unwrap_or_default()
        };
        let mut best = (u64::MAX, 0, 0);
        for (&count, index) in self.counts.iter().zip(0..=u8::MAX) {
            if is_kept(index) {
                continue;
            }
            for other in 0..=u8::MAX {
                if other == index || Some(other) == self.transparent {
                    continue;
                }
                let error = u64::from(count).saturating_mul(squared(color(index), color(other)));
                if error < best.0 {
                    best = (error, index, other);
                }
            }
        }
        let (_, index, other) = best;
        if let Some(count) = self.counts.get_mut(usize::from(index)) {
            let moved = std::mem::take(count);
            if let Some(count) = self.counts.get_mut(usize::from(other)) {
                *count = count.saturating_add(moved);
            }
        }
        let indices = self.seen.iter_mut().flat_map(|seen| &mut seen.indices);
        for place in indices.filter(|place| **place == index) {
            *place = other;
        }
        index
    }
}

/// The squared distance of two colours.
fn squared(one: [u8; 3], other: [u8; 3]) -> u64 {
    one.into_iter()
        .zip(other)
        .map(|(one, other)| u64::from(one.abs_diff(other)).pow(2))
        .sum()
}
