//! What holds for every good JPEG, plane by plane.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "samples and small coordinates"
)]

use headshot::{Damage, Info, Options, Plane, Rect, Size, decode, plan, probe};
use jpeg_encoder::SamplingFactor;
use proptest::prelude::*;

use crate::picture::jpeg;
use crate::planes::{Ask, Coding, Recipe, codings, planes, recipes};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Samples that are coded nearly without loss come back nearly the same.
    #[test]
    fn samples_come_back(recipe in recipes()) {
        let recipe = Recipe { quality: 100, sampling: SamplingFactor::F_1_1, ..recipe };
        let planes = planes(&recipe.file(), 8).unwrap();
        prop_assert_eq!(planes.len(), recipe.channels);
        let sent = recipe.picture();
        for (channel, plane) in planes.iter().enumerate() {
            prop_assert_eq!((plane.size.width(), plane.size.height()), (sent.width, sent.height));
            let sent = sent.samples.iter().skip(channel).step_by(recipe.channels);
            for (&sent, &got) in sent.zip(&plane.samples) {
                // In a raster, 255 is no ink.
                let sent = if recipe.channels == 4 { 255 - sent } else { sent };
                prop_assert!(sent.abs_diff(got) <= 3, "{} became {}", sent, got);
            }
        }
    }

    /// A region is what the whole picture has there, at any scale.
    #[test]
    fn a_region_is_cut_out(
        recipe in recipes(),
        corner in any::<(u16, u16)>(),
        size in any::<(u16, u16)>(),
        parts in prop::array::uniform2(1..=64_u32),
    ) {
        let bytes = recipe.file();
        let info = probe(&bytes).unwrap();
        let ask = Ask {
            region: part(&info, corner, size),
            luma: parts[0],
            chroma: parts[1],
            damage: Damage::Refuse,
        };
        let wholes: Vec<Vec<Plane>> = [1, 2, 4, 8, 16, 32, 64]
            .map(|parts| Ask { luma: parts, chroma: parts, ..Ask::whole(&info, 8) })
            .iter()
            .map(|ask| ask.planes(&bytes, &info).unwrap())
            .collect();
        for (channel, part) in ask.planes(&bytes, &info).unwrap().iter().enumerate() {
            let scale = scale(part, ask.region);
            let mut wholes_of = wholes.iter().map(|planes| &planes[channel]);
            let whole = Rect::covering(info.stored);
            let found = wholes_of.find(|plane| is_same(self::scale(plane, whole), scale));
            let Some(whole) = found else {
                // A picture of a few pixels is never asked for at the smallest scale.
                prop_assert!(info.stored.shortest() < 64, "no whole at {:?}", scale);
                continue;
            };
            let left = (f64::from(ask.region.x) * scale[0] - part.region.x).round() as u32;
            let top = (f64::from(ask.region.y) * scale[1] - part.region.y).round() as u32;
            let expected = cut(whole, left, top, part.size.width(), part.size.height());
            prop_assert_eq!(&expected, &part.samples);
            let is_chroma = recipe.channels == 3 && channel > 0;
            let wanted = ask.at_least(if is_chroma { ask.chroma } else { ask.luma });
            let most = self::scale(&wholes[6][channel], Rect::covering(info.stored));
            let has_enough = part.region.width >= wanted.width().into()
                && part.region.height >= wanted.height().into();
            prop_assert!(has_enough || is_same(most, scale), "{:?} for {:?}", part.region, wanted);
        }
    }

    /// The same coefficients are the same picture, however they are written.
    #[test]
    fn coding_changes_nothing(
        recipe in recipes(),
        coding in codings(),
        restart in 0..30_u16,
        corner in any::<(u16, u16)>(),
        size in any::<(u16, u16)>(),
        edge in prop::sample::select(vec![1_u32, 2, 4, 8]),
    ) {
        let bytes = recipe.file();
        let other = Recipe { coding, restart, ..recipe }.file();
        let info = probe(&bytes).unwrap();
        let ask = Ask::part(part(&info, corner, size), edge);
        prop_assert_eq!(
            ask.planes(&bytes, &info).unwrap(),
            ask.planes(&other, &probe(&other).unwrap()).unwrap()
        );
    }

    /// The smallest scale shows the DC coefficients and nothing else: the same as
    /// the full scale does where a file has no others.
    #[test]
    fn an_eighth_is_the_dc(recipe in recipes(), scans in 2..=24_u8) {
        let bytes = large(&Recipe { coding: Coding::Progressive(scans), ..recipe }).file();
        let flat = planes(&without_ac(&bytes), 8).unwrap();
        let info = probe(&bytes).unwrap();
        let ask = Ask { luma: 1, chroma: 1, ..Ask::whole(&info, 1) };
        for (small, flat) in ask.planes(&bytes, &info).unwrap().iter().zip(&flat) {
            let (width, height) = (flat.size.width(), flat.size.height());
            prop_assert_eq!(small.size, Size::new(width.div_ceil(8), height.div_ceil(8)).unwrap());
            let expected: Vec<u8> = places(width, height)
                .map(|(x, y)| sample(small, x / 8, y / 8))
                .collect();
            prop_assert_eq!(&expected, &flat.samples);
        }
    }

    /// A smaller scale is near to the mean of the samples that it stands for.
    #[test]
    fn a_smaller_scale_is_the_picture(
        recipe in recipes(),
        edge in prop::sample::select(vec![1_u32, 2, 4]),
    ) {
        let bytes = large(&recipe).file();
        let (full, small) = (planes(&bytes, 8).unwrap(), planes(&bytes, edge).unwrap());
        for (full, small) in full.iter().zip(&small) {
            let shrink = (full.region.width / small.region.width).round() as u32;
            let (columns, rows) = (full.size.width() / shrink, full.size.height() / shrink);
            let squares: f64 = places(columns, rows)
                .map(|(x, y)| {
                    let mean = mean(full, x * shrink, y * shrink, shrink);
                    (mean - f64::from(sample(small, x, y))).powi(2)
                })
                .sum();
            let error = (squares / f64::from(columns * rows)).sqrt();
            let most = if shrink == 8 { 1.0 } else { LARGEST_ERROR };
            prop_assert!(error <= most, "{} in {} samples", error, columns * rows);
        }
    }

    /// Tolerance changes nothing about a good file.
    #[test]
    fn good_files_need_no_tolerance(recipe in recipes(), edge in 1..=8_u32) {
        let bytes = recipe.file();
        let info = probe(&bytes).unwrap();
        let ask = Ask::whole(&info, edge);
        prop_assert_eq!(
            ask.planes(&bytes, &info).unwrap(),
            ask.tolerant().planes(&bytes, &info).unwrap()
        );
    }
}

