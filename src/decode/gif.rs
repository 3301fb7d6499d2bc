//! GIF: codes to indices to pixels (GIF89a, section 22 and appendix F).

use weezl::{BitOrder, LzwStatus, decode::Decoder};

use super::compose::{Composer, Dispose};
use super::{Found, accept};
use crate::container::gif::{Block, Control, Disposal, Image, Palette, Screen};
use crate::container::reader::Reader;
use crate::error::Error;
use crate::options::Damage;
use crate::plan::Plan;
use crate::probe::{Format, Info, played};
use crate::raster::{Frame, zeroed};

/// The blocks of a file, and the canvas that its frames are drawn on.
#[derive(Debug)]
pub(super) struct Animation<'a> {
    reader: Reader<'a>,
    /// The global palette.
    palette: Palette<'a>,
    composer: Composer,
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
            reader,
            palette: screen.palette,
            composer: Composer::new(info.stored, plan.request.region)?,
            indices: Vec::new(),
            damage: plan.damage,
        })
    }

    pub(super) fn next_frame(&mut self, damage: &mut Found) -> Result<Frame<'_>, Error> {
        let mut control = Control::default();
        let image = loop {
            match Block::next(&mut self.reader) {
                Some(Block::Image(image)) => break image,
                Some(Block::Control(found)) => control = found,
                Some(Block::Application(_) | Block::Text(_) | Block::Unknown(_)) => {}
                Some(Block::Trailer) | None => {
                    return Err(Error::truncated(Format::Gif, self.reader.at()));
                }
            }
        };
        self.unpack(&image)
            .or_else(|error| accept(error, self.damage, damage))?;
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
        let indices = &self.indices;
        self.composer.draw(image.rect, dispose, |row, pixels| {
            let start = rows.stored(row) * width;
            let indices = indices.get(start..).unwrap_or_default();
            for (pixel, &index) in pixels.iter_mut().zip(indices) {
                colors.draw(index, pixel);
            }
        })?;
        Ok(Frame {
            raster: self.composer.canvas(),
            delay: played(control.delay),
        })
    }

    /// Unpacks a frame's indices, in the order in which they are stored.
    fn unpack(&mut self, image: &Image<'_>) -> Result<(), Error> {
        let malformed = |problem| Error::malformed(Format::Gif, problem, image.data.offset);
        if !(1..=11).contains(&image.code_size) {
            return Err(malformed("no such code size"));
        }
        let pixels = u64::from(image.rect.width) * u64::from(image.rect.height);
        if self.indices.len() as u64 != pixels {
            self.indices = zeroed(pixels)?;
        }
        let mut decoder = Decoder::new(BitOrder::Lsb, image.code_size);
        let mut to = self.indices.as_mut_slice();
        // At the end, the last codes may still be inside the decoder.
        for mut codes in image.data.iter().chain([&[][..]]) {
            let mut idle = 0;
            while !to.is_empty() && idle < MOST_IDLE {
                let result = decoder.decode_bytes(codes, to);
                codes = codes.get(result.consumed_in..).unwrap_or_default();
                to = to.get_mut(result.consumed_out..).unwrap_or_default();
                if result.consumed_in > 0 || result.consumed_out > 0 {
                    idle = 0;
                } else {
                    idle += 1;
                }
                match result.status {
                    Ok(LzwStatus::Ok) => {}
                    Ok(LzwStatus::NoProgress) => break,
                    Ok(LzwStatus::Done) if to.is_empty() => {}
                    Ok(LzwStatus::Done) => return Err(malformed("fewer pixels than announced")),
                    Err(_) => return Err(malformed("no such code")),
                }
            }
        }
        match (to.is_empty(), image.data.complete) {
            (true, _) => Ok(()),
            (false, true) => Err(malformed("fewer pixels than announced")),
            (false, false) => {
                let end = image.data.offset + image.data.raw.len();
                Err(Error::truncated(Format::Gif, end))
            }
        }
    }
}

/// How often the decoder may neither take nor give a byte: it keeps 64 bits, and
/// stops at every clear code in them, of which the shortest has 2 bits.
const MOST_IDLE: u32 = 32;

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
