//! PNG chunks, still and animated (W3C PNG, third edition).

use std::num::NonZeroU32;
use std::time::Duration;

use super::cover::{After, Cover};
use super::png_color::ColorChunks;
use super::{Color, ColorModel, Delays, Format, Info, Loops, exif, size};
use crate::container::png::{Chunk, SIGNATURE_LEN, delay};
use crate::container::reader::Reader;
use crate::error::Error;
use crate::geometry::Rect;

pub(super) fn probe(bytes: &[u8]) -> Result<Info, Error> {
    let mut reader = Reader::new(bytes);
    reader.take(SIGNATURE_LEN);
    let mut info = header(bytes, &mut reader)?;
    let mut animation = Animation::default();
    let mut color = ColorChunks::default();
    let mut fallback = false;
    let (mut has_palette, mut has_pixels, mut has_exif) = (false, false, false);
    while let Some(chunk) = Chunk::next(&mut reader) {
        match &chunk.name {
            b"IDAT" => {
                // A default image before the first frame control is no frame.
                fallback |= !has_pixels && animation.controls == 0;
                has_pixels = true;
            }
            b"IEND" => {
                info.terminated = true;
                break;
            }
            b"PLTE" => has_palette = true,
            b"tRNS" => info.color.alpha = true,
            name if ColorChunks::is_one(*name) && !has_palette && !has_pixels => {
                color.take(&chunk);
            }
            b"eXIf" => {
                let is_first = !has_exif && !has_pixels && chunk.is_intact();
                let exif = exif::parse(chunk.data);
                if is_first {
                    has_exif = true;
                    info.orientation = exif.orientation;
                }
                info.metadata.exif = true;
                info.metadata.gps |= exif.gps;
            }
            b"acTL" if !has_pixels && chunk.is_intact() => animation.declare(chunk.data),
            b"fcTL" if chunk.is_intact() => animation.control(chunk.data),
            b"iTXt" if chunk.data.starts_with(b"XML:com.adobe.xmp") => info.metadata.xmp = true,
            b"tEXt" | b"zTXt" | b"iTXt" => info.metadata.text = true,
            name if !is_picture(*name) => info.metadata.other = true,
            _ => {}
        }
        if !is_picture(chunk.name) {
            info.metadata.count(chunk.data);
        }
    }
    if !has_pixels {
        return Err(if info.terminated {
            Error::malformed(Format::Png, "no picture", reader.at())
        } else {
            Error::truncated(Format::Png, reader.at())
        });
    }
    if info.terminated {
        info.trailing_bytes = reader.rest().len() as u64;
    }
    animation.describe(&mut info, fallback);
    info.color.space = color.space(info.color.model);
    info.color.profile = color.into_profile();
    Ok(info)
}

/// Whether a chunk says how the picture looks, and is no metadata.
fn is_picture(name: [u8; 4]) -> bool {
    const PICTURE: [&[u8; 4]; 16] = [
        b"IDAT", b"fdAT", b"fcTL", b"acTL", b"PLTE", b"tRNS", b"iCCP", b"sRGB", b"gAMA", b"cHRM",
        b"cICP", b"sBIT", b"bKGD", b"pHYs", b"mDCV", b"cLLI",
    ];
    PICTURE.contains(&&name) || &name == b"hIST" || &name == b"IEND"
}

