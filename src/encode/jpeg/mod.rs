//! A baseline JPEG encoder that starts from sample planes (ITU-T T.81, sequential DCT, 8 bits).
//!
//! ```text
//! Plane -> Component -> Block (fdct) -> Coefficients (quantize) -> Token (token) -> bits -> bytes
//! ```
//!
//! The scan is walked once, on several threads if the plan allows it. Every row of MCUs becomes
//! tokens, a token being a Huffman symbol with its additional bits. The tokens are kept and their symbols counted; when the best tables are
//! known, all of them are written.
//!
//! All arithmetic is in integers, so equal planes give equal bytes on every machine.

#![expect(
    clippy::inline_always,
    reason = "run-time dispatch compiles only what is inlined into it for the wider instructions"
)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "samples, coefficients and codes have known ranges, and lanes are as narrow as those allow"
)]
#![expect(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "what is indexed are arrays of fixed length, by what this module itself has computed"
)]

mod component;
mod fdct;
mod marker;
mod plane;
mod quantize;
mod scan;
mod token;
mod ycbcr;

use crate::container::jpeg::write;
use crate::error::Error;
use crate::huffman::{BitWriter, Frequencies, TableSet, Token};
use crate::memory::{append, reserve};
use crate::options::Quality;
use crate::plan::Plan;
use crate::raster::{Frame, Layout, Plane};
use crate::threads;

use component::Component;
use plane::PlaneRef;
use scan::Scan;

/// Writes a canvas as a JFIF file, chroma at half the resolution along both
/// axes, with the Huffman tables that suit this very picture best.
///
/// Against the typical tables of T.81, K.3, photos of 1024 by 1024 pixels at
/// quality 85 take about 10 % more time to write and 0.6 to 7 % fewer bytes.
pub(super) fn still(frame: &Frame<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    let raster = frame.raster;
    match (raster.layout, &raster.planes[..]) {
        (Layout::Gray, [gray]) => encode(&[Component::gray(PlaneRef::of(gray)?)], plan),
        (Layout::YCbCr, planes) => encode_planes(planes, plan),
        (Layout::Rgb, [rgb]) => encode_planes(&ycbcr::from_rgb(rgb)?, plan),
        _ => Err(Error::internal("encode")("a JPEG can't hold this canvas")),
    }
}

fn encode_planes(planes: &[Plane], plan: &Plan) -> Result<Vec<u8>, Error> {
    let [luma, cb, cr] = planes else {
        return Err(Error::internal("encode")("three planes expected"));
    };
    let planes = [PlaneRef::of(luma)?, PlaneRef::of(cb)?, PlaneRef::of(cr)?];
    encode(&Component::ycbcr(planes)?, plan)
}

fn encode(components: &[Component<'_>], plan: &Plan) -> Result<Vec<u8>, Error> {
    let rows = threads::ranges(0..Scan::rows(components), plan.threads);
    let parts = threads::each(rows, |rows| {
        tokens(Scan::new(components, plan.quality, rows)?)
    })?;
    let mut frequencies = Frequencies::default();
    for (_, part) in &parts {
        frequencies.add(part);
    }
    let tables = TableSet::optimised(&frequencies);
    let file = headers(components, plan.quality, &tables)?;
    let mut bits = BitWriter::new(file);
    for (tokens, _) in &parts {
        bits.write(tokens, &tables.codes())?;
    }
    let mut file = bits.finish()?;
    write::end(&mut file)?;
    Ok(file)
}

fn headers(
    components: &[Component<'_>],
    quality: Quality,
    tables: &TableSet,
) -> Result<Vec<u8>, Error> {
    let mut file = Vec::new();
    reserve(&mut file, marker::HEADER_BYTES)?;
    marker::write_headers(&mut file, components, quality, tables)?;
    Ok(file)
}

/// All tokens of the scan and how often each symbol is among them. They take 4 bytes each: about 1
/// MB for a photo of 1024 by 1024 pixels at quality 85, and 4 bytes a sample at the very most.
fn tokens(mut scan: Scan<'_>) -> Result<(Vec<Token>, Frequencies), Error> {
    let mut tokens = Vec::new();
    let mut frequencies = Frequencies::default();
    while let Some(row) = scan.next_row() {
        frequencies.count(row);
        append(&mut tokens, row)?;
    }
    Ok((tokens, frequencies))
}
