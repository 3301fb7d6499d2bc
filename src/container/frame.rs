//! The frame header of a JPEG file (ITU-T T.81, B.2.2), and how its components are
//! to be read.

use super::jpeg::{Segment, marker};

/// A picture's frame: all that the decoder has to know before the first scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Pixels in a row, 1 or more.
    pub(crate) width: u32,
    /// Rows; 0 if a DNL segment is to tell after the first scan.
    pub(crate) height: u32,
    /// Bits of a sample.
    pub(crate) precision: u8,
    /// In the order of the frame header.
    pub(crate) components: Vec<Component>,
    /// The marker, which tells the coding.
    marker: u8,
    /// What the components mean.
    pub(crate) transform: Transform,
}

/// One component of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Component {
    /// The identifier that scans use.
    pub(crate) id: u8,
    /// Relative number of samples in a row, 1 to 4.
    pub(crate) horizontal: u32,
    /// Relative number of rows, 1 to 4.
    pub(crate) vertical: u32,
    /// The quantisation table's number, 0 to 3 in a legal file.
    pub(crate) quantisation: u8,
}

/// How the coefficients of a frame were coded (T.81, table B.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// Baseline or extended sequential, Huffman.
    Sequential,
    /// Progressive, Huffman.
    Progressive,
}

/// How components are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transform {
    /// One component.
    Gray,
    /// JFIF's luma and colour differences.
    YCbCr,
    /// Plain red, green, blue.
    Rgb,
    /// Four inks.
    Cmyk {
        /// 255 is no ink, as Adobe writes it.
        inverted: bool,
    },
    /// The first three inks as luma and colour differences, black plain.
    Ycck {
        /// 255 is no ink, as Adobe writes it.
        inverted: bool,
    },
}

impl Frame {
    /// Reads the segment of a marker `SOFn`, or says which rule it breaks. How to
    /// read the components may be told behind it: see [`Frame::heed`].
    pub(crate) fn read(segment: &Segment<'_>) -> Result<Self, &'static str> {
        let &[precision, y0, y1, x0, x1, count, ref list @ ..] = segment.payload else {
            return Err("frame header too short");
        };
        if list.len() != usize::from(count) * 3 || count == 0 {
            return Err("frame header of the wrong length");
        }
        let components: Vec<Component> = (list.as_chunks().0.iter())
            .map(|&[id, sampling, quantisation]| Component {
                id,
                horizontal: u32::from(sampling >> 4),
                vertical: u32::from(sampling & 15),
                quantisation,
            })
            .collect();
        let factors =
            |c: &Component| (1..=4).contains(&c.horizontal) && (1..=4).contains(&c.vertical);
        if !components.iter().all(factors) {
            return Err("sampling factor out of range");
        }
        Ok(Self {
            width: u16::from_be_bytes([x0, x1]).into(),
            height: u16::from_be_bytes([y0, y1]).into(),
            precision,
            marker: segment.marker,
            transform: Hints::default().transform(&components),
            components,
        })
    }

    /// Takes what all segments before the first scan have said about colour.
    pub(crate) fn heed(&mut self, hints: Hints) {
        self.transform = hints.transform(&self.components);
    }

    /// How the coefficients were coded, if that is supported.
    pub(crate) const fn coding(&self) -> Coding {
        match self.marker {
            marker::SOF2 => Coding::Progressive,
            _ => Coding::Sequential,
        }
    }

    /// The feature of the frame that no decoder here handles, if there is one.
    pub(crate) fn unsupported(&self) -> Option<&'static str> {
        match self.marker {
            marker::SOF0..=marker::SOF2 => {}
            marker::SOF3 => return Some("lossless coding"),
            marker::SOF5..=marker::SOF7 | marker::SOF13..=marker::SOF15 => {
                return Some("hierarchical coding");
            }
            _ => return Some("arithmetic coding"),
        }
        match (self.precision, self.components.len()) {
            (8, 1 | 3 | 4) if self.height == 0 => Some("a height given after the picture"),
            (8, 1 | 3 | 4) => None,
            (8, _) => Some("an unusual number of components"),
            _ => Some("samples of more than 8 bits"),
        }
    }

    /// The largest sampling factors, which belong to the full size (T.81, A.1.1).
    pub(crate) fn sampling(&self) -> (u32, u32) {
        self.components.iter().fold((1, 1), |(x, y), component| {
            (x.max(component.horizontal), y.max(component.vertical))
        })
    }
}

/// What application segments before the frame say about colour.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hints {
    jfif: bool,
    /// The transform of Adobe's segment (Adobe technical note 5116, section 18).
    adobe: Option<u8>,
}

impl Hints {
    /// Takes the hint of a segment; `false` if it holds none.
    pub(crate) fn take(&mut self, segment: &Segment<'_>) -> bool {
        let payload = segment.payload;
        match segment.marker {
            // JFIF 1.02: identifier, version, density, size of a thumbnail.
            marker::APP0 if payload.len() >= 14 && payload.starts_with(b"JFIF\0") => {
                self.jfif = true;
            }
            marker::APP14 if payload.starts_with(b"Adobe") => {
                self.adobe = payload.get(11).copied().or(self.adobe);
            }
            _ => return false,
        }
        true
    }

    /// libjpeg's rules, which the world's files have been made to fit.
    fn transform(self, components: &[Component]) -> Transform {
        let inverted = self.adobe.is_some();
        let are_rgb = components.iter().map(|c| c.id).eq(*b"RGB");
        match (components.len(), self.adobe) {
            (1, _) => Transform::Gray,
            (4, None | Some(0)) => Transform::Cmyk { inverted },
            (4, Some(_)) => Transform::Ycck { inverted },
            (_, Some(0)) if !self.jfif => Transform::Rgb,
            (_, None) if !self.jfif && are_rgb => Transform::Rgb,
            _ => Transform::YCbCr,
        }
    }
}
