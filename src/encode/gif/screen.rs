//! What a viewer's screen shows between two frames, and what has to be drawn on
//! it for the next one.

use std::borrow::Cow;
use std::hint::select_unpredictable;

use super::super::settle::settled;
use super::Drawn;
use super::haste::Haste;
use super::nearest::{Roughly, distance};
use super::palette::{Choice, Palettes};
use crate::budget::{Work, cost};
use crate::container::gif::Disposal;
use crate::error::Error;
use crate::geometry::{Rect, around};
use crate::memory::zeroed;
use crate::options::Dither;
use crate::plan::Plan;

/// Pixels that are less opaque than this become transparent.
const OPAQUE: u8 = 128;

/// A pixel as a GIF can have it: opaque, or nothing at all.
type Pixel = [u8; 4];

const fn hardened([r, g, b, alpha]: [u8; 4]) -> Pixel {
    if alpha >= OPAQUE {
        [r, g, b, 255]
    } else {
        [0; 4]
    }
}

const fn rgb([r, g, b, _]: Pixel) -> [u8; 3] {
    [r, g, b]
}

const fn opaque([r, g, b]: [u8; 3]) -> Pixel {
    [r, g, b, 255]
}

const fn is_opaque([.., alpha]: Pixel) -> bool {
    alpha != 0
}

/// What became of a pixel. Pixels are numbers here, which stay in registers.
#[derive(Clone, Copy)]
struct Answer {
    /// What it should look like, what it should before, and what it looked like.
    question: [u32; 3],
    shown: u32,
    indices: [u8; 2],
}

impl Answer {
    /// To a question that nobody asks: a pixel that is not opaque is 0.
    const NONE: Self = Self {
        question: [u32::from_ne_bytes([1, 0, 0, 0]); 3],
        shown: 0,
        indices: [0; 2],
    };
}

pub(super) struct Screen {
    whole: Rect,
    dither: Dither,
    /// What pixels should look like.
    wanted: Vec<u8>,
    /// What they look like, in colours of palettes.
    shown: Vec<u8>,
}

impl Screen {
    /// A screen that shows nothing.
    pub(super) fn new(plan: &Plan) -> Result<Self, Error> {
        let samples = 4 * plan.edge().size().pixels();
        Ok(Self {
            whole: plan.edge().size().into(),
            dither: plan.dither,
            wanted: zeroed(samples)?,
            shown: zeroed(samples)?,
        })
    }

