//! Goes through a whole file: tables, scans, and its end.

use super::ahead;
use super::canvas::Canvas;
use super::entropy::CAPACITY;
use super::error::{Error, ErrorKind};
use super::huffman::DcTable;
use super::layout::{self, Part};
use super::pairs::AcTable;
use super::picture::{Offsets, Picture};
use super::scan::{Grid, Scan};
use super::sequential::strip_bytes;
use super::store::Store;
use super::tables::Tables;
use super::transcription::history_len;
use super::{Decoded, Settings};
use crate::container::frame::{Coding, Frame};
use crate::container::jpeg::{Segment, SegmentError, marker};
use crate::container::reader::Reader;
use crate::geometry::{Rect, Size};
use crate::huffman::Token;
use crate::plan::{Plan, Request};
use std::num::NonZeroUsize;

const OUTSIDE: Error = Error {
    kind: ErrorKind::Internal,
    message: "region outside the picture",
    offset: None,
};

/// Enough for the small lists of components and blocks, and what the allocator adds.
const LISTS: u64 = 16 * 1024;

/// The most tokens of a block while it is read.
const ROW_TOKENS: u64 = 2 * 64 + 8;

/// What any picture takes: four tables of each sort, the decoder, and unstuffed data.
const FIXED: u64 = {
    let tables = 4 * (size_of::<AcTable>() + size_of::<DcTable>());
    (tables + size_of::<Decoder<'_>>() + CAPACITY) as u64 + LISTS
};

/// The most memory in bytes that [`decode`] takes for this plan, its result included.
///
/// It is an upper bound that is close for pictures of a megapixel or more. Decoding fails before it
/// takes anything if the region is not in the picture, so that counts as 0. `coded_bytes` are those
/// of the file that may be the picture.
#[must_use]
pub(crate) fn working_bytes(frame: &Frame, plan: &Plan, coded_bytes: u64) -> u64 {
    if plan.pass_through {
        return transcript_bytes(frame, coded_bytes);
    }
    let Some(parts) = layout::parts(frame, &plan.request) else {
        return 0;
    };
    let planes: u64 = (frame.components.iter().zip(&parts).enumerate())
        .map(|(number, (component, part))| Canvas::bytes(number, part, component.vertical, plan))
        .sum();
    let work: u64 = match frame.coding() {
        Coding::Sequential => (frame.components.iter().zip(&parts))
            .map(|(component, part)| {
                strip_bytes(component.horizontal, component.vertical, part.edge)
            })
            .sum::<u64>()
            .saturating_add(ahead_bytes(frame, &parts, plan.threads)),
        Coding::Progressive => parts.iter().map(Store::bytes).sum(),
    };
    planes.saturating_add(work).saturating_add(FIXED)
}

/// The same where what is coded is kept. A token takes a bit of the file at least.
fn transcript_bytes(frame: &Frame, coded_bytes: u64) -> u64 {
    let Some(parts) = everything(frame).and_then(|all| layout::parts(frame, &all)) else {
        return 0;
    };
    let (columns, rows) = frame.units();
    let in_unit: u64 = (frame.components.iter())
        .map(|component| u64::from(component.horizontal.saturating_mul(component.vertical)))
        .sum();
    let of_row = (u64::from(columns).saturating_mul(in_unit)).saturating_mul(ROW_TOKENS);
    let bits = coded_bytes.saturating_mul(8);
    let (tokens, histories): (u64, u64) = match frame.coding() {
        Coding::Sequential => (of_row.saturating_mul(rows.into()).min(bits), 0),
        Coding::Progressive => {
            let blocks: usize = parts.iter().map(history_len).sum();
            (bits, blocks as u64)
        }
    };
    (tokens.saturating_add(of_row))
        .saturating_mul(size_of::<Token>() as u64)
        .saturating_add(histories.saturating_mul(size_of::<u64>() as u64))
        .saturating_add(FIXED)
}

/// What is asked for where pixels pass through: all coefficients.
fn everything(frame: &Frame) -> Option<Request> {
    let whole = Size::new(frame.width, frame.height)?;
    Some(Request {
        region: Rect::covering(whole),
        at_least: whole,
        chroma_at_least: whole,
    })
}

/// What pieces take that threads read ahead; more threads than there can be are asked for
/// by nobody but a caller's mistake, and take more than any limit.
fn ahead_bytes(frame: &Frame, parts: &[Part], threads: NonZeroUsize) -> u64 {
    let others = (threads.get() as u64).saturating_sub(1);
    let (columns, rows) = frame.units();
    let units = u64::from(columns).saturating_mul(rows.into());
    let components = (frame.components.iter().zip(parts))
        .map(|(component, part)| (part.edge, component.horizontal, component.vertical));
    // Hostile data may seem to hold all units in each piece.
    others.saturating_mul(ahead::bytes(units, components).saturating_add(CAPACITY as u64))
}

/// Decodes what the plan wants of the file that `frame` was read from.
///
/// # Errors
/// See [`ErrorKind`]. With [`Settings::tolerate`], faults of entropy-coded data and what follows
/// the first scan are reported in [`Decoded::fault`] instead.
pub(super) fn decode(
    bytes: &[u8],
    frame: &Frame,
    plan: &Plan,
    settings: &Settings,
) -> Result<Decoded, Error> {
    let request = if settings.transcribe {
        everything(frame).ok_or(OUTSIDE)?
    } else {
        plan.request
    };
    let parts = layout::parts(frame, &request).ok_or(OUTSIDE)?;
    if !settings.tolerate && least_bits(&parts) > (bytes.len() as u64).saturating_mul(8) {
        return Err(Error::truncated("fewer bits than blocks", bytes.len()));
    }
    let picture = Picture::new(bytes, frame, parts, plan, settings)?;
    let tables = Tables::default();
    let mut decoder = Decoder {
        bytes,
        frame,
        tables,
        picture,
        is_begun: false,
    };
    decoder.run()?;
    decoder.picture.finish()
}

/// The least bits that the wanted blocks and those before them can have: one each, which
/// is the shortest code of a DC coefficient. Memory goes by the blocks, so that few bytes
/// that claim many are better refused before it is taken.
fn least_bits(parts: &[Part]) -> u64 {
    (parts.iter())
        .map(|part| u64::from(part.size_in_blocks.width).saturating_mul(part.blocks.y.end.into()))
        .sum()
}

struct Decoder<'a> {
    bytes: &'a [u8],
    frame: &'a Frame,
    tables: Tables,
    picture: Picture<'a>,
    /// Whether some scan was decoded, or at least tried.
    is_begun: bool,
}

