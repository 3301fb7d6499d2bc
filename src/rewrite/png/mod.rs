//! PNG, still and animated: header, palette, transparency, pixels, and the
//! controls of an animation (W3C PNG, third edition, section 11).
//!
//! Compressed pixels are cut off where the decoder saw them end. Should more be
//! compressed than the pixels, only those are, anew.

#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use crate::container::png::{self, Chunk, SIGNATURE_LEN, delay, fraction, plays};
use crate::container::reader::Reader;
use crate::decode::{Pixels, Proven};
use crate::error::Error;
use crate::memory::append;
use crate::plan::Plan;
use crate::probe::played;

/// zlib's own default: what is compressed anew was none of ours, and rare.
const LEVEL: u8 = 6;

pub(super) fn rewrite(proven: &Proven<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    let mut reader = Reader::new(proven.file);
    let mut writer = Writer {
        png: reader.take(SIGNATURE_LEN).unwrap_or_default().to_vec(),
        plan,
        colors: Colors::default(),
        frames: 0,
        numbers: 0,
        proven: proven.pixels.iter(),
        ahead: Some(*b"IDAT"),
        stream: None,
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
    writer.end_stream()?;
    writer.write(*b"IEND", &[])?;
    Ok(writer.png)
}

struct Writer<'a> {
    png: Vec<u8>,
    plan: &'a Plan,
    colors: Colors,
    /// Frame controls so far.
    frames: u32,
    /// Numbers given so far to the chunks of an animation.
    numbers: u32,
    /// What is known of the frames that were not begun yet.
    proven: std::slice::Iter<'a, Pixels>,
    /// The chunks that the next frame will begin with, if one may begin.
    ahead: Option<[u8; 4]>,
    stream: Option<Stream>,
}

/// The compressed data of a frame.
struct Stream {
    /// The chunks that they lie in.
    name: [u8; 4],
    data: Data,
}

enum Data {
    /// So many bytes are still to be copied.
    Copied(usize),
    /// They are gathered until all are there, to be compressed anew.
    Gathered { data: Vec<u8>, inflated: usize },
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
        let is_of = |stream: &Stream| stream.name == chunk.name;
        if !self.stream.as_ref().is_some_and(is_of) {
            self.end_stream()?;
        }
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
                self.pixels(*b"IDAT", chunk.data)
            }
            b"fcTL" if is_animated => self.control(chunk.data),
            // A decoder stops at the number of frames that was declared.
            b"fdAT" if is_animated && self.frames <= self.plan.frames => {
                self.pixels(*b"fdAT", chunk.data.get(4..).unwrap_or_default())
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
        if self.frames > 1 {
            self.ahead = Some(*b"fdAT");
        }
        let [_, _, _, _, control @ ..] = control;
        self.write_numbered(*b"fcTL", &control)
    }

    /// Takes data of a frame. Those of a frame that nobody asked for, or that lie
    /// apart from the rest of theirs, no decoder sees.
    fn pixels(&mut self, name: [u8; 4], data: &[u8]) -> Result<(), Error> {
        if self.stream.is_none() && self.ahead == Some(name) {
            self.ahead = None;
            let size = |bytes: u64| usize::try_from(bytes).map_err(Error::internal("encode"));
            self.stream = match self.proven.next() {
                None => None,
                Some(Pixels::Clean { len }) => Some(Data::Copied(size(*len)?)),
                Some(Pixels::Unclean { inflated }) => Some(Data::Gathered {
                    data: Vec::new(),
                    inflated: size(*inflated)?,
                }),
            }
            .map(|data| Stream { name, data });
        }
        let data = match self.stream.as_mut().map(|stream| &mut stream.data) {
            None => return Ok(()),
            Some(Data::Gathered { data: all, .. }) => {
                return Ok(append(all, data)?);
            }
            Some(Data::Copied(left)) => {
                let data = data.get(..*left).unwrap_or(data);
                *left = left.saturating_sub(data.len());
                data
            }
        };
        self.write_pixels(name, data)
    }

    fn end_stream(&mut self) -> Result<(), Error> {
        let Some(Stream {
            name,
            data: Data::Gathered { data, inflated },
        }) = self.stream.take()
        else {
            return Ok(());
        };
        let all = match decompress_to_vec_zlib_with_limit(&data, inflated) {
            Ok(all) => all,
            // There is more, or the checksum is wrong.
            Err(error) => error.output,
        };
        let pixels = (all.get(..inflated))
            .ok_or_else(|| Error::internal("encode")("pixels that were there are gone"))?;
        self.write_pixels(name, &compress_to_vec_zlib(pixels, LEVEL))
    }

    fn write_pixels(&mut self, name: [u8; 4], data: &[u8]) -> Result<(), Error> {
        match (&name, data) {
            (_, []) => Ok(()),
            (b"fdAT", data) => self.write_numbered(name, data),
            (_, data) => self.write(name, data),
        }
    }

    /// Writes a chunk of an animation, whose chunks are numbered.
    fn write_numbered(&mut self, name: [u8; 4], data: &[u8]) -> Result<(), Error> {
        let number = self.numbers.to_be_bytes();
        self.numbers = self.numbers.saturating_add(1);
        self.write(name, &[&number, data].concat())
    }

    fn write_some(&mut self, name: [u8; 4], data: &[u8], most: usize) -> Result<(), Error> {
        match most {
            0 => Ok(()),
            most => self.write(name, data.get(..most).unwrap_or(data)),
        }
    }

    fn write(&mut self, name: [u8; 4], data: &[u8]) -> Result<(), Error> {
        png::write(&mut self.png, name, &[data])
    }
}
