//! JPEG: tables, frame and scans (ITU-T T.81, annex B), written from what was decoded. No byte of
//! the file is copied.
//!
//! Only the tables in use are written. The scans are Huffman-coded again, with the shortest tables
//! and without restart markers, in the same form as the encoder's.

#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

mod quantization;
mod scans;

use crate::container::frame::{Coding, Frame, Transform};
use crate::container::jpeg::marker;
use crate::container::jpeg::write::{self, Colors, FrameComponent};
use crate::decode::{Proven, Transcript};
use crate::error::Error;
use crate::memory::reserve;

use quantization::Tables;
use scans::write_scan;

pub(super) fn rewrite(proven: &Proven<'_>) -> Result<Vec<u8>, Error> {
    let transcript = (proven.transcript.as_ref())
        .ok_or_else(|| Error::internal("encode")("a JPEG that was not transcribed"))?;
    let mut file = Vec::new();
    // Hardly ever is more written than was there.
    reserve(&mut file, proven.file.len())?;
    let colors = match transcript.frame.transform {
        Transform::Rgb => Colors::Rgb,
        _ => Colors::Jfif,
    };
    write::start(&mut file, colors)?;
    write_frame(&mut file, transcript)?;
    for scan in &transcript.scans {
        file = write_scan(file, scan)?;
    }
    write::end(&mut file)?;
    Ok(file)
}

/// Writes the quantization tables and the frame header.
fn write_frame(file: &mut Vec<u8>, transcript: &Transcript) -> Result<(), Error> {
    let frame = &transcript.frame;
    let tables = Tables::of(&transcript.components);
    for (destination, steps) in (0..).zip(&tables.steps) {
        write::quantization(file, destination, steps)?;
    }
    let marker = match frame.coding() {
        Coding::Progressive => marker::SOF2,
        Coding::Sequential if tables.steps.iter().any(write::is_wide) => marker::SOF1,
        Coding::Sequential => marker::SOF0,
    };
    let edge = |edge| u16::try_from(edge).map_err(Error::internal("encode"));
    let size = [edge(frame.width)?, edge(frame.height)?];
    write::frame(file, marker, size, &components(frame, &tables)?)
}

fn components(frame: &Frame, tables: &Tables) -> Result<Vec<FrameComponent>, Error> {
    let components = frame.components.iter().zip(&tables.destinations);
    components
        .map(|(component, &quantization)| {
            // Where there is one component, its factors mean nothing.
            let factor = |factor| match frame.components.len() {
                1 => Ok(1),
                _ => u8::try_from(factor).map_err(Error::internal("encode")),
            };
            Ok(FrameComponent {
                horizontal: factor(component.horizontal)?,
                vertical: factor(component.vertical)?,
                quantization,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
