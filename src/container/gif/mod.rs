//! GIF blocks (GIF89a specification).

mod file;
mod indices;
mod rows;
mod write;

use std::time::Duration;

pub(crate) use file::{File, Picture};
pub(crate) use indices::{Unpacked, Unpacker};
pub(crate) use rows::Rows;

use super::reader::Reader;
use crate::geometry::Rect;
use crate::memory::{Refused, append};

/// Introducers of blocks (GIF89a, appendix A).
pub(crate) mod introducer {
    pub(crate) const IMAGE: u8 = 0x2C;
    pub(crate) const EXTENSION: u8 = 0x21;
    pub(crate) const TRAILER: u8 = 0x3B;
}

/// Labels of extensions (GIF89a, appendix A).
pub(crate) mod label {
    pub(crate) const GRAPHIC_CONTROL: u8 = 0xF9;
    pub(crate) const COMMENT: u8 = 0xFE;
    pub(crate) const PLAIN_TEXT: u8 = 0x01;
    pub(crate) const APPLICATION: u8 = 0xFF;
}

/// A palette: red, green and blue, 2 to 256 times; empty where there is none.
pub(crate) type Palette<'a> = &'a [u8];

/// The logical screen (section 18) and the global palette (section 19).
#[derive(Clone, Copy)]
pub(crate) struct Screen<'a> {
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) palette: Palette<'a>,
}

impl<'a> Screen<'a> {
    pub(crate) fn read(reader: &mut Reader<'a>) -> Option<Self> {
        reader.take(6)?; // signature and version
        let width = reader.u16_le()?;
        let height = reader.u16_le()?;
        let [flags, _background, _aspect] = reader.array()?;
        Some(Self {
            width,
            height,
            palette: palette(reader, flags)?,
        })
    }
}

/// The palette that the flags announce; an empty one if they announce none.
fn palette<'a>(reader: &mut Reader<'a>, flags: u8) -> Option<Palette<'a>> {
    match flags & 0x80 {
        0 => Some(&[]),
        _ => reader.take(6 << (flags & 7)),
    }
}

/// What stands between the screen and the trailer.
pub(crate) enum Block<'a> {
    /// An image, with all its pixels or with some.
    Image(Image<'a>),
    /// How the next image is shown.
    Control(Control),
    /// An application's block.
    Application(Application<'a>),
    /// A comment, or plain text.
    Text(SubBlocks<'a>),
    /// An extension that nobody knows.
    Unknown(SubBlocks<'a>),
    /// The end.
    Trailer,
}

impl<'a> Block<'a> {
    /// The next block, or `None` where the file ends, or stops making sense,
    /// before one; the reader then stays there. Decoders keep what came before.
    pub(crate) fn next(reader: &mut Reader<'a>) -> Option<Self> {
        let mut ahead = *reader;
        let mut introducer = ahead.u8()?;
        while introducer == 0 {
            introducer = ahead.u8()?; // some writers end their sub-blocks twice
        }
        let block = match introducer {
            introducer::IMAGE => Self::Image(Image::read(&mut ahead)?),
            introducer::EXTENSION => Self::extension(&mut ahead)?,
            introducer::TRAILER => Self::Trailer,
            _ => return None,
        };
        *reader = ahead;
        Some(block)
    }

    fn extension(reader: &mut Reader<'a>) -> Option<Self> {
        let label = reader.u8()?;
        if label == label::APPLICATION {
            let len = reader.u8()?;
            let name = reader.take(len.into())?;
            let data = SubBlocks::read(reader);
            return Some(Self::Application(Application { name, data }));
        }
        let data = SubBlocks::read(reader);
        Some(match label {
            label::GRAPHIC_CONTROL => {
                Control::parse(data).map_or(Self::Unknown(data), Self::Control)
            }
            label::COMMENT | label::PLAIN_TEXT => Self::Text(data),
            _ => Self::Unknown(data),
        })
    }
}

/// An image descriptor (section 20), its palette (21) and its data (22).
#[derive(Clone, Copy)]
pub(crate) struct Image<'a> {
    /// Where it lies on the screen; part of it may be outside.
    pub(crate) rect: Rect,
    pub(crate) interlaced: bool,
    pub(crate) palette: Palette<'a>,
    /// Bits of an index, as the codes begin.
    pub(crate) code_size: u8,
    /// The codes.
    pub(crate) data: SubBlocks<'a>,
}

impl<'a> Image<'a> {
    fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let rect = Rect {
            x: reader.u16_le()?.into(),
            y: reader.u16_le()?.into(),
            width: reader.u16_le()?.into(),
            height: reader.u16_le()?.into(),
        };
        let flags = reader.u8()?;
        Some(Self {
            rect,
            interlaced: flags & 0x40 != 0,
            palette: palette(reader, flags)?,
            code_size: reader.u8()?,
            data: SubBlocks::read(reader),
        })
    }
}

/// A graphic control (section 23).
#[derive(Clone, Copy, Default)]
pub(crate) struct Control {
    pub(crate) disposal: Disposal,
    pub(crate) delay: Duration,
    pub(crate) transparent: Option<u8>,
}

/// What happens to a frame's rectangle after its time.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Disposal {
    /// It stays.
    #[default]
    Keep,
    /// It becomes transparent. The specification says "background colour", but
    /// no viewer of today shows that.
    Background,
    /// What was there before comes back.
    Previous,
}

