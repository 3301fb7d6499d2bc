//! What holds for JPEG files that are cut or changed.

use headshot::{Plane, Rect, probe};
use jpeg_encoder::SamplingFactor;

use crate::picture::jpeg;
use crate::picture::noise;
use crate::planes::{Ask, Coding, Recipe, planes};

/// A small picture of each sort.
fn seeds() -> Vec<Vec<u8>> {
    let recipes = [
        Recipe::PLAIN,
        Recipe {
            coding: Coding::Apart,
            ..Recipe::PLAIN
        },
        Recipe {
            coding: Coding::Progressive(4),
            ..Recipe::PLAIN
        },
        Recipe {
            restart: 2,
            ..Recipe::PLAIN
        },
        Recipe {
            restart: 1,
            coding: Coding::Progressive(3),
            sampling: SamplingFactor::F_4_1,
            ..Recipe::PLAIN
        },
        Recipe {
            channels: 1,
            quality: 100,
            ..Recipe::PLAIN
        },
        Recipe {
            channels: 4,
            sampling: SamplingFactor::F_1_2,
            ..Recipe::PLAIN
        },
    ];
    let photo = noise::photo(35, 27, 1);
    let mut files: Vec<_> = recipes.iter().map(Recipe::file).collect();
    files.extend(jpeg::REFINED.map(<[u8]>::to_vec));
    files.push(jpeg::untransformed(&photo, 80));
    files.push(jpeg::ycck(&photo.cmyk(), 80));
    files
}

/// Where the data of the first scan begins.
fn first_scan(file: &[u8]) -> usize {
    let segments = jpeg::segments(file);
    let &(_, at) = segments.iter().find(|(marker, _)| *marker == 0xDA).unwrap();
    at + 2 + usize::from(file[at + 3])
}

#[test]
fn every_cut_is_refused_or_whole() {
    for file in seeds() {
        let good = planes(&file, 8).unwrap();
        for len in 0..file.len() {
            let cut = &file[..len];
            for edge in [8, 1] {
                // A file may lack its end of image, but nothing before it.
                match planes(cut, edge) {
                    Ok(found) => {
                        assert!(len + 2 >= file.len(), "cut at {len}");
                        assert_eq!(found, planes(&file, edge).unwrap());
                    }
                    Err(error) => assert_ne!(error.reason(), "internal"),
                }
            }
        }
        assert_eq!(planes(&file[..file.len() - 2], 8).unwrap(), good);
    }
}

/// Every cut behind the first scan's header is accepted, if damage is, and gives
/// planes of full size with as much of the picture as there is.
#[test]
fn every_cut_can_be_accepted() {
    for file in seeds() {
        let info = probe(&file).unwrap();
        let ask = Ask::whole(&info, 8).tolerant();
        let good = ask.planes(&file, &info).unwrap();
        let start = first_scan(&file);
        for len in 0..file.len() {
            let Ok(info) = probe(&file[..len]) else {
                assert!(len < start, "cut at {len}");
                continue;
            };
            match ask.planes(&file[..len], &info) {
                Ok(planes) => assert_eq!(sizes(&planes), sizes(&good), "cut at {len}"),
                Err(_) => assert!(len < start, "cut at {len}"),
            }
        }
    }
}

/// Nothing below the region is wanted, and still it must be there.
#[test]
fn a_cut_below_the_region_is_seen() {
    for file in seeds() {
        let info = probe(&file).unwrap();
        let top = Rect {
            height: 8,
            ..Rect::covering(info.stored)
        };
        let ask = Ask::part(top, 8);
        let good = ask.planes(&file, &info).unwrap();
        for len in first_scan(&file)..file.len() {
            if let Ok(found) = ask.planes(&file[..len], &info) {
                assert_eq!(found, good, "cut at {len}");
                assert!(planes(&file[..len], 8).is_ok(), "cut at {len}");
            }
        }
    }
}

