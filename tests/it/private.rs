//! Nothing private survives: a mark is put wherever a file can hold more than
//! its picture, and must not be found in any photo.

use headshot::{Format, Options, Photo, Step, prepare};
use memchr::memmem;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib;
use weezl::BitOrder;

use crate::picture::gif::{self, Dispose, Frame, Loops};
use crate::picture::indexed::indexed;
use crate::picture::{Picture, apng, exif, icc, jpeg, noise, png};
use crate::walk;

/// As long as eight pixels of a thumbnail.
const MARK: &[u8] = b"<private: 47.37N, 8.54E>";

/// A way to hide the mark in a file.
type Plant = (&'static str, fn(&[u8]) -> Vec<u8>);

const JPEG: &[Plant] = &[
    ("thumbnail of JFIF", |file| {
        let thumbnail = [b"JFIF\0\x01\x02\x01\0\x48\0\x48\x08\x01", MARK].concat();
        jpeg::insert(&jpeg::without_jfif(file), 0xE0, &thumbnail)
    }),
    ("thumbnail of JFXX", |file| {
        let thumbnail = [b"JFXX\0\x13\x08\x01", MARK].concat();
        jpeg::insert(file, 0xE0, &thumbnail)
    }),
    ("application segments", |file| {
        (0xE0..=0xEF).fold(file.to_vec(), |file, marker| {
            jpeg::insert(&file, marker, &[b"Vendor\0", MARK].concat())
        })
    }),
    ("reserved segments", |file| {
        (0xF0..=0xFD).fold(file.to_vec(), |file, marker| {
            jpeg::insert(&file, marker, MARK)
        })
    }),
    ("EXIF", |file| jpeg::with_exif(file, &tiff())),
    ("XMP", |file| {
        jpeg::with_xmp(file, &exif::xmp(&String::from_utf8_lossy(MARK)))
    }),
    ("extended XMP", |file| {
        let name = b"http://ns.adobe.com/xmp/extension/\0";
        jpeg::insert(file, 0xE1, &[&name[..], &[b'0'; 40], MARK].concat())
    }),
    ("caption", |file| {
        jpeg::with_iptc(file, &String::from_utf8_lossy(MARK))
    }),
    ("Adobe", |file| {
        jpeg::insert(file, 0xEE, &[b"Adobe\0\x64\0\0\0\0\x01", MARK].concat())
    }),
    ("comment", |file| {
        jpeg::with_comment(file, &String::from_utf8_lossy(MARK))
    }),
    ("second image", |file| {
        let second = jpeg::photo(&noise::photo(16, 16, 1), 50);
        let second = jpeg::insert(&second, 0xFE, MARK);
        jpeg::with_second_image(file, &second)
    }),
    ("bytes after the end", |file| [file, MARK].concat()),
    ("bytes between segments", |file| {
        let (tables, frame) = file.split_at(jpeg::frame_at(file));
        [tables, MARK, frame].concat()
    }),
    ("comments before every segment", |file| {
        let comment = jpeg::segment(0xFE, MARK);
        before_each(file, &comment)
    }),
];

const JPEG_PROFILE: Plant = ("profile", |file| {
    let profile = icc::profile(&String::from_utf8_lossy(MARK));
    jpeg::with_icc(file, &profile, 60_000)
});

const PNG: &[Plant] = &[
    ("text", |file| {
        png::insert(file, *b"tEXt", &[b"Author\0", MARK].concat())
    }),
    ("deflated text", |file| {
        let deflated = compress_to_vec_zlib(MARK, 6);
        png::insert(file, *b"zTXt", &[b"Author\0\0", &deflated[..]].concat())
    }),
    ("international text", |file| {
        png::insert(file, *b"iTXt", &[b"Author\0\0\0\0\0", MARK].concat())
    }),
    ("XMP", |file| {
        let packet = exif::xmp(&String::from_utf8_lossy(MARK));
        let text = [b"XML:com.adobe.xmp\0\0\0\0\0", &packet[..]].concat();
        png::insert(file, *b"iTXt", &text)
    }),
    ("EXIF", |file| png::insert(file, *b"eXIf", &tiff())),
    ("time", |file| png::insert(file, *b"tIME", MARK)),
    ("physical size", |file| png::insert(file, *b"pHYs", MARK)),
    ("suggested palette", |file| {
        png::insert(file, *b"sPLT", &[b"mine\0\x08", MARK].concat())
    }),
    ("unknown chunks before the pixels", |file| {
        png::insert(file, *b"prVt", MARK)
    }),
    ("unknown chunks behind the pixels", |file| {
        let mut chunk = Vec::new();
        png::chunk(&mut chunk, *b"prVt", MARK);
        let end = file.windows(4).rposition(|name| name == b"IEND").unwrap() - 4;
        [&file[..end], &chunk, &file[end..]].concat()
    }),
    ("bytes after the end", |file| [file, MARK].concat()),
    ("behind the compressed pixels", |file| {
        with_streams(file, |stream| [&stream[..], MARK].concat())
    }),
    ("chunks behind the compressed pixels", |file| {
        let mut planted = png::SIGNATURE.to_vec();
        let mut numbers = 0_u32..;
        for part in walk::parts(file) {
            let name: [u8; 4] = part.name.as_bytes().try_into().unwrap();
            let mut number = || numbers.next().unwrap().to_be_bytes();
            match &name {
                b"fdAT" | b"fcTL" => {
                    let data = [&number(), &part.data[4..]].concat();
                    png::chunk(&mut planted, name, &data);
                }
                _ => png::chunk(&mut planted, name, &part.data),
            }
            match &name {
                b"IDAT" => png::chunk(&mut planted, name, MARK),
                b"fdAT" => png::chunk(&mut planted, name, &[&number(), MARK].concat()),
                _ => {}
            }
        }
        planted
    }),
    ("in place of the checksum of pixels", |file| {
        with_streams(file, |mut stream| {
            stream.truncate(stream.len() - 4);
            [&stream[..], MARK].concat()
        })
    }),
    ("compressed with the pixels", |file| {
        with_streams(file, |stream| {
            let pixels = decompress_to_vec_zlib(&stream).unwrap();
            compress_to_vec_zlib(&[&pixels[..], MARK].concat(), 0)
        })
    }),
];

/// Changes the compressed pixels of each frame, which lie in one chunk.
fn with_streams(file: &[u8], change: fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut planted = png::SIGNATURE.to_vec();
    for part in walk::parts(file) {
        let name: [u8; 4] = part.name.as_bytes().try_into().unwrap();
        let data = match &name {
            b"IDAT" => change(part.data),
            b"fdAT" => {
                let (number, stream) = part.data.split_at(4);
                [number, &change(stream.to_vec())].concat()
            }
            _ => part.data,
        };
        png::chunk(&mut planted, name, &data);
    }
    planted
}

const PNG_PROFILE: Plant = ("profile", |file| {
    let profile = icc::profile(&String::from_utf8_lossy(MARK));
    png::insert(file, *b"iCCP", &png::profile(&profile))
});

const GIF: &[Plant] = &[
    ("comment", |file| {
        between(file, &gif::extension(0xFE, &[MARK]))
    }),
    ("plain text", |file| {
        between(file, &gif::extension(0x01, &[&[0; 12], MARK]))
    }),
    ("application", |file| {
        between(file, &gif::extension(0xFF, &[b"PRIVATE 1.0", MARK]))
    }),
    ("loop block with more", |file| {
        let blocks: [&[u8]; 3] = [b"NETSCAPE2.0", &[1, 0, 0], MARK];
        between(file, &gif::extension(0xFF, &blocks))
    }),
    ("XMP", |file| {
        let packet = exif::xmp(&String::from_utf8_lossy(MARK));
        // Bytes that lead out of the packet, wherever a reader lands.
        let trailer = [&[1][..], &(0..=255).rev().collect::<Vec<u8>>(), &[0]].concat();
        let xmp = [b"\x21\xFF\x0BXMP DataXMP", &packet[..], &trailer].concat();
        between(file, &xmp)
    }),
    ("unknown extension", |file| {
        between(file, &gif::extension(0x77, &[MARK]))
    }),
    ("before the trailer", |file| {
        let (trailer, blocks) = file.split_last().unwrap();
        [blocks, &gif::extension(0xFE, &[MARK]), &[*trailer]].concat()
    }),
    ("bytes after the end", |file| [file, MARK].concat()),
    ("behind the end of codes", |file| {
        changed(file, |part| {
            if part.name == "codes" {
                let (end, codes) = part.data.split_last().unwrap();
                let len = u8::try_from(MARK.len()).unwrap();
                part.data = [codes, &[len], MARK, &[*end]].concat();
            }
        })
    }),
    ("behind codes of more pixels", |file| {
        changed(file, |part| {
            if part.name == "codes" {
                let (code_size, codes) = gif::joined(&part.data);
                let decoded = weezl::decode::Decoder::new(BitOrder::Lsb, code_size).decode(&codes);
                let indices = [decoded.unwrap(), vec![1; 50]].concat();
                let mut encoder = weezl::encode::Encoder::new(BitOrder::Lsb, code_size);
                let codes = encoder.encode(&indices).unwrap();
                part.data = gif::split(code_size, &[&codes, MARK].concat());
            }
        })
    }),
    ("unused colours", |file| {
        changed(file, |part| {
            if part.name == "palette" {
                part.data.extend(MARK);
                let len = part.data.len();
                part.data.resize(3 * (len / 3).next_power_of_two(), 0);
            }
        })
    }),
    ("a table that no image uses", |file| {
        let mut global = None;
        changed(file, |part| {
            if part.name == "palette" && global.is_none() {
                global = Some(std::mem::replace(&mut part.data, MARK.to_vec()));
            } else if part.name == "image" {
                part.data.extend(global.iter().flatten());
            }
        })
    }),
];

const GIF_PROFILE: Plant = ("profile", |file| {
    let profile = icc::profile(&String::from_utf8_lossy(MARK));
    let mut blocks: Vec<&[u8]> = vec![b"ICCRGBG1012"];
    blocks.extend(profile.chunks(255));
    between(file, &gif::extension(0xFF, &blocks))
});

/// EXIF with the mark as the maker, as a note of the maker, as the name of a
/// place, and as a thumbnail.
fn tiff() -> Vec<u8> {
    const FIELDS: u32 = 8 + 2 + 12 * 3 + 4;
    let len = u32::try_from(MARK.len()).unwrap();
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let [tag, kind] = [tag, kind].map(u16::to_be_bytes);
        let [count, value] = [count, value].map(u32::to_be_bytes);
        [&tag[..], &kind, &count, &value].concat()
    };
    let directory = |entries: &[Vec<u8>], next: u32| {
        let count = u16::try_from(entries.len()).unwrap().to_be_bytes();
        [&count[..], &entries.concat(), &next.to_be_bytes()].concat()
    };
    // One directory with one entry each, one behind the other, then the mark.
    let [camera, place, preview] = [0, 1, 2].map(|index| FIELDS + index * (2 + 12 + 4));
    let mark = preview + 2 + 2 * 12 + 4;
    [
        b"MM\0\x2A\0\0\0\x08".to_vec(),
        directory(
            &[
                entry(0x010F, 2, len, mark),
                entry(0x8769, 4, 1, camera),
                entry(0x8825, 4, 1, place),
            ],
            preview,
        ),
        directory(&[entry(0x927C, 7, len, mark)], 0),
        directory(&[entry(0x001D, 2, len, mark)], 0),
        directory(&[entry(0x0201, 4, 1, mark), entry(0x0202, 4, 1, len)], 0),
        MARK.to_vec(),
    ]
    .concat()
}

