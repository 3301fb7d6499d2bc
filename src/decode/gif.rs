//! GIF: codes to indices to pixels (GIF89a, section 22 and appendix F).

#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

use super::compose::{Composer, Dispose};
use super::{Found, accept};
use crate::budget::{Budget, Work};
use crate::container::gif::{
    Block, Control, Disposal, Image, Palette, Rows, Screen, Unpacked, Unpacker,
};
use crate::container::reader::Reader;
use crate::error::Error;
use crate::options::Damage;
use crate::plan::Plan;
use crate::probe::{Format, Info, played};
use crate::raster::Frame;

/// The blocks of a file, and the canvas that its frames are drawn on.
#[derive(Debug)]
pub(super) struct Animation<'a> {
    images: Images<'a>,
    /// The global palette.
    palette: Palette<'a>,
    composer: Composer,
    unpacker: Unpacker,
    /// Indices of the frame in work.
    indices: Vec<u8>,
    damage: Damage,
}

impl<'a> Animation<'a> {
    pub(super) fn open(bytes: &'a [u8], info: &Info, plan: &Plan) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let screen =
            Screen::read(&mut reader).ok_or_else(|| Error::truncated(Format::Gif, bytes.len()))?;
        Ok(Self {
            images: Images { reader },
            palette: screen.palette,
            composer: Composer::new(info.stored, plan.request.region)?,
            unpacker: Unpacker::new(),
            indices: Vec::new(),
            damage: plan.damage,
        })
    }

    pub(super) fn next_frame(
        &mut self,
        damage: &mut Found,
        budget: &mut Budget,
    ) -> Result<Frame<'_>, Error> {
        let (control, image) = self.images.next()?;
        // Pixels that are missing are not drawn.
        let (known, bytes) = match self.unpacker.unpack(&image, &mut self.indices)? {
            Unpacked::All(known, codes) => (known, codes.bytes()),
            Unpacked::Some(known, error) => {
                accept(error, self.damage, damage)?;
                (known, 0)
            }
        };
        budget.spend(Work {
            bytes: bytes as u64,
            ..self.composer.work(image.rect)
        })?;
        let indices = self.indices.get(..known).unwrap_or_default();
        let palette = match image.palette {
            [] => self.palette,
            local => local,
        };
        let colors = Colors::new(palette, control.transparent);
        let rows = Rows::of(&image);
        let width = image.rect.width as usize;
        let dispose = match control.disposal {
            Disposal::Keep => Dispose::Keep,
            Disposal::Background => Dispose::Clear,
            Disposal::Previous => Dispose::Restore,
        };
        self.composer.draw(image.rect, dispose, |row, pixels| {
            let start = rows.stored(row).saturating_mul(width);
            let indices = indices.get(start..).unwrap_or_default();
            for (pixel, &index) in pixels.iter_mut().zip(indices) {
                colors.draw(index, pixel);
            }
        })?;
        Ok(self.composer.frame(played(control.delay)))
    }
}

/// The images of a file, each with the control before it.
#[derive(Debug)]
struct Images<'a> {
    reader: Reader<'a>,
}

impl<'a> Images<'a> {
    fn next(&mut self) -> Result<(Control, Image<'a>), Error> {
        let mut control = Control::default();
        loop {
            match Block::next(&mut self.reader) {
                Some(Block::Image(image)) => return Ok((control, image)),
                Some(Block::Control(found)) => control = found,
                Some(Block::Application(_) | Block::Text(_) | Block::Unknown(_)) => {}
                Some(Block::Trailer) | None => {
                    return Err(Error::truncated(Format::Gif, self.reader.at()));
                }
            }
        }
    }
}

/// The colour of each index, as it is drawn.
struct Colors {
    rgba: [[u8; 4]; 256],
}

impl Colors {
    /// Indices beyond the palette are black. Without any palette they are
    /// shades of gray, as libgif, Pillow and libvips show them.
    fn new(palette: Palette<'_>, transparent: Option<u8>) -> Self {
        let mut rgba = [[0, 0, 0, 255]; 256];
        if palette.is_empty() {
            for (color, gray) in rgba.iter_mut().zip(0..=u8::MAX) {
                *color = [gray, gray, gray, 255];
            }
        } else {
            for (color, &[r, g, b]) in rgba.iter_mut().zip(palette.as_chunks().0) {
                *color = [r, g, b, 255];
            }
        }
        if let Some(color) = transparent.and_then(|index| rgba.get_mut(usize::from(index))) {
            *color = [0; 4];
        }
        Self { rgba }
    }

    #[expect(clippy::indexing_slicing, reason = "a u8 indexes an array of 256")]
    fn draw(&self, index: u8, pixel: &mut [u8; 4]) {
        let color = self.rgba[usize::from(index)];
        if color[3] != 0 {
            *pixel = color;
        }
    }
}