/// The root of the mean square, in levels: 30 dB. Only at 1/8 is a transform a mean;
/// at 1/2 and 1/4, libjpeg's leave out what the fine noise here has much of, and
/// up to 5.1 levels were seen.
const LARGEST_ERROR: f64 = 8.0;

/// Coefficients whose bits come in several scans are the same in the end.
#[test]
fn refinement_changes_nothing() {
    let info = probe(jpeg::SEQUENTIAL).unwrap();
    let all = Rect::covering(info.stored);
    let middle = Rect {
        x: 9,
        y: 5,
        width: 14,
        height: 11,
    };
    for (edge, region) in [
        (8, all),
        (4, all),
        (2, all),
        (1, all),
        (8, middle),
        (4, middle),
    ] {
        let ask = Ask::part(region, edge);
        let expected = ask.planes(jpeg::SEQUENTIAL, &info).unwrap();
        for refined in jpeg::REFINED {
            let info = probe(refined).unwrap();
            assert_eq!(ask.planes(refined, &info).unwrap(), expected, "{ask:?}");
        }
    }
}

#[test]
fn memory_is_planned_for_all_planes() {
    for coding in [Coding::Interleaved, Coding::Progressive(3)] {
        for (width, height) in [(512, 512), (1030, 700), (2500, 1900), (3, 3000)] {
            let recipe = Recipe {
                width,
                height,
                coding,
                ..Recipe::PLAIN
            };
            let bytes = recipe.file();
            let info = probe(&bytes).unwrap();
            let plan = plan(&info, &Options::default()).unwrap();
            let mut frames = decode(&bytes, &info, &plan).unwrap();
            let planes = &frames.next().unwrap().unwrap().raster.planes;
            let decoded: u64 = planes.iter().map(|plane| plane.samples.len() as u64).sum();
            let canvas = plan.side.size().pixels() * plan.canvas.channels() as u64;
            assert!(
                plan.memory_bytes >= decoded + 3 * canvas,
                "{width}x{height}: {} for {decoded} and {canvas}",
                plan.memory_bytes
            );
        }
    }
}