/// Puts `block` before each segment of a JPEG but SOI.
fn before_each(file: &[u8], block: &[u8]) -> Vec<u8> {
    let mut planted = Vec::new();
    for part in walk::parts(file) {
        if !matches!(&*part.name, "D8" | "scan") {
            planted.extend(block);
        }
        match &*part.name {
            "scan" => planted.extend(part.data),
            marker => {
                let marker = u8::from_str_radix(marker, 16).unwrap();
                match marker {
                    0xD8 | 0xD9 => planted.extend([0xFF, marker]),
                    _ => planted.extend(jpeg::segment(marker, &part.data)),
                }
            }
        }
    }
    planted
}

/// Puts `block` before each control of a GIF.
fn between(file: &[u8], block: &[u8]) -> Vec<u8> {
    const CONTROL: &[u8] = &[0x21, 0xF9, 4];
    let mut planted = Vec::new();
    let mut rest = file;
    while let Some(at) = memmem::find(rest, CONTROL) {
        planted.extend(&rest[..at]);
        planted.extend(block);
        planted.extend(CONTROL);
        rest = &rest[at + CONTROL.len()..];
    }
    [&planted, rest].concat()
}

/// Changes parts of a GIF: tables of any length that is allowed, and codes. A table that is
/// put after the descriptor of an image becomes its local color table.
fn changed(file: &[u8], mut change: impl FnMut(&mut walk::Part)) -> Vec<u8> {
    let mut parts = walk::parts(file);
    parts.iter_mut().for_each(&mut change);
    let mut planted = Vec::new();
    let mut flags_at = 0;
    for part in parts {
        let label = match &*part.name {
            "screen" => {
                planted.extend(&part.data);
                flags_at = 10;
                planted[flags_at] &= 0x40;
                continue;
            }
            "image" => {
                planted.push(0x2C);
                planted.extend(&part.data[..9]);
                flags_at = planted.len() - 1;
                planted[flags_at] &= 0x40;
                if part.data.len() > 9 {
                    table(&mut planted, flags_at, &part.data[9..]);
                }
                continue;
            }
            "palette" => {
                table(&mut planted, flags_at, &part.data);
                continue;
            }
            "codes" => {
                planted.extend(&part.data);
                continue;
            }
            "trailer" => 0x3B,
            "control" => 0xF9,
            extension => match extension.strip_prefix("extension ") {
                Some(label) => u8::from_str_radix(label, 16).unwrap(),
                None => 0xFF,
            },
        };
        if label != 0x3B {
            planted.push(0x21);
        }
        planted.push(label);
        planted.extend(&part.data);
    }
    planted
}

