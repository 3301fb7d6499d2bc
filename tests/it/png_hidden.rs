//! What isn't seen of a PNG doesn't reach the photo: files that look the same become
//! photos that hide nothing, and strict decoders open them.

use std::io::Cursor;

use headshot::{CropBox, Edge, Format, Options, Photo, Step, prepare, probe, renditions};
use image::RgbaImage;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib;

use crate::picture::exif::{self, Order};
use crate::picture::indexed::Palette;
use crate::picture::png::{self, Png, SIGNATURE};
use crate::picture::{Picture, apng, byte, noise};
use crate::walk;

fn prepared(file: &[u8]) -> Photo {
    prepare(file, &Options::default()).unwrap()
}

fn passed(file: &[u8]) -> Photo {
    let photo = prepared(file);
    assert!(photo.steps.contains(&Step::PassedThrough));
    let again = prepared(&photo.bytes);
    assert!(again.bytes == photo.bytes, "another photo of a photo");
    photo
}

fn rgba(file: &[u8]) -> RgbaImage {
    image::load_from_memory(file).unwrap().into_rgba8()
}

const NONE: [u8; 0] = [];

/// The content of a chunk, empty if there is none.
fn chunk(file: &[u8], name: &str) -> Vec<u8> {
    let parts = walk::parts(file).into_iter();
    let mut parts = parts.filter(|part| part.name == name);
    let data = parts.next().map_or(Vec::new(), |part| part.data);
    assert!(parts.next().is_none(), "two chunks {name}");
    data
}

/// All frames as they are stored, by a decoder that verifies every checksum.
fn stored(file: &[u8]) -> Vec<Vec<u8>> {
    let mut options = ::png::DecodeOptions::default();
    options.set_ignore_checksums(false);
    options.set_ignore_adler32(false);
    let decoder = ::png::Decoder::new_with_options(Cursor::new(file), options);
    let mut reader = decoder.read_info().unwrap();
    let frames = probe(file).unwrap().frames;
    let frame = |_| {
        let mut samples = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut samples).unwrap();
        samples.truncate(info.buffer_size());
        samples
    };
    let frames = (0..frames).map(frame).collect();
    reader.finish().unwrap();
    frames
}

/// Sixteen shades and colors; the last six are in no picture here.
fn palette() -> Palette {
    (0..16)
        .map(|n: i32| [byte(n * 16), byte(n * 37 % 256), byte(255 - n * 9)])
        .collect()
}

fn indices(width: u32, height: u32) -> Picture {
    Picture::from_fn(width, height, |x, y| [byte((x / 20 + y / 30) % 10)])
}

fn palette_png(palette: &[[u8; 3]], alphas: &[u8], indices: &Picture, depth: u8) -> Vec<u8> {
    let kind = Png {
        palette: Some(palette.to_vec()),
        ..Png::depth(depth)
    };
    match alphas {
        [] => kind.write(indices),
        alphas => kind.with_chunk(*b"tRNS", alphas).write(indices),
    }
}

#[test]
fn unused_entries() {
    let plant = |seed: u8, len: usize| {
        let mut palette = palette();
        palette.truncate(10);
        palette.extend((10..len).map(|n| [seed, byte(i64::try_from(n).unwrap()), !seed]));
        palette
    };
    for depth in [4, 8] {
        let indices = indices(512, 512);
        let photos = [plant(1, 16), plant(77, 13), plant(200, 10)]
            .map(|palette| passed(&palette_png(&palette, &[], &indices, depth)).bytes);
        assert!(photos[0] == photos[1] && photos[1] == photos[2]);
        assert_eq!(chunk(&photos[0], "PLTE"), plant(0, 10).as_flattened());
        // Those between ones that are in use become black.
        let gaps = indices.map(|index| [index[0] / 2 * 2]);
        let photo = passed(&palette_png(
            &plant(9, 16),
            &[255, 3, 255, 4, 200, 5, 6],
            &gaps,
            depth,
        ));
        let entries = chunk(&photo.bytes, "PLTE");
        assert_eq!(entries.len(), 9 * 3);
        for (index, entry) in entries.chunks(3).enumerate() {
            assert_eq!(entry == [0; 3], index % 2 == 1, "{index}");
        }
        assert_eq!(
            chunk(&photo.bytes, "tRNS"),
            [255, 255, 255, 255, 200, 255, 6]
        );
        // Where none that is in use is transparent, nothing is said of it.
        let photo = passed(&palette_png(&plant(9, 16), &[255, 3, 255, 4], &gaps, depth));
        assert_eq!(chunk(&photo.bytes, "tRNS"), NONE);
    }
}

