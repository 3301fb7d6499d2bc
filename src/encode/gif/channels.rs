//! Colours of a palette, channel by channel, to look at many of them at once.

#![expect(
    clippy::inline_always,
    reason = "run-time dispatch compiles only what is inlined into it for the wider instructions"
)]

/// A channel of a colour that there isn't.
pub(super) const FAR: f32 = 10_000.0;

/// What squared distances, which are below 2^18, may be wrong by, and more.
pub(super) const ROUNDED: f32 = 0.5;

/// Colours that are looked at together.
const LANES: usize = 8;

/// Up to 256 colours, and some that are far from everything, so that lanes are full.
pub(super) struct Channels {
    all: [[f32; 256]; 3],
    len: usize,
    /// What each is farther by, once somebody asked.
    farther: [f32; 256],
}

impl Channels {
    pub(super) const fn new() -> Self {
        Self {
            all: [[FAR; 256]; 3],
            len: 0,
            farther: [0.0; 256],
        }
    }

    /// Takes other colours.
    pub(super) fn set(&mut self, colors: impl Iterator<Item = [f32; 3]>) {
        let [red, green, blue] = &mut self.all;
        let mut places = red.iter_mut().zip(green).zip(blue);
        self.len = 0;
        for (color, ((red, green), blue)) in colors.zip(places.by_ref()) {
            [*red, *green, *blue] = color;
            self.len += 1;
        }
        let missing = self.len.next_multiple_of(LANES) - self.len;
        for ((red, green), blue) in places.take(missing) {
            [*red, *green, *blue] = [FAR; 3];
        }
        self.len += missing;
    }

    /// Calls back with each place of those that may be nearest to any colour of a cube, in
    /// order: of all but the ones that are nowhere in it nearer than the one that is nearest
    /// to its middle.
    ///
    /// How much farther one is than another, in squares, is linear in the place: what it is
    /// in the middle changes, on the way to a corner, by the cube's edge times what the
    /// channels of the two differ by.
    #[inline]
    pub(super) fn near(&mut self, middle: [f32; 3], half: f32, mut found: impl FnMut(usize)) {
        pulp::Arch::new().dispatch(Farther {
            channels: self,
            middle,
            half,
        });
        let farther = self.farther.get(..self.len).unwrap_or_default();
        for (run, first) in farther
            .as_chunks::<LANES>()
            .0
            .iter()
            .zip((0..).step_by(LANES))
        {
            if run.iter().any(|&farther| farther <= ROUNDED) {
                for (&farther, at) in run.iter().zip(first..) {
                    if farther <= ROUNDED {
                        found(at);
                    }
                }
            }
        }
    }
}

/// The squared distance of two colours.
pub(super) fn squared(one: [f32; 3], other: [f32; 3]) -> f32 {
    let [r, g, b] = one;
    let [other_r, other_g, other_b] = other;
    (r - other_r).powi(2) + (g - other_g).powi(2) + (b - other_b).powi(2)
}

/// By how much, at least, each colour is farther from all of a cube than the one that is
/// nearest to its middle.
struct Farther<'a> {
    channels: &'a mut Channels,
    middle: [f32; 3],
    half: f32,
}

impl pulp::NullaryFnOnce for Farther<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let [red, green, blue] = &self.channels.all;
        let [red, green, blue] = [red, green, blue].map(|channel| channel.as_chunks::<LANES>().0);
        let groups = self.channels.len / LANES;
        let colors = || red.iter().zip(green).zip(blue).take(groups);
        let farther = &mut self.channels.farther;
        let [r, g, b] = self.middle;
        // The least is the same in any order.
        let mut least = [f32::INFINITY; LANES];
        for (((reds, greens), blues), to) in colors().zip(farther.as_chunks_mut::<LANES>().0) {
            let lanes = reds.iter().zip(greens).zip(blues).zip(&mut least).zip(to);
            for ((((red, green), blue), least), to) in lanes {
                let (dr, dg, db) = (red - r, green - g, blue - b);
                let distance = dr * dr + dg * dg + db * db;
                *least = if distance < *least { distance } else { *least };
                *to = distance;
            }
        }
        let least = least.into_iter().fold(f32::INFINITY, f32::min);
        let nearest = farther.iter().position(|&distance| distance <= least);
        let nearest = nearest.unwrap_or(0);
        let channel = |of: &[[f32; LANES]]| {
            let group = of.get(nearest / LANES);
            let lane = group.and_then(|group| group.get(nearest % LANES));
            lane.copied().unwrap_or(FAR)
        };
        let [r, g, b] = [red, green, blue].map(channel);
        let edge = 2.0 * self.half;
        for (((reds, greens), blues), to) in colors().zip(farther.as_chunks_mut::<LANES>().0) {
            let lanes = reds.iter().zip(greens).zip(blues).zip(to);
            for (((red, green), blue), to) in lanes {
                let apart = (red - r).abs() + (green - g).abs() + (blue - b).abs();
                *to -= least + edge * apart;
            }
        }
    }
}
