//! Which colours a frame is drawn in.
//!
//! Colours are kept exactly where 256 are enough: in the global palette as long
//! as it has room, else in one of the frame's own. Where they are too many, some
//! are chosen to stand for all. The choice is steady: the global palette is taken
//! again as long as it does nearly as well as when it was chosen; else colours
//! start from those of the frame before, and from nothing only where that would
//! do clearly better.

use super::cluster::Points;
use super::dither;
use super::exact::{self, Colors};
use super::histogram::Histogram;
use super::nearest::{Nearest, Roughly};
use crate::budget::cost;

/// Rounds of k-means from nothing, from nothing for very many colours where time counts,
/// and from the colours of another frame.
const FRESH_ROUNDS: usize = 3;
const ROUGH_ROUNDS: usize = 2;
const SEEDED_ROUNDS: usize = 2;

/// By how much the squared error may be larger than it was for the pixels that
/// colours were chosen for, to take them for others as they are.
const SAME: f32 = 1.05;
/// The same for colours that are improved before they are taken.
const SEEDED: f32 = 1.1;
/// What an error may be larger by in any case, on the mean over the canvas: 0.02
/// is a difference of 0.1 dB at 48 dB.
const NEGLIGIBLE: f32 = 0.02;

/// An error that is hardly ever seen: 40 dB. Where a part of the canvas changes, that
/// is good enough as long as the whole canvas is no worse than it was.
const GOOD: f32 = 6.5;

/// Colours that are chosen to stand for others. The last 32 of 256 gain 0.5 dB on
/// photos, and take 3% of the bytes and an eighth of the time.
const MOST_CHOSEN: usize = 224;

/// Half as many colours are taken as long as the mean squared error of a pixel stays
/// below this: 50 dB, an error of less than a level.
const ENOUGH: f32 = 3.0 * 0.65;

/// Fewer colours than this aren't tried: they would save little.
const LEAST_CHOSEN: usize = 16;

/// A global palette of exact colours that are no more than this part of it leaves
/// room for others beside them.
const FEW: usize = 4;

pub(in crate::encode) struct Palettes {
    /// The most colours of one, with the one that leaves pixels as they are.
    most: usize,
    global: Global,
    /// Colours of the frame in work, if they are few.
    frame: Colors,
    /// Whether they are so many, where time counts, that nearly the nearest of a palette's
    /// is as good as the nearest.
    is_rough: bool,
    histogram: Histogram,
    /// The last colours that were chosen to stand for others.
    chosen: Vec<[f32; 3]>,
    /// The mean squared error of colours that were chosen for a frame alone.
    fresh: f32,
    /// Finds colours in a palette of a frame's own.
    local: Option<Nearest>,
}

enum Global {
    /// All pixels so far have exactly these colours, or frames have palettes of
    /// their own.
    Exact(Colors),
    /// Colours that stand for others.
    Chosen(Box<Nearest>, Vec<[f32; 3]>),
}

/// A palette, ready to look up the colours for which it was chosen.
pub(in crate::encode) struct Choice<'a> {
    lookup: Lookup<'a>,
    /// What was counted, where nearly the nearest colour is as good as the nearest.
    rough: Option<&'a Histogram>,
    pub(super) is_global: bool,
    /// An index that none of the colours has.
    pub(super) transparent: Option<u8>,
}

enum Lookup<'a> {
    Exact(&'a Colors),
    Nearest(&'a mut Nearest),
}

impl Choice<'_> {
    pub(super) fn palette(&self) -> &[[u8; 3]] {
        match &self.lookup {
            Lookup::Exact(colors) => colors.as_slice(),
            Lookup::Nearest(nearest) => nearest.palette(),
        }
    }

    /// The index of the nearest colour, and that colour. Where places are dithered, it
    /// is one of two near ones.
    pub(in crate::encode) fn find(
        &mut self,
        color: [u8; 3],
        dithered: Option<[u32; 2]>,
    ) -> (u8, [u8; 3]) {
        match (&mut self.lookup, dithered) {
            (Lookup::Exact(colors), _) => (colors.find(color).unwrap_or(0), color),
            (Lookup::Nearest(nearest), Some(place)) => dither::find(nearest, color, place),
            (Lookup::Nearest(nearest), None) => nearest.find(color),
        }
    }

    /// What it takes to look up a color.
    pub(super) const fn cost(&self, haste: bool) -> u64 {
        match (&self.lookup, haste) {
            (Lookup::Exact(_), _) => cost::EXACT,
            (Lookup::Nearest(_), false) => cost::NEAREST,
            (Lookup::Nearest(_), true) => cost::HASTY,
        }
    }

    /// Finds colours where nearly the nearest is as good as the nearest.
    pub(super) fn roughly(&mut self) -> Option<Roughly<'_>> {
        match (&mut self.lookup, self.rough) {
            (Lookup::Nearest(nearest), Some(histogram)) => Some(nearest.roughly(histogram)),
            _ => None,
        }
    }

    /// The index of a colour, if the palette has it.
    pub(super) fn find_exactly(&mut self, color: [u8; 3]) -> Option<u8> {
        match &mut self.lookup {
            Lookup::Exact(colors) => colors.find(color),
            Lookup::Nearest(nearest) => {
                let (index, found) = nearest.find(color);
                (found == color).then_some(index)
            }
        }
    }
}

impl Palettes {
    /// Palettes of so many colours, or of 256.
    pub(in crate::encode) fn new(most: Option<u16>) -> Self {
        let most = most.map_or(exact::MOST, usize::from).min(exact::MOST);
        Self {
            most,
            global: Global::Exact(Colors::new(most)),
            frame: Colors::new(most),
            is_rough: false,
            histogram: Histogram::new(),
            chosen: Vec::new(),
            fresh: 0.0,
            local: None,
        }
    }