#[test]
fn which_of_two_entries_that_look_the_same() {
    let hidden = noise::photo(512, 512, 3).gray();
    // A drawing in the choice between entries 3 and 7.
    let drawn = |[one, other]: [u8; 2]| {
        let mut picture = indices(512, 512).map(|index| [index[0] % 3]);
        let choices = hidden.samples.iter().zip(&mut picture.samples);
        for (hidden, index) in choices.skip(512 * 200).take(512 * 200) {
            *index = if *hidden < 128 { one } else { other };
        }
        picture
    };
    let transparent = [255, 255, 255, 0, 255, 255, 255, 0];
    let mut same = palette();
    same[7] = same[3];
    for (palette, alphas) in [(palette(), &transparent[..]), (same, &[])] {
        for interlaced in [false, true] {
            let file = |indices: &Picture| {
                let mut kind = Png {
                    palette: Some(palette.clone()),
                    interlaced,
                    ..Png::depth(8)
                };
                if !alphas.is_empty() {
                    kind = kind.with_chunk(*b"tRNS", alphas);
                }
                kind.write(indices)
            };
            let file = file(&drawn([3, 7]));
            let photo = passed(&file);
            assert!(stored(&photo.bytes)[0].iter().all(|&index| index < 4));
            let entries = chunk(&photo.bytes, "PLTE");
            assert_eq!(entries.len(), 4 * 3);
            let [before, after] = [&file, &photo.bytes].map(|file| rgba(file));
            let both = before.pixels().zip(after.pixels());
            assert!(both.into_iter().all(|(before, after)| match before.0 {
                [_, _, _, 0] => after.0 == [0; 4],
                _ => before == after,
            }));
        }
    }
}

/// Colors under transparency, in a picture that has all kinds of alpha.
fn erased(width: u32, height: u32) -> Picture {
    noise::photo(width, height, 5).with_alpha::<4>()
}

fn assert_erased(before: &RgbaImage, after: &RgbaImage, name: &str) {
    assert_eq!(before.dimensions(), after.dimensions(), "{name}");
    for (before, after) in before.pixels().zip(after.pixels()) {
        match before.0 {
            [_, _, _, 0] => assert_eq!(after.0, [0; 4], "{name}"),
            _ => assert_eq!(after, before, "{name}"),
        }
    }
}

#[test]
fn colors_under_transparency_where_pixels_pass() {
    let picture = erased(512, 512);
    let gray = picture.map(|pixel| [pixel[1], pixel[3]]);
    for (picture, samples) in [(&picture, 4), (&gray, 2)] {
        for depth in [8, 16] {
            for kind in [Png::depth(depth), Png::depth(depth).interlaced()] {
                let name = format!("{samples} samples of {depth} bits");
                let mut picture = picture.clone();
                if depth == 16 {
                    // The lower byte is the upper one inverted: no alpha is 0 so.
                    for pixel in picture.samples.chunks_mut(samples) {
                        pixel[samples - 1] |= 1;
                    }
                }
                let file = kind.write(&picture);
                let mut wanted = stored(&file).remove(0);
                let bytes = samples * usize::from(depth / 8);
                let alpha = usize::from(depth / 8);
                for pixel in wanted.chunks_mut(bytes) {
                    if pixel[bytes - alpha..].iter().all(|&byte| byte == 0) {
                        pixel.fill(0);
                    }
                }
                let photo = passed(&file);
                assert!(stored(&photo.bytes)[0] == wanted, "{name}");
                let unchanged = stored(&file)[0] == wanted;
                assert_eq!(unchanged, depth == 16, "{name}");
                if unchanged {
                    let pixels = [&file, &photo.bytes].map(|file| walk::pixels(file));
                    assert!(pixels[0] == pixels[1], "{name}");
                }
            }
        }
    }
}

