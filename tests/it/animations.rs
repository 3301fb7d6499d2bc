//! Animations, frame by frame, as a viewer shows them.

use std::io::Cursor;

use headshot::{
    Background, CropBox, Filter, Format, Layout, Options, Raster, Step, decode, plan, prepare,
    probe, transform,
};
use image::AnimationDecoder;
use image::codecs::png::PngDecoder;
use proptest::prelude::*;

use crate::picture::Picture;
use crate::picture::gif::{self, Dispose, Frame, Loops};
use crate::picture::indexed::Palette;
use crate::viewer::{Pixel, Shown, frames};

/// An animation in numbers.
#[derive(Clone, Debug)]
struct Scene {
    size: (u16, u16),
    /// Colours of each palette.
    colors: u8,
    frames: Vec<Part>,
    /// Whether the first frame covers the canvas.
    covers: bool,
}

/// A frame in numbers; part of it may be outside of the canvas, or all.
#[derive(Clone, Debug)]
struct Part {
    place: (u16, u16),
    size: (u16, u16),
    seed: u32,
    /// Colours in use.
    used: u8,
    /// How large spots of one colour are, as a power of 2.
    grain: u8,
    dispose: u8,
    transparent: Option<u8>,
    has_palette: bool,
    is_interlaced: bool,
    delay: u16,
}

fn scene(width: u16, height: u16, colors: u8) -> impl Strategy<Value = Scene> {
    let part = (
        ((0..width + 5, 0..height + 5), (1..=width, 1..=height)),
        (any::<u32>(), 1..=colors, 0..4_u8),
        (0..4_u8, prop::option::of(0..colors)),
        (any::<bool>(), any::<bool>(), 0..12_u16),
    );
    let part = part.prop_map(|(rect, look, shown, rest)| Part {
        place: rect.0,
        size: rect.1,
        seed: look.0,
        used: look.1,
        grain: look.2,
        dispose: shown.0,
        transparent: shown.1,
        has_palette: rest.0,
        is_interlaced: rest.1,
        delay: rest.2,
    });
    (prop::collection::vec(part, 2..7), any::<bool>()).prop_map(move |(mut frames, covers)| {
        frames[0].place = (0, 0); // or it would enlarge the canvas
        Scene {
            size: (width, height),
            colors,
            frames,
            covers,
        }
    })
}

impl Scene {
    fn file(&self) -> Vec<u8> {
        let mut frames: Vec<Frame> = self.frames.iter().map(|part| self.frame(part)).collect();
        if self.covers {
            let first = &mut frames[0].indices;
            let part = first.clone();
            *first = Picture::from_fn(self.size.0.into(), self.size.1.into(), |x, y| {
                [part.pixel(x % part.width, y % part.height)[0]]
            });
        }
        let colors = palette(self.colors, 77);
        gif::write(self.size, Some(&colors), Loops::Forever, &frames)
    }

    fn frame(&self, part: &Part) -> Frame {
        let (width, height) = (part.size.0.into(), part.size.1.into());
        let indices = Picture::from_fn(width, height, |x, y| {
            let [x, y] = [x, y].map(|at| at >> part.grain);
            let spot = x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA6B);
            let mixed = (spot ^ part.seed).wrapping_mul(0xC2B2_AE35) >> 24;
            [u8::try_from(mixed % u32::from(part.used)).unwrap()]
        });
        let mut frame = Frame::new(indices)
            .at(part.place.0, part.place.1)
            .with_delay(part.delay)
            .disposed(match part.dispose {
                0 => Dispose::Unspecified,
                1 => Dispose::Keep,
                2 => Dispose::Background,
                _ => Dispose::Previous,
            });
        frame.transparent = part.transparent;
        frame.interlaced = part.is_interlaced;
        frame.palette = part.has_palette.then(|| palette(self.colors, part.seed));
        frame
    }
}

pub(crate) fn palette(colors: u8, seed: u32) -> Palette {
    (0..u32::from(colors))
        .map(|n| {
            (n + 1)
                .wrapping_mul(seed | 1)
                .wrapping_mul(0x9E37_79B1)
                .to_le_bytes()
        })
        .map(|[_, r, g, b]| [r, g, b])
        .collect()
}

fn filter() -> impl Strategy<Value = Filter> {
    prop::sample::select(&Filter::ALL[..])
}