/// A color table, and the flags before it that say so.
fn table(gif: &mut Vec<u8>, flags_at: usize, colors: &[u8]) {
    let bits = (colors.len() / 3).ilog2();
    gif[flags_at] |= 0x80 | u8::try_from(bits - 1).unwrap();
    gif.extend(colors);
}

/// Whether the mark is in the file, as it is or deflated.
fn is_marked(file: &[u8]) -> bool {
    let deflated = memmem::find_iter(file, b"\x78\x9C").any(|at| {
        let inflated = decompress_to_vec_zlib(&file[at..]);
        let inflated = inflated.unwrap_or_else(|error| error.output);
        memmem::find(&inflated, MARK).is_some()
    });
    deflated || memmem::find(file, MARK).is_some()
}

/// Names of all parts that a photo may have.
fn allowed(format: Format) -> &'static [&'static str] {
    match format {
        Format::Jpeg => &[
            "D8", "E0", "EE", "DB", "C0", "C1", "C2", "C4", "DA", "scan", "D9",
        ],
        Format::Png => &[
            "IHDR", "PLTE", "tRNS", "acTL", "fcTL", "IDAT", "fdAT", "IEND",
        ],
        Format::Gif => &[
            "screen",
            "palette",
            "NETSCAPE2.0",
            "control",
            "image",
            "codes",
            "trailer",
        ],
    }
}

