//! Which of a PNG's color and orientation chunks count: those in their place, intact, and the
//! first of each kind (W3C PNG, third edition, sections 4.3 and 5.6).

use headshot::{Orientation, probe};

use crate::color::{assert_near, encoded, gama, iccp, png as square, shown};
use crate::picture::{Picture, exif, icc, png};

/// A color that every conversion of these tests changes.
const COLOR: [u8; 3] = [200, 100, 50];

/// A square whose chunks are written one by one.
struct Square {
    file: Vec<u8>,
    picture: Picture,
}

impl Square {
    fn new() -> Self {
        let picture = Picture::from_fn(600, 600, |_, _| COLOR);
        Self {
            file: png::Png::default().start(&picture),
            picture,
        }
    }

    fn chunk(mut self, name: [u8; 4], data: &[u8]) -> Self {
        png::chunk(&mut self.file, name, data);
        self
    }

    fn damaged(self, name: [u8; 4], data: &[u8]) -> Self {
        let mut damaged = self.chunk(name, data);
        *damaged.file.last_mut().unwrap() ^= 1;
        damaged
    }

    fn pixels(self) -> Self {
        let pixels = png::Png::default().pixels(&self.picture);
        self.chunk(*b"IDAT", &pixels)
    }

    fn end(self) -> Vec<u8> {
        self.chunk(*b"IEND", &[]).file
    }
}

fn assert_unchanged(file: &[u8]) {
    assert_eq!(shown(file), (COLOR, None));
}

