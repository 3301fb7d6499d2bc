//! The PNG decoder against the crate `png`, and against the words of the
//! specification.

use std::io::Cursor;

use headshot::{Damage, Error, Options, Plan, decode, plan, prepare, probe};
use miniz_oxide::deflate::compress_to_vec_zlib;
use png::Transformations;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::picture::png::{SIGNATURE, chunk, header, passes};
use crate::picture::{apng, noise};
use crate::walk;

/// A file of random samples, filters and pieces.
#[derive(Clone, Copy, Debug)]
struct Kind {
    width: u32,
    height: u32,
    /// One of `KINDS`.
    depth: u8,
    color: u8,
    interlaced: bool,
    /// Whether there is a chunk tRNS.
    is_keyed: bool,
    /// The only filter, or any.
    filter: Option<u8>,
    /// The longest piece that the data are cut into.
    piece: usize,
    seed: u32,
}

/// Depths and colour types (W3C PNG, section 11.2.1).
const KINDS: [(u8, u8); 15] = [
    (1, 0),
    (2, 0),
    (4, 0),
    (8, 0),
    (16, 0),
    (8, 2),
    (16, 2),
    (1, 3),
    (2, 3),
    (4, 3),
    (8, 3),
    (8, 4),
    (16, 4),
    (8, 6),
    (16, 6),
];

/// xorshift32.
struct Random(u32);

impl Random {
    fn new(seed: u32) -> Self {
        Self(seed.wrapping_mul(2) | 1)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 >> 8) as usize % end
    }

    fn byte(&mut self) -> u8 {
        self.below(256).to_le_bytes()[0]
    }
}

impl Kind {
    fn bits(self) -> usize {
        let samples = match self.color {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        samples * usize::from(self.depth)
    }

    /// Bytes of each row, in the order in which they are stored.
    fn strides(self) -> Vec<usize> {
        let passes = passes(self.interlaced).iter();
        let rows = passes.flat_map(|&[left, top, right, down]| {
            let columns = (left..self.width as usize).step_by(right).count();
            let rows = (top..self.height as usize).step_by(down).count();
            let rows = if columns == 0 { 0 } else { rows };
            std::iter::repeat_n((columns * self.bits()).div_ceil(8), rows)
        });
        rows.collect()
    }

    /// The rows behind their filters. Half of the pictures have small differences,
    /// as photos do.
    fn filtered(self) -> Vec<u8> {
        let mut random = Random::new(self.seed);
        let is_smooth = random.below(2) == 0;
        let mut filtered = Vec::new();
        for stride in self.strides() {
            let any = [0, 1, 2, 3, 4, 4, 4][random.below(7)];
            filtered.push(self.filter.unwrap_or(any));
            filtered.extend((0..stride).map(|_| match random.byte() {
                byte if is_smooth => (byte % 7).wrapping_sub(3),
                byte => byte,
            }));
        }
        filtered
    }

    fn start(self) -> Vec<u8> {
        let mut random = Random::new(!self.seed);
        let mut file = SIGNATURE.to_vec();
        let rest = [self.depth, self.color, 0, 0, self.interlaced.into()];
        chunk(&mut file, *b"IHDR", &header(self.width, self.height, rest));
        let mut bytes = |len: usize| -> Vec<u8> { (0..len).map(|_| random.byte()).collect() };
        let colors = 1 + usize::from(bytes(1)[0]) % (1 << self.depth.min(8));
        if self.color == 3 {
            chunk(&mut file, *b"PLTE", &bytes(3 * colors));
        }
        if self.is_keyed {
            let most = (1_u16 << (self.depth % 16)).wrapping_sub(1).to_be_bytes();
            let mut key = match self.color {
                0 => bytes(2),
                2 => bytes(6),
                // More than there are colours, now and then.
                3 => bytes(1 + colors * 9 / 8),
                _ => bytes(3),
            };
            if self.color == 0 {
                key.iter_mut()
                    .zip(most)
                    .for_each(|(key, most)| *key &= most);
            }
            chunk(&mut file, *b"tRNS", &key);
        }
        file
    }

    fn file(self) -> Vec<u8> {
        let mut random = Random::new(self.seed ^ 0x1234_5678);
        let level = random.below(10).to_le_bytes()[0];
        let data = compress_to_vec_zlib(&self.filtered(), level);
        let mut file = self.start();
        let mut data = &data[..];
        while !data.is_empty() {
            let (piece, rest) = data.split_at(random.below(self.piece + 1).min(data.len()));
            chunk(&mut file, *b"IDAT", piece);
            data = rest;
        }
        chunk(&mut file, *b"IEND", &[]);
        file
    }
}

fn kinds() -> impl Strategy<Value = Kind> {
    let edges = prop_oneof![
        4 => (1_u32..40, 1_u32..40),
        1 => (1_u32..1500, 1_u32..12),
        1 => (1_u32..3, 1_u32..300),
    ];
    let piece = prop_oneof![Just(1_usize), 2_usize..20, 100_usize..20_000];
    let filter = proptest::option::of(0_u8..5);
    let flags = (any::<bool>(), any::<bool>());
    (edges, 0..KINDS.len(), flags, filter, piece, any::<u32>()).prop_map(
        |((width, height), kind, (interlaced, is_keyed), filter, piece, seed)| {
            let (depth, color) = KINDS[kind];
            Kind {
                width,
                height,
                depth,
                color,
                interlaced,
                is_keyed,
                filter,
                piece,
                seed,
            }
        },
    )
}

/// A plan to decode all of a picture.
fn everything(file: &[u8], options: &Options) -> Result<Plan, Error> {
    let mut plan = plan(&probe(file)?, options)?;
    plan.streamed = false;
    plan.pass_through = false;
    Ok(plan)
}

fn ours(file: &[u8], damage: Damage) -> Result<Vec<u8>, Error> {
    let plan = everything(file, &Options::default().with_damage(damage))?;
    let mut frames = decode(file, &probe(file)?, &plan)?;
    let frame = frames.next()?.unwrap();
    Ok(frame.raster.planes[0].samples.clone())
}

fn theirs(file: &[u8]) -> Result<Vec<u8>, png::DecodingError> {
    let mut decoder = png::Decoder::new(Cursor::new(file));
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info()?;
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut samples)?;
    Ok(samples)
}