    /// The picture, but for changes that are not worth drawing.
    pub(super) fn settled<'a>(
        &self,
        samples: &'a [u8],
        tolerance: u8,
    ) -> Result<Cow<'a, [u8]>, Error> {
        settled(samples, &self.shown, &self.wanted, 4, tolerance)
    }

    /// The smallest rectangle around what shows something and must not.
    pub(super) fn erased(&self, samples: &[u8], within: Rect) -> Option<Rect> {
        // A loop over all, without an end in sight, is done for many at once.
        let transparent =
            |row: &[Pixel]| row.iter().fold(u8::MAX, |least, p| least.min(p[3])) < OPAQUE;
        if !rows(samples, self.whole, within).any(transparent) {
            return None;
        }
        let erased = self.smallest(samples, within, |pixel, wanted| {
            !is_opaque(pixel) && is_opaque(wanted)
        });
        erased.map(|(rect, _)| rect)
    }

    /// Makes a rectangle transparent, as the disposal of a frame does.
    pub(super) fn clear(&mut self, rect: Rect) {
        for samples in [&mut self.wanted, &mut self.shown] {
            for row in rows_mut(samples, self.whole, rect) {
                row.fill([0; 4]);
            }
        }
    }

    /// Draws what differs from a picture in a rectangle outside of which nothing
    /// does. What is shown already, or is nearer to what is wanted than any colour
    /// of the palette, stays. Returns the work, too.
    pub(super) fn draw(
        &mut self,
        samples: &[u8],
        within: Option<Rect>,
        palettes: &mut Palettes,
        haste: &mut Haste,
    ) -> Result<(Drawn, Work), Error> {
        let looking = Work::new(within.map_or(0, Rect::pixels), cost::COMPARED);
        let differing = within
            .and_then(|within| self.smallest(samples, within, |pixel, wanted| pixel != wanted));
        let (rect, pixels) = match differing {
            // Some viewers take the size of the first frame for that of all.
            _ if haste.is_first() => (self.whole, self.whole.pixels()),
            Some(differing) => differing,
            None => {
                haste.next(0);
                return Ok((Drawn::nothing(), looking));
            }
        };
        let haste = haste.next(pixels);
        let canvas = self.wanted.len() / 4;
        let mut choice = palettes.choose(self.differing(samples, rect), canvas, haste);
        let (indices, others, lookups) = self.map(samples, rect, &mut choice)?;
        let coding = Work::new(rect.pixels(), cost::CODED);
        let drawing = Work::new(pixels, cost::DRAWN);
        let looking_up = Work::new(lookups, choice.cost(haste));
        let drawn = Drawn {
            rect,
            indices,
            others,
            transparent: choice.transparent,
            palette: (!choice.is_global).then(|| choice.palette().to_vec()),
            delay: std::time::Duration::ZERO,
            disposal: Disposal::Keep,
        };
        let work = looking.and(coding).and(drawing).and(looking_up);
        Ok((drawn, work))
    }

    /// The smallest rectangle around pixels that fulfil a condition, given also
    /// what was wanted of them last, and how many pixels are between the first and the last
    /// of them in each row.
    fn smallest(
        &self,
        samples: &[u8],
        within: Rect,
        condition: impl Fn(Pixel, Pixel) -> bool,
    ) -> Option<(Rect, u64)> {
        let mut found: Option<Rect> = None;
        let mut pixels = 0;
        let rows = rows(samples, self.whole, within).zip(rows(&self.wanted, self.whole, within));
        for ((row, wanted), y) in rows.zip(within.y..) {
            if row == wanted {
                continue;
            }
            let holds = || {
                row.iter()
                    .zip(wanted)
                    .map(|(&pixel, &wanted)| condition(hardened(pixel), wanted))
            };
            let first = holds().position(|holds| holds);
            let last = holds().rposition(|holds| holds);
            if let (Some(first), Some(last)) = (first, last) {
                let [first, last] = [first, last].map(|at| u32::try_from(at).unwrap_or(0));
                let run = Rect::between([within.x + first, y], [within.x + last + 1, y + 1]);
                found = around(found, Some(run));
                pixels += run.pixels();
            }
        }
        found.map(|rect| (rect, pixels))
    }

    /// The colours of pixels that differ.
    fn differing<'a>(
        &'a self,
        samples: &'a [u8],
        rect: Rect,
    ) -> impl Iterator<Item = [u8; 3]> + Clone + 'a {
        let rows = rows(samples, self.whole, rect).zip(rows(&self.wanted, self.whole, rect));
        rows.filter(|(row, wanted)| row != wanted)
            .flat_map(|(row, wanted)| {
                row.iter().zip(wanted).filter_map(|(&pixel, &wanted)| {
                    let pixel = hardened(pixel);
                    (pixel != wanted && is_opaque(pixel)).then_some(rgb(pixel))
                })
            })
    }

    /// The index of each pixel of a rectangle, as it is shown from now on, and
    /// another one that looks the same, if there is any. Returns the number of pixels, too,
    /// whose colors were not those of the pixel before.
    fn map(
        &mut self,
        samples: &[u8],
        rect: Rect,
        choice: &mut Choice<'_>,
    ) -> Result<(Vec<u8>, Vec<u8>, u64), Error> {
        let pixels = u64::from(rect.width) * u64::from(rect.height);
        let (mut indices, mut others) = (zeroed(pixels)?, zeroed(pixels)?);
        let transparent = choice.transparent;
        let is_dithered = self.dither == Dither::Ordered;
        let rows = rows(samples, self.whole, rect)
            .zip(rows_mut(&mut self.wanted, self.whole, rect))
            .zip(rows_mut(&mut self.shown, self.whole, rect))
            .zip(indices.chunks_exact_mut(rect.width as usize))
            .zip(others.chunks_exact_mut(rect.width as usize));
        let rows =
            (rows.zip(rect.y..)).filter_map(|(((((row, wanted), shown), indices), others), y)| {
                match transparent {
                    Some(transparent) if row == wanted => {
                        indices.fill(transparent);
                        others.fill(transparent);
                        None
                    }
                    _ => Some((
                        row.iter().zip(wanted).zip(shown).zip(indices).zip(others),
                        y,
                    )),
                }
            });
        if let (Some(transparent), false) = (transparent, is_dithered)
            && let Some(mut roughly) = choice.roughly()
        {
            for (row, _) in rows {
                draw_roughly(row, transparent, &mut roughly);
            }
            return Ok((indices, others, pixels));
        }
        let mut lookups = 0;
        // Neighbours are mostly alike, and so are the answers: that about the last
        // pixel, and about the last one that stays.
        let mut last = Answer::NONE;
        let mut last_kept = ([0; 4], None);
        for (row, y) in rows {
            for (((((&pixel, wanted), shown), index), other), x) in row.zip(rect.x..) {
                let pixel = hardened(pixel);
                let question = [pixel, *wanted, *shown].map(u32::from_ne_bytes);
                let stays = pixel == *wanted;
                *wanted = pixel;
                if question == last.question {
                    *shown = last.shown.to_ne_bytes();
                    [*index, *other] = last.indices;
                    continue;
                }
                lookups += 1;
                let before = *shown;
                let place = is_dithered.then_some([x, y]);
                let (indices, after) = match transparent {
                    Some(transparent) if !is_opaque(pixel) => ([transparent; 2], before),
                    Some(transparent) if stays => {
                        // What is shown may be a colour of the palette. That goes
                        // on from pixels that are drawn: a page of text that scrolls
                        // takes a sixth less than with transparency preferred.
                        if before != last_kept.0 {
                            last_kept = (before, choice.find_exactly(rgb(before)));
                        }
                        ([last_kept.1.unwrap_or(transparent), transparent], before)
                    }
                    Some(transparent) if is_opaque(before) => {
                        let (index, color) = choice.find(rgb(pixel), place);
                        // Dithered, the neighbours make up for what is wrong.
                        let aim = if is_dithered { color } else { rgb(pixel) };
                        if distance(rgb(before), aim) > distance(color, aim) {
                            ([index; 2], opaque(color))
                        } else if color == rgb(before) {
                            ([transparent, index], before)
                        } else {
                            ([transparent; 2], before)
                        }
                    }
                    _ => {
                        let (index, color) = choice.find(rgb(pixel), place);
                        ([index; 2], opaque(color))
                    }
                };
                *shown = after;
                [*index, *other] = indices;
                // Dithered, the answer is another one at each place.
                if !is_dithered {
                    last = Answer {
                        question,
                        shown: u32::from_ne_bytes(after),
                        indices,
                    };
                }
            }
        }
        Ok((indices, others, lookups))
    }
}