/// What shows in turn that each kind of chunk counts.
fn kinds() -> [(&'static [u8; 4], Vec<u8>); 3] {
    [
        (b"cICP", vec![12, 13, 0, 1]),
        (b"iCCP", iccp(&icc::display_p3())),
        (b"gAMA", gama(100_000)),
    ]
}

#[test]
fn chunks_behind_the_palette_or_the_pixels_are_ignored() {
    for (name, data) in kinds() {
        let before = Square::new().chunk(*name, &data).pixels().end();
        assert_ne!(shown(&before).0, COLOR);
        let palette = Square::new().chunk(*b"PLTE", &[0; 6]);
        assert_unchanged(&palette.chunk(*name, &data).pixels().end());
        assert_unchanged(&Square::new().pixels().chunk(*name, &data).end());
    }
}

#[test]
fn damaged_chunks_are_ignored() {
    for (name, data) in kinds() {
        assert_unchanged(&Square::new().damaged(*name, &data).pixels().end());
        // Another one may still be the first that is intact.
        let twice = Square::new().damaged(*name, &data).chunk(*name, &data);
        assert_ne!(shown(&twice.pixels().end()).0, COLOR);
    }
    let srgb = Square::new().damaged(*b"sRGB", &[0]);
    let (found, _) = shown(&srgb.chunk(*b"gAMA", &gama(100_000)).pixels().end());
    assert_near(
        found,
        COLOR.map(|sample| encoded(f64::from(sample) / 255.0)),
    );
}

#[test]
fn the_first_of_a_kind_counts() {
    let gammas = [gama(45_455), gama(100_000)];
    let [srgb, linear] = &gammas;
    let first = Square::new().chunk(*b"gAMA", srgb).chunk(*b"gAMA", linear);
    assert_unchanged(&first.pixels().end());
    let first = Square::new()
        .chunk(*b"cICP", &[1, 13, 0, 1])
        .chunk(*b"cICP", &[12, 13, 0, 1]);
    assert_unchanged(&first.pixels().end());
    let profile = moxcms::ColorProfile::new_srgb().encode().unwrap();
    let first = Square::new()
        .chunk(*b"iCCP", &iccp(&profile))
        .chunk(*b"iCCP", &iccp(&icc::display_p3()));
    assert_unchanged(&first.pixels().end());
}

#[test]
fn an_unusable_chunk_gives_way_to_the_next() {
    let gamma = (b"gAMA", gama(100_000));
    let p3 = (b"iCCP", iccp(&icc::display_p3()));
    let unusable = [
        // Reserved primaries; an unknown transfer; a matrix; a narrow range.
        vec![3, 13, 0, 1],
        vec![1, 200, 0, 1],
        vec![9, 16, 1, 1],
        vec![9, 16, 0, 0],
        vec![9],
    ];
    for cicp in unusable {
        let cicp = (b"cICP", cicp);
        let by_profile = square(&COLOR, &[cicp.clone(), p3.clone(), gamma.clone()]);
        assert_eq!(shown(&by_profile).1.as_deref(), Some("Display P3"));
        let by_gamma = square(&COLOR, &[cicp.clone(), gamma.clone()]);
        assert_eq!(shown(&by_gamma).1.as_deref(), Some("gamma 1"));
        let by_srgb = square(&COLOR, &[cicp, (b"sRGB", vec![0]), gamma.clone()]);
        assert_unchanged(&by_srgb);
    }
    for profile in [
        iccp(b"no profile"),
        iccp(&icc::profile("mine")),
        vec![1, 2, 3],
    ] {
        let by_gamma = square(&COLOR, &[(b"iCCP", profile), gamma.clone()]);
        assert_eq!(shown(&by_gamma).1.as_deref(), Some("gamma 1"));
    }
    for srgb in [vec![], vec![4], vec![0, 0]] {
        let by_gamma = square(&COLOR, &[(b"sRGB", srgb), gamma.clone()]);
        assert_eq!(shown(&by_gamma).1.as_deref(), Some("gamma 1"));
    }
    // A profile for gray.
    let gray = moxcms::ColorProfile::new_gray_with_gamma(1.0)
        .encode()
        .unwrap();
    let by_gamma = square(&COLOR, &[(b"iCCP", iccp(&gray)), gamma]);
    assert_eq!(shown(&by_gamma).1.as_deref(), Some("gamma 1"));
}

fn chrm(values: [u32; 8]) -> Vec<u8> {
    values.map(u32::to_be_bytes).as_flattened().to_vec()
}

/// White point, red, green and blue of sRGB and of Display P3.
const SRGB: [u32; 8] = [
    31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000,
];
const P3: [u32; 8] = [
    31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000,
];

#[test]
fn chromaticities_count_beside_a_gamma_only() {
    assert_unchanged(&square(&COLOR, &[(b"cHRM", chrm(P3))]));
    assert_unchanged(&square(&COLOR, &[(b"cHRM", chrm(P3)), (b"sRGB", vec![0])]));
    let (gamma, srgb) = ((b"gAMA", gama(45_455)), (b"cHRM", chrm(SRGB)));
    assert_unchanged(&square(&COLOR, &[gamma.clone(), srgb]));
    // The gamma of sRGB is an exponent beside other primaries.
    let (gray, from) = shown(&square(&[60; 3], &[gamma.clone(), (b"cHRM", chrm(P3))]));
    assert_near(gray, [encoded((60.0_f64 / 255.0).powf(2.2)); 3]);
    assert_eq!(from.as_deref(), Some("gamma 0.45455"));
    let (color, _) = shown(&square(&COLOR, &[gamma, (b"cHRM", chrm(P3))]));
    assert!(color[0] > COLOR[0] && color[2] < COLOR[2], "{color:?}");
    // Nonsense leaves the gamma as it is.
    for nonsense in [[0; 8], [u32::MAX; 8], [1; 8]] {
        let chunks = [(b"gAMA", gama(100_000)), (b"cHRM", chrm(nonsense))];
        let (gray, _) = shown(&square(&[60; 3], &chunks));
        assert_near(gray, [encoded(60.0 / 255.0); 3]);
    }
}

#[test]
fn any_positive_gamma_is_applied() {
    for gamma in [1, 500, 9_999, 1_000_001, 2_000_000, u32::MAX] {
        let exponent = 100_000.0 / f64::from(gamma);
        for gray in [1, 100, 254] {
            let (found, _) = shown(&square(&[gray; 3], &[(b"gAMA", gama(gamma))]));
            let expected = encoded((f64::from(gray) / 255.0).powf(exponent));
            assert_near(found, [expected; 3]);
        }
    }
}

#[test]
fn an_orientation_counts_before_the_pixels_intact_and_first() {
    let orientation = |file: &[u8]| probe(file).unwrap().orientation;
    let [turned, mirrored] = [6, 2].map(|value| exif::orientation(exif::Order::Big, value));
    let first = Square::new().chunk(*b"eXIf", &turned);
    let twice = first.chunk(*b"eXIf", &mirrored).pixels().end();
    assert_eq!(orientation(&twice), Orientation::Rotate90);
    let damaged = Square::new().damaged(*b"eXIf", &turned);
    let damaged = damaged.chunk(*b"eXIf", &mirrored).pixels().end();
    assert_eq!(orientation(&damaged), Orientation::FlipHorizontal);
    let late = Square::new().pixels().chunk(*b"eXIf", &turned).end();
    assert_eq!(orientation(&late), Orientation::Upright);
    // Its metadata are reported all the same.
    assert!(probe(&late).unwrap().metadata.exif);
    let behind_palette = Square::new()
        .chunk(*b"PLTE", &[0; 6])
        .chunk(*b"eXIf", &turned);
    assert_eq!(
        orientation(&behind_palette.pixels().end()),
        Orientation::Rotate90
    );
}

#[test]
fn a_damaged_animation_control_makes_no_animation() {
    let [frames, plays] = [2_u32, 0].map(u32::to_be_bytes);
    let control = [frames, plays].concat();
    let still = Square::new().damaged(*b"acTL", &control).pixels().end();
    assert_eq!(probe(&still).unwrap().frames, 1);
    assert_unchanged(&still);
}
