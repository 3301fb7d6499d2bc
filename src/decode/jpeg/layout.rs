//! Decides which samples of each component are made, at which scale, and from which blocks.

use crate::container::frame::{BLOCK, Component, Frame, Transform};
use crate::geometry::{Rect, Size};
use crate::plan::Request;
use crate::raster::Region;
use std::ops::Range;

/// What is made of one component.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Samples that a block gives in each direction: 8, 4, 2 or 1.
    pub(super) edge: u32,
    /// The samples that are kept, in the whole scaled component's coordinates.
    pub(super) samples: Span2,
    /// The blocks that hold them.
    pub(super) blocks: Span2,
    /// The component's size in blocks without padding of MCUs (T.81 A.2.2).
    pub(super) size_in_blocks: Blocks,
    /// Where the wanted region lies among the kept samples.
    pub(super) region: Region,
}

/// A width and a height in blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Blocks {
    pub(super) width: u32,
    pub(super) height: u32,
}

/// A rectangle as two ranges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span2 {
    pub(super) x: Range<u32>,
    pub(super) y: Range<u32>,
}

impl Span2 {
    pub(super) fn width(&self) -> u32 {
        self.x.end.saturating_sub(self.x.start)
    }

    pub(super) fn height(&self) -> u32 {
        self.y.end.saturating_sub(self.y.start)
    }

    /// The same as a size, unless it is empty.
    pub(super) fn size(&self) -> Option<Size> {
        Size::new(self.width(), self.height())
    }

    /// How many items the rectangle holds.
    pub(super) fn area(&self) -> u64 {
        u64::from(self.width()).saturating_mul(self.height().into())
    }
}

/// Plans every component, or `None` where the region is empty or not wholly in the picture.
pub(super) fn parts(frame: &Frame, request: &Request) -> Option<Vec<Part>> {
    let Rect {
        x,
        y,
        width,
        height,
    } = request.region;
    let inside = width > 0
        && height > 0
        && x.checked_add(width)? <= frame.width
        && y.checked_add(height)? <= frame.height;
    inside.then(|| {
        let numbered = (0..).zip(&frame.components);
        numbered
            .map(|(number, component)| part(frame, request, number, component))
            .collect()
    })
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "an edge is 1, 2, 4 or 8, and floating point doesn't overflow at numbers of 21 bits"
)]
fn part(frame: &Frame, request: &Request, number: usize, component: &Component) -> Part {
    let (most_horizontal, most_vertical) = frame.sampling();
    let region = request.region;
    let at_least = match (frame.transform, number) {
        (Transform::YCbCr | Transform::Ycck, 1 | 2) => request.chroma_at_least,
        _ => request.at_least,
    };
    let x = Axis {
        factor: component.horizontal,
        most: most_horizontal,
        whole: frame.width,
    };
    let y = Axis {
        factor: component.vertical,
        most: most_vertical,
        whole: frame.height,
    };
    let edge = [1, 2, 4]
        .into_iter()
        .find(|&edge| {
            x.gives(edge, region.width, at_least.width())
                && y.gives(edge, region.height, at_least.height())
        })
        .unwrap_or(BLOCK);
    let samples = Span2 {
        x: x.samples(edge, region.x, region.width),
        y: y.samples(edge, region.y, region.height),
    };
    let blocks = Span2 {
        x: samples.x.start / edge..samples.x.end.div_ceil(edge),
        y: samples.y.start / edge..samples.y.end.div_ceil(edge),
    };
    let (width, height) = frame.blocks(component);
    let size_in_blocks = Blocks { width, height };
    let region = Region {
        x: x.scaled(edge, region.x) - f64::from(samples.x.start),
        y: y.scaled(edge, region.y) - f64::from(samples.y.start),
        width: x.scaled(edge, region.width),
        height: y.scaled(edge, region.height),
    };
    Part {
        edge,
        samples,
        blocks,
        size_in_blocks,
        region,
    }
}

/// One direction of a component: a picture of `whole` pixels has `whole * factor / most` samples,
/// and at `edge` samples a block `edge / 8` of these (T.81 A.1.1).
struct Axis {
    factor: u32,
    most: u32,
    whole: u32,
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "pixels have 16 bits, as those of the frame that the region was found in; there are \
              at most 4 * 8 samples for 8 pixels or more, factors being 1 to 4, so products have \
              21 bits"
)]
impl Axis {
    /// Whether `length` pixels give `wanted` samples or more.
    fn gives(&self, edge: u32, length: u32, wanted: u32) -> bool {
        let (samples, per) = self.ratio(edge);
        length * samples >= wanted.saturating_mul(per)
    }

    /// Samples of the whole component.
    fn size(&self, edge: u32) -> u32 {
        self.touched(edge, self.whole)
    }

    /// The samples that `length` pixels from `from` touch.
    fn samples(&self, edge: u32, from: u32, length: u32) -> Range<u32> {
        let (samples, per) = self.ratio(edge);
        let start = from * samples / per;
        let end = self.touched(edge, from + length);
        start..end.min(self.size(edge))
    }

    /// The samples that the first `pixels` touch.
    fn touched(&self, edge: u32, pixels: u32) -> u32 {
        let (samples, per) = self.ratio(edge);
        (pixels * samples).div_ceil(per)
    }

    /// As many samples as `pixels` have, in fractions of one where that is so.
    fn scaled(&self, edge: u32, pixels: u32) -> f64 {
        let (samples, per) = self.ratio(edge);
        f64::from(pixels * samples) / f64::from(per)
    }

    /// So many samples for so many pixels: at most 32 each, and pixels have 16 bits.
    fn ratio(&self, edge: u32) -> (u32, u32) {
        (self.factor * edge, self.most * BLOCK)
    }
}