#[test]
fn colors_under_transparency_of_16_bits() {
    let picture = Picture::from_fn(512, 512, |x, y| [byte(x % 251), byte(y % 250)]);
    let mut rows = Vec::new();
    for y in 0..512_u32 {
        rows.push(0);
        for x in 0..512_u32 {
            let color = [byte(x % 256), byte(y % 256), 1, 2, 3, 4];
            // Wholly, hardly and not transparent.
            let alpha = [[0, 0], [0, 1], [255, 255]][(x / 9 + y) as usize % 3];
            rows.extend(color);
            rows.extend(alpha);
        }
    }
    let header = png::header(picture.width, picture.height, [16, 6, 0, 0, 0]);
    let mut file = SIGNATURE.to_vec();
    png::chunk(&mut file, *b"IHDR", &header);
    png::chunk(&mut file, *b"IDAT", &compress_to_vec_zlib(&rows, 6));
    png::chunk(&mut file, *b"IEND", &[]);
    let mut wanted = stored(&file).remove(0);
    for pixel in wanted.chunks_mut(8).filter(|pixel| pixel[6..] == [0, 0]) {
        pixel.fill(0);
    }
    assert!(stored(&passed(&file).bytes)[0] == wanted);
}

#[test]
fn colors_under_transparency_where_pixels_move() {
    let picture = erased(700, 520);
    let gray = picture.map(|pixel| [pixel[1], pixel[3]]);
    for picture in [picture, gray] {
        let file = png::photo(&picture);
        let turned = png::insert(&file, *b"eXIf", &exif::orientation(Order::Big, 6));
        let crop = CropBox {
            x: 3,
            y: 5,
            width: 514,
        };
        let cropped = Options::default().with_crop(crop);
        for (name, file, options) in [
            ("bars", &file, Options::default()),
            ("crop", &file, cropped),
            (
                "turned",
                &turned,
                cropped.with_crop(CropBox { x: 4, ..crop }),
            ),
            (
                "resampled",
                &file,
                cropped.with_crop(CropBox { width: 100, ..crop }),
            ),
        ] {
            let photo = prepare(file, &options).unwrap();
            let photo = rgba(&photo.bytes);
            let erased = photo.pixels().filter(|pixel| pixel.0[3] == 0);
            assert!(erased.clone().count() > 1000, "{name}");
            assert!(erased.into_iter().all(|pixel| pixel.0 == [0; 4]), "{name}");
            if name == "crop" {
                let before = image::imageops::crop_imm(&rgba(file), 3, 5, 514, 514).to_image();
                assert_erased(&before, &photo, name);
            }
        }
        let edges = [520, 700, 64].map(|px| Edge::new(px).unwrap());
        for made in renditions(&file, &edges, &cropped).unwrap() {
            let square = rgba(&made.bytes);
            let mut erased = square.pixels().filter(|pixel| pixel.0[3] == 0);
            assert!(erased.all(|pixel| pixel.0 == [0; 4]), "{:?}", made.edge);
        }
        for format in [Format::Jpeg, Format::Gif] {
            let options = Options::default().with_format(Some(format));
            let [one, other] = [&picture, &picture.cleared()]
                .map(|picture| prepare(&png::photo(picture), &options).unwrap().bytes);
            assert!(one == other, "{format}");
        }
    }
}

