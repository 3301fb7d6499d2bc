//! Files taken apart, without the crate's own readers: every byte belongs to a
//! part, or the walk panics. Only for files that are well formed.

use crate::picture::png::{SIGNATURE, crc32};
use headshot::Format;

/// A segment, chunk or block, or the pixels between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) data: Vec<u8>,
}

impl Part {
    /// Whether it holds compressed pixels.
    fn is_pixels(&self) -> bool {
        matches!(&*self.name, "scan" | "IDAT" | "fdAT" | "codes")
    }
}

/// The compressed pixels alone.
pub(crate) fn pixels(file: &[u8]) -> Vec<Part> {
    parts(file).into_iter().filter(Part::is_pixels).collect()
}

pub(crate) fn parts(file: &[u8]) -> Vec<Part> {
    let mut walk = Walk { file, at: 0 };
    let parts = match Format::sniff(file).expect("a picture") {
        Format::Jpeg => walk.jpeg(),
        Format::Png => walk.png(),
        Format::Gif => walk.gif(),
    };
    assert_eq!(walk.at, file.len(), "bytes after the end");
    parts
}

struct Walk<'a> {
    file: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    fn take(&mut self, len: usize) -> &'a [u8] {
        self.at += len;
        &self.file[self.at - len..self.at]
    }

    fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    fn u16(&mut self) -> usize {
        self.take(2)
            .iter()
            .fold(0, |n, &byte| n << 8 | usize::from(byte))
    }

    /// Names are the markers as hexadecimal numbers.
    fn jpeg(&mut self) -> Vec<Part> {
        let mut parts = Vec::new();
        loop {
            assert_eq!(self.byte(), 0xFF, "no marker at {}", self.at - 1);
            let marker = self.byte();
            let data = match marker {
                0xD8 | 0xD9 => &[],
                _ => {
                    let len = self.u16();
                    self.take(len - 2)
                }
            };
            parts.push(part(&format!("{marker:02X}"), data));
            match marker {
                0xD9 => return parts,
                0xDA => parts.push(part("scan", self.scan())),
                _ => {}
            }
        }
    }

    fn scan(&mut self) -> &'a [u8] {
        let rest = &self.file[self.at..];
        let ends = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xD0..=0xD7);
        let len = rest.windows(2).position(ends).expect("a marker");
        self.take(len)
    }

    fn png(&mut self) -> Vec<Part> {
        assert_eq!(self.take(8), SIGNATURE);
        let mut parts = Vec::new();
        loop {
            let len = self.u16() << 16 | self.u16();
            let start = self.at;
            let name = String::from_utf8(self.take(4).to_vec()).expect("letters");
            let data = self.take(len);
            let checksum = crc32(&self.file[start..self.at]).to_be_bytes();
            assert_eq!(self.take(4), checksum, "checksum of {name}");
            parts.push(part(&name, data));
            if name == "IEND" {
                return parts;
            }
        }
    }

    fn gif(&mut self) -> Vec<Part> {
        let screen = self.take(13);
        let mut parts = vec![part("screen", screen)];
        parts.extend(self.palette(screen[10]));
        loop {
            match self.byte() {
                0x2C => {
                    let descriptor = self.take(9);
                    parts.push(part("image", descriptor));
                    parts.extend(self.palette(descriptor[8]));
                    let start = self.at;
                    self.byte();
                    self.sub_blocks();
                    parts.push(part("codes", &self.file[start..self.at]));
                }
                0x21 => {
                    let label = self.byte();
                    let data = self.sub_blocks();
                    let name = match label {
                        0xF9 => "control".to_owned(),
                        0xFF => String::from_utf8_lossy(&data[1..12]).into_owned(),
                        _ => format!("extension {label:02X}"),
                    };
                    parts.push(part(&name, data));
                }
                0x3B => {
                    parts.push(part("trailer", &[]));
                    return parts;
                }
                introducer => panic!("{introducer:02X} at {}", self.at - 1),
            }
        }
    }

    fn palette(&mut self, flags: u8) -> Option<Part> {
        (flags & 0x80 != 0).then(|| part("palette", self.take(6 << (flags & 7))))
    }

    fn sub_blocks(&mut self) -> &'a [u8] {
        let start = self.at;
        loop {
            match self.byte() {
                0 => return &self.file[start..self.at],
                len => _ = self.take(len.into()),
            }
        }
    }
}

fn part(name: &str, data: &[u8]) -> Part {
    Part {
        name: name.to_owned(),
        data: data.to_vec(),
    }
}
