//! GIF files, still and animated (`GIF89a` specification).

use weezl::{BitOrder, encode::Encoder};

use super::Picture;
use super::indexed::{Indexed, Palette};

/// How often an animation is played.
#[derive(Clone, Copy)]
pub(crate) enum Loops {
    /// No block says anything.
    Once,
    /// So many times again after the first.
    Repeats(u16),
    Forever,
}

/// What happens to a frame's rectangle after its time.
#[derive(Clone, Copy)]
pub(crate) enum Dispose {
    Unspecified = 0,
    Keep = 1,
    Background = 2,
    Previous = 3,
}

#[derive(Clone)]
pub(crate) struct Frame {
    pub(crate) indices: Picture,
    pub(crate) x: u16,
    pub(crate) y: u16,
    pub(crate) palette: Option<Palette>,
    /// In hundredths of a second.
    pub(crate) delay: u16,
    pub(crate) dispose: Dispose,
    pub(crate) transparent: Option<u8>,
    pub(crate) interlaced: bool,
}

impl Frame {
    /// A frame at the origin in the global palette, shown for a tenth of a
    /// second.
    pub(crate) fn new(indices: Picture) -> Self {
        Self {
            indices,
            x: 0,
            y: 0,
            palette: None,
            delay: 10,
            dispose: Dispose::Keep,
            transparent: None,
            interlaced: false,
        }
    }

    pub(crate) fn at(self, x: u16, y: u16) -> Self {
        Self { x, y, ..self }
    }

    pub(crate) fn disposed(self, dispose: Dispose) -> Self {
        Self { dispose, ..self }
    }

    pub(crate) fn with_delay(self, delay: u16) -> Self {
        Self { delay, ..self }
    }

    pub(crate) fn with_transparent(self, index: u8) -> Self {
        Self {
            transparent: Some(index),
            ..self
        }
    }

    pub(crate) fn with_palette(self, palette: Palette) -> Self {
        Self {
            palette: Some(palette),
            ..self
        }
    }

    pub(crate) fn interlaced(self) -> Self {
        Self {
            interlaced: true,
            ..self
        }
    }
}

/// A still that covers its canvas.
pub(crate) fn still(indexed: &Indexed) -> Vec<u8> {
    let frame = Frame::new(indexed.indices.clone()).with_delay(0);
    let (width, height) = (edge(frame.indices.width), edge(frame.indices.height));
    write(
        (width, height),
        Some(&indexed.palette),
        Loops::Once,
        &[frame],
    )
}

pub(crate) fn write(
    screen: (u16, u16),
    palette: Option<&Palette>,
    loops: Loops,
    frames: &[Frame],
) -> Vec<u8> {
    let mut gif = start(screen, palette);
    match loops {
        Loops::Once => {}
        Loops::Repeats(times) => gif.extend(repeats(times)),
        Loops::Forever => gif.extend(repeats(0)),
    }
    for frame in frames {
        gif.extend(control(frame));
        gif.extend(image(frame));
    }
    gif.push(0x3B);
    gif
}

/// Signature, screen and global palette.
pub(crate) fn start((width, height): (u16, u16), palette: Option<&Palette>) -> Vec<u8> {
    let mut gif = b"GIF89a".to_vec();
    gif.extend(width.to_le_bytes());
    gif.extend(height.to_le_bytes());
    let flags = palette.map_or(0, |palette| 0x80 | (bits(palette) - 1));
    gif.extend([flags, 0, 0]);
    gif.extend(palette.iter().flat_map(|palette| padded(palette)));
    gif
}

fn repeats(times: u16) -> Vec<u8> {
    let [low, high] = times.to_le_bytes();
    extension(0xFF, &[b"NETSCAPE2.0", &[1, low, high]])
}

/// An extension: its label, and each sub-block at its own length.
pub(crate) fn extension(label: u8, blocks: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![0x21, label];
    for block in blocks {
        bytes.push(u8::try_from(block.len()).expect("255 bytes at most"));
        bytes.extend(*block);
    }
    bytes.push(0);
    bytes
}

fn control(frame: &Frame) -> Vec<u8> {
    let [low, high] = frame.delay.to_le_bytes();
    let flags = (frame.dispose as u8) << 2 | u8::from(frame.transparent.is_some());
    let transparent = frame.transparent.unwrap_or(0);
    extension(0xF9, &[&[flags, low, high, transparent]])
}

fn image(frame: &Frame) -> Vec<u8> {
    let Picture { width, height, .. } = frame.indices;
    let mut bytes = vec![0x2C];
    for value in [frame.x, frame.y, edge(width), edge(height)] {
        bytes.extend(value.to_le_bytes());
    }
    let palette_flags = frame.palette.as_ref();
    let palette_flags = palette_flags.map_or(0, |palette| 0x80 | (bits(palette) - 1));
    bytes.push(palette_flags | u8::from(frame.interlaced) << 6);
    bytes.extend(frame.palette.iter().flat_map(padded));

    let row = |y: u32| &frame.indices.samples[(y * width) as usize..][..width as usize];
    // Passes (GIF89a, appendix E): the first row, and the step to the next one.
    let passes: &[(u32, usize)] = if frame.interlaced {
        &[(0, 8), (4, 8), (2, 4), (1, 2)]
    } else {
        &[(0, 1)]
    };
    let rows = passes
        .iter()
        .flat_map(|&(first, step)| (first..height).step_by(step));
    let indices: Vec<u8> = rows.flat_map(row).copied().collect();
    let size = code_size(&indices);
    let codes = Encoder::new(BitOrder::Lsb, size)
        .encode(&indices)
        .expect("all indices fit the code size");
    bytes.extend(split(size, &codes));
    bytes
}

/// The minimum code size, and codes in sub-blocks.
pub(crate) fn split(code_size: u8, codes: &[u8]) -> Vec<u8> {
    let mut bytes = vec![code_size];
    for block in codes.chunks(255) {
        bytes.push(u8::try_from(block.len()).unwrap_or(u8::MAX));
        bytes.extend(block);
    }
    bytes.push(0);
    bytes
}

/// The other way round.
pub(crate) fn joined(data: &[u8]) -> (u8, Vec<u8>) {
    let mut codes = Vec::new();
    let mut rest = &data[1..];
    while let [len @ 1..=255, after @ ..] = rest {
        codes.extend(&after[..usize::from(*len)]);
        rest = &after[usize::from(*len)..];
    }
    (data[0], codes)
}

/// Bits of the largest index, but two at least (appendix F).
fn code_size(indices: &[u8]) -> u8 {
    let largest = indices.iter().copied().max().unwrap_or(0);
    u8::try_from(8 - largest.leading_zeros())
        .unwrap_or(8)
        .max(2)
}

/// Bits of an index into the palette.
fn bits(palette: &Palette) -> u8 {
    let bits = palette.len().next_power_of_two().ilog2();
    u8::try_from(bits).unwrap_or(8).max(1)
}

/// The palette, filled up to a power of two.
fn padded(palette: &Palette) -> Vec<u8> {
    let mut bytes = palette.as_flattened().to_vec();
    bytes.resize(3 << bits(palette), 0);
    bytes
}

fn edge(edge: u32) -> u16 {
    u16::try_from(edge).expect("no GIF is that large")
}
