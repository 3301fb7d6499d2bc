//! Pictures so small that thousands of them fit on a page.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use headshot::{Background, Damage, Edge, Format, Options, Quality, renditions};

use crate::outcome::guarded;

/// Pixels of their edge: twice what a page shows, for screens of two pixels a dot.
const EDGE: u32 = 96;

/// How they are compressed: 1.5 KB each.
const QUALITY: u8 = 50;

/// Shows through what is transparent: neither black nor white drawings vanish on it.
const GRAY: [u8; 3] = [0xc8; 3];

/// Square JPEGs in Base64. There is none of what doesn't decode.
#[derive(Debug, Default)]
pub(crate) struct Thumbnails {
    /// The whole input, letterboxed; left out where it shows the same as the photo.
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

impl Thumbnails {
    pub(crate) fn before(&mut self, input: &[u8], options: &Options) {
        // As much of it as there is: the reason for its refusal may be to be seen.
        let options = Options::default()
            .with_limits(*options.limits())
            .with_damage(Damage::Accept);
        self.before = thumbnail(input, options);
    }

    pub(crate) fn after(&mut self, photo: &[u8]) {
        self.after = thumbnail(photo, Options::default());
    }
}

fn thumbnail(file: &[u8], options: Options) -> Option<String> {
    let options = options
        .with_format(Some(Format::Jpeg))
        .with_quality(Quality::new(QUALITY)?)
        .with_background(Background::Color(GRAY));
    let edge = Edge::new(EDGE)?;
    let squares = guarded(|| renditions(file, &[edge], &options));
    let square = squares.ok()?.pop()?;
    Some(STANDARD.encode(&square.bytes))
}
