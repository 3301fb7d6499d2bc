//! What is given up, bit by bit, to get below a number of bytes.

use super::Plan;
use crate::geometry::{Edge, Side};
use crate::options::{Effort, Options, Quality};
use crate::photo::Step;
use crate::probe::Format;

/// Qualities that are tried, where they are lower than what was asked for. Below the
/// last one blocks are seen, and fewer pixels look better.
const QUALITIES: [u8; 4] = [75, 65, 55, 45];
/// Colours of a palette that are tried for GIF, which has up to 256 in any case.
const FEWER_COLORS: [u16; 3] = [128, 64, 32];
/// The same for PNG.
const COLORS: [u16; 4] = [256, 128, 64, 32];
/// Differences of a channel between frames that are left out. Of 256 levels, 3 are
/// hardly ever seen, 12 are where fades become steps.
const TOLERANCES: [u8; 3] = [3, 6, 12];
/// Sides that are tried, where they are smaller than what the picture has.
const SIDES: [u32; 4] = [896, 768, 640, 512];

/// What is given up for a shorter file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Savings {
    /// Whether the picture is compressed anew, though it could stay as it is.
    pub(super) anew: bool,
    pub(super) quality: Quality,
    pub(super) effort: Effort,
    pub(super) colors: Option<u16>,
    pub(super) tolerance: u8,
    /// The longest side.
    pub(super) side: Side,
    /// The largest square that is drawn from the first frame, where the picture is
    /// wanted in several sizes and not as a photo.
    pub(super) squares: Option<Edge>,
}

impl Savings {
    /// Nothing is given up.
    pub(crate) const fn none(options: &Options) -> Self {
        Self {
            anew: false,
            quality: options.quality(),
            effort: options.effort(),
            colors: None,
            tolerance: 0,
            side: Side::MAX,
            squares: None,
        }
    }

    /// Whether a picture may get smaller than it would be.
    pub(crate) fn is_smaller(&self) -> bool {
        self.side < Side::MAX
    }

    /// What of it is worth telling, for a picture that would have this side.
    pub(super) fn steps(&self, options: &Options, side: Side) -> impl Iterator<Item = Step> {
        let effort = (self.effort != options.effort()).then_some(Step::EffortRaised {
            from: options.effort(),
            to: self.effort,
        });
        let quality = (self.quality != options.quality()).then_some(Step::QualityLowered {
            from: options.quality(),
            to: self.quality,
        });
        let colors = self.colors.map(|to| Step::ColorsReduced { to });
        let changes = (self.tolerance != 0).then_some(Step::ChangesIgnored {
            tolerance: self.tolerance,
        });
        let smaller = (self.side < side).then_some(Step::SideReduced {
            from: side,
            to: self.side,
        });
        [effort, quality, colors, changes, smaller]
            .into_iter()
            .flatten()
    }
}

/// What may be given up for a photo that is planned like this, from nothing on. Each
/// keeps what those before it gave up, so that files get shorter from one to the next.
pub(crate) fn savings(options: &Options, plan: &Plan) -> Vec<Savings> {
    let mut now = Savings::none(options);
    let mut all = vec![now];
    let mut give = |up: &dyn Fn(&mut Savings)| {
        up(&mut now);
        all.push(now);
    };
    if plan.pass_through || plan.keep_indices {
        give(&|now| now.anew = true);
    }
    if plan.format == Format::Png && plan.effort != Effort::Smallest {
        give(&|now| now.effort = Effort::Smallest);
    }
    if plan.format == Format::Jpeg {
        let lower = QUALITIES.into_iter().filter_map(Quality::new);
        for quality in lower.filter(|&quality| quality < plan.quality) {
            give(&|now| now.quality = quality);
        }
    }
    let palettes = match plan.format {
        Format::Gif => &FEWER_COLORS[..],
        Format::Png if plan.frames == 1 => &COLORS[..],
        // One palette would have to do for all frames of a PNG.
        Format::Png | Format::Jpeg => &[],
    };
    for &colors in palettes {
        give(&|now| now.colors = Some(colors));
    }
    if plan.frames > 1 {
        for tolerance in TOLERANCES {
            give(&|now| now.tolerance = tolerance);
        }
    }
    let smaller = SIDES.into_iter().map(Side::clamped);
    for side in smaller.filter(|&side| side < plan.side) {
        give(&|now| now.side = side);
    }
    all
}
