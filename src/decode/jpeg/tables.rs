//! Keeps quantisation and Huffman tables as the file defines and redefines them (T.81 B.2.4).

use super::error::Error;
use crate::container::jpeg::Segment;

/// The tables that are in force, four of each sort (T.81 table B.5).
#[derive(Default)]
pub(super) struct Tables {
    quantisation: [Option<Quantisation>; 4],
    dc: [Option<Code>; 4],
    ac: [Option<Code>; 4],
    /// Units in a restart interval, or 0 for no restarts (T.81 B.2.4.4).
    pub(super) interval: u32,
}

/// The steps of 64 coefficients in zigzag order.
pub(super) type Quantisation = [u16; 64];

/// A Huffman table as it stands in the file: it is checked and built when a scan uses it.
#[derive(Clone)]
pub(super) struct Code {
    /// How many codes have 1, 2, ... 16 bits.
    pub(super) counts: [u8; 16],
    /// Their symbols, shortest first; unused ones are zero.
    pub(super) symbols: [u8; 256],
}

impl Tables {
    pub(super) fn quantisation(&self, number: u8) -> Option<&Quantisation> {
        self.quantisation.get(usize::from(number))?.as_ref()
    }

    pub(super) fn dc(&self, number: u8) -> Option<&Code> {
        self.dc.get(usize::from(number))?.as_ref()
    }

    pub(super) fn ac(&self, number: u8) -> Option<&Code> {
        self.ac.get(usize::from(number))?.as_ref()
    }

    /// Fills the tables that a sequential file leaves out with the typical ones of T.81 K.3, as
    /// the frames of Motion JPEG expect.
    pub(super) fn fill_in_typical(&mut self) {
        self.dc[0].get_or_insert_with(|| Code::new(DC_LUMA_COUNTS, &DC_SYMBOLS));
        self.dc[1].get_or_insert_with(|| Code::new(DC_CHROMA_COUNTS, &DC_SYMBOLS));
        self.ac[0].get_or_insert_with(|| Code::new(AC_LUMA_COUNTS, &AC_LUMA_SYMBOLS));
        self.ac[1].get_or_insert_with(|| Code::new(AC_CHROMA_COUNTS, &AC_CHROMA_SYMBOLS));
    }

    /// Reads a DQT segment (T.81 B.2.4.1).
    pub(super) fn define_quantisation(&mut self, segment: Segment<'_>) -> Result<(), Error> {
        let mut rest = segment.payload;
        while let Some((&selector, after)) = rest.split_first() {
            let table = self
                .quantisation
                .get_mut(usize::from(selector & 15))
                .ok_or(Error::malformed(
                    "quantisation table number",
                    segment.offset,
                ))?;
            let (width, length) = if selector >> 4 == 0 {
                (1, 64)
            } else {
                (2, 128)
            };
            let Some((steps, after)) = after.split_at_checked(length) else {
                return Err(Error::malformed(
                    "quantisation table cut short",
                    segment.offset,
                ));
            };
            let mut values = [0; 64];
            for (value, step) in values.iter_mut().zip(steps.chunks_exact(width)) {
                *value = step.iter().fold(0, |high, &low| high << 8 | u16::from(low));
            }
            *table = Some(values);
            rest = after;
        }
        Ok(())
    }

    /// Reads a DHT segment (T.81 B.2.4.2).
    pub(super) fn define_huffman(&mut self, segment: Segment<'_>) -> Result<(), Error> {
        let mut rest = segment.payload;
        while let Some((&selector, after)) = rest.split_first() {
            let Some((counts, after)) = after.split_first_chunk::<16>() else {
                // A few bytes too many are common, and harmless.
                break;
            };
            let total = counts.iter().map(|&count| usize::from(count)).sum();
            let Some((symbols, after)) = after.split_at_checked(total).filter(|_| total <= 256)
            else {
                return Err(Error::malformed("huffman table cut short", segment.offset));
            };
            let class = match selector >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return Err(Error::malformed("huffman table class", segment.offset)),
            };
            let table = class
                .get_mut(usize::from(selector & 15))
                .ok_or(Error::malformed("huffman table number", segment.offset))?;
            *table = Some(Code::new(*counts, symbols));
            rest = after;
        }
        Ok(())
    }
}

impl Code {
    fn new(counts: [u8; 16], known: &[u8]) -> Self {
        let mut symbols = [0; 256];
        symbols
            .iter_mut()
            .zip(known)
            .for_each(|(to, from)| *to = *from);
        Self { counts, symbols }
    }
}

// T.81 tables K.3 to K.6.
const DC_LUMA_COUNTS: [u8; 16] = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const DC_CHROMA_COUNTS: [u8; 16] = [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0];
const DC_SYMBOLS: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const AC_LUMA_COUNTS: [u8; 16] = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125];
const AC_CHROMA_COUNTS: [u8; 16] = [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119];

#[rustfmt::skip]
const AC_LUMA_SYMBOLS: [u8; 162] = [
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07,
    0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52, 0xD1, 0xF0,
    0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x25, 0x26, 0x27, 0x28,
    0x29, 0x2A, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49,
    0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69,
    0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89,
    0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7,
    0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3, 0xC4, 0xC5,
    0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2,
    0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8,
    0xF9, 0xFA,
];

#[rustfmt::skip]
const AC_CHROMA_SYMBOLS: [u8; 162] = [
    0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71,
    0x13, 0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xA1, 0xB1, 0xC1, 0x09, 0x23, 0x33, 0x52, 0xF0,
    0x15, 0x62, 0x72, 0xD1, 0x0A, 0x16, 0x24, 0x34, 0xE1, 0x25, 0xF1, 0x17, 0x18, 0x19, 0x1A, 0x26,
    0x27, 0x28, 0x29, 0x2A, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48,
    0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68,
    0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87,
    0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3, 0xA4, 0xA5,
    0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3,
    0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA,
    0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8,
    0xF9, 0xFA,
];
