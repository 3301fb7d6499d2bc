//! What a viewer shows of the photo, and which pixels of an image change it.

use super::Cut;
use crate::container::gif::{Disposal, Palette};
use crate::error::Error;
use crate::geometry::{Rect, Side, around};
use crate::memory::{reserve, zeroed};

/// A pixel of the screen: opaque, or nothing at all.
type Pixel = [u8; 4];

const NOTHING: Pixel = [0; 4];

pub(super) struct Shown {
    whole: Rect,
    samples: Vec<u8>,
    /// What happens before the next image, and where.
    pending: Option<(Disposal, Rect)>,
    /// What was under an image that is to be taken back, row by row.
    saved: Vec<Pixel>,
    is_first: bool,
}

/// An image of which only the pixels count that change what is shown.
pub(super) struct Slim {
    pub(super) cut: Cut,
    /// For each pixel, an index that looks the same; none, if nobody looked for any.
    pub(super) others: Vec<u8>,
    /// Whether packing it anew is likely to pay.
    pub(super) is_slimmer: bool,
}

/// One of so many pixels has to be left out, or to leave a choice. Of a camera that moves
/// over a photo, one of some hundred has the same colour by chance, and no code is saved.
const WORTHWHILE: usize = 16;

/// One of so many rows is looked at first, to find out whether the others are worth it:
/// a recording of a camera is done in half the time.
const SAMPLED: usize = 8;

impl Shown {
    /// A screen that shows nothing.
    pub(super) fn new(side: Side) -> Result<Self, Error> {
        Ok(Self {
            whole: side.size().into(),
            samples: zeroed(side.size().pixels().saturating_mul(4))?,
            pending: None,
            saved: Vec::new(),
            is_first: true,
        })
    }

    /// Shows an image, and finds out what of it changes anything.
    pub(super) fn show(
        &mut self,
        mut cut: Cut,
        disposal: Disposal,
        global: Palette<'_>,
    ) -> Result<Slim, Error> {
        self.dispose();
        if disposal == Disposal::Previous {
            self.save(cut.rect)?;
        }
        self.pending = Some((disposal, cut.rect));
        let colors = Colors::new(cut.palette(global), cut.transparent);
        if !self.is_worthwhile(&cut, &colors) {
            self.paint(&cut, &colors);
            if cut.transparent.is_some() {
                // Maybe it is what makes codes wide.
                cut.choose_transparent(global);
            }
            self.is_first = false;
            return Ok(Slim::whole(cut));
        }
        cut.choose_transparent(global);
        let colors = Colors::new(cut.palette(global), cut.transparent);
        let mut others = zeroed(cut.indices.len() as u64)?;
        let (changed, choices) = self.draw(&mut cut, &mut others, &colors, disposal);
        let mut slim = Slim {
            is_slimmer: choices.saturating_mul(WORTHWHILE) > cut.indices.len(),
            cut,
            others,
        };
        // Some viewers take the size of the first image for that of all, and what an
        // image clears afterwards goes with its size.
        if !std::mem::take(&mut self.is_first) && disposal != Disposal::Background {
            let corner = Rect {
                width: 1,
                height: 1,
                ..slim.cut.rect
            };
            slim.shrink(changed.unwrap_or(corner))?;
        }
        Ok(slim)
    }

    /// Whether enough pixels of some rows are shown already, or left as they are.
    fn is_worthwhile(&mut self, cut: &Cut, colors: &Colors) -> bool {
        let (mut seen, mut staying) = (0, 0);
        let rows = rows(&mut self.samples, self.whole, cut.rect)
            .zip(cut.indices.chunks_exact(cut.rect.width as usize));
        for (shown, indices) in rows.skip(SAMPLED / 2).step_by(SAMPLED) {
            let pixels = shown.iter().zip(indices);
            let stays = pixels.filter(|&(&shown, &index)| {
                let color = colors.of(index);
                color == shown || color == NOTHING
            });
            staying = stays.count().saturating_add(staying);
            seen = indices.len().saturating_add(seen);
        }
        staying.saturating_mul(WORTHWHILE) >= seen
    }

    /// Draws an image as it is.
    fn paint(&mut self, cut: &Cut, colors: &Colors) {
        let rows = rows(&mut self.samples, self.whole, cut.rect)
            .zip(cut.indices.chunks_exact(cut.rect.width as usize));
        for (shown, indices) in rows {
            for (shown, &index) in shown.iter_mut().zip(indices) {
                let color = colors.of(index);
                *shown = if color == NOTHING { *shown } else { color };
            }
        }
    }

