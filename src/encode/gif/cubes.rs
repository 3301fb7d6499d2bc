//! Which of a palette's colours may be the nearest, cube by cube.
//!
//! All colours are in cubes of 32 values a channel, each of those in 64 of 8 values, and each
//! of those in eight of 4. A cube is looked at when somebody asks for it, and only at the
//! colours that the larger one around it left over.

use super::channels::{Channels, FAR, squared};

/// How large a cube is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// Values of each channel.
    Of32,
    Of8,
    Of4,
}

impl Size {
    /// From the largest on.
    const ALL: [Self; 3] = [Self::Of32, Self::Of8, Self::Of4];

    const fn larger(self) -> Option<Self> {
        match self {
            Self::Of32 => None,
            Self::Of8 => Some(Self::Of32),
            Self::Of4 => Some(Self::Of8),
        }
    }

    /// Values of each channel, as a power of 2.
    const fn log2(self) -> u32 {
        match self {
            Self::Of32 => 5,
            Self::Of8 => 3,
            Self::Of4 => 2,
        }
    }

    /// Bits of each channel that tell one cube from the next.
    const fn bits(self) -> u32 {
        8 - self.log2()
    }

    pub(super) const fn count(self) -> usize {
        1 << (3 * self.bits())
    }

    /// The cube of a colour.
    pub(super) fn cube(self, color: [u8; 3]) -> usize {
        color.into_iter().fold(0, |cube, channel| {
            cube << self.bits() | usize::from(channel >> self.log2())
        })
    }

    /// The colour of a cube that is nearest to black.
    fn corner(self, color: [u8; 3]) -> [u8; 3] {
        color.map(|channel| channel >> self.log2() << self.log2())
    }

    /// Half of a cube's edge.
    pub(super) const fn half(self) -> u8 {
        1 << (self.log2() - 1)
    }

    /// The middle of a colour's cube.
    pub(super) fn middle(self, color: [u8; 3]) -> [u8; 3] {
        self.corner(color).map(|channel| channel + self.half())
    }
}

/// Candidates that are remembered, or all are forgotten: a bound for pictures that
/// are made to ask for many.
const MOST: usize = 1 << 20;

/// Colours, and for each cube that was asked for, those of which one is the nearest for any
/// colour in it.
pub(super) struct Cubes {
    /// All colours, and those of the cube in work.
    all: Box<Channels>,
    some: Box<Channels>,
    colors: Box<[[f32; 3]; 256]>,
    /// From the largest cubes to the smallest.
    levels: [Level; Size::ALL.len()],
    candidates: Vec<u8>,
    /// How many are remembered.
    most: usize,
}

/// The cubes of one size.
struct Level {
    /// A run of candidates for each.
    runs: Vec<Run>,
    /// Cubes that were asked for.
    asked: Vec<u32>,
}

impl Level {
    fn set(&mut self, cube: usize, run: Run) {
        if let Some(place) = self.runs.get_mut(cube) {
            *place = run;
            self.asked.push(u32::try_from(cube).unwrap_or(u32::MAX));
        }
    }
}

/// Where candidates begin, plus one, above the 8 bits of how many they are, less one; or 0
/// where nobody asked yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run(u32);

impl Run {
    const UNKNOWN: Self = Self(0);

    /// At most one cube of each size comes after `MOST`, and has 256 candidates at most.
    fn new(start: usize, len: usize) -> Self {
        Self(u32::try_from((start + 1) << 8 | len.saturating_sub(1)).unwrap_or(0))
    }

    const fn len(self) -> usize {
        (self.0 & 0xff) as usize + 1
    }

    const fn range(self) -> std::ops::Range<usize> {
        let start = ((self.0 >> 8) as usize).saturating_sub(1);
        start..start + self.len()
    }
}

impl Cubes {
    pub(super) fn new() -> Self {
        Self {
            all: Box::new(Channels::new()),
            some: Box::new(Channels::new()),
            colors: Box::new([[FAR; 3]; 256]),
            levels: Size::ALL.map(|size| Level {
                runs: vec![Run::UNKNOWN; size.count()],
                asked: Vec::new(),
            }),
            candidates: Vec::new(),
            most: MOST,
        }
    }

