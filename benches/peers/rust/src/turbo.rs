//! The fastest chain of ready-made parts: libjpeg-turbo, with its SIMD assembly,
//! decodes at a fraction of the size, `fast_image_resize` does the rest into place
//! on the canvas, and libjpeg-turbo encodes. JPEG to JPEG only, never turned.
//!
//! The fraction is the smallest that leaves half as many pixels again along each
//! edge as the picture will have, which is headshot's own rule. Handles and buffers
//! are kept from one job to the next.

use std::error::Error;

use fast_image_resize::images::{CroppedImageMut, Image as Pixels, ImageRef};
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use turbojpeg::{Compressor, Decompressor, Image, PixelFormat, ScalingFactor, Subsamp};

use crate::job::Job;

/// The one in turbojpeg-sys 1.2.
pub const VERSION: &str = "3.1.0";

pub struct Chain {
    decompressor: Decompressor,
    resizer: Resizer,
    compressor: Compressor,
    decoded: Vec<u8>,
}

impl Chain {
    pub fn new() -> Result<Self, Box<dyn Error>> {
        let mut compressor = Compressor::new()?;
        compressor.set_subsamp(Subsamp::Sub2x2)?;
        Ok(Self {
            decompressor: Decompressor::new()?,
            resizer: Resizer::new(),
            compressor,
            decoded: Vec::new(),
        })
    }

    pub fn prepare(&mut self, upload: &[u8], job: &Job) -> Result<Vec<u8>, Box<dyn Error>> {
        let (width, height, scale) = self.decode(upload, job)?;
        let source = ImageRef::new(width, height, &self.decoded, PixelType::U8x3)?;

        let mut canvas = Pixels::new(job.side, job.side, PixelType::U8x3);
        let [left, top] = job.corner();
        let mut place =
            CroppedImageMut::new(&mut canvas, left, top, job.picture[0], job.picture[1])?;
        // Lanczos3 by default; a plain copy where nothing is to be scaled.
        let options = match job.crop {
            Some(crop) => {
                let [x, y, edge] = crop.map(|px| f64::from(px) * scale);
                ResizeOptions::new().crop(x, y, edge, edge)
            }
            None => ResizeOptions::new(),
        };
        self.resizer.resize(&source, &mut place, &options)?;

        self.compressor.set_quality(job.quality.into())?;
        let side = job.side as usize;
        Ok(self.compressor.compress_to_vec(Image {
            pixels: canvas.buffer(),
            width: side,
            pitch: 3 * side,
            height: side,
            format: PixelFormat::RGB,
        })?)
    }

    /// Decodes to RGB; the size of what came out, and its scale.
    fn decode(&mut self, upload: &[u8], job: &Job) -> Result<(u32, u32, f64), Box<dyn Error>> {
        let header = self.decompressor.read_header(upload)?;
        let taken = match job.crop {
            Some([_, _, edge]) => edge,
            None => u32::try_from(header.width.max(header.height))?,
        };
        let longest = job.picture[0].max(job.picture[1]);
        let denominator = [8, 4, 2]
            .into_iter()
            .find(|shrink| 2 * taken >= 3 * longest * shrink)
            .unwrap_or(1);
        let factor = ScalingFactor::new(1, denominator as usize);
        self.decompressor.set_scaling_factor(factor)?;

        let scaled = header.scaled(factor);
        self.decoded.resize(3 * scaled.width * scaled.height, 0);
        let image = Image {
            pixels: self.decoded.as_mut_slice(),
            width: scaled.width,
            pitch: 3 * scaled.width,
            height: scaled.height,
            format: PixelFormat::RGB,
        };
        self.decompressor.decompress(upload, image)?;
        let size = (scaled.width.try_into()?, scaled.height.try_into()?);
        Ok((size.0, size.1, 1.0 / f64::from(denominator)))
    }
}