#[test]
fn a_lost_restart_interval_is_gray() {
    let file = Recipe {
        restart: 2,
        ..Recipe::PLAIN
    }
    .file();
    let good = planes(&file, 8).unwrap();
    let marker = |code: u8| {
        file.windows(2)
            .position(|pair| pair == [0xFF, code])
            .unwrap()
    };
    let lost = [&file[..marker(0xD0)], &file[marker(0xD1)..]].concat();
    assert_eq!(planes(&lost, 8).unwrap_err().reason(), "malformed");

    let info = probe(&lost).unwrap();
    let found = Ask::whole(&info, 8)
        .tolerant()
        .planes(&lost, &info)
        .unwrap();
    // Units of 16 pixels, 3 in a row, 2 in an interval: the second has units 2 and 3.
    for (place, (&good, &found)) in good[0].samples.iter().zip(&found[0].samples).enumerate() {
        let unit = place / 35 / 16 * 3 + place % 35 / 16;
        let expected = if matches!(unit, 2 | 3) { 128 } else { good };
        assert_eq!(found, expected, "at {place}");
    }
}

/// Files with bytes changed, lost or copied, the same ones in every run.
/// `HEADSHOT_MUTATIONS` says how many.
#[test]
fn changed_files_do_no_harm() {
    let count = std::env::var("HEADSHOT_MUTATIONS")
        .map_or(20_000, |count| count.parse().expect("a number"));
    let seeds = seeds();
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut decoded = [0, 0];
    for number in 0..count {
        let mut file = seeds[random.below(seeds.len())].clone();
        for _ in 0..=random.below(6) {
            random.change(&mut file);
        }
        println!("file {number}"); // shown if the next line panics
        for (decoded, found) in decoded.iter_mut().zip(any_bytes(&file, &mut random)) {
            *decoded += u32::from(found);
        }
    }
    println!(
        "of {count} files {} are good, {} can be accepted",
        decoded[0], decoded[1]
    );
    assert!(
        decoded[0] > count / 20 && decoded[1] > count / 2,
        "{decoded:?}"
    );
}

/// Decodes a part at some scale: nothing panics, and what comes out has the
/// promised form. Tells whether the file is good, and whether it can be accepted.
fn any_bytes(file: &[u8], random: &mut Random) -> [bool; 2] {
    let Ok(info) = probe(file) else {
        return [false; 2];
    };
    let mut region = Rect::covering(info.stored);
    if random.below(2) == 0 {
        region.x = region.width / 3;
        region.width = region.width.div_ceil(3);
        region.y = region.height / 3;
        region.height = region.height.div_ceil(3);
    }
    let ask = Ask::part(region, 1 << random.below(4));
    let [strict, tolerant] = [ask, ask.tolerant()].map(|ask| {
        let planes = match ask.planes(file, &info) {
            Ok(planes) => planes,
            Err(error) => {
                assert_ne!(error.reason(), "internal", "{error}");
                return None;
            }
        };
        planes.iter().for_each(check_form);
        Some(planes)
    });
    if strict.is_some() {
        assert_eq!(strict, tolerant);
    }
    [strict.is_some(), tolerant.is_some()]
}

fn check_form(plane: &Plane) {
    let region = plane.region;
    assert_eq!(plane.samples.len() as u64, plane.size.pixels());
    assert!(region.x >= 0.0 && region.y >= 0.0);
    assert!(region.width > 0.0 && region.height > 0.0);
    assert!(region.x + region.width <= plane.size.width().into());
    assert!(region.y + region.height <= plane.size.height().into());
}

fn sizes(planes: &[Plane]) -> Vec<headshot::Size> {
    planes.iter().map(|plane| plane.size).collect()
}

/// xorshift, so that every run makes the same files.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }

    fn change(&mut self, file: &mut Vec<u8>) {
        let at = self.below(file.len());
        match self.below(5) {
            0 => file[at] ^= 1 << self.below(8),
            1 => file[at] = self.byte(),
            2 => file[at] = [0, 0xFF, 0xD0, 0x7F][self.below(4)],
            3 => drop(file.remove(at)),
            _ => {
                let from = self.below(file.len());
                let len = self.below(40).min(file.len() - from.max(at));
                file.copy_within(from..from + len, at);
            }
        }
    }
}
