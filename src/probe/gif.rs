//! GIF blocks, walked without unpacking a pixel.

use std::num::NonZeroU32;

use super::cover::{After, Cover};
use super::{Color, ColorModel, Delays, Format, Info, Loops, icc, size};
use crate::container::gif::{Application, Block, Control, Disposal, Image, Screen, SubBlocks};
use crate::container::reader::Reader;
use crate::error::Error;
use crate::geometry::{Rect, Size};

pub(super) fn probe(bytes: &[u8]) -> Result<Info, Error> {
    let mut reader = Reader::new(bytes);
    let screen =
        Screen::read(&mut reader).ok_or_else(|| Error::truncated(Format::Gif, bytes.len()))?;
    let mut blocks = Seen::default();
    let terminated = loop {
        match Block::next(&mut reader) {
            Some(Block::Trailer) => break true,
            Some(block) => blocks.add(&block),
            None => break false,
        }
    };
    let Some(first) = blocks.first else {
        return Err(if reader.rest().is_empty() && !terminated {
            Error::truncated(Format::Gif, reader.at())
        } else {
            Error::malformed(Format::Gif, "no frame", reader.at())
        });
    };

    let size = canvas(screen, first)?;
    let palettes = [screen.palette.len(), blocks.palette_len];
    let color = Color {
        model: ColorModel::Palette,
        bit_depth: bits(palettes.into_iter().max().unwrap_or(0) / 3),
        alpha: blocks.transparent || blocks.cover.is_broken || !covers(first.rect, size),
        profile: blocks.icc.map(|icc| icc::describe(&icc)),
        // No viewer heeds a profile in a GIF.
        space: None,
    };
    let mut info = Info::still(Format::Gif, bytes, size, color);
    info.interlaced = first.interlaced;
    info.frames = blocks.frames;
    info.largest_frame = blocks.largest;
    info.frames_pixels = blocks.pixels;
    info.metadata = blocks.metadata;
    info.terminated = terminated;
    info.trailing_bytes = reader.rest().len() as u64;
    if info.is_animated() {
        info.duration = blocks.delays.total;
        info.short_delays = blocks.delays.raised;
        info.loops = blocks.loops.unwrap_or(info.loops);
    }
    Ok(info)
}

/// The size of the canvas: the screen, and what of the first frame is outside of
/// it. Writers of old left the screen at 0x0 or too small, and browsers, Pillow
/// and libvips show the first frame whole all the same. Later frames are cut off.
fn canvas(screen: Screen<'_>, first: Image<'_>) -> Result<Size, Error> {
    let width = u32::from(screen.width).max(first.rect.x.saturating_add(first.rect.width));
    let height = u32::from(screen.height).max(first.rect.y.saturating_add(first.rect.height));
    size(Format::Gif, width, height, 6)
}

/// Whether the frame leaves no pixel of the canvas uncovered.
fn covers(frame: Rect, canvas: Size) -> bool {
    let Rect {
        x,
        y,
        width,
        height,
    } = frame;
    x == 0 && y == 0 && width >= canvas.width() && height >= canvas.height()
}

/// Bits of an index into so many colours.
fn bits(colors: usize) -> u8 {
    match colors {
        0 => 8, // no palette: any index
        colors => u8::try_from(colors.ilog2()).unwrap_or(8),
    }
}

/// What a walk over the blocks saw.
#[derive(Default)]
struct Seen<'a> {
    first: Option<Image<'a>>,
    frames: u32,
    /// Bytes of the longest local palette.
    palette_len: usize,
    transparent: bool,
    cover: Cover,
    /// Pixels of the largest frame, and of all.
    largest: u64,
    pixels: u64,
    /// The control before the next image.
    control: Control,
    delays: Delays,
    loops: Option<Loops>,
    metadata: super::Metadata,
    icc: Option<Vec<u8>>,
}

impl<'a> Seen<'a> {
    fn add(&mut self, block: &Block<'a>) {
        match block {
            Block::Image(image) => self.image(*image),
            Block::Control(control) => self.control = *control,
            Block::Application(application) => self.application(application),
            Block::Text(data) => {
                self.metadata.text = true;
                self.count(*data);
            }
            Block::Unknown(data) => {
                self.metadata.other = true;
                self.count(*data);
            }
            Block::Trailer => {}
        }
    }

    fn count(&mut self, data: SubBlocks<'_>) {
        self.metadata.count(data.raw);
    }

    fn image(&mut self, image: Image<'a>) {
        let control = std::mem::take(&mut self.control);
        self.first.get_or_insert(image);
        self.frames = self.frames.saturating_add(1);
        self.palette_len = self.palette_len.max(image.palette.len());
        self.transparent |= control.transparent.is_some();
        self.cover.add(
            image.rect,
            match control.disposal {
                Disposal::Keep => After::Stays,
                Disposal::Background => After::Cleared,
                Disposal::Previous => After::TakenBack,
            },
        );
        let pixels = u64::from(image.rect.width).saturating_mul(image.rect.height.into());
        self.largest = self.largest.max(pixels);
        self.pixels = self.pixels.saturating_add(pixels);
        self.delays.add(control.delay);
    }

    fn application(&mut self, application: &Application<'_>) {
        if let Some(repeats) = application.repeats() {
            self.loops = Some(match repeats {
                0 => Loops::Forever,
                repeats => Loops::Times(NonZeroU32::MIN.saturating_add(repeats.into())),
            });
            return;
        }
        match application.name {
            b"ICCRGBG1012" => return self.icc = Some(application.data.concat(icc::MAX_BYTES)),
            b"XMP DataXMP" => self.metadata.xmp = true,
            _ => self.metadata.other = true,
        }
        self.count(application.data);
    }
}