    pub(super) fn global(&self) -> &[[u8; 3]] {
        match &self.global {
            Global::Exact(colors) => colors.as_slice(),
            Global::Chosen(nearest, _) => nearest.palette(),
        }
    }

    /// Chooses a palette for the pixels that are to be drawn on a canvas of so
    /// many pixels; in haste, for some of them, if their colors are too many for
    /// exact ones.
    pub(in crate::encode) fn choose(
        &mut self,
        pixels: impl Iterator<Item = [u8; 3]> + Clone,
        canvas: usize,
        haste: bool,
    ) -> Choice<'_> {
        self.frame.clear();
        // Where pixels are left out, an index is needed to say so.
        let is_exact = self.frame.add_all(pixels.clone())
            && (self.frame.as_slice().len() < self.most || pixels.clone().count() == canvas);
        if is_exact && self.fits_global() {
            return self.global_choice();
        }
        let (cells, is_coarse) = self.histogram.count(pixels, haste, is_exact);
        let mut points = Points::new(cells);
        self.is_rough = haste && is_coarse;
        #[expect(clippy::cast_precision_loss, reason = "at most 2^20 pixels")]
        let canvas = canvas as f32;
        if self.global_does(&mut points, canvas) {
            return self.global_choice();
        }
        if is_exact {
            return Choice {
                transparent: u8::try_from(self.frame.as_slice().len()).ok(),
                lookup: Lookup::Exact(&self.frame),
                rough: None,
                is_global: false,
            };
        }
        self.near(&mut points)
    }

    /// Brings the frame's colours into the global palette, if it is one of exact
    /// colours and has room for all of them.
    fn fits_global(&mut self) -> bool {
        match &mut self.global {
            Global::Exact(global) => global.add_all_or_none(self.frame.as_slice()),
            Global::Chosen(..) => false,
        }
    }

    fn global_choice(&mut self) -> Choice<'_> {
        match &mut self.global {
            Global::Exact(colors) => Choice {
                transparent: colors.unused(self.frame.as_slice()),
                lookup: Lookup::Exact(colors),
                rough: None,
                is_global: true,
            },
            Global::Chosen(nearest, _) => Choice {
                transparent: u8::try_from(nearest.palette().len()).ok(),
                lookup: Lookup::Nearest(nearest),
                rough: self.is_rough.then_some(&self.histogram),
                is_global: true,
            },
        }
    }

    /// Chooses colours to stand for the points: in the global palette, if hardly
    /// anything is in there yet, else in one of the frame's own.
    fn near(&mut self, points: &mut Points) -> Choice<'_> {
        let beside = match &self.global {
            Global::Exact(colors) if colors.as_slice().len() <= self.most / FEW => {
                Some(colors.as_slice().to_vec())
            }
            _ => None,
        };
        let most = MOST_CHOSEN.min(self.most.saturating_sub(1));
        self.choose_near(points, most - beside.as_ref().map_or(0, Vec::len));
        let chosen = self.chosen.iter().map(|color| color.map(rounded));
        if let Some(exact) = beside {
            let mut nearest = Box::new(Nearest::new());
            nearest.set_palette(exact.into_iter().chain(chosen));
            let colors = nearest.palette().iter().map(|color| color.map(f32::from));
            let colors = colors.collect();
            self.global = Global::Chosen(nearest, colors);
            return self.global_choice();
        }
        let local = self.local.get_or_insert_with(Nearest::new);
        local.set_palette(chosen);
        Choice {
            transparent: u8::try_from(local.palette().len()).ok(),
            lookup: Lookup::Nearest(local),
            rough: self.is_rough.then_some(&self.histogram),
            is_global: false,
        }
    }

    /// Whether the global palette does nearly as well as one for these pixels.
    fn global_does(&self, points: &mut Points, canvas: f32) -> bool {
        let Global::Chosen(_, colors) = &self.global else {
            return false;
        };
        let error = points.assign(colors);
        error <= SAME * self.fresh * points.weight + NEGLIGIBLE * 3.0 * canvas
            || (error <= GOOD * 3.0 * points.weight && error <= SAME * self.fresh * canvas)
    }

    /// Chooses colours to stand for the points.
    fn choose_near(&mut self, points: &mut Points, most: usize) {
        self.chosen.truncate(most);
        if !self.chosen.is_empty()
            && points.assign(&self.chosen) <= SEEDED * self.fresh * points.weight
        {
            points.improve(&mut self.chosen);
            refine(points, &mut self.chosen, SEEDED_ROUNDS - 1);
            return;
        }
        let mut most = most;
        let rounds = if self.is_rough {
            ROUGH_ROUNDS
        } else {
            FRESH_ROUNDS
        };
        (self.chosen, self.fresh) = fresh(points, most, rounds);
        while self.fresh <= ENOUGH && most >= 2 * LEAST_CHOSEN {
            most /= 2;
            let (fewer, error) = fresh(points, most, rounds);
            if error > ENOUGH {
                break;
            }
            (self.chosen, self.fresh) = (fewer, error);
        }
    }
}

/// As many colours for these points alone, and their error on a pixel.
fn fresh(points: &mut Points, most: usize, rounds: usize) -> (Vec<[f32; 3]>, f32) {
    let mut colors = points.split(most);
    let error = refine(points, &mut colors, rounds);
    (colors, error / points.weight)
}

/// Improves colours; returns the error of those before the last improvement.
fn refine(points: &mut Points, colors: &mut [[f32; 3]], rounds: usize) -> f32 {
    let mut error = 0.0;
    for _ in 0..rounds {
        error = points.assign(colors);
        points.improve(colors);
    }
    error
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a mean of u8 values"
)]
fn rounded(channel: f32) -> u8 {
    (channel + 0.5) as u8
}