/// Undoes filters byte by byte, in the words of section 9.2.
fn unfiltered(kind: Kind) -> Vec<u8> {
    let pixel = kind.bits().div_ceil(8);
    let filtered = kind.filtered();
    let mut at = 0;
    let mut above = Vec::new();
    let mut all = Vec::new();
    for stride in kind.strides() {
        above.resize(stride, 0);
        let filter = filtered[at];
        let mut row: Vec<u8> = Vec::new();
        for (x, &byte) in filtered[at + 1..][..stride].iter().enumerate() {
            let left = |row: &[u8]| x.checked_sub(pixel).map_or(0, |x| i32::from(row[x]));
            let (a, b, c) = (left(&row), i32::from(above[x]), left(&above));
            let predicted = match filter {
                0 => 0,
                1 => a,
                2 => b,
                3 => (a + b) >> 1,
                _ => {
                    let p = a + b - c;
                    let [pa, pb, pc] = [a, b, c].map(|value| (p - value).abs());
                    if pa <= pb && pa <= pc {
                        a
                    } else if pb <= pc {
                        b
                    } else {
                        c
                    }
                }
            };
            row.push((i32::from(byte) + predicted).to_le_bytes()[0]);
        }
        at += stride + 1;
        all.extend_from_slice(&row);
        above = row;
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn as_the_crate_png(kind in kinds()) {
        let file = kind.file();
        let theirs = theirs(&file).unwrap();
        prop_assert!(ours(&file, Damage::Refuse).unwrap() == theirs);
        prop_assert!(ours(&file, Damage::Accept).unwrap() == theirs);
    }

    /// Where a file is changed anywhere, neither finds less than the other, but for
    /// chunks that say nothing about this picture's pixels.
    #[test]
    fn what_they_accept_we_decode_alike(kind in kinds(), at: Index, bit in 0_u8..8) {
        let mut file = kind.file();
        let place = at.index(file.len());
        file[place] ^= 1 << bit;
        if let Ok(theirs) = theirs(&file)
            && let Ok(ours) = ours(&file, Damage::Refuse)
        {
            prop_assert!(ours == theirs);
        }
    }
}

#[test]
fn every_filter_as_specified() {
    for (depth, color) in KINDS {
        for filter in 0..5 {
            for width in 1..40 {
                let kind = Kind {
                    width,
                    height: 5,
                    depth,
                    color,
                    interlaced: false,
                    is_keyed: false,
                    filter: Some(filter),
                    piece: 1000,
                    seed: width * 16 + u32::from(filter),
                };
                let stored = unfiltered(kind);
                let expected: Vec<u8> = match depth {
                    8 if color != 3 => stored,
                    16 => stored.iter().copied().step_by(2).collect(),
                    _ => theirs(&kind.file()).unwrap(),
                };
                assert!(
                    ours(&kind.file(), Damage::Refuse).unwrap() == expected,
                    "{kind:?}"
                );
            }
        }
    }
}

const SMALL: Kind = Kind {
    width: 13,
    height: 17,
    depth: 8,
    color: 2,
    interlaced: false,
    is_keyed: false,
    filter: None,
    piece: 90,
    seed: 5,
};

/// Every cut leaves the rows before it, and says that and where data are missing.
#[test]
fn what_came_before_a_cut_is_kept() {
    for interlaced in [false, true] {
        let file = Kind {
            interlaced,
            ..SMALL
        }
        .file();
        let whole = ours(&file, Damage::Refuse).unwrap();
        let end = file.len() - 12;
        let mut kept = 0;
        for len in 0..file.len() {
            let Ok(part) = ours(&file[..len], Damage::Accept) else {
                continue; // cut before any pixel
            };
            let alike = part
                .iter()
                .zip(&whole)
                .filter(|(part, whole)| part == whole);
            let alike = alike.count();
            assert!(interlaced || alike >= kept, "cut at {len}");
            kept = alike;
            // The checksum behind the pixels says nothing about them.
            match ours(&file[..len], Damage::Refuse) {
                Err(Error::Truncated { offset, .. }) => assert_eq!(offset, Some(len as u64)),
                Ok(pixels) => {
                    assert!(len + 12 >= end, "whole at {len} of {end}");
                    assert!(pixels == whole);
                }
                Err(error) => panic!("cut at {len}: {error}"),
            }
        }
        assert_eq!(kept, whole.len());
    }
}

#[test]
fn errors_say_where() {
    let kind = Kind {
        piece: 20_000,
        width: 300,
        height: 300,
        ..SMALL
    };
    let file = kind.file();
    let middle = file.len() / 2;
    let mut broken = file.clone();
    broken[middle] ^= 0x55;
    let error = ours(&broken, Damage::Refuse).unwrap_err();
    assert_eq!(error.reason(), "malformed", "{error}");
    assert!(
        error.offset().is_some_and(|at| at <= middle as u64),
        "{error}"
    );
    // The checksum tells at once; without it, inflating goes on until it can't.
    let photo = prepare(&broken, &Options::default().with_damage(Damage::Accept)).unwrap();
    assert!(
        photo
            .steps
            .iter()
            .any(|step| matches!(step, headshot::Step::DamageAccepted { offset: Some(_) }))
    );
}

/// Rows are lost from the damage on, and at most one before it.
#[test]
fn rows_before_damage_are_kept() {
    let kind = Kind {
        width: 300,
        height: 300,
        filter: Some(4),
        piece: 1 << 20,
        ..SMALL
    };
    // A block of a type that does not exist, behind 100 rows.
    let filtered = kind.filtered();
    let rows = 100 * (300 * 3 + 1);
    let mut data = vec![0x78, 0x01];
    for stored in filtered[..rows].chunks(60_000) {
        let len = u16::try_from(stored.len()).unwrap();
        data.push(0);
        data.extend(len.to_le_bytes());
        data.extend((!len).to_le_bytes());
        data.extend(stored);
    }
    data.extend([0x07; 100]);
    let mut file = kind.start();
    chunk(&mut file, *b"IDAT", &data);
    chunk(&mut file, *b"IEND", &[]);
    assert_eq!(
        ours(&file, Damage::Refuse).unwrap_err().reason(),
        "malformed"
    );
    let samples = ours(&file, Damage::Accept).unwrap();
    let whole = unfiltered(kind);
    assert!(samples[..99 * 900] == whole[..99 * 900]);
    assert!(samples[100 * 900..].iter().all(|&sample| sample == 0));
}

/// The frames behind one that is damaged, in the first of several chunks, are there.
#[test]
fn frames_behind_damage_are_kept() {
    let pictures = [1, 2, 3].map(|seed| noise::photo(300, 200, seed));
    let frames = pictures.map(apng::Frame::new);
    let whole = apng::write(0, None, &frames);
    let mut broken = SIGNATURE.to_vec();
    let mut number = 0_u32;
    for part in walk::parts(&whole) {
        let name: [u8; 4] = part.name.as_bytes().try_into().unwrap();
        let pieces: Vec<&[u8]> = match &name {
            b"fdAT" => part.data[4..].chunks(20_000).collect(),
            b"fcTL" => vec![&part.data[4..]],
            _ => vec![&part.data],
        };
        for piece in pieces {
            let mut data = piece.to_vec();
            if matches!(&name, b"fdAT" | b"fcTL") {
                if &name == b"fdAT" && number == 2 {
                    data[100..].fill(0x55);
                }
                data.splice(..0, number.to_be_bytes());
                number += 1;
            }
            chunk(&mut broken, name, &data);
        }
    }
    assert!(number > 7, "several chunks a frame");
    let options = Options::default();
    assert_eq!(
        prepare(&broken, &options).unwrap_err().reason(),
        "malformed"
    );
    let options = options.with_damage(Damage::Accept);
    let last = |file: &[u8]| {
        let plan = everything(file, &options).unwrap();
        let mut frames = decode(file, &probe(file).unwrap(), &plan).unwrap();
        let mut samples = Vec::new();
        while let Some(frame) = frames.next().unwrap() {
            samples.clone_from(&frame.raster.planes[0].samples);
        }
        samples
    };
    assert!(last(&broken) == last(&whole));
}