/// Draws a row of a frame in which hardly two pixels are alike. No answer is that to the last
/// question, so that each colour is looked up at once, and nothing is left for the processor
/// to guess.
fn draw_roughly<'a>(
    row: impl Iterator<
        Item = (
            (((&'a Pixel, &'a mut Pixel), &'a mut Pixel), &'a mut u8),
            &'a mut u8,
        ),
    >,
    transparent: u8,
    roughly: &mut Roughly<'_>,
) {
    for ((((&pixel, wanted), shown), index), other) in row {
        let (pixel, before) = (hardened(pixel), *shown);
        let (found, color) = roughly.find(rgb(pixel));
        let is_better = distance(color, rgb(pixel)) < distance(rgb(before), rgb(pixel));
        let stays = pixel == *wanted || !is_opaque(pixel) || (is_opaque(before) && !is_better);
        *wanted = pixel;
        *shown = select_unpredictable(stays, before, opaque(color));
        *index = select_unpredictable(stays, transparent, found);
        *other = if *shown == opaque(color) {
            found
        } else {
            *index
        };
    }
}

fn rows(samples: &[u8], whole: Rect, rect: Rect) -> impl Iterator<Item = &[Pixel]> + Clone {
    let (left, width) = (rect.x as usize, rect.width as usize);
    let rows = samples.as_chunks().0.chunks_exact(whole.width as usize);
    let rows = rows.skip(rect.y as usize).take(rect.height as usize);
    rows.filter_map(move |row| row.get(left..left + width))
}

