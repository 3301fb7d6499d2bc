//! PNG, still and animated: header, palette, transparency, pixels, and the
//! controls of an animation (W3C PNG, third edition, section 11).

use crate::container::png::{Chunk, SIGNATURE_LEN, checksum, delay, fraction, plays};
use crate::container::reader::Reader;
use crate::error::Error;
use crate::plan::Plan;
use crate::probe::played;

pub(super) fn rewrite(file: &[u8], plan: &Plan) -> Result<Vec<u8>, Error> {
    let mut reader = Reader::new(file);
    let mut writer = Writer {
        png: reader.take(SIGNATURE_LEN).unwrap_or_default().to_vec(),
        plan,
        colors: Colors::default(),
        frames: 0,
    };
    while let Some(chunk) = Chunk::next(&mut reader) {
        if &chunk.name == b"IEND" {
            break;
        }
        // Decoders skip a chunk with a wrong checksum, or have refused it.
        if chunk.is_intact() {
            writer.add(&chunk)?;
        }
    }
    writer.write(*b"IEND", &[])?;
    Ok(writer.png)
}

struct Writer<'a> {
    png: Vec<u8>,
    plan: &'a Plan,
    colors: Colors,
    /// Frame controls so far.
    frames: u32,
}

/// How many bytes of each chunk of colours may come.
#[derive(Default)]
struct Colors {
    palette: usize,
    transparency: usize,
}

impl Colors {
    /// What the colour type allows (sections 11.2.2 and 11.3.1.1). A palette
    /// that merely suggests colours is none of it.
    const fn of(color_type: u8) -> Self {
        let (palette, transparency) = match color_type {
            0 => (0, 2),
            2 => (0, 6),
            3 => (3 * 256, 256),
            _ => (0, 0),
        };
        Self {
            palette,
            transparency,
        }
    }
}

impl Writer<'_> {
    fn add(&mut self, chunk: &Chunk<'_>) -> Result<(), Error> {
        let is_animated = self.plan.frames > 1;
        match &chunk.name {
            b"IHDR" => self.header(chunk.data),
            b"PLTE" => {
                let most = std::mem::take(&mut self.colors.palette);
                self.write_some(*b"PLTE", chunk.data, most)
            }
            b"tRNS" => {
                let most = std::mem::take(&mut self.colors.transparency);
                self.write_some(*b"tRNS", chunk.data, most)
            }
            b"IDAT" => {
                self.colors = Colors::default(); // too late for any
                self.write(*b"IDAT", chunk.data)
            }
            b"fcTL" if is_animated => self.control(chunk.data),
            // A decoder stops at the number of frames that was declared.
            b"fdAT" if is_animated && self.frames <= self.plan.frames => {
                self.write(*b"fdAT", chunk.data)
            }
            _ => Ok(()),
        }
    }

    fn header(&mut self, chunk: &[u8]) -> Result<(), Error> {
        let Some(header) = chunk.first_chunk::<13>() else {
            return Ok(());
        };
        let [.., color_type, _compression, _filter, _interlace] = *header;
        self.colors = Colors::of(color_type);
        self.write(*b"IHDR", header)?;
        if self.plan.frames > 1 {
            let [frames, plays] = [self.plan.frames, plays(self.plan.loops)].map(u32::to_be_bytes);
            self.write(*b"acTL", [frames, plays].as_flattened())?;
        }
        Ok(())
    }

    /// A frame's place and time (section 11.3.6.2), with the time as it is played.
    fn control(&mut self, chunk: &[u8]) -> Result<(), Error> {
        let Some(mut control) = chunk.first_chunk::<26>().copied() else {
            return Ok(());
        };
        self.frames = self.frames.saturating_add(1);
        if self.frames > self.plan.frames {
            return Ok(());
        }
        let [.., n0, n1, d0, d1, _dispose, _blend] = &mut control;
        let [numerator, denominator] = [[*n0, *n1], [*d0, *d1]].map(u16::from_be_bytes);
        let delay = delay(numerator, denominator);
        if played(delay) != delay {
            let (numerator, denominator) = fraction(played(delay));
            [*n0, *n1] = numerator.to_be_bytes();
            [*d0, *d1] = denominator.to_be_bytes();
        }
        self.write(*b"fcTL", &control)
    }

    fn write_some(&mut self, name: [u8; 4], data: &[u8], most: usize) -> Result<(), Error> {
        match most {
            0 => Ok(()),
            most => self.write(name, data.get(..most).unwrap_or(data)),
        }
    }

    fn write(&mut self, name: [u8; 4], data: &[u8]) -> Result<(), Error> {
        let len = u32::try_from(data.len()).map_err(Error::internal("encode"))?;
        self.png.extend_from_slice(&len.to_be_bytes());
        self.png.extend_from_slice(&name);
        self.png.extend_from_slice(data);
        self.png
            .extend_from_slice(&checksum(name, data).to_be_bytes());
        Ok(())
    }
}