#[test]
fn a_region_outside_is_refused() {
    let bytes = Recipe::PLAIN.file();
    let info = probe(&bytes).unwrap();
    for (x, y, width, height) in [
        (35, 0, 1, 1),
        (0, 20, 1, 8),
        (34, 26, 2, 1),
        (u32::MAX, 0, 1, 1),
    ] {
        let ask = Ask::part(
            Rect {
                x,
                y,
                width,
                height,
            },
            8,
        );
        let error = ask.planes(&bytes, &info).unwrap_err();
        assert_eq!(error.reason(), "internal", "{ask:?}");
    }
}

/// Large enough to be wanted at any scale: a block is 32 pixels where a component
/// has a quarter of the samples.
fn large(recipe: &Recipe) -> Recipe {
    Recipe {
        width: recipe.width + 31,
        height: recipe.height + 31,
        ..recipe.clone()
    }
}

fn places(width: u32, height: u32) -> impl Iterator<Item = (u32, u32)> {
    (0..height).flat_map(move |y| (0..width).map(move |x| (x, y)))
}

/// Any part of a picture.
fn part(info: &Info, corner: (u16, u16), size: (u16, u16)) -> Rect {
    let (width, height) = (info.stored.width(), info.stored.height());
    let (x, y) = (u32::from(corner.0) % width, u32::from(corner.1) % height);
    Rect {
        x,
        y,
        width: u32::from(size.0) % (width - x) + 1,
        height: u32::from(size.1) % (height - y) + 1,
    }
}

/// Samples a pixel, across and down.
fn scale(plane: &Plane, region: Rect) -> [f64; 2] {
    [
        plane.region.width / f64::from(region.width),
        plane.region.height / f64::from(region.height),
    ]
}

fn is_same(a: [f64; 2], b: [f64; 2]) -> bool {
    a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-9)
}

fn sample(plane: &Plane, x: u32, y: u32) -> u8 {
    plane.samples[y as usize * plane.stride() + x as usize]
}

fn cut(plane: &Plane, left: u32, top: u32, width: u32, height: u32) -> Vec<u8> {
    let rows = plane.samples.chunks_exact(plane.stride());
    rows.skip(top as usize)
        .take(height as usize)
        .flat_map(|row| &row[left as usize..][..width as usize])
        .copied()
        .collect()
}

fn mean(plane: &Plane, left: u32, top: u32, edge: u32) -> f64 {
    let samples = cut(plane, left, top, edge, edge);
    let sum: u32 = samples.iter().map(|&sample| u32::from(sample)).sum();
    f64::from(sum) / f64::from(edge * edge)
}

/// A progressive file of `jpeg-encoder` without scans that have more than DC.
fn without_ac(progressive: &[u8]) -> Vec<u8> {
    let segments = jpeg::segments(progressive);
    let mut file = Vec::new();
    for (&(marker, at), &(_, end)) in segments.iter().zip(&segments[1..]) {
        // One component: its number and tables, and then the band.
        let is_ac = marker == 0xDA && progressive[at + 7] > 0;
        if !is_ac {
            file.extend(&progressive[at..end]);
        }
    }
    file.extend(b"\xFF\xD9");
    file
}
