//! What stands before the pixels: IHDR, PLTE and tRNS (W3C PNG, section 11).

use super::expand::Expand;
use super::source::Source;
use crate::error::Error;
use crate::geometry::Size;
use crate::raster::Layout;

/// How pixels are stored, and how they are handed out.
pub(super) struct Header<'a> {
    pub(super) size: Size,
    /// The color type and the bits of a sample.
    pub(super) color: u8,
    pub(super) depth: u8,
    /// PLTE of a picture that has indices.
    pub(super) palette: Option<&'a [u8]>,
    /// tRNS, as far as it counts for the color type.
    pub(super) transparency: Option<&'a [u8]>,
    /// Bits of a pixel as it is stored.
    pub(super) bits: usize,
    pub(super) interlaced: bool,
    pub(super) layout: Layout,
    pub(super) expand: Expand,
}

impl<'a> Header<'a> {
    /// Reads all chunks before the first one with pixels. `control` is shown the
    /// frame control among them, if there is one.
    pub(super) fn read(
        source: &mut Source<'a>,
        mut control: impl FnMut(&mut Source<'_>, &[u8]) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let mut header = None;
        let mut palette = None;
        let mut transparency = None;
        loop {
            let chunk = source.peek()?;
            match &chunk.name {
                b"IDAT" => break,
                b"IEND" => return Err(source.malformed("no picture")),
                b"IHDR" if header.is_none() && chunk.is_intact() => {
                    let fields: [u8; 13] = (chunk.data.try_into())
                        .map_err(|_| source.malformed("wrong length of IHDR"))?;
                    header = Some(fields);
                }
                b"PLTE" if palette.is_none() && chunk.is_intact() => {
                    if !(3..=3 * 256).contains(&chunk.data.len()) {
                        return Err(source.malformed("wrong length of the palette"));
                    }
                    palette = Some(chunk.data);
                }
                b"IHDR" | b"PLTE" if chunk.is_intact() => {
                    return Err(source.malformed("second chunk of a kind"));
                }
                b"IHDR" | b"PLTE" => return Err(source.malformed("wrong checksum of a chunk")),
                // A broken chunk that could be done without is no reason to refuse.
                b"tRNS" if transparency.is_none() && chunk.is_intact() => {
                    let has_palette = palette.is_some();
                    transparency = Some((chunk.data, has_palette));
                }
                b"fcTL" if chunk.is_intact() => control(source, chunk.data)?,
                name if is_critical(*name) => {
                    return Err(source.malformed("unknown critical chunk"));
                }
                _ => {}
            }
            source.skip();
        }
        let header = header.ok_or_else(|| source.malformed("no header"))?;
        let [
            w0,
            w1,
            w2,
            w3,
            h0,
            h1,
            h2,
            h3,
            depth,
            color,
            _,
            _,
            interlace,
        ] = header;
        let [width, height] = [[w0, w1, w2, w3], [h0, h1, h2, h3]].map(u32::from_be_bytes);
        let size =
            Size::new(width, height).ok_or_else(|| source.malformed("an edge of no pixels"))?;
        let samples = match color {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        let palette = match color {
            3 => Some(palette.ok_or_else(|| source.malformed("no palette"))?),
            _ => None,
        };
        let transparency = transparency
            .filter(|&(data, behind_palette)| match (color, data.len()) {
                (0, 2..=256) | (2, 6..=256) => true,
                (3, 1..=256) => behind_palette,
                _ => false,
            })
            .map(|(data, _)| data);
        let (expand, layout) = Expand::new(samples, depth, palette, transparency);
        Ok(Self {
            size,
            color,
            depth,
            palette,
            transparency,
            bits: samples * usize::from(depth),
            interlaced: interlace == 1,
            layout,
            expand,
        })
    }

    /// Bytes of a row of so many pixels, without the number of its filter.
    pub(super) const fn stride(&self, width: u32) -> usize {
        (width as usize * self.bits).div_ceil(8)
    }
}

/// Whether a decoder must know a chunk to show the picture (section 5.4).
pub(super) const fn is_critical([first, ..]: [u8; 4]) -> bool {
    first.is_ascii_uppercase()
}
