//! What the encoder is given: planes of samples.

use crate::error::Error;
use crate::raster::Plane;

/// One component's samples, row by row from the top, without padding.
///
/// # Guarantees
///
/// Width and height are `1..=65_535`, and there are `width * height` samples.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlaneRef<'a> {
    width: u16,
    height: u16,
    samples: &'a [u8],
}

impl<'a> PlaneRef<'a> {
    /// Looks at a plane of the canvas.
    pub(super) fn of(plane: &'a Plane) -> Result<Self, Error> {
        let edge = |px| u16::try_from(px).map_err(Error::internal("encode"));
        let (width, height) = (edge(plane.size.width())?, edge(plane.size.height())?);
        let area = usize::from(width) * usize::from(height);
        if area != plane.samples.len() {
            return Err(Error::internal("encode")("a plane without all its samples"));
        }
        Ok(Self {
            width,
            height,
            samples: &plane.samples,
        })
    }

    /// Samples in a row, `1..=65_535`.
    pub(super) fn width(&self) -> u16 {
        self.width
    }

    /// Rows, `1..=65_535`.
    pub(super) fn height(&self) -> u16 {
        self.height
    }

    /// Row `y`, or the lowest one if there are fewer.
    pub(super) fn row(&self, y: usize) -> &'a [u8] {
        let width = usize::from(self.width);
        let start = y.min(usize::from(self.height) - 1) * width;
        &self.samples[start..start + width]
    }
}
