//! Everything but the entropy-coded segment (T.81, B.2; JFIF: T.871, 10.1).

use super::component::{Channel, Component};
use super::huffman::{Table, TableSet};
use super::quantize::steps;
use super::tables::ZIGZAG;
use crate::container::jpeg::JFIF;
use crate::options::Quality;

/// More than any header has: SOI 2, APP0 18, two DQT of 69, SOF0 19, two DHT of 33 for DC and two
/// of 183 for AC (optimised tables hold no symbol that the typical ones lack), SOS 14.
pub(super) const HEADER_BYTES: usize = 1024;

/// The length of EOI.
pub(super) const END_BYTES: usize = 2;

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const APP0: u8 = 0xE0;
const DQT: u8 = 0xDB;
const SOF0: u8 = 0xC0;
const DHT: u8 = 0xC4;
const SOS: u8 = 0xDA;

/// Writes all segments up to the scan's data.
pub(super) fn write_headers(
    file: &mut Vec<u8>,
    components: &[Component<'_>],
    quality: Quality,
    tables: &TableSet,
) {
    let channels: &[Channel] = match components {
        [_] => &[Channel::Luma],
        _ => &[Channel::Luma, Channel::Chroma],
    };
    file.extend_from_slice(&[0xFF, SOI]);
    write_segment(file, APP0, &[JFIF]);
    for &channel in channels {
        write_quantization(file, channel, &steps(quality, channel));
    }
    write_frame(file, components);
    for &channel in channels {
        write_huffman(file, Class::Dc, channel, tables.dc(channel));
        write_huffman(file, Class::Ac, channel, tables.ac(channel));
    }
    write_scan(file, components);
}

/// Writes what follows the scan's data.
pub(super) fn write_end(file: &mut Vec<u8>) {
    file.extend_from_slice(&[0xFF, EOI]);
}

fn write_quantization(file: &mut Vec<u8>, channel: Channel, steps: &[u8; 64]) {
    let zigzag = ZIGZAG.map(|index| steps[usize::from(index)]);
    write_segment(file, DQT, &[&[channel as u8], &zigzag]);
}

fn write_frame(file: &mut Vec<u8>, components: &[Component<'_>]) {
    const PRECISION: u8 = 8;
    let luma = &components[0].plane;
    let ([y0, y1], [x0, x1]) = (luma.height().to_be_bytes(), luma.width().to_be_bytes());
    let mut parameters = [[0; 3]; 3];
    for ((parameters, component), id) in parameters.iter_mut().zip(components).zip(1..) {
        *parameters = [
            id,
            component.factor << 4 | component.factor,
            component.channel as u8,
        ];
    }
    let parameters = parameters[..components.len()].as_flattened();
    write_segment(
        file,
        SOF0,
        &[&[PRECISION, y0, y1, x0, x1, count(components)], parameters],
    );
}

#[derive(Clone, Copy)]
enum Class {
    Dc = 0,
    Ac = 1,
}

fn write_huffman(file: &mut Vec<u8>, class: Class, channel: Channel, table: &Table) {
    let destination = (class as u8) << 4 | channel as u8;
    write_segment(
        file,
        DHT,
        &[&[destination], &table.lengths, table.symbols()],
    );
}

fn write_scan(file: &mut Vec<u8>, components: &[Component<'_>]) {
    // All 64 coefficients in one go, at full precision: baseline knows nothing else.
    const SPECTRUM: [u8; 3] = [0, 63, 0];
    let mut parameters = [[0; 2]; 3];
    for ((parameters, component), id) in parameters.iter_mut().zip(components).zip(1..) {
        let destination = component.channel as u8;
        *parameters = [id, destination << 4 | destination];
    }
    let parameters = parameters[..components.len()].as_flattened();
    write_segment(file, SOS, &[&[count(components)], parameters, &SPECTRUM]);
}

fn count(components: &[Component<'_>]) -> u8 {
    u8::try_from(components.len()).expect("one or three components")
}

/// Writes a marker, the segment's length and its parts.
fn write_segment(file: &mut Vec<u8>, marker: u8, parts: &[&[u8]]) {
    let length = 2 + parts.iter().map(|part| part.len()).sum::<usize>();
    let length = u16::try_from(length).expect("no segment is longer than a table of 256 symbols");
    file.extend_from_slice(&[0xFF, marker]);
    file.extend_from_slice(&length.to_be_bytes());
    for part in parts {
        file.extend_from_slice(part);
    }
}