    /// Draws an image. Where a pixel is shown already, it may also be left transparent;
    /// where it is transparent, it may also have the colour that is shown. Returns the
    /// rectangle that changed, and how many pixels may be either.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "a pixel of the photo, whose edge has 11 bits, has others to the right and \
                  below, or the edge; choices are among its pixels, of which there are 2^20 at \
                  most"
    )]
    fn draw(
        &mut self,
        cut: &mut Cut,
        others: &mut [u8],
        colors: &Colors,
        disposal: Disposal,
    ) -> (Option<Rect>, usize) {
        let rect = cut.rect;
        let width = rect.width as usize;
        let (mut changed, mut choices) = (None, 0);
        // What stays is mostly of one colour for many pixels.
        let mut last = (NOTHING, None);
        let rows = rows(&mut self.samples, self.whole, rect)
            .zip(cut.indices.chunks_exact_mut(width))
            .zip(others.chunks_exact_mut(width));
        for (((shown, indices), others), y) in rows.zip(rect.y..) {
            let (mut first, mut end) = (None, 0);
            let pixels = shown.iter_mut().zip(&mut *indices).zip(&mut *others);
            for (((shown, index), other), x) in pixels.zip(rect.x..) {
                let color = colors.of(*index);
                *other = *index;
                if color == NOTHING {
                    if *shown != last.0 {
                        last = (*shown, colors.find(*shown));
                    }
                    // Colours first: see `encode/gif/screen.rs`.
                    *index = last.1.unwrap_or(*other);
                } else if color == *shown {
                    *other = cut.transparent.unwrap_or(*index);
                } else {
                    *shown = color;
                    first = first.or(Some(x));
                    end = x + 1;
                }
                choices += usize::from(*index != *other);
            }
            // An image that is cleared away can't shrink, so that most of it may stay:
            // runs of what is left out begin where nothing else can be meant. For
            // others, that would make a recording of a screen longer, by 2%.
            if let (Disposal::Background, None, Some(transparent)) =
                (disposal, first, cut.transparent)
            {
                indices.fill(transparent);
                others.fill(transparent);
            }
            let run = first.map(|first| Rect::between([first, y], [end, y + 1]));
            changed = around(changed, run);
        }
        (changed, choices)
    }

    fn save(&mut self, rect: Rect) -> Result<(), Error> {
        self.saved.clear();
        let pixels = (rect.width as usize).saturating_mul(rect.height as usize);
        reserve(&mut self.saved, pixels)?;
        for row in rows(&mut self.samples, self.whole, rect) {
            self.saved.extend_from_slice(row);
        }
        Ok(())
    }

    /// Disposes of the image before.
    fn dispose(&mut self) {
        let Some((disposal, rect)) = self.pending.take() else {
            return;
        };
        let saved = self.saved.chunks_exact(rect.width as usize);
        let rows = rows(&mut self.samples, self.whole, rect);
        match disposal {
            Disposal::Keep => {}
            Disposal::Background => rows.for_each(|row| row.fill(NOTHING)),
            Disposal::Previous => rows.zip(saved).for_each(|(row, saved)| {
                row.copy_from_slice(saved);
            }),
        }
    }
}

impl Slim {
    /// Leaves out what is outside of a rectangle.
    fn shrink(&mut self, rect: Rect) -> Result<(), Error> {
        let old = self.cut.rect;
        if rect == old {
            return Ok(());
        }
        let left = rect.x.saturating_sub(old.x) as usize;
        let width = rect.width as usize;
        for indices in [&mut self.cut.indices, &mut self.others] {
            let mut fewer = zeroed(u64::from(rect.width).saturating_mul(rect.height.into()))?;
            let rows = indices.chunks_exact(old.width as usize);
            let rows = rows.skip(rect.y.saturating_sub(old.y) as usize);
            for (row, to) in rows.zip(fewer.chunks_exact_mut(width)) {
                if let Some(row) = row.get(left..left.saturating_add(width)) {
                    to.copy_from_slice(row);
                }
            }
            *indices = fewer;
        }
        self.cut.rect = rect;
        let all = (old.width as usize).saturating_mul(old.height as usize);
        let fewer = all.saturating_sub(self.cut.indices.len());
        self.is_slimmer |= fewer.saturating_mul(WORTHWHILE) > all;
        Ok(())
    }
}

/// The colour of each index, and the other way round.
struct Colors {
    pixels: [Pixel; 256],
    /// Opaque colours of the palette in order, each with its index.
    sorted: Vec<(Pixel, u8)>,
}

impl Colors {
    /// As the decoder draws them: indices beyond the palette are black.
    fn new(palette: Palette<'_>, transparent: Option<u8>) -> Self {
        let mut pixels = [[0, 0, 0, 255]; 256];
        for (pixel, &[r, g, b]) in pixels.iter_mut().zip(palette.as_chunks().0) {
            *pixel = [r, g, b, 255];
        }
        if let Some(pixel) = transparent.and_then(|index| pixels.get_mut(usize::from(index))) {
            *pixel = NOTHING;
        }
        let known = palette.len() / 3;
        let mut sorted: Vec<_> = pixels.into_iter().zip(0..=u8::MAX).take(known).collect();
        sorted.sort_unstable();
        sorted.dedup_by_key(|(pixel, _)| *pixel);
        sorted.retain(|&(pixel, _)| pixel != NOTHING);
        Self { pixels, sorted }
    }

    #[expect(clippy::indexing_slicing, reason = "a u8 indexes an array of 256")]
    fn of(&self, index: u8) -> Pixel {
        self.pixels[usize::from(index)]
    }

    /// The first index of a colour, if it is one of the palette.
    fn find(&self, pixel: Pixel) -> Option<u8> {
        let at = self
            .sorted
            .binary_search_by_key(&pixel, |&(pixel, _)| pixel);
        at.ok()
            .and_then(|at| self.sorted.get(at))
            .map(|&(_, index)| index)
    }
}

fn rows(samples: &mut [u8], whole: Rect, rect: Rect) -> impl Iterator<Item = &mut [Pixel]> {
    let (left, width) = (rect.x as usize, rect.width as usize);
    let rows = samples
        .as_chunks_mut()
        .0
        .chunks_exact_mut(whole.width as usize);
    let rows = rows.skip(rect.y as usize).take(rect.height as usize);
    rows.filter_map(move |row| row.get_mut(left..left.saturating_add(width)))
}
