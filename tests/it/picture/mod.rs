//! Pictures made in memory: for the tests, for the benches, and for the
//! generator of `testdata`.
//!
//! Everything here is integer arithmetic on fixed seeds, so that a picture is
//! the same on every machine.

#![allow(dead_code, reason = "each user takes the pictures that it needs")]

pub(crate) mod apng;
pub(crate) mod bombs;
pub(crate) mod catalogue;
pub(crate) mod exif;
pub(crate) mod gif;
pub(crate) mod icc;
pub(crate) mod indexed;
pub(crate) mod jpeg;
pub(crate) mod marked;
pub(crate) mod noise;
pub(crate) mod png;
pub(crate) mod portrait;

/// Samples of 8 bits, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// 1 gray or index, 2 gray and alpha, 3 RGB, 4 RGBA or CMYK.
    pub(crate) channels: usize,
    pub(crate) samples: Vec<u8>,
}

impl Picture {
    /// Asks for each pixel by its place.
    pub(crate) fn from_fn<const N: usize>(
        width: u32,
        height: u32,
        mut pixel: impl FnMut(u32, u32) -> [u8; N],
    ) -> Self {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Self {
            width,
            height,
            channels: N,
            samples: places.flat_map(|(x, y)| pixel(x, y)).collect(),
        }
    }

    pub(crate) fn pixel(&self, x: u32, y: u32) -> &[u8] {
        let at = (y as usize * self.width as usize + x as usize) * self.channels;
        &self.samples[at..at + self.channels]
    }

    /// The same picture with each pixel replaced.
    pub(crate) fn map<const N: usize>(&self, pixel: impl Fn(&[u8]) -> [u8; N]) -> Self {
        Self {
            channels: N,
            samples: self
                .samples
                .chunks_exact(self.channels)
                .flat_map(pixel)
                .collect(),
            ..*self
        }
    }

    /// RGB without its colours.
    pub(crate) fn gray(&self) -> Self {
        self.map(|rgb| {
            let [r, g, b] = [0, 1, 2].map(|channel| u32::from(rgb[channel]));
            [byte((r * 77 + g * 150 + b * 29) >> 8)]
        })
    }

    /// With alpha that rises from left to right, wholly transparent in the first
    /// quarter and wholly opaque in the last.
    pub(crate) fn with_alpha<const N: usize>(&self) -> Self {
        assert_eq!(N, self.channels + 1);
        Self::from_fn(self.width, self.height, |x, y| {
            let slope = (i64::from(x) * 512 / i64::from(self.width) - 128).clamp(0, 255);
            let mut pixel = [byte(slope); N];
            pixel[..self.channels].copy_from_slice(self.pixel(x, y));
            pixel
        })
    }

    /// Without colors where it is wholly transparent.
    pub(crate) fn cleared(&self) -> Self {
        let mut cleared = self.clone();
        for pixel in cleared.samples.chunks_mut(self.channels) {
            if pixel.last() == Some(&0) {
                pixel.fill(0);
            }
        }
        cleared
    }

    /// RGB as cyan, magenta, yellow and black, 255 being full ink.
    pub(crate) fn cmyk(&self) -> Self {
        self.map(|rgb| {
            let [c, m, y] = [0, 1, 2].map(|channel| 255 - rgb[channel]);
            let k = c.min(m).min(y) / 2;
            [c - k, m - k, y - k, k]
        })
    }

    /// A part of the picture.
    pub(crate) fn part(&self, left: u32, top: u32, width: u32, height: u32) -> Self {
        let samples = (top..top + height)
            .flat_map(|y| (left..left + width).flat_map(move |x| self.pixel(x, y)))
            .copied()
            .collect();
        Self {
            width,
            height,
            samples,
            ..*self
        }
    }

    /// The picture as a camera stores it, so that `exif` as the orientation
    /// shows it upright.
    pub(crate) fn stored_as(&self, exif: u16) -> Self {
        let (right, bottom) = (self.width - 1, self.height - 1);
        let (width, height) = if exif >= 5 {
            (self.height, self.width)
        } else {
            (self.width, self.height)
        };
        // Where a stored pixel is displayed (CIPA DC-008, section 4.6.5.1).
        let displayed = |x: u32, y: u32| match exif {
            2 => (right - x, y),
            3 => (right - x, bottom - y),
            4 => (x, bottom - y),
            5 => (y, x),
            6 => (right - y, x),
            7 => (right - y, bottom - x),
            8 => (y, bottom - x),
            _ => (x, y),
        };
        let samples = (0..height)
            .flat_map(|y| (0..width).map(move |x| displayed(x, y)))
            .flat_map(|(x, y)| self.pixel(x, y))
            .copied()
            .collect();
        Self {
            width,
            height,
            samples,
            ..*self
        }
    }
}

/// The nearest value that a sample can have.
pub(crate) fn byte<T: TryInto<i64>>(value: T) -> u8 {
    let value = value.try_into().unwrap_or(i64::MAX).clamp(0, 255);
    u8::try_from(value).unwrap_or(u8::MAX)
}
