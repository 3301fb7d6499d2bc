//! PNG chunks, still and animated (W3C PNG, third edition).

use std::num::NonZeroU32;

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::cover::{After, Cover};
use super::{Color, ColorModel, Delays, Format, Info, Loops, Profile, exif, icc, size};
use crate::color::{self, ColorSpace};
use crate::container::png::{Chunk, SIGNATURE_LEN, delay};
use crate::container::reader::Reader;
use crate::error::Error;
use crate::geometry::Rect;

pub(super) fn probe(bytes: &[u8]) -> Result<Info, Error> {
    let mut reader = Reader::new(bytes);
    reader.take(SIGNATURE_LEN);
    let mut info = header(bytes, &mut reader)?;
    let mut animation = Animation::default();
    let mut spaces = Spaces::default();
    let mut fallback = false;
    let mut has_pixels = false;
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
            b"tRNS" => info.color.alpha = true,
            b"iCCP" | b"cICP" | b"sRGB" | b"gAMA" | b"cHRM" => spaces.take(&chunk),
            b"eXIf" => {
                let exif = exif::parse(chunk.data);
                info.orientation = exif.orientation;
                info.metadata.exif = true;
                info.metadata.gps = exif.gps;
            }
            b"acTL" if !has_pixels => animation.declare(chunk.data),
            b"fcTL" => animation.control(chunk.data),
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
    info.color.space = spaces.space(info.color.model);
    info.color.profile = spaces.profile;
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

/// What the chunks before the pixels say about colour (section 4.3).
#[derive(Default)]
struct Spaces {
    cicp: Option<(u8, u8)>,
    profile: Option<Profile>,
    icc: Vec<u8>,
    is_srgb: bool,
    gamma: Option<u32>,
    chromaticities: Option<[u32; 8]>,
}

impl Spaces {
    fn take(&mut self, chunk: &Chunk<'_>) {
        let mut fields = Reader::new(chunk.data);
        match &chunk.name {
            b"cICP" => {
                // The matrix must be that of RGB, the range full (section 11.3.2.6).
                if let Some([primaries, transfer, 0, 1]) = fields.array() {
                    self.cicp = Some((primaries, transfer));
                }
            }
            // There may be one. To inflate more of them, megabytes of a few kilobytes
            // each, would be work without a bound.
            b"iCCP" if self.profile.is_none() => _ = self.profile(chunk.data),
            b"iCCP" => {}
            b"sRGB" => self.is_srgb = true,
            b"gAMA" => self.gamma = fields.u32_be(),
            _ => {
                let mut values = [0; 8];
                let read = values.iter_mut().try_for_each(|value| {
                    *value = fields.u32_be()?;
                    Some(())
                });
                self.chromaticities = read.map(|()| values);
            }
        }
    }

    /// Reads the chunk iCCP (section 11.3.2.3): a name that makers leave at "icc"
    /// or the like, a NUL, the method 0, and the profile in zlib's format.
    fn profile(&mut self, chunk: &[u8]) -> Option<()> {
        let nul = memchr::memchr(0, chunk)?;
        let deflated = chunk.get(nul.checked_add(2)?..)?;
        match decompress_to_vec_zlib_with_limit(deflated, icc::MAX_BYTES) {
            Ok(profile) => {
                self.profile = Some(icc::describe(&profile));
                self.icc = profile;
            }
            Err(error) if error.output.len() >= icc::MAX_BYTES => {
                self.profile = Some(icc::unread(error.output.len()));
            }
            Err(error) => self.profile = Some(icc::describe(&error.output)),
        }
        Some(())
    }

    /// The one that counts: cICP before iCCP before sRGB before gAMA and cHRM
    /// (section 4.3).
    fn space(&self, model: ColorModel) -> Option<ColorSpace> {
        if let Some((primaries, transfer)) = self.cicp {
            return color::of_cicp(primaries, transfer);
        }
        if !self.icc.is_empty() {
            return color::of_profile(&self.icc, model);
        }
        if self.is_srgb {
            return None;
        }
        color::of_gamma(self.gamma, self.chromaticities, model)
    }
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
        self.declared = read().filter(|&(frames, _)| frames > 0);
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
            info.duration = self.delays.total;
            info.short_delays = self.delays.raised;
        }
    }
}