#[test]
fn colors_under_transparency_in_animations() {
    let frames = |edge: u32| {
        let clean = apng::Frame::new(erased(edge, edge).cleared());
        let part = apng::Frame::new(erased(90, 70)).at(10, 20);
        let over = apng::Frame {
            blend: apng::Blend::Over,
            dispose: apng::Dispose::Previous,
            ..part.clone()
        };
        [clean, part, over]
    };
    for edge in [512, 300] {
        let file = apng::write(0, None, &frames(edge));
        let photo = prepared(&file);
        let passes = photo.steps.contains(&Step::PassedThrough);
        assert_eq!(passes, edge == 512);
        for frame in stored(&photo.bytes) {
            let (pixels, _) = frame.as_chunks::<4>();
            assert!(pixels.iter().all(|pixel| pixel[3] != 0 || *pixel == [0; 4]));
        }
        if passes {
            let cleared = frames(edge).map(|frame| apng::Frame {
                picture: frame.picture.cleared(),
                ..frame
            });
            let cleared = apng::write(0, None, &cleared);
            assert!(stored(&cleared) == stored(&photo.bytes));
            // What was clean stays as it was compressed.
            let [before, after] = [&file, &photo.bytes].map(|file| walk::pixels(file));
            assert!(before[0] == after[0] && before[1] != after[1]);
        }
    }
}

/// The file with its rows changed; each starts with the number of its filter.
fn with_rows(file: &[u8], change: impl Fn(&mut [u8])) -> Vec<u8> {
    let mut changed = SIGNATURE.to_vec();
    for part in walk::parts(file) {
        let name: [u8; 4] = part.name.as_bytes().try_into().unwrap();
        let data = match &name {
            b"IDAT" => {
                let mut rows = decompress_to_vec_zlib(&part.data).unwrap();
                change(&mut rows);
                compress_to_vec_zlib(&rows, 9)
            }
            _ => part.data,
        };
        png::chunk(&mut changed, name, &data);
    }
    changed
}

#[test]
fn bits_behind_rows() {
    let edge = 515;
    for depth in [1, 2, 4] {
        let gray = noise::photo(edge, edge, 1).gray();
        let few = indices(edge, edge).map(|index| [index[0] % 2]);
        let palette = Some(palette()[..1 << depth.min(3)].to_vec());
        let files = [
            Png::depth(depth).write(&gray),
            Png {
                palette,
                ..Png::depth(depth)
            }
            .write(&few),
        ];
        let stride = (edge as usize * usize::from(depth)).div_ceil(8);
        let behind = (stride * 8 - edge as usize * usize::from(depth)) % 8;
        assert!(behind > 0);
        for file in files {
            // On the last byte, no other one builds. Its bits are 0, so that none is carried.
            let planted = |bits: u8| {
                with_rows(&file, |rows| {
                    let mut rows: Vec<_> = rows.chunks_mut(stride + 1).collect();
                    let last = rows.len() - 1;
                    let byte = rows[last].last_mut().unwrap();
                    *byte = byte.wrapping_add(bits & ((1 << behind) - 1));
                })
            };
            let [one, other, clean] = [1, 0b11, 0].map(planted);
            assert!(one != clean);
            let photo = passed(&one);
            assert!(photo.bytes == passed(&other).bytes || behind == 1);
            assert!(stored(&photo.bytes) == stored(&passed(&clean).bytes));
            assert!(rgba(&photo.bytes) == rgba(&file));
        }
    }
}