fn rows_mut(samples: &mut [u8], whole: Rect, rect: Rect) -> impl Iterator<Item = &mut [Pixel]> {
    let (left, width) = (rect.x as usize, rect.width as usize);
    let rows = samples
        .as_chunks_mut()
        .0
        .chunks_exact_mut(whole.width as usize);
    let rows = rows.skip(rect.y as usize).take(rect.height as usize);
    rows.filter_map(move |row| row.get_mut(left..left + width))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::histogram::Histogram;
    use super::super::nearest::Nearest;
    use super::*;

    /// Few colours, so that pixels are often what they were, and some that are transparent.
    fn pixel() -> impl Strategy<Value = Pixel> {
        (prop::array::uniform3(0..3_u8), 0..4_u8)
            .prop_map(|(rgb, alpha)| hardened([90 * rgb[0], 90 * rgb[1], 90 * rgb[2], 85 * alpha]))
    }

    proptest! {
        #[test]
        fn what_is_drawn_roughly_is_what_is_nearer(
            palette in prop::collection::vec(any::<[u8; 3]>(), 1..=20),
            row in prop::collection::vec([pixel(), pixel(), pixel()], 1..50),
        ) {
            let histogram = Histogram::new();
            let mut nearest = [Nearest::new(), Nearest::new()];
            for nearest in &mut nearest {
                nearest.set_palette(palette.iter().copied());
            }
            let [mut nearest, mut oracle] = nearest.each_mut().map(|it| it.roughly(&histogram));
            let transparent = u8::try_from(palette.len()).unwrap();
            let pixels: Vec<_> = row.iter().map(|&[pixel, ..]| pixel).collect();
            let mut wanted: Vec<_> = row.iter().map(|&[_, wanted, _]| wanted).collect();
            let mut shown: Vec<_> = row.iter().map(|&[.., shown]| shown).collect();
            let [mut indices, mut others] = [vec![0; row.len()], vec![0; row.len()]];
            let drawn = pixels.iter().zip(&mut wanted).zip(&mut shown);
            draw_roughly(drawn.zip(&mut indices).zip(&mut others), transparent, &mut nearest);
            prop_assert_eq!(&wanted, &pixels);
            for (at, &[pixel, wanted, before]) in row.iter().enumerate() {
                let (_, color) = oracle.find(rgb(pixel));
                let is_nearer = distance(color, rgb(pixel)) < distance(rgb(before), rgb(pixel));
                let is_drawn = is_opaque(pixel)
                    && pixel != wanted
                    && (is_nearer || !is_opaque(before));
                prop_assert_eq!(shown[at], if is_drawn { opaque(color) } else { before });
                for index in [indices[at], others[at]] {
                    let color = palette.get(usize::from(index));
                    prop_assert_eq!(color.map_or(before, |&color| opaque(color)), shown[at]);
                }
            }
        }
    }
}
