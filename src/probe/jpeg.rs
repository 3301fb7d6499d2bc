//! JPEG headers: the segments before the first scan, and where the image ends
//! (ITU-T T.81, annex B).

use memchr::memmem;

use super::scans::Scans;
use super::{Color, ColorModel, Format, Info, Profile, exif, icc, size};
use crate::color::{self, ColorSpace, Meaning};
use crate::container::frame::{Coding, Frame, Hints, Transform};
use crate::container::jpeg::{Segment, marker};
use crate::container::reader::Reader;
use crate::error::Error;

/// How an EXIF segment begins (CIPA DC-008, section 4.7.2).
const EXIF: &[u8] = b"Exif\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const XMP_EXTENSION: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
/// How a part of a profile begins (ICC.1:2022, annex B.4).
const ICC_PROFILE: &[u8] = b"ICC_PROFILE\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";
/// Names under which gain maps announce themselves in XMP and APP2 segments.
const GAIN_MAPS: [&[u8]; 3] = [
    b"http://ns.adobe.com/hdr-gain-map/1.0/",
    b"urn:iso:std:iso:ts:21496:-1",
    b"HDRGainMap",
];

pub(super) fn probe(bytes: &[u8]) -> Result<Info, Error> {
    let mut headers = Headers::default();
    let mut reader = Reader::new(bytes);
    reader.take(2); // SOI, as sniffed
    let scan = loop {
        let segment = Segment::next(&mut reader)?;
        match segment.marker {
            marker::EOI => {
                return Err(Error::malformed(Format::Jpeg, "no picture", segment.offset));
            }
            marker::SOS => break segment,
            marker::DHT | marker::JPG | marker::DAC => {}
            marker::SOF0..=marker::SOF15 => headers.frame(&segment)?,
            marker::APP0..=marker::APP15 | marker::COM => headers.application(&segment),
            _ => {}
        }
    };
    let malformed = |problem| Error::malformed(Format::Jpeg, problem, scan.offset);
    let mut frame = (headers.frame.take()).ok_or_else(|| malformed("scan before the frame"))?;
    frame.heed(headers.hints);

    let model = match frame.transform {
        Transform::Gray => ColorModel::Gray,
        Transform::YCbCr => ColorModel::YCbCr,
        Transform::Rgb => ColorModel::Rgb,
        Transform::Cmyk => ColorModel::Cmyk,
        Transform::Ycck => ColorModel::Ycck,
    };
    let (profile, space) = headers.profile(model);
    let color = Color {
        model,
        bit_depth: frame.precision,
        alpha: false,
        profile,
        space,
    };
    // A height that comes later is refused by the plan, as unsupported.
    let size = size(Format::Jpeg, frame.width, frame.height.max(1), scan.offset)?;
    let mut info = Info::still(Format::Jpeg, bytes, size, color);
    info.interlaced = frame.coding() == Coding::Progressive;
    info.unsupported = frame.unsupported();
    info.orientation = headers.exif.orientation;
    info.metadata = headers.metadata;

    let components = u8::try_from(frame.components.len()).ok();
    let is_only_scan = !info.interlaced && scan.payload.first().copied() == components;
    let mut scans = Scans::of(&frame);
    scans.add(&scan);
    match end(&mut reader, is_only_scan, |segment| scans.add(segment)) {
        Some(end) => {
            info.terminated = true;
            info.trailing_bytes = bytes.len().saturating_sub(end) as u64;
            info.extra_images = images_after(bytes.get(end..).unwrap_or_default());
        }
        None => info.terminated = false,
    }
    (info.scans, info.scan_blocks) = (scans.count, scans.blocks);
    info.unsent_coefficients = scans.unsent_coefficients();
    info.scans_are_due = scans.are_due;
    info.frame = Some(frame);
    info.gain_map = headers.gain_map;
    Ok(info)
}

