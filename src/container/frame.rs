//! The frame header of a JPEG file (ITU-T T.81, B.2.2), and how its components are
//! to be read.

use super::jpeg::{Segment, marker};

/// Edge of a block in samples (T.81, A.3.1).
pub(crate) const BLOCK: u32 = 8;

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

impl Component {
    /// Its blocks in a unit of several components.
    fn blocks_of_unit(&self) -> u64 {
        u64::from(self.horizontal).saturating_mul(self.vertical.into())
    }
}

/// A component's part in a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// The place of the component in the frame.
    pub(crate) component: usize,
    /// Numbers of its tables.
    pub(crate) dc: u8,
    pub(crate) ac: u8,
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
    /// Cyan, magenta, yellow and black. A sample of 255 is no ink: Adobe writes it so, and all
    /// decoders read it so, with Adobe's segment or without.
    Cmyk,
    /// The complements of cyan, magenta and yellow as luma and color differences, and black as in
    /// [`Transform::Cmyk`].
    Ycck,
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

    /// The components of a scan by their places in the frame, each with the numbers of
    /// its tables for DC and AC, of the selectors in the scan's header (T.81, B.2.3).
    ///
    /// Files exist in which two components have the same identifier: each is used once.
    pub(crate) fn members(&self, selectors: &[u8]) -> Option<Vec<Member>> {
        let mut members: Vec<Member> = Vec::with_capacity(4);
        for &[id, tables] in selectors.as_chunks().0 {
            let is_new = |place| members.iter().all(|member| member.component != place);
            let component = (self.components.iter().enumerate())
                .position(|(place, component)| component.id == id && is_new(place))?;
            members.push(Member {
                component,
                dc: tables >> 4,
                ac: tables & 15,
            });
        }
        Some(members)
    }

    /// Blocks of a component in each direction, without padding (T.81, A.2.2).
    pub(crate) fn blocks(&self, component: &Component) -> (u32, u32) {
        let (horizontal, vertical) = self.sampling();
        let blocks = |length: u32, factor: u32, most: u32| {
            (length.saturating_mul(factor)).div_ceil(most.saturating_mul(BLOCK))
        };
        (
            blocks(self.width, component.horizontal, horizontal),
            blocks(self.height, component.vertical, vertical),
        )
    }

    /// Units of a scan of several components in each direction (T.81, A.2.3).
    pub(crate) fn units(&self) -> (u32, u32) {
        let (horizontal, vertical) = self.sampling();
        (
            self.width.div_ceil(horizontal.saturating_mul(BLOCK)),
            self.height.div_ceil(vertical.saturating_mul(BLOCK)),
        )
    }

    /// Blocks that a scan of these components codes: those of one, or whole units.
    pub(crate) fn scan_blocks(&self, members: &[Member]) -> u64 {
        let mut components = members
            .iter()
            .filter_map(|member| self.components.get(member.component));
        let ((columns, rows), in_unit) = match (members, components.next()) {
            ([_], Some(component)) => (self.blocks(component), 1),
            (_, first) => {
                let in_unit = first.into_iter().chain(components);
                (self.units(), in_unit.map(Component::blocks_of_unit).sum())
            }
        };
        (u64::from(columns).saturating_mul(rows.into())).saturating_mul(in_unit)
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
        let are_rgb = components.iter().map(|c| c.id).eq(*b"RGB");
        match (components.len(), self.adobe) {
            (1, _) => Transform::Gray,
            (4, None | Some(0)) => Transform::Cmyk,
            (4, Some(_)) => Transform::Ycck,
            (_, Some(0)) if !self.jfif => Transform::Rgb,
            (_, None) if !self.jfif && are_rgb => Transform::Rgb,
            _ => Transform::YCbCr,
        }
    }
}
