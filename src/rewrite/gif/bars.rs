//! Bars beside the picture of an animation that keeps its indices.
//!
//! No image is added, so the first one draws them: it is enlarged to the whole
//! canvas. If it is cleared away afterwards, so are the bars, and the next one
//! draws them again.
//!
//! Bars need an index, and so do pixels that nothing covers. There is one if the image's
//! palette has the color, if not all 256 indices are in use, or if two of them have the same
//! color, so that one can stand for both. Else bars get the nearest color of the palette,
//! and only for pixels that nothing covers, one color of the picture has to give way.

use super::Cut;
use crate::container::gif::Palette;
use crate::error::Error;
use crate::geometry::Rect;
use crate::memory::zeroed;
use crate::photo::Step;
use crate::plan::Plan;

/// What could not be done as planned: the first time that it couldn't.
#[derive(Default)]
pub(super) struct Notes {
    bars: Option<Step>,
    color: Option<Step>,
}

impl Notes {
    pub(super) fn steps(self) -> Vec<Step> {
        [self.bars, self.color].into_iter().flatten().collect()
    }
}

/// What is seen of an image, and bars where the picture isn't. What is neither
/// stays transparent.
pub(super) fn beside(
    seen: Option<Cut>,
    palette: Palette<'_>,
    plan: &Plan,
    notes: &mut Notes,
) -> Result<Cut, Error> {
    let mut image = Indexed::new(seen, palette);
    let covers = (image.seen.as_ref()).is_some_and(|seen| seen.rect == plan.picture);
    let clear = if covers {
        image.forget_transparent();
        None
    } else {
        Some(image.clear_index(notes))
    };
    let bar = image.index_of(plan.background.opaque(), notes);

    let whole = Rect::covering(plan.side.size());
    let mut indices = zeroed(plan.side.size().pixels())?;
    indices.fill(bar);
    if let Some(clear) = clear {
        fill(&mut indices, whole, plan.picture, |row| row.fill(clear));
    }
    if let Some(seen) = &image.seen {
        let mut rows = seen.indices.chunks_exact(seen.rect.width as usize);
        fill(&mut indices, whole, seen.rect, |row| {
            if let Some(from) = rows.next() {
                row.copy_from_slice(from);
            }
        });
    }
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

/// An image whose palette may take more colors.
struct Indexed {
    seen: Option<Cut>,
    /// 256 colors: those that the image's palette lacks are black.
    palette: Vec<[u8; 3]>,
    transparent: Option<u8>,
    /// How many pixels have each index.
    counts: [u32; 256],
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
        let mut palette = palette.as_chunks().0.to_vec();
        palette.resize(256, [0; 3]);
        Self {
            transparent: seen.as_ref().and_then(|seen| seen.transparent),
            seen,
            palette,
            counts,
        }
    }

    /// Gives the transparent index back, if no pixel has it.
    fn forget_transparent(&mut self) {
        self.transparent = (self.transparent).filter(|&index| self.count(index) > 0);
    }

    /// The index of pixels that are not drawn.
    fn clear_index(&mut self, notes: &mut Notes) -> u8 {
        if let Some(transparent) = self.transparent {
            return transparent;
        }
        let index = match self.free() {
            Some(index) => index,
            None => self.give_way(notes),
        };
        self.transparent = Some(index);
        index
    }

    /// The index of a color, or of the nearest one if no index is left for it.
    fn index_of(&mut self, color: [u8; 3], notes: &mut Notes) -> u8 {
        let is_seen = |index: &u8| self.count(*index) > 0 && self.color(*index) == color;
        if let Some(known) = self.drawn().find(is_seen) {
            return known;
        }
        if let Some(index) = self.free() {
            if let Some(entry) = self.palette.get_mut(usize::from(index)) {
                *entry = color;
            }
            return index;
        }
        let nearest = (self.drawn()).min_by_key(|&index| squared(self.color(index), color));
        let nearest = nearest.unwrap_or(0);
        notes.bars.get_or_insert(Step::BarsApproximated {
            wanted: color,
            used: self.color(nearest),
        });
        nearest
    }

    /// An index that no pixel has, once one of two that look the same stands for both.
    fn free(&mut self) -> Option<u8> {
        let unused = self.drawn().find(|&index| self.count(index) == 0);
        if unused.is_some() {
            return unused;
        }
        let mut sorted: Vec<_> = self.drawn().collect();
        sorted.sort_by_key(|&index| self.color(index));
        let mut pairs = sorted.windows(2).filter_map(|pair| match *pair {
            [one, other] if self.color(one) == self.color(other) => Some([one, other]),
            _ => None,
        });
        let [one, other] = pairs.next()?;
        self.replace(other, one);
        Some(other)
    }

    /// Takes the index of one color, the pixels of which get the nearest other color: the
    /// one where that adds the least error.
    fn give_way(&mut self, notes: &mut Notes) -> u8 {
        let pairs = (self.drawn()).flat_map(|index| self.drawn().map(move |by| [index, by]));
        let error = |&[index, by]: &[u8; 2]| {
            u64::from(self.count(index)).saturating_mul(squared(self.color(index), self.color(by)))
        };
        let least = pairs.filter(|[index, by]| index != by).min_by_key(error);
        let [index, by] = least.unwrap_or_default();
        notes.color.get_or_insert(Step::ColorReplaced {
            color: self.color(index),
            by: self.color(by),
        });
        self.replace(index, by);
        index
    }

    /// All indices but the transparent one.
    fn drawn(&self) -> impl DoubleEndedIterator<Item = u8> + use<> {
        let transparent = self.transparent;
        (0..=u8::MAX).filter(move |&index| Some(index) != transparent)
    }

    fn color(&self, index: u8) -> [u8; 3] {
        let color = self.palette.get(usize::from(index));
        color.copied().unwrap_or_default()
    }

    fn count(&self, index: u8) -> u32 {
        self.counts.get(usize::from(index)).copied().unwrap_or(0)
    }

    /// Gives all pixels of one index another one.
    fn replace(&mut self, index: u8, by: u8) {
        let moved = self.count(index);
        for (at, count) in (0..=u8::MAX).zip(&mut self.counts) {
            if at == index {
                *count = 0;
            } else if at == by {
                *count = count.saturating_add(moved);
            }
        }
        let indices = self.seen.iter_mut().flat_map(|seen| &mut seen.indices);
        for place in indices.filter(|place| **place == index) {
            *place = by;
        }
    }
}

/// The squared distance of two colors.
fn squared(one: [u8; 3], other: [u8; 3]) -> u64 {
    one.into_iter()
        .zip(other)
        .map(|(one, other)| u64::from(one.abs_diff(other)).pow(2))
        .sum()
}
