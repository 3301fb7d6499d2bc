//! Pixels in memory, as one stage hands them to the next.

use std::time::Duration;

use crate::budget::Work;
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::memory::{copied, zeroed};
use crate::probe::{ColorModel, Format, Info};

/// How the samples of a pixel lie in memory, 8 bits each.
///
/// Colours are sRGB, and alpha is not premultiplied, unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Layout {
    /// Luminance.
    Gray,
    /// Luminance and alpha.
    GrayAlpha,
    /// Red, green and blue.
    Rgb,
    /// Red, green, blue and alpha.
    Rgba,
    /// Luma and the differences to blue and red (full range, as in JFIF).
    YCbCr,
    /// Cyan, magenta, yellow and black; 255 is no ink.
    Cmyk,
    /// The same with luma and differences of the complement in place of the first
    /// three.
    Ycck,
}

impl Layout {
    /// Samples of a pixel, over all planes.
    #[must_use]
    pub const fn channels(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb | Self::YCbCr => 3,
            Self::Rgba | Self::Cmyk | Self::Ycck => 4,
        }
    }

    /// Whether pixels may be transparent.
    #[must_use]
    pub const fn has_alpha(self) -> bool {
        matches!(self, Self::GrayAlpha | Self::Rgba)
    }
}

impl Info {
    /// The layout in which the decoders of this crate hand out the picture.
    #[must_use]
    pub const fn source_layout(&self) -> Layout {
        match (self.format, self.color.model, self.color.alpha) {
            // Frames are composed on a transparent canvas.
            (Format::Gif, ..) => Layout::Rgba,
            (Format::Png, ..) if self.is_animated() => Layout::Rgba,
            (_, ColorModel::Gray, false) => Layout::Gray,
            (_, ColorModel::Gray, true) => Layout::GrayAlpha,
            (_, _, false) => Layout::Rgb,
            (_, _, true) => Layout::Rgba,
        }
    }
}

/// A picture in memory: one plane of whole pixels, or planes of one sample
/// each that may differ in size, as JPEG stores them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Raster {
    /// What the samples are.
    pub layout: Layout,
    /// The planes, in the order of the layout's name.
    pub planes: Vec<Plane>,
}

impl Raster {
    /// Its size, if it is one of whole pixels.
    pub(crate) fn size(&self) -> Option<Size> {
        match &self.planes[..] {
            [plane] => Some(plane.size),
            _ => None,
        }
    }

    /// The same raster once more.
    pub(crate) fn copied(&self) -> Result<Self, Error> {
        let copy = |plane: &Plane| {
            Ok(Plane {
                samples: copied(&plane.samples)?,
                ..*plane
            })
        };
        Ok(Self {
            layout: self.layout,
            planes: self.planes.iter().map(copy).collect::<Result<_, Error>>()?,
        })
    }

    /// Copies a rectangle from a raster of the same size and layout, if they are of
    /// whole pixels.
    pub(crate) fn copy(&mut self, from: &Self, rect: Rect) {
        let ([to], [from]) = (&mut self.planes[..], &from.planes[..]) else {
            return;
        };
        let stride = to.stride();
        let [start, end] = [rect.x, rect.x + rect.width].map(|x| x as usize * to.channels);
        let rows = (to.samples.chunks_exact_mut(stride)).zip(from.samples.chunks_exact(stride));
        for (to, from) in rows.skip(rect.y as usize).take(rect.height as usize) {
            if let (Some(to), Some(from)) = (to.get_mut(start..end), from.get(start..end)) {
                to.copy_from_slice(from);
            }
        }
    }

    /// A picture of whole pixels, of which `region` is wanted.
    pub(crate) fn cut(layout: Layout, size: Size, samples: Vec<u8>, region: Rect) -> Self {
        Self {
            layout,
            planes: vec![Plane {
                size,
                channels: layout.channels(),
                samples,
                region: region.into(),
            }],
        }
    }
}

/// Samples of one kind, row by row from the top, without gaps.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Plane {
    /// Samples (or pixels) of a row, and rows.
    pub size: Size,
    /// Samples that lie together for a pixel.
    pub channels: usize,
    /// All of them: width times height times channels.
    pub samples: Vec<u8>,
    /// Which part of the plane is wanted.
    pub region: Region,
}

impl Plane {
    /// A plane of zeros, all of it wanted.
    pub(crate) fn empty(size: Size, channels: usize) -> Result<Self, Error> {
        Ok(Self {
            size,
            channels,
            samples: zeroed(size.pixels() * channels as u64)?,
            region: Rect::covering(size).into(),
        })
    }

    /// A plane filled with one pixel, all of it wanted.
    pub(crate) fn filled(size: Size, pixel: &[u8]) -> Result<Self, Error> {
        let mut plane = Self::empty(size, pixel.len())?;
        if pixel.iter().any(|&sample| sample != 0) {
            for place in plane.samples.chunks_exact_mut(pixel.len()) {
                place.copy_from_slice(pixel);
            }
        }
        Ok(plane)
    }

    /// Samples of a row.
    #[must_use]
    pub const fn stride(&self) -> usize {
        self.size.width() as usize * self.channels
    }
}

/// A part of a plane. Its corners need not lie between samples: a chroma sample
/// may be half inside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// Samples to the left of it.
    pub x: f64,
    /// Samples above it.
    pub y: f64,
    /// Samples from its left to its right edge.
    pub width: f64,
    /// Samples from its upper to its lower edge.
    pub height: f64,
}

impl Region {
    /// Its size in whole samples.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a region lies in its plane, whose edges are u32"
    )]
    pub(crate) fn rounded(self) -> Option<Size> {
        Size::new(self.width.round() as u32, self.height.round() as u32)
    }

    /// Its size, if its corners lie between samples.
    pub(crate) fn exactly(self) -> Option<Size> {
        let edges = [self.x, self.y, self.width, self.height];
        let lies_between = edges.iter().all(|edge| edge.fract() == 0.0);
        self.rounded().filter(|_| lies_between)
    }
}

impl From<Rect> for Region {
    fn from(rect: Rect) -> Self {
        Self {
            x: rect.x.into(),
            y: rect.y.into(),
            width: rect.width.into(),
            height: rect.height.into(),
        }
    }
}

/// One picture of an animation, or the only one of a still.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Frame<'a> {
    /// Its pixels.
    pub raster: &'a Raster,
    /// How long it is shown; zero for a still.
    pub delay: Duration,
    /// What may differ from the frame before: outside of it, every pixel is the
    /// same. All of the raster for the first frame; `None` if nothing differs.
    pub changed: Option<Rect>,
    /// The work that it took since the frame before.
    pub(crate) work: Work,
}