/// Finds the first byte after the image, from the first scan's data on, and shows the
/// segments on the way.
///
/// In a scan's data 0xFF is always followed by 0 or by a marker, so in the last
/// scan the two bytes of EOI can be looked for as they are. Between scans there
/// are segments, which may hold any bytes, and have to be walked.
fn end(
    reader: &mut Reader<'_>,
    is_only_scan: bool,
    mut show: impl FnMut(&Segment<'_>),
) -> Option<usize> {
    if is_only_scan {
        let eoi = memmem::find(reader.rest(), &[0xFF, marker::EOI])?;
        return reader.at().checked_add(eoi)?.checked_add(2);
    }
    loop {
        let segment = Segment::next(reader).ok()?;
        if segment.marker == marker::EOI {
            return Some(reader.at());
        }
        show(&segment);
    }
}

/// Counts images one behind the other, as in MPO files. Each starts with SOI
/// and a further marker; what lies between the images is skipped.
fn images_after(mut bytes: &[u8]) -> u32 {
    let mut images = 0_u32;
    while let Some(soi) = memmem::find(bytes, &[0xFF, marker::SOI, 0xFF]) {
        images = images.saturating_add(1);
        let mut reader = Reader::new(bytes.get(soi.saturating_add(2)..).unwrap_or_default());
        bytes = match end(&mut reader, false, |_| {}) {
            Some(_) => reader.rest(),
            None => return images,
        };
    }
    images
}

/// What the segments before the first scan say.
#[derive(Default)]
struct Headers<'a> {
    frame: Option<Frame>,
    exif: exif::Exif,
    metadata: super::Metadata,
    gain_map: bool,
    hints: Hints,
    /// Number and content of each part of the ICC profile, in file order.
    icc: Vec<(u8, &'a [u8])>,
}

impl<'a> Headers<'a> {
    fn frame(&mut self, segment: &Segment<'_>) -> Result<(), Error> {
        let malformed = |problem| Error::malformed(Format::Jpeg, problem, segment.offset);
        if self.frame.is_some() {
            return Err(malformed("second frame"));
        }
        let frame = Frame::read(segment).map_err(malformed)?;
        if frame.width == 0 {
            return Err(malformed("picture without pixels"));
        }
        self.frame = Some(frame);
        Ok(())
    }

    fn application(&mut self, segment: &Segment<'a>) {
        if self.hints.take(segment) {
            return;
        }
        let payload = segment.payload;
        match segment.marker {
            marker::APP2 if payload.starts_with(ICC_PROFILE) => {
                if let Some([number, _count, part @ ..]) = payload.get(ICC_PROFILE.len()..) {
                    self.icc.push((*number, part));
                }
                return;
            }
            marker::APP1 if payload.starts_with(EXIF) => {
                // The first one counts; the sixth byte of its name is padding.
                if !self.metadata.exif {
                    self.exif = exif::parse(
                        payload
                            .get(EXIF.len().saturating_add(1)..)
                            .unwrap_or_default(),
                    );
                    self.metadata.gps = self.exif.gps;
                }
                self.metadata.exif = true;
            }
            marker::APP1 if payload.starts_with(XMP) || payload.starts_with(XMP_EXTENSION) => {
                self.metadata.xmp = true;
            }
            marker::APP13 if payload.starts_with(PHOTOSHOP) => self.metadata.iptc = true,
            marker::COM => self.metadata.text = true,
            _ => self.metadata.other = true,
        }
        self.metadata.count(payload);
        self.gain_map |= matches!(segment.marker, marker::APP1 | marker::APP2)
            && GAIN_MAPS
                .iter()
                .any(|name| memmem::find(payload, name).is_some());
    }

    /// The profile, put together from its parts, and the space that it means.
    fn profile(&mut self, model: ColorModel) -> (Option<Profile>, Option<ColorSpace>) {
        self.icc.sort_by_key(|(number, _)| *number);
        let bytes: usize = self.icc.iter().map(|(_, part)| part.len()).sum();
        match bytes {
            0 => (None, None),
            1..=icc::MAX_BYTES => {
                let parts: Vec<&[u8]> = self.icc.iter().map(|&(_, part)| part).collect();
                let whole = parts.concat();
                let space = color::of_profile(&whole, model).and_then(Meaning::space);
                (Some(icc::describe(&whole)), space)
            }
            _ => (Some(icc::unread(bytes)), None),
        }
    }
}