impl Decoder<'_> {
    /// Reads segments and scans up to the end, or to where nothing is missing any more.
    fn run(&mut self) -> Result<(), Error> {
        let mut reader = Reader::new(self.bytes);
        reader.take(2); // SOI, as probed
        loop {
            let step = Segment::next(&mut reader)
                .map_err(broken)
                .and_then(|segment| self.step(&mut reader, segment));
            match step {
                Ok(true) => {}
                Ok(false) => return self.picture.check(reader.at()),
                // The file may be whole all the same.
                Err(error) if error.is_ours() => return Err(error),
                Err(_) if self.picture.is_exact() => return Ok(()),
                Err(error) if self.is_begun => return self.picture.tolerate(error),
                Err(error) => return Err(error),
            }
        }
    }

    /// Obeys one segment, and tells whether to go on.
    fn step(&mut self, reader: &mut Reader<'_>, segment: Segment<'_>) -> Result<bool, Error> {
        match segment.marker {
            marker::SOS => {
                let scan = Scan::read(segment, self.frame)?;
                let grid = Grid::new(self.frame, self.picture.parts(), &scan, segment.offset)?;
                self.is_begun = true;
                let at = Offsets {
                    header: segment.offset,
                    data: reader.at(),
                };
                self.picture.scan(&mut self.tables, &scan, &grid, at)?;
                reader.resume(self.picture.offset());
                let all_there =
                    self.frame.coding() == Coding::Sequential && self.picture.is_exact();
                return Ok(!all_there);
            }
            marker::EOI => return Ok(false),
            marker::SOI => return Err(Error::malformed("second start of image", segment.offset)),
            marker::DHT => self.tables.define_huffman(segment)?,
            marker::DQT => self.tables.define_quantisation(segment)?,
            marker::DRI => {
                let &[high, low] = segment.payload else {
                    return Err(Error::malformed(
                        "restart interval of wrong length",
                        segment.offset,
                    ));
                };
                self.tables.interval = u32::from(u16::from_be_bytes([high, low]));
            }
            // The frame and application data were read with the header; restart markers and
            // unread data may be left over from a scan that did not need all of its units.
            marker::DAC
            | marker::DNL
            | marker::COM
            | marker::TEM
            | marker::JPG0..=marker::JPG13
            | marker::APP0..=marker::APP15
            | marker::RST0..=marker::RST7 => {}
            marker::SOF0..=marker::SOF15 if !self.is_begun => {}
            marker::SOF0..=marker::SOF15 => {
                return Err(Error::malformed("second frame", segment.offset));
            }
            _ => return Err(Error::malformed("unknown marker", segment.offset)),
        }
        Ok(true)
    }
}

fn broken(error: SegmentError) -> Error {
    match error {
        SegmentError::Truncated { offset } => Error::truncated("no end of image", offset),
        SegmentError::TooShort { offset } => Error::malformed("segment too short", offset),
    }
}