#[test]
fn keys_that_no_pixel_has() {
    let gray = indices(512, 512).map(|index| [index[0] * 20]);
    let rgb = gray.map(|gray| [gray[0], 7, 9]);
    let key = |picture: &Picture, depth: u8, key: &[u8]| {
        let file = Png::depth(depth).with_chunk(*b"tRNS", key).write(picture);
        let photo = passed(&file);
        assert!(rgba(&photo.bytes) == rgba(&file));
        chunk(&photo.bytes, "tRNS")
    };
    assert_eq!(key(&gray, 8, &[0, 40]), [0, 40]);
    // Only the bits of a sample count.
    assert_eq!(key(&gray, 8, &[99, 40]), [0, 40]);
    assert_eq!(key(&gray, 8, &[0, 41]), NONE);
    assert_eq!(key(&gray, 4, &[0, 2]), [0, 2]);
    assert_eq!(key(&gray, 4, &[0, 15]), NONE);
    assert_eq!(key(&gray, 16, &[40, 255 - 40]), [40, 255 - 40]);
    assert_eq!(key(&gray, 16, &[40, 40]), NONE);
    assert_eq!(key(&rgb, 8, &[0, 60, 0, 7, 0, 9]), [0, 60, 0, 7, 0, 9]);
    assert_eq!(key(&rgb, 8, &[0, 60, 0, 7, 0, 8]), NONE);
    assert_eq!(
        key(&rgb, 16, &[60, 195, 7, 248, 9, 246]),
        [60, 195, 7, 248, 9, 246]
    );
    assert_eq!(key(&rgb, 16, &[60, 195, 7, 248, 9, 0]), NONE);
}

/// The file with its compressed data changed and cut into chunks.
fn with_data<const N: usize>(file: &[u8], change: impl Fn(Vec<u8>) -> [Vec<u8>; N]) -> Vec<u8> {
    let mut changed = SIGNATURE.to_vec();
    let mut numbers = 0_u32..;
    for part in walk::parts(file) {
        let name: [u8; 4] = part.name.as_bytes().try_into().unwrap();
        let mut number = || numbers.next().unwrap().to_be_bytes();
        match &name {
            b"IDAT" => {
                for data in change(part.data) {
                    png::chunk(&mut changed, name, &data);
                }
            }
            b"fdAT" => {
                for data in change(part.data[4..].to_vec()) {
                    png::chunk(&mut changed, name, &[&number(), &data[..]].concat());
                }
            }
            b"fcTL" => {
                let data = [&number(), &part.data[4..]].concat();
                png::chunk(&mut changed, name, &data);
            }
            _ => png::chunk(&mut changed, name, &part.data),
        }
    }
    changed
}

fn sources() -> [Vec<u8>; 2] {
    let picture = noise::photo(512, 512, 3);
    let part = noise::photo(100, 40, 3);
    let frames = [
        apng::Frame::new(picture.clone()),
        apng::Frame::new(part).at(7, 8),
    ];
    [png::photo(&picture), apng::write(0, None, &frames)]
}

#[test]
fn where_chunks_begin_and_end() {
    for file in sources() {
        let clean = passed(&file);
        assert!(clean.bytes == file);
        let cut = with_data(&file, |data| {
            let (one, rest) = data.split_at(1);
            let (some, rest) = rest.split_at(rest.len() / 3);
            [&[], one, &[], some, &[], rest, &[]].map(<[u8]>::to_vec)
        });
        assert!(passed(&cut).bytes == clean.bytes);
    }
}

#[test]
fn strict_decoders_open_photos() {
    for file in sources() {
        // Another window is said to be enough, in a header whose own check is right.
        for window in 0..7 {
            let head = u16::from_be_bytes([window << 4 | 8, 0]);
            let head = (head + (31 - head % 31) % 31).to_be_bytes();
            let planted = with_data(&file, |mut data| {
                data[..2].copy_from_slice(&head);
                [data]
            });
            let photo = passed(&planted);
            assert!(stored(&photo.bytes) == stored(&file));
            for part in walk::pixels(&photo.bytes) {
                let data = if part.name == "fdAT" {
                    &part.data[4..]
                } else {
                    &part.data
                };
                assert_eq!(data[0], 0x78);
            }
        }
        for bits in [1, 0x80] {
            let planted = with_data(&file, |mut data| {
                *data.last_mut().unwrap() ^= bits;
                [data]
            });
            assert!(stored(&passed(&planted).bytes) == stored(&file));
        }
    }
    // Decoders that mind refuse an index beyond the palette, and others show black.
    let file = palette_png(&palette()[..9], &[], &indices(512, 512), 8);
    let photo = passed(&file);
    assert_eq!(chunk(&photo.bytes, "PLTE").len(), 10 * 3);
    assert_eq!(rgba(&photo.bytes).get_pixel(20 * 9, 0).0, [0, 0, 0, 255]);
}