fn assert_clean(photo: &Photo, name: &str) {
    assert!(!is_marked(&photo.bytes), "{name}: the mark survives");
    for part in walk::parts(&photo.bytes) {
        let allowed = allowed(photo.format).contains(&&*part.name);
        assert!(allowed, "{name}: {} in the photo", part.name);
        match (photo.format, &*part.name) {
            (Format::Jpeg, "E0") => assert_eq!(part.data, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            (Format::Jpeg, "EE") => assert_eq!(part.data, b"Adobe\0\x64\0\0\0\0\0"),
            (Format::Gif, "NETSCAPE2.0") => assert_eq!(part.data.len(), 12 + 5),
            _ => {}
        }
    }
}

/// Plants the mark in each place alone, and in all of them at once.
fn plant(file: &[u8], plants: &[Plant], profile: &Plant) -> Vec<(String, Vec<u8>)> {
    let alone = plants
        .iter()
        .chain([profile])
        .map(|(name, plant)| ((*name).to_owned(), plant(file)));
    // The last plants come first, as they need a file without the others.
    let everywhere = plants
        .iter()
        .rev()
        .fold(file.to_vec(), |file, (_, plant)| plant(&file));
    let planted: Vec<_> = alone
        .chain([("everywhere".to_owned(), everywhere)])
        .collect();
    for (name, file) in &planted {
        assert!(is_marked(file), "{name}: no mark to be found");
    }
    planted
}

/// `square` meets the rules and `other` doesn't; both as `format`.
fn nothing_private_survives(
    format: Format,
    [square, other]: [Vec<u8>; 2],
    plants: &[Plant],
    profile: &Plant,
) {
    let same = Options::default().with_format(Some(format));
    for (name, file) in plant(&square, plants, profile) {
        let photo = prepare(&file, &same).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let passed = photo.steps.contains(&Step::PassedThrough);
        assert!(passed || name == profile.0, "{name}: {:?}", photo.steps);
        assert_clean(&photo, &format!("{format}, {name}"));
    }
    for (name, file) in plant(&other, plants, profile) {
        for to in [Format::Jpeg, Format::Png, Format::Gif] {
            let options = Options::default().with_format(Some(to));
            let photo =
                prepare(&file, &options).unwrap_or_else(|error| panic!("{name}: {error:?}"));
            assert!(!photo.steps.contains(&Step::PassedThrough), "{name}");
            assert_clean(&photo, &format!("{format} to {to}, {name}"));
        }
    }
}

fn square() -> Picture {
    noise::photo(512, 512, 3)
}

fn other() -> Picture {
    noise::photo(120, 90, 3)
}

#[test]
fn nothing_private_survives_in_jpeg() {
    let files = [square(), other()].map(|picture| jpeg::photo(&picture, 70));
    nothing_private_survives(Format::Jpeg, files, JPEG, &JPEG_PROFILE);
}

#[test]
fn nothing_private_survives_in_progressive_jpeg() {
    let files = [square(), other()].map(|picture| jpeg::progressive(&picture, 70));
    nothing_private_survives(Format::Jpeg, files, JPEG, &JPEG_PROFILE);
}

#[test]
fn nothing_private_survives_in_png() {
    let files = [square(), other()].map(|picture| png::photo(&picture));
    nothing_private_survives(Format::Png, files, PNG, &PNG_PROFILE);
}

#[test]
fn nothing_private_survives_in_animated_png() {
    let files = [square(), other()].map(|picture| {
        let frames = [apng::Frame::new(picture.clone()), apng::Frame::new(picture)];
        apng::write(0, None, &frames)
    });
    nothing_private_survives(Format::Png, files, PNG, &PNG_PROFILE);
}

#[test]
fn nothing_private_survives_in_gif() {
    let files = [square(), other()].map(|picture| gif::still(&indexed(&picture, 3)));
    nothing_private_survives(Format::Gif, files, GIF, &GIF_PROFILE);
}

#[test]
fn nothing_private_survives_in_animated_gif() {
    let files = [square(), other()].map(|picture| {
        let screen = [picture.width, picture.height].map(|edge| u16::try_from(edge).unwrap());
        let indexed = indexed(&picture, 3);
        let frames = [10, 0].map(|delay| {
            Frame::new(indexed.indices.clone())
                .with_delay(delay)
                .disposed(Dispose::Keep)
        });
        let screen = (screen[0], screen[1]);
        gif::write(screen, Some(&indexed.palette), Loops::Forever, &frames)
    });
    nothing_private_survives(Format::Gif, files, GIF, &GIF_PROFILE);
}
