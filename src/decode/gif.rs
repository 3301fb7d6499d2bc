//! GIF: codes to indices to pixels (GIF89a, section 22 and appendix F).

use super::compose::{Composer, Dispose};
use super::{Found, accept};
use crate::container::gif::{Block, Control, Disposal, Image, Palette, Screen};
use crate::container::reader::Reader;
use crate::error::Error;
use crate::lzw::{Fault, Unpacker};
use crate::options::Damage;
use crate::plan::Plan;
use crate::probe::{Format, Info, played};
use crate::raster::{Frame, zeroed};

/// The blocks of a file, and the canvas that its frames are drawn on.
#[derive(Debug)]
pub(super) struct Animation<'a> {
    images: Images<'a>,
    /// The global palette.
    palette: Palette<'a>,
    composer: Composer,
    unpacker: Unpacker,
    /// Codes of the frame in work, in one piece.
    codes: Vec<u8>,
    /// Its indices.
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
            codes: Vec::new(),
            indices: Vec::new(),
            damage: plan.damage,
        })
    }

    pub(super) fn next_frame(&mut self, damage: &mut Found) -> Result<Frame<'_>, Error> {
        let (control, image) = self.images.next()?;
        let pixels = pixels(&image)?;
        if self.indices.len() < pixels {
            self.indices = zeroed(pixels as u64)?;
        }
        image.data.join(&mut self.codes);
        let indices = self.indices.get_mut(..pixels).unwrap_or_default();
        let unpacked = self.unpacker.unpack(&self.codes, image.code_size, indices);
        // Pixels that are missing are not drawn.
        let known = match unpacked {
            Ok(()) => pixels,
            Err((known, fault)) => {
                accept(broken(&image, fault), self.damage, damage)?;
                known
            }
        };
        let indices = indices.get(..known).unwrap_or_default();

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
            let start = rows.stored(row) * width;
            let indices = indices.get(start..).unwrap_or_default();
            for (pixel, &index) in pixels.iter_mut().zip(indices) {
                colors.draw(index, pixel);
            }
        })?;
        Ok(self.composer.frame(played(control.delay)))
    }

    /// Finds out whether the next frame's pixels are all there.
    pub(super) fn prove_frame(&mut self) -> Result<(), Error> {
        let (_, image) = self.images.next()?;
        let pixels = pixels(&image)?;
        image.data.join(&mut self.codes);
        (self.unpacker)
            .prove(&self.codes, image.code_size, pixels)
            .map_err(|(_, fault)| broken(&image, fault))
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

/// Pixels of an image, if its codes can be read.
fn pixels(image: &Image<'_>) -> Result<usize, Error> {
    if !(1..=11).contains(&image.code_size) {
        return Err(malformed(image, "no such code size"));
    }
    Ok(image.rect.width as usize * image.rect.height as usize)
}

fn malformed(image: &Image<'_>, problem: &'static str) -> Error {
    Error::malformed(Format::Gif, problem, image.data.offset)
}

fn broken(image: &Image<'_>, fault: Fault) -> Error {
    match fault {
        Fault::NoSuchCode => malformed(image, "no such code"),
        Fault::TooFew if image.data.complete => malformed(image, "fewer pixels than announced"),
        Fault::TooFew => {
            let end = image.data.offset + image.data.raw.len();
            Error::truncated(Format::Gif, end)
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

/// Where the rows of a frame stand in its data: in order, or interlaced in four
/// passes (GIF89a, appendix E).
enum Rows {
    InOrder,
    Interlaced { height: usize },
}

impl Rows {
    const fn of(image: &Image<'_>) -> Self {
        if image.interlaced {
            Self::Interlaced {
                height: image.rect.height as usize,
            }
        } else {
            Self::InOrder
        }
    }

    /// The stored place of a displayed row.
    const fn stored(&self, row: usize) -> usize {
        let Self::Interlaced { height } = *self else {
            return row;
        };
        // Rows of the passes before: every 8th from 0, every 8th from 4, every
        // 4th from 2.
        let first = height.div_ceil(8);
        let second = (height + 3) / 8;
        let third = (height + 1) / 4;
        match row % 8 {
            0 => row / 8,
            4 => first + row / 8,
            2 | 6 => first + second + row / 4,
            _ => first + second + third + row / 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The four passes, written down as the specification does.
    fn passes(height: usize) -> Vec<usize> {
        [(0, 8), (4, 8), (2, 4), (1, 2)]
            .into_iter()
            .flat_map(|(start, step)| (start..height).step_by(step))
            .collect()
    }

    #[test]
    fn interlaced_rows_are_found_for_every_height() {
        for height in 1..70 {
            let rows = Rows::Interlaced { height };
            for (stored, &row) in passes(height).iter().enumerate() {
                assert_eq!(rows.stored(row), stored, "row {row} of {height}");
            }
        }
    }
}
