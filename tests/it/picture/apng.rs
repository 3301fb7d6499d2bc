//! Animated PNG (W3C PNG, third edition, section 11.3.6).

use super::Picture;
use super::png::{Png, chunk};

/// What happens to a frame's rectangle after its time.
#[derive(Clone, Copy)]
pub(crate) enum Dispose {
    None = 0,
    Background = 1,
    Previous = 2,
}

#[derive(Clone, Copy)]
pub(crate) enum Blend {
    Source = 0,
    Over = 1,
}

#[derive(Clone)]
pub(crate) struct Frame {
    pub(crate) picture: Picture,
    pub(crate) x: u32,
    pub(crate) y: u32,
    /// Numerator and denominator of seconds.
    pub(crate) delay: (u16, u16),
    pub(crate) dispose: Dispose,
    pub(crate) blend: Blend,
}

impl Frame {
    /// A frame at the origin, shown for a tenth of a second.
    pub(crate) fn new(picture: Picture) -> Self {
        Self {
            picture,
            x: 0,
            y: 0,
            delay: (1, 10),
            dispose: Dispose::None,
            blend: Blend::Source,
        }
    }

    pub(crate) fn at(self, x: u32, y: u32) -> Self {
        Self { x, y, ..self }
    }
}

/// An animation. A `fallback` is what viewers show that know no animations;
/// without one they show the first frame, which then has to cover the canvas.
pub(crate) fn write(plays: u32, fallback: Option<&Picture>, frames: &[Frame]) -> Vec<u8> {
    let kind = Png::default();
    let canvas = fallback.unwrap_or(&frames[0].picture);
    let mut png = kind.start(canvas);
    let count = u32::try_from(frames.len()).expect("a few frames");
    let control = [count.to_be_bytes(), plays.to_be_bytes()].concat();
    chunk(&mut png, *b"acTL", &control);
    if let Some(fallback) = fallback {
        chunk(&mut png, *b"IDAT", &kind.pixels(fallback));
    }
    let mut sequence = 0_u32;
    let mut number = || {
        sequence += 1;
        (sequence - 1).to_be_bytes()
    };
    for (index, frame) in frames.iter().enumerate() {
        let mut control = number().to_vec();
        for value in [frame.picture.width, frame.picture.height, frame.x, frame.y] {
            control.extend(value.to_be_bytes());
        }
        control.extend(frame.delay.0.to_be_bytes());
        control.extend(frame.delay.1.to_be_bytes());
        control.extend([frame.dispose as u8, frame.blend as u8]);
        chunk(&mut png, *b"fcTL", &control);
        let pixels = kind.pixels(&frame.picture);
        if index == 0 && fallback.is_none() {
            chunk(&mut png, *b"IDAT", &pixels);
        } else {
            chunk(&mut png, *b"fdAT", &[&number(), &pixels[..]].concat());
        }
    }
    chunk(&mut png, *b"IEND", &[]);
    png
}