fn background() -> impl Strategy<Value = Background> {
    prop_oneof![
        Just(Background::default()),
        Just(Background::Color([250, 20, 120])),
        Just(Background::Transparent),
    ]
}

/// Browsers play what is too short at ten frames a second.
const fn played(delay: u16) -> u16 {
    if delay < 2 { 10 } else { delay }
}

fn assert_same(found: &[Shown], wanted: impl Iterator<Item = Shown>) {
    let wanted: Vec<Shown> = wanted.collect();
    assert_eq!(found.len(), wanted.len());
    for (number, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
        assert_eq!(found.delay, wanted.delay, "delay of frame {number}");
        let differing = found
            .pixels
            .iter()
            .zip(&wanted.pixels)
            .position(|(a, b)| a != b);
        if let Some(at) = differing {
            let (x, y) = (at % found.width, at / found.width);
            let (found, wanted) = (found.pixels[at], wanted.pixels[at]);
            panic!("frame {number} at {x},{y}: {found:?} for {wanted:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn bars_beside_frames_change_no_pixel(
        scene in scene(530, 17, 40),
        background in background(),
    ) {
        let source = scene.file();
        let photo = prepare(&source, &Options::default().with_background(background)).unwrap();
        prop_assert!(photo.steps.contains(&Step::IndicesKept));
        let top = (530 - 17) / 2;
        let wanted = frames((530, 17), &source).into_iter().map(|frame| Shown {
            width: 530,
            pixels: (0..530 * 530)
                .map(|at| match (at % 530, at / 530) {
                    (x, y) if (top..top + 17).contains(&y) => frame.pixel(x, y - top),
                    _ => background.rgba(),
                })
                .collect(),
            delay: played(frame.delay),
        });
        assert_same(&frames((530, 530), &photo.bytes), wanted);
    }

    #[test]
    fn a_crop_box_changes_no_pixel(
        scene in scene(540, 520, 200),
        x in 0..=28_u32,
        y in 0..=8_u32,
    ) {
        let source = scene.file();
        let options = Options::default().with_crop(CropBox { x, y, width: 512 });
        let photo = prepare(&source, &options).unwrap();
        prop_assert!(photo.steps.contains(&Step::IndicesKept));
        let (left, top) = (x as usize, y as usize);
        let wanted = frames((540, 520), &source).into_iter().map(|frame| Shown {
            width: 512,
            pixels: (0..512 * 512)
                .map(|at| frame.pixel(left + at % 512, top + at / 512))
                .collect(),
            delay: played(frame.delay),
        });
        assert_same(&frames((512, 512), &photo.bytes), wanted);
    }

    /// No colour is mixed, so all are kept, whatever frames leave out and clear.
    #[test]
    fn few_colours_are_drawn_exactly(
        scene in scene(41, 30, 30),
        background in background(),
    ) {
        let source = scene.file();
        let options = Options::default()
            .with_filter(Filter::Nearest)
            .with_background(background);
        let photo = prepare(&source, &options).unwrap();
        assert_same(&frames((512, 512), &photo.bytes), canvases(&source, &options).into_iter());
    }

    /// Where colours are mixed, transparency is exact, and colours are near.
    #[test]
    fn many_colours_are_drawn_nearly(scene in scene(41, 30, 200)) {
        let source = scene.file();
        let photo = prepare(&source, &Options::default()).unwrap();
        let wanted = canvases(&source, &Options::default());
        let found = frames((512, 512), &photo.bytes);
        prop_assert_eq!(found.len(), wanted.len());
        for (found, wanted) in found.iter().zip(&wanted) {
            let mut error = 0;
            for (found, wanted) in found.pixels.iter().zip(&wanted.pixels) {
                prop_assert_eq!(found[3], wanted[3]);
                let channels = found.iter().zip(wanted);
                error += channels.map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum::<u64>();
            }
            // Noise of hundreds of colours is the worst there is. 27 dB of it are
            // enough to know that nothing is in a wrong place.
            prop_assert!(error < 512 * 512 * 3 * 130, "{error}");
        }
    }

    /// An animated PNG holds all there is, half transparent or not.
    #[test]
    fn png_is_exact(scene in scene(41, 30, 200), filter in filter()) {
        let source = scene.file();
        let options = Options::default().with_format(Some(Format::Png)).with_filter(filter);
        let photo = prepare(&source, &options).unwrap();
        let info = probe(&source).unwrap();
        let planned = plan(&info, &options).unwrap();
        let mut canvases = transform(decode(&source, &info, &planned).unwrap(), &planned);
        let decoder = PngDecoder::new(Cursor::new(&photo.bytes)).unwrap();
        for frame in decoder.apng().unwrap().into_frames() {
            let found = frame.unwrap().into_buffer();
            let wanted = rgba(canvases.next().unwrap().unwrap().raster);
            let found = found.as_raw().as_chunks().0;
            let same = found.iter().zip(&wanted).all(|(a, b)| a == b || a[3] + b[3] == 0);
            prop_assert!(same && found.len() == wanted.len());
        }
        prop_assert!(canvases.next().unwrap().is_none());
    }

    /// What is drawn of a frame looks as if all of it had been drawn.
    #[test]
    fn frames_look_as_they_do_alone(
        scene in scene(60, 45, 100),
        filter in filter(),
    ) {
        let source = scene.file();
        let options = Options::default().with_format(Some(Format::Png)).with_filter(filter);
        let info = probe(&source).unwrap();
        let planned = plan(&info, &options).unwrap();
        let mut alone = decode(&source, &info, &planned).unwrap();
        let mut drawn = transform(decode(&source, &info, &planned).unwrap(), &planned);
        while let Some(frame) = drawn.next().unwrap() {
            let still = alone.next().unwrap().unwrap();
            let still = still_of(&still.raster.planes[0].samples);
            let info = probe(&still).unwrap();
            let planned = plan(&info, &options).unwrap();
            let mut still = transform(decode(&still, &info, &planned).unwrap(), &planned);
            let still = still.next().unwrap().unwrap();
            let [found, wanted] = [frame, still].map(|frame| rgba(frame.raster));
            let most = found.iter().zip(&wanted).map(|(a, b)| difference(*a, *b)).max();
            prop_assert!(most <= Some(3 * 255), "{most:?}");
        }
    }
}

fn rgba(raster: &Raster) -> Vec<Pixel> {
    let samples = &raster.planes[0].samples;
    match raster.layout {
        Layout::Rgba => samples.as_chunks().0.to_vec(),
        Layout::Rgb => samples
            .as_chunks()
            .0
            .iter()
            .map(|&[r, g, b]| [r, g, b, 255])
            .collect(),
        layout => panic!("{layout:?}"),
    }
}

/// How much two pixels differ to the eye, in 255ths of a level.
pub(crate) fn difference(one: Pixel, other: Pixel) -> u32 {
    let seen = |[r, g, b, alpha]: Pixel| {
        [r, g, b, 255].map(|channel| u32::from(channel) * u32::from(alpha))
    };
    let channels = seen(one).into_iter().zip(seen(other));
    channels.map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0)
}

/// 60x45 pixels of RGBA as a PNG.
fn still_of(samples: &[u8]) -> Vec<u8> {
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 60, 45);
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(samples).unwrap();
    writer.finish().unwrap();
    png
}