#[test]
fn palettes_of_animations() {
    let palette = palette();
    let plane = indices(512, 512);
    let whole = Png {
        palette: Some(palette.clone()),
        ..Png::default()
    }
    .with_chunk(*b"tRNS", &[0, 255, 0]);
    let control = |number: u32, [width, height]: [u32; 2]| {
        let fields = [number, width, height, 0, 0].map(u32::to_be_bytes);
        [fields.as_flattened(), &[0, 1, 0, 60, 0, 0]].concat()
    };
    let first = plane.map(|index| [index[0] % 2]);
    let second = plane.part(0, 0, 64, 48).map(|index| [index[0] % 3]);
    let mut file = whole.start(&plane);
    png::chunk(&mut file, *b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]);
    png::chunk(&mut file, *b"fcTL", &control(0, [512, 512]));
    png::chunk(&mut file, *b"IDAT", &whole.pixels(&first));
    png::chunk(&mut file, *b"fcTL", &control(1, [64, 48]));
    let pixels = whole.pixels(&second);
    png::chunk(
        &mut file,
        *b"fdAT",
        &[&2_u32.to_be_bytes(), &pixels[..]].concat(),
    );
    png::chunk(&mut file, *b"IEND", &[]);
    let photo = passed(&file);
    assert_eq!(
        chunk(&photo.bytes, "PLTE"),
        [&[0; 3][..], &palette[1][..]].concat()
    );
    assert_eq!(chunk(&photo.bytes, "tRNS"), [0]);
    let [one, other] = <[_; 2]>::try_from(stored(&photo.bytes)).unwrap();
    assert!(one == first.samples);
    assert!(other == second.map(|index| [index[0] % 2]).samples);
    // Fractions stay as they are.
    let fields = walk::parts(&photo.bytes);
    let fields = fields.iter().filter(|part| part.name == "fcTL");
    assert!(
        fields
            .into_iter()
            .all(|part| part.data[20..24] == [0, 1, 0, 60])
    );
}

/// Recompression of frames counts as work, since a small file can cause much of it.
#[test]
fn frames_that_hide_something_are_limited() {
    let hides = |hidden: bool| {
        let frame = Picture::from_fn(1024, 1024, move |x, _| {
            [7, 7, 7, byte(x / 4)].map(|sample| if x < 4 && !hidden { 0 } else { sample })
        });
        let file = apng::write(
            0,
            None,
            &[apng::Frame::new(frame.clone()), apng::Frame::new(frame)],
        );
        let parts = walk::parts(&file);
        let mut long = SIGNATURE.to_vec();
        let mut numbers = 0_u32..;
        let mut chunk = |name: &str, data: &[u8]| {
            let name: [u8; 4] = name.as_bytes().try_into().unwrap();
            match &name {
                b"fcTL" | b"fdAT" => {
                    let number = numbers.next().unwrap().to_be_bytes();
                    png::chunk(&mut long, name, &[&number, &data[4..]].concat());
                }
                b"acTL" => png::chunk(&mut long, name, &[0, 0, 0, 50, 0, 0, 0, 0]),
                _ => png::chunk(&mut long, name, data),
            }
        };
        let end = parts.len() - 1;
        for part in &parts[..end] {
            chunk(&part.name, &part.data);
        }
        for part in (2..50).flat_map(|_| &parts[end - 2..end]) {
            chunk(&part.name, &part.data);
        }
        chunk("IEND", &[]);
        prepare(&long, &Options::default())
    };
    let photo = hides(false).unwrap();
    assert!(photo.steps.contains(&Step::PassedThrough) && photo.frames == 50);
    let error = hides(true).unwrap_err();
    assert_eq!((error.code(), error.reason()), ("too_large", "work"));
}