/// The chunk IHDR (section 11.2.1).
fn header(bytes: &[u8], reader: &mut Reader<'_>) -> Result<Info, Error> {
    let offset = reader.at();
    let malformed = |problem| Error::malformed(Format::Png, problem, offset);
    let chunk = Chunk::next(reader).ok_or_else(|| Error::truncated(Format::Png, offset))?;
    if &chunk.name != b"IHDR" {
        return Err(malformed("first chunk is not IHDR"));
    }
    let mut fields = Reader::new(chunk.data);
    let mut read = || {
        let edges = (fields.u32_be()?, fields.u32_be()?);
        Some((edges, fields.array::<5>()?))
    };
    let ((width, height), rest) = read().ok_or_else(|| malformed("IHDR too short"))?;
    let [depth, color_type, compression, filter, interlace] = rest;
    let (model, alpha) = match (color_type, depth) {
        (0, 1 | 2 | 4 | 8 | 16) => (ColorModel::Gray, false),
        (2, 8 | 16) => (ColorModel::Rgb, false),
        (3, 1 | 2 | 4 | 8) => (ColorModel::Palette, false),
        (4, 8 | 16) => (ColorModel::Gray, true),
        (6, 8 | 16) => (ColorModel::Rgb, true),
        _ => return Err(malformed("no such colour type and depth")),
    };
    if compression != 0 || filter != 0 || interlace > 1 {
        return Err(malformed("no such compression, filter or interlace method"));
    }
    let color = Color {
        model,
        bit_depth: depth,
        alpha,
        profile: None,
        space: None,
    };
    let size = size(Format::Png, width, height, offset)?;
    let mut info = Info::still(Format::Png, bytes, size, color);
    info.interlaced = interlace == 1;
    Ok(info)
}

/// Rounds to microseconds: nanoseconds are what delays lost or won when they were
/// rounded, each by itself.
fn in_micros(duration: Duration) -> Duration {
    let nanos = duration.as_nanos().saturating_add(500);
    Duration::from_micros(u64::try_from(nanos / 1000).unwrap_or(u64::MAX))
}

/// What the chunks acTL and fcTL say (sections 11.3.6.1 and 11.3.6.2), which
/// may come in either order.
#[derive(Default)]
struct Animation {
    /// The number of frames and of plays, if this is an animation.
    declared: Option<(u32, u32)>,
    controls: u32,
    delays: Delays,
    first: Option<Rect>,
    cover: Cover,
}

impl Animation {
    fn declare(&mut self, chunk: &[u8]) {
        let mut fields = Reader::new(chunk);
        let mut read = || Some((fields.u32_be()?, fields.u32_be()?));
        let declared = read().filter(|&(frames, _)| frames > 0);
        self.declared = self.declared.or(declared);
    }

    fn control(&mut self, chunk: &[u8]) {
        if self
            .declared
            .is_some_and(|(frames, _)| self.controls == frames)
        {
            return; // a decoder stops at the number that was declared
        }
        let mut fields = Reader::new(chunk);
        let mut read = || {
            fields.take(4)?; // number
            let (width, height) = (fields.u32_be()?, fields.u32_be()?);
            let (x, y) = (fields.u32_be()?, fields.u32_be()?);
            let rect = Rect {
                x,
                y,
                width,
                height,
            };
            Some((rect, (fields.u16_be()?, fields.u16_be()?), fields.u8()))
        };
        let Some((rect, (numerator, denominator), dispose)) = read() else {
            return;
        };
        self.controls = self.controls.saturating_add(1);
        self.delays.add(delay(numerator, denominator));
        self.first.get_or_insert(rect);
        self.cover.add(
            rect,
            match dispose {
                Some(1) => After::Cleared,
                Some(2) => After::TakenBack,
                _ => After::Stays,
            },
        );
    }

    fn describe(self, info: &mut Info, fallback: bool) {
        let Some((_, plays)) = self.declared.filter(|_| self.controls > 0) else {
            return; // nothing but the default image
        };
        info.frames = self.controls;
        // Beside and behind frames, the canvas is transparent.
        let is_whole = self.first == Some(Rect::covering(info.stored));
        info.color.alpha |= info.is_animated() && (self.cover.is_broken || !is_whole);
        info.loops = NonZeroU32::new(plays).map_or(Loops::Forever, Loops::Times);
        info.default_image_apart = fallback;
        if info.is_animated() {
            info.duration = in_micros(self.delays.total);
            info.short_delays = self.delays.raised;
        }
    }
}