/// The squares that the encoder is given, with transparency as GIF can have it.
pub(crate) fn canvases(source: &[u8], options: &Options) -> Vec<Shown> {
    let info = probe(source).unwrap();
    let planned = plan(&info, options).unwrap();
    let mut canvases = transform(decode(source, &info, &planned).unwrap(), &planned);
    let mut shown = Vec::new();
    while let Some(frame) = canvases.next().unwrap() {
        let pixels = frame.raster.planes[0].samples.as_chunks().0.iter();
        let hard = |&[r, g, b, alpha]: &Pixel| if alpha < 128 { [0; 4] } else { [r, g, b, 255] };
        shown.push(Shown {
            width: 512,
            pixels: pixels.map(hard).collect(),
            delay: u16::try_from(frame.delay.as_millis() / 10).unwrap(),
        });
    }
    shown
}

#[test]
fn a_frame_larger_than_its_canvas_counts_in_full() {
    let first = Frame::new(Picture::from_fn(16, 16, |_, _| [0]));
    let mut source = gif::write(
        (16, 16),
        Some(&palette(2, 1)),
        Loops::Once,
        &[first.clone(), first],
    );
    // The second image's descriptor comes last.
    let at = source
        .windows(5)
        .rposition(|bytes| bytes == [0x2C, 0, 0, 0, 0])
        .unwrap();
    source[at + 5..at + 9].fill(0xFF);
    let error = prepare(&source, &Options::default()).unwrap_err();
    assert_eq!(error.reason(), "pixels", "{error}");
}