impl Control {
    fn parse(data: SubBlocks<'_>) -> Option<Self> {
        let [flags, delay_low, delay_high, transparent] = data.first()?.first_chunk().copied()?;
        let hundredths = u16::from_le_bytes([delay_low, delay_high]);
        Some(Self {
            disposal: match flags >> 2 & 7 {
                2 => Disposal::Background,
                // 4 is an old mistake for 3, which browsers understand.
                3 | 4 => Disposal::Previous,
                _ => Disposal::Keep,
            },
            delay: Duration::from_millis(10 * u64::from(hundredths)),
            transparent: (flags & 1 != 0).then_some(transparent),
        })
    }
}

/// An application extension (section 26).
#[derive(Clone, Copy)]
pub(crate) struct Application<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) data: SubBlocks<'a>,
}

impl Application<'_> {
    /// How often the animation is repeated after the first time (0: for ever),
    /// if this is Netscape's block that says so.
    pub(crate) fn repeats(&self) -> Option<u16> {
        if !matches!(self.name, b"NETSCAPE2.0" | b"ANIMEXTS1.0") {
            return None;
        }
        match self.data.first()? {
            [1, low, high, ..] => Some(u16::from_le_bytes([*low, *high])),
            _ => None,
        }
    }
}

/// Data sub-blocks (section 15): lengths and bytes, up to a length of 0.
#[derive(Clone, Copy)]
pub(crate) struct SubBlocks<'a> {
    /// Lengths and bytes as they stand in the file.
    pub(crate) raw: &'a [u8],
    /// Where they begin.
    pub(crate) offset: usize,
    /// Whether the length of 0 is there, and all bytes before it.
    pub(crate) complete: bool,
}

impl<'a> SubBlocks<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        let offset = reader.at();
        let all = reader.rest();
        let complete = loop {
            match reader.u8() {
                Some(0) => break true,
                Some(len) if reader.take(len.into()).is_some() => {}
                _ => {
                    reader.take(reader.rest().len());
                    break false;
                }
            }
        };
        Self {
            raw: all
                .get(..reader.at().saturating_sub(offset))
                .unwrap_or_default(),
            offset,
            complete,
        }
    }

    /// The bytes of one sub-block after the other.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'a [u8]> {
        let mut rest = self.raw;
        std::iter::from_fn(move || {
            let (&len, after) = rest.split_first()?;
            let (block, after) = after.split_at_checked(len.into()).unwrap_or((after, &[]));
            rest = after;
            (!block.is_empty()).then_some(block)
        })
    }

    fn first(self) -> Option<&'a [u8]> {
        self.iter().next()
    }

    /// Puts all bytes in one piece.
    pub(crate) fn join(self, bytes: &mut Vec<u8>) -> Result<(), Refused> {
        bytes.clear();
        (self.iter()).try_for_each(|block| append(bytes, block))
    }

    /// All bytes in one piece, up to about `most`.
    pub(crate) fn concat(self, most: usize) -> Vec<u8> {
        let mut content = Vec::new();
        for block in self.iter() {
            if content.len() > most {
                break;
            }
            content.extend_from_slice(block);
        }
        content
    }
}
