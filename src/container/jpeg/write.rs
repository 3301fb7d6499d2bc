//! Writes the segments of a JPEG (T.81, B.2; JFIF: T.871, 10.1).

use super::{JFIF, marker};
use crate::error::Error;
use crate::memory::append;

/// Says that colors are RGB as they are: version 100, no flags, transform 0
/// (Adobe Technical Note 5116).
const ADOBE_RGB: &[u8; 12] = b"Adobe\0\x64\0\0\0\0\0";

/// What the components of a file mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colors {
    /// Gray, or luma and color differences.
    Jfif,
    /// Red, green and blue.
    Rgb,
}

/// A component in the frame header. Its identifier is its place there, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameComponent {
    /// Sampling factors, 1 to 4.
    pub(crate) horizontal: u8,
    pub(crate) vertical: u8,
    /// The destination of its quantization table, 0 to 3.
    pub(crate) quantization: u8,
}

/// A component in a scan header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ScanMember {
    /// The place in the frame header, counted from 0.
    pub(crate) component: u8,
    /// Destinations of its Huffman tables, 0 or 1.
    pub(crate) dc: u8,
    pub(crate) ac: u8,
}

/// The class of a Huffman table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Dc = 0,
    Ac = 1,
}

/// Writes the start of the image, and what its components mean.
pub(crate) fn start(file: &mut Vec<u8>, colors: Colors) -> Result<(), Error> {
    append(file, &[0xFF, marker::SOI])?;
    match colors {
        Colors::Jfif => segment(file, marker::APP0, &[JFIF]),
        Colors::Rgb => segment(file, marker::APP14, &[ADOBE_RGB]),
    }
}

/// Writes a quantization table, whose steps are in zigzag order; with 8 bits each if they fit.
pub(crate) fn quantization(
    file: &mut Vec<u8>,
    destination: u8,
    steps: &[u16; 64],
) -> Result<(), Error> {
    let wide = steps.map(u16::to_be_bytes);
    if is_wide(steps) {
        let selector = 0x10 | destination;
        segment(file, marker::DQT, &[&[selector], wide.as_flattened()])
    } else {
        let narrow = wide.map(|[_, low]| low);
        segment(file, marker::DQT, &[&[destination], &narrow])
    }
}

/// Whether a step has more than the 8 bits that baseline allows.
pub(crate) fn is_wide(steps: &[u16; 64]) -> bool {
    steps.iter().any(|&step| step > 0xFF)
}

/// Writes the frame header of a marker `SOFn`, for samples of 8 bits.
pub(crate) fn frame(
    file: &mut Vec<u8>,
    marker: u8,
    [width, height]: [u16; 2],
    components: &[FrameComponent],
) -> Result<(), Error> {
    const PRECISION: u8 = 8;
    let ([y0, y1], [x0, x1]) = (height.to_be_bytes(), width.to_be_bytes());
    let mut parameters = [[0; 3]; 4];
    for ((parameters, component), id) in parameters.iter_mut().zip(components).zip(1..) {
        *parameters = [
            id,
            component.horizontal << 4 | component.vertical,
            component.quantization,
        ];
    }
    let count = count(components)?;
    let parameters = parameters
        .as_flattened()
        .get(..components.len().saturating_mul(3));
    segment(
        file,
        marker,
        &[
            &[PRECISION, y0, y1, x0, x1, count],
            parameters.unwrap_or_default(),
        ],
    )
}

/// Writes a Huffman table: how many codes have each length, and their symbols.
pub(crate) fn huffman(
    file: &mut Vec<u8>,
    class: Class,
    destination: u8,
    lengths: &[u8; 16],
    symbols: &[u8],
) -> Result<(), Error> {
    let selector = (class as u8) << 4 | destination;
    segment(file, marker::DHT, &[&[selector], lengths, symbols])
}

/// Writes a scan header. `spectrum` is the first and last coefficient in zigzag order, and the
/// highest and lowest bit (T.81, B.2.3).
pub(crate) fn scan(
    file: &mut Vec<u8>,
    members: &[ScanMember],
    spectrum: [u8; 3],
) -> Result<(), Error> {
    let mut parameters = [[0; 2]; 4];
    for (parameters, member) in parameters.iter_mut().zip(members) {
        *parameters = [
            member.component.saturating_add(1),
            member.dc << 4 | member.ac,
        ];
    }
    let count = count(members)?;
    let parameters = parameters
        .as_flattened()
        .get(..members.len().saturating_mul(2));
    segment(
        file,
        marker::SOS,
        &[&[count], parameters.unwrap_or_default(), &spectrum],
    )
}

/// Writes the end of the image.
pub(crate) fn end(file: &mut Vec<u8>) -> Result<(), Error> {
    append(file, &[0xFF, marker::EOI])?;
    Ok(())
}

fn count<T>(components: &[T]) -> Result<u8, Error> {
    let few = Some(components.len()).filter(|count| (1..=4).contains(count));
    few.and_then(|count| u8::try_from(count).ok())
        .ok_or_else(|| Error::internal("encode")("one to four components expected"))
}

/// Writes a marker, the segment's length and its parts.
fn segment(file: &mut Vec<u8>, marker: u8, parts: &[&[u8]]) -> Result<(), Error> {
    let length = (parts.iter()).fold(2_usize, |sum, part| sum.saturating_add(part.len()));
    let length = u16::try_from(length).map_err(Error::internal("encode"))?;
    let [high, low] = length.to_be_bytes();
    append(file, &[0xFF, marker, high, low])?;
    for part in parts {
        append(file, part)?;
    }
    Ok(())
}
