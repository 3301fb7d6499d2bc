//! The chunks that say which color space a PNG is in (W3C PNG, third edition, section 4.3).

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::{ColorModel, Profile, icc};
use crate::color::{self, ColorSpace, Meaning};
use crate::container::png::Chunk;
use crate::container::reader::Reader;

/// The first intact chunk of each kind, as far as it can be read.
///
/// Only chunks before PLTE and IDAT may be taken: decoders ignore those in other places.
#[derive(Default)]
pub(super) struct ColorChunks {
    cicp: Option<CodePoints>,
    profile: Option<Profile>,
    icc: Vec<u8>,
    is_srgb: bool,
    gamma: Option<u32>,
    chromaticities: Option<[u32; 8]>,
    /// Luminance of the brightest pixel, and of the screen that the picture was made on, in cd/m².
    content_peak: Option<u32>,
    screen_peak: Option<u32>,
}

/// The largest number of a rendering intent in sRGB (section 11.3.2.5).
const MOST_INTENT: u8 = 3;

/// Primaries and transfer characteristics (ITU-T H.273).
struct CodePoints {
    primaries: u8,
    transfer: u8,
}

impl ColorChunks {
    pub(super) const fn is_one(name: [u8; 4]) -> bool {
        matches!(
            &name,
            b"cICP" | b"iCCP" | b"sRGB" | b"gAMA" | b"cHRM" | b"cLLI" | b"mDCV"
        )
    }

    /// Takes a chunk that stands before PLTE and IDAT, if it is intact.
    pub(super) fn take(&mut self, chunk: &Chunk<'_>) {
        if !chunk.is_intact() {
            return;
        }
        let mut fields = Reader::new(chunk.data);
        match &chunk.name {
            b"cICP" if self.cicp.is_none() => self.cicp = CodePoints::read(&mut fields),
            // Only the first is inflated: a few kilobytes may hold megabytes.
            b"iCCP" if self.profile.is_none() => _ = self.profile(chunk.data),
            b"sRGB" => self.is_srgb |= matches!(chunk.data, [0..=MOST_INTENT]),
            b"gAMA" if self.gamma.is_none() => self.gamma = fields.u32_be(),
            b"cHRM" if self.chromaticities.is_none() => {
                self.chromaticities = chromaticities(&mut fields);
            }
            b"cLLI" if self.content_peak.is_none() => self.content_peak = luminance(&mut fields),
            b"mDCV" if self.screen_peak.is_none() => {
                fields.take(16); // primaries and white point, 2 bytes each
                self.screen_peak = luminance(&mut fields);
            }
            _ => {}
        }
    }

    /// Reads the chunk iCCP (section 11.3.2.3): a name, which is often "icc" or the like, a NUL,
    /// the method 0, and the profile in zlib's format.
    fn profile(&mut self, chunk: &[u8]) -> Option<()> {
        let nul = memchr::memchr(0, chunk)?;
        let deflated = chunk.get(nul.checked_add(2)?..)?;
        // One byte more tells that there are too many.
        match decompress_to_vec_zlib_with_limit(deflated, icc::MAX_BYTES.saturating_add(1)) {
            Ok(profile) if profile.len() <= icc::MAX_BYTES => {
                self.profile = Some(icc::describe(&profile));
                self.icc = profile;
            }
            Ok(profile) => self.profile = Some(icc::unread(profile.len())),
            Err(error) if error.output.len() > icc::MAX_BYTES => {
                self.profile = Some(icc::unread(error.output.len()));
            }
            Err(error) => self.profile = Some(icc::describe(&error.output)),
        }
        Some(())
    }

    /// The color space of samples of `model`; `None` if that is sRGB.
    ///
    /// The first usable information counts, in the order of section 4.3: cICP, iCCP, sRGB, and
    /// gAMA with cHRM. cHRM alone is ignored.
    pub(super) fn space(&self, model: ColorModel) -> Option<ColorSpace> {
        let peak = self.content_peak.or(self.screen_peak);
        let by_code_points = || {
            let cicp = self.cicp.as_ref()?;
            color::of_cicp(cicp.primaries, cicp.transfer, peak, model)
        };
        let by_gamma = || color::of_gamma(self.gamma?, self.chromaticities, model);
        by_code_points()
            .or_else(|| color::of_profile(&self.icc, model))
            .or_else(|| self.is_srgb.then_some(Meaning::Srgb))
            .or_else(by_gamma)
            .and_then(Meaning::space)
    }

    pub(super) fn into_profile(self) -> Option<Profile> {
        self.profile
    }
}

impl CodePoints {
    /// Reads the chunk cICP, whose matrix must be that of RGB, and its range full (section
    /// 11.3.2.6).
    fn read(fields: &mut Reader<'_>) -> Option<Self> {
        match fields.array()? {
            [primaries, transfer, 0, 1] => Some(Self {
                primaries,
                transfer,
            }),
            _ => None,
        }
    }
}

/// White point, red, green and blue, each x and y, times 100 000 (section 11.3.2.1).
fn chromaticities(fields: &mut Reader<'_>) -> Option<[u32; 8]> {
    let mut values = [0; 8];
    for value in &mut values {
        *value = fields.u32_be()?;
    }
    Some(values)
}

/// A luminance in cd/m², which is written in units of 0.0001 (sections 11.3.2.7 and 11.3.2.8);
/// `None` for 0, which means that it is unknown.
fn luminance(fields: &mut Reader<'_>) -> Option<u32> {
    let luminance = fields.u32_be()?.div_ceil(10_000);
    (luminance > 0).then_some(luminance)
}