    /// Takes other colours, 256 at most.
    pub(super) fn set(&mut self, colors: impl Iterator<Item = [f32; 3]> + Clone) {
        self.all.set(colors.clone());
        for (to, color) in self.colors.iter_mut().zip(colors) {
            *to = color;
        }
        self.forget();
    }

    fn forget(&mut self) {
        self.candidates.clear();
        for level in &mut self.levels {
            for cube in level.asked.drain(..) {
                if let Some(run) = level.runs.get_mut(cube as usize) {
                    *run = Run::UNKNOWN;
                }
            }
        }
    }

    /// The indices of those that may be nearest to any colour in the cube of this one, in
    /// order.
    #[inline]
    pub(super) fn near(&mut self, color: [u8; 3], size: Size) -> &[u8] {
        let run = self.run(color, size);
        self.candidates.get(run.range()).unwrap_or_default()
    }

    /// The index of the colour that is nearest to this one.
    pub(super) fn nearest(&mut self, color: [u8; 3]) -> u8 {
        // A larger cube is asked for less often, and has hardly more candidates.
        let run = self.run(color, Size::Of32);
        let color = color.map(f32::from);
        let mut nearest = (f32::INFINITY, 0);
        for &index in self.candidates.get(run.range()).unwrap_or_default() {
            let known = self.colors.get(usize::from(index));
            let distance = squared(*known.unwrap_or(&[FAR; 3]), color);
            if distance < nearest.0 {
                nearest = (distance, index);
            }
        }
        nearest.1
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "as many as there are sizes, and cubes of one"
    )]
    #[inline]
    fn run(&mut self, color: [u8; 3], size: Size) -> Run {
        match self.levels[size as usize].runs[size.cube(color)] {
            Run::UNKNOWN => self.ask(color, size),
            run => run,
        }
    }

    /// Finds the candidates of a cube.
    #[cold]
    fn ask(&mut self, color: [u8; 3], size: Size) -> Run {
        if self.candidates.len() > self.most {
            self.forget();
        }
        let (middle, half) = (size.middle(color).map(f32::from), f32::from(size.half()));
        let run = match size.larger() {
            Some(larger) => {
                let run = self.run(color, larger);
                self.among(run, middle, half)
            }
            None => self.among_all(middle, half),
        };
        self.level(size).set(size.cube(color), run);
        run
    }

    fn among_all(&mut self, middle: [f32; 3], half: f32) -> Run {
        let Self {
            all, candidates, ..
        } = self;
        let start = candidates.len();
        let index = |at| u8::try_from(at).unwrap_or(u8::MAX);
        all.near(middle, half, |at| candidates.push(index(at)));
        Run::new(start, candidates.len() - start)
    }

    fn among(&mut self, run: Run, middle: [f32; 3], half: f32) -> Run {
        if run.len() == 1 {
            return run;
        }
        let Self {
            some,
            candidates,
            colors,
            ..
        } = self;
        let indices = candidates.get(run.range()).unwrap_or_default();
        let color = |&index: &u8| colors.get(usize::from(index)).copied();
        some.set(indices.iter().filter_map(color));
        let start = candidates.len();
        let first = run.range().start;
        some.near(middle, half, |at| {
            let index = candidates.get(first + at).copied();
            candidates.extend(index);
        });
        match candidates.len() - start {
            len if len == run.len() => {
                candidates.truncate(start);
                run
            }
            len => Run::new(start, len),
        }
    }

    #[expect(clippy::indexing_slicing, reason = "as many as there are sizes")]
    fn level(&mut self, size: Size) -> &mut Level {
        &mut self.levels[size as usize]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_forgotten_is_found_again(
            palette in prop::collection::vec(any::<[u8; 3]>(), 1..=256),
            asked in prop::collection::vec(any::<[u8; 3]>(), 1..100),
        ) {
            let [mut all, mut few] = [Cubes::new(), Cubes::new()];
            few.most = 9;
            for cubes in [&mut all, &mut few] {
                cubes.set(palette.iter().map(|color| color.map(f32::from)));
            }
            for color in asked {
                for size in Size::ALL {
                    prop_assert_eq!(all.near(color, size), few.near(color, size));
                    prop_assert!(few.candidates.len() <= 9 + 3 * 256);
                }
            }
        }
    }
}
