//! Which of a palette's colours may be the nearest, cube by cube.

#![expect(
    clippy::inline_always,
    reason = "run-time dispatch compiles only what is inlined into it for the wider instructions"
)]

use std::iter;

/// Bits of each channel that tell one cube from the next.
const BITS: u32 = 4;
const CUBES: usize = 1 << (3 * BITS);
/// Values of a channel in a cube.
const WIDTH: f32 = 16.0;
/// From one corner of a cube to the opposite one, if channels aren't whole numbers: 16 · √3,
/// rounded up.
const DIAGONAL: f32 = 27.8;
/// A channel of a colour that there isn't.
const FAR: f32 = 10_000.0;
/// Distances that are looked at together.
const RUN: usize = 16;

type Channels = [[f32; 256]; 3];

/// Colours, and for each cube that was asked for, those of which one is the nearest for any
/// colour in it: thirty or so of 256.
pub(super) struct Rough {
    /// Channel by channel, up to 256: far from everything from where they end.
    channels: Box<Channels>,
    /// Where a cube's candidates begin and end; nothing where nobody asked yet.
    runs: Vec<(u32, u32)>,
    candidates: Vec<u8>,
}

impl Rough {
    pub(super) fn new() -> Self {
        Self {
            channels: Box::new([[FAR; 256]; 3]),
            runs: vec![(0, 0); CUBES],
            candidates: Vec::new(),
        }
    }

    /// Takes other colours, 256 at most.
    pub(super) fn set(&mut self, colors: impl Iterator<Item = [f32; 3]>) {
        let [red, green, blue] = &mut *self.channels;
        let places = red.iter_mut().zip(green).zip(blue);
        let colors = colors.map(Some).chain(iter::repeat(None));
        for (((red, green), blue), color) in places.zip(colors) {
            [*red, *green, *blue] = color.unwrap_or([FAR; 3]);
        }
        self.candidates.clear();
        self.runs.fill((0, 0));
    }

    /// The indices of those that may be nearest to a colour of a cube, in order.
    #[inline]
    pub(super) fn near(&mut self, color: [u8; 3]) -> &[u8] {
        let cube = color.into_iter().fold(0, |cube, channel| {
            cube << BITS | usize::from(channel >> (8 - BITS))
        });
        let (start, end) = match self.runs.get(cube) {
            Some((0, 0)) | None => self.ask(cube),
            Some(&run) => run,
        };
        let run = self.candidates.get(start as usize..end as usize);
        run.unwrap_or_default()
    }

    /// Finds those that are no farther from a cube's middle than the nearest one and the
    /// cube's diagonal together.
    #[cold]
    fn ask(&mut self, cube: usize) -> (u32, u32) {
        let middle = [2 * BITS, BITS, 0].map(|shift| {
            let channel = u8::try_from((cube >> shift) % (1 << BITS)).unwrap_or(0);
            f32::from(channel) * WIDTH + WIDTH / 2.0
        });
        let mut distances = [0.0; 256];
        let least = pulp::Arch::new().dispatch(Distances {
            channels: &self.channels,
            middle,
            to: &mut distances,
        });
        // (√least + diagonal)², and a bit more for what is rounded off.
        let reach = least + DIAGONAL * DIAGONAL + 2.0 * DIAGONAL * least.sqrt() + 1.0;
        let start = self.candidates.len();
        for (run, first) in distances.chunks(RUN).zip((0..=u8::MAX).step_by(RUN)) {
            if run.iter().any(|&distance| distance <= reach) {
                let near = run
                    .iter()
                    .zip(first..=u8::MAX)
                    .filter(|&(&distance, _)| distance <= reach);
                self.candidates.extend(near.map(|(_, index)| index));
            }
        }
        // At most 256 for each of 4096 cubes.
        let [start, end] =
            [start, self.candidates.len()].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
        if let Some(run) = self.runs.get_mut(cube) {
            *run = (start, end);
        }
        (start, end)
    }
}

struct Distances<'a> {
    channels: &'a Channels,
    middle: [f32; 3],
    to: &'a mut [f32; 256],
}

impl pulp::NullaryFnOnce for Distances<'_> {
    /// The least of them.
    type Output = f32;

    #[inline(always)]
    fn call(self) -> f32 {
        let [red, green, blue] = self.channels;
        let [r, g, b] = self.middle;
        let colors = red.iter().zip(green).zip(blue);
        for (((red, green), blue), to) in colors.zip(self.to.iter_mut()) {
            let (dr, dg, db) = (red - r, green - g, blue - b);
            *to = dr * dr + dg * dg + db * db;
        }
        // Eight at a time: the least is the same in any order.
        let mut least = [f32::INFINITY; 8];
        for run in self.to.as_chunks::<8>().0 {
            for (least, &distance) in least.iter_mut().zip(run) {
                *least = if distance < *least { distance } else { *least };
            }
        }
        least.into_iter().fold(f32::INFINITY, f32::min)
    }
}
