//! The part of a picture that looks different where a part of its source does.

use crate::geometry::Rect;
use crate::options::Filter;
use crate::raster::Region;

/// A part of a picture, and what it is made of.
#[derive(Debug, PartialEq)]
pub(super) struct Part {
    /// Pixels of the picture, from its upper left corner on.
    pub(super) rect: Rect,
    /// The region of the source that they show.
    pub(super) region: Region,
    /// The samples of the source that have a part in them.
    pub(super) view: Rect,
}

impl Part {
    /// What changes of a picture of `size` that shows `region` of its source, if
    /// `changed` does of the source; `None` if that is not to be seen.
    ///
    /// Resampled by itself, it looks as it would in the whole picture: each pixel
    /// gets the same weights, but for what is rounded off in them
    /// (a few levels of 256 at most).
    pub(super) fn of(changed: Rect, region: Rect, size: Rect, filter: Filter) -> Option<Self> {
        let reach = reach(filter);
        let across = Span::of(
            [changed.x, changed.end()[0]],
            [region.x, region.end()[0]],
            size.width,
            reach,
        )?;
        let down = Span::of(
            [changed.y, changed.end()[1]],
            [region.y, region.end()[1]],
            size.height,
            reach,
        )?;
        Some(Self {
            rect: Rect::between([across.to[0], down.to[0]], [across.to[1], down.to[1]]),
            region: Region {
                x: across.from[0],
                y: down.from[0],
                width: across.from[1] - across.from[0],
                height: down.from[1] - down.from[0],
            },
            view: Rect::between(
                [across.view[0], down.view[0]],
                [across.view[1], down.view[1]],
            ),
        })
    }
}

/// How far a filter reaches, in pixels of the larger picture.
fn reach(filter: Filter) -> f64 {
    match filter {
        Filter::Nearest | Filter::Box => 0.5,
        Filter::Bilinear | Filter::Hamming => 1.0,
        Filter::CatmullRom | Filter::Mitchell => 2.0,
        Filter::Gaussian | Filter::Lanczos3 => 3.0,
    }
}

/// The same along one edge: starts and ends.
struct Span {
    to: [u32; 2],
    from: [f64; 2],
    view: [u32; 2],
}

impl Span {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "all are brought into a range of u32 before"
    )]
    fn of(changed: [u32; 2], [start, end]: [u32; 2], pixels: u32, reach: f64) -> Option<Self> {
        let samples = f64::from(end - start);
        let scale = samples / f64::from(pixels);
        let radius = reach * scale.max(1.0);
        let [first, last] = changed.map(|at| f64::from(at) - f64::from(start));
        // A pixel is drawn from what is within the radius of its middle. One more
        // at each side makes up for what is rounded off.
        let within = |pixel: f64| pixel.clamp(0.0, pixels.into()) as u32;
        let to = [
            within(((first - radius) / scale - 0.5).floor() - 1.0),
            within(((last + radius) / scale - 0.5).ceil() + 2.0),
        ];
        // Products first: at the very end, the quotient is exact.
        let from = to.map(|pixel| f64::from(pixel) * samples / f64::from(pixels));
        let view = [from[0] - radius - 1.0, from[1] + radius + 1.0];
        let view = [view[0].floor(), view[1].ceil()];
        let view = view.map(|at| start + at.clamp(0.0, samples) as u32);
        let seen = last > 0.0 && first < samples && to[0] < to[1];
        seen.then(|| Self {
            to,
            from: from.map(|at| f64::from(start) + at),
            view,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn rect(x: u32, y: u32, width: u32, height: u32) -> Rect {
        Rect {
            x,
            y,
            width,
            height,
        }
    }

    #[test]
    fn all_of_the_source_changes_all_of_the_picture() {
        let source = rect(3, 7, 301, 223);
        let part = Part::of(source, source, rect(0, 0, 512, 379), Filter::Lanczos3);
        let all = Part {
            rect: rect(0, 0, 512, 379),
            region: source.into(),
            view: source,
        };
        assert_eq!(part, Some(all));
    }

    #[test]
    fn a_pixel_changes_what_the_filter_reaches() {
        // Twice the size: the filter reaches 3 samples, 6 pixels.
        let source = rect(0, 0, 256, 256);
        let pixel = rect(100, 0, 1, 1);
        let part = Part::of(pixel, source, rect(0, 0, 512, 512), Filter::Lanczos3).unwrap();
        assert!(part.rect.x <= 195 && part.rect.end()[0] >= 207, "{part:?}");
        assert!(part.rect.x >= 191 && part.rect.end()[0] <= 211, "{part:?}");
        assert_eq!(part.rect.y, 0);
    }

    #[test]
    fn what_lies_outside_is_not_seen() {
        let region = rect(10, 10, 20, 20);
        for outside in [rect(0, 0, 10, 40), rect(30, 0, 5, 40), rect(0, 30, 40, 1)] {
            assert_eq!(
                Part::of(outside, region, rect(0, 0, 512, 512), Filter::Box),
                None
            );
        }
    }
}
