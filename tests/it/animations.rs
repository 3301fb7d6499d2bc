//! Animations, frame by frame, as a viewer shows them.

use std::io::Cursor;

use headshot::{
    Animation, Background, CropBox, Filter, Format, Layout, Limits, Options, Raster, Step, decode,
    plan, prepare, probe, transform,
};
use image::AnimationDecoder;
use image::codecs::png::PngDecoder;
use proptest::prelude::*;

use crate::picture::Picture;
use crate::picture::gif::{self, Dispose, Frame, Loops};
use crate::picture::indexed::Palette;
use crate::viewer::{Pixel, Shown, frames};
use crate::walk;

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

fn palette(colors: u8, seed: u32) -> Palette {
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
fn difference(one: Pixel, other: Pixel) -> u32 {
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
fn canvases(source: &[u8], options: &Options) -> Vec<Shown> {
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
fn codes_of_frames_that_only_move_stay_as_they_are() {
    let frame = |seed: u8| {
        Frame::new(Picture::from_fn(520, 40, |x, y| {
            [u8::try_from((x * y + x + u32::from(seed)) % 64).unwrap()]
        }))
    };
    let frames_in = [frame(1), frame(2), frame(3).interlaced()];
    let source = gif::write((520, 40), Some(&palette(64, 1)), Loops::Once, &frames_in);
    let photo = prepare(&source, &Options::default()).unwrap();
    let (before, after) = (walk::pixels(&source), walk::pixels(&photo.bytes));
    assert_eq!(before[1..], after[1..]);
    assert_ne!(before[0], after[0], "the first one draws the bars");
    let transparent = Options::default().with_background(Background::Transparent);
    let photo = prepare(&source, &transparent).unwrap();
    assert_eq!(before, walk::pixels(&photo.bytes));
}

/// Pillow writes the codes of 256 colours for every image.
#[test]
fn codes_wider_than_their_palette_are_packed_anew() {
    let frame = |seed: u32| {
        Frame::new(Picture::from_fn(520, 40, |x, y| {
            match (x * y + x + seed) % 17 {
                16 => [200],
                index => [u8::try_from(index % 15).unwrap()],
            }
        }))
        .with_transparent(200)
    };
    let frames_in = [frame(1), frame(2), frame(3).interlaced()];
    let source = gif::write((520, 40), Some(&palette(16, 1)), Loops::Once, &frames_in);
    let transparent = Options::default().with_background(Background::Transparent);
    let photo = prepare(&source, &transparent).unwrap();
    assert!(photo.steps.contains(&Step::IndicesKept));
    let (before, after) = (walk::pixels(&source), walk::pixels(&photo.bytes));
    for (before, after) in before.iter().zip(&after) {
        let (before, after) = (before.data.len(), after.data.len());
        assert!(after < before, "{after} bytes of {before}");
    }
    let wanted = frames((520, 40), &source);
    let shown = frames((520, 520), &photo.bytes);
    for (shown, wanted) in shown.iter().zip(&wanted) {
        for (x, y) in (0..520).flat_map(|x| (0..40).map(move |y| (x, y))) {
            assert_eq!(shown.pixel(x, y + 240), wanted.pixel(x, y), "{x},{y}");
        }
    }
}

/// Each frame is drawn whole, as some tools write them, in a palette of its own or the
/// same; little of it changes, or nothing.
#[test]
fn what_is_shown_already_is_left_out_of_frames_that_only_move() {
    use Dispose::{Background, Keep, Previous, Unspecified};

    let frame = |number: u32, dispose: Dispose, has_palette: bool| {
        let noise = |x: u32, y: u32| (x * x + 31 * y * y + x * y) % 97 % 60;
        let mut frame = Frame::new(Picture::from_fn(520, 200, |x, y| {
            let is_spot = x / 30 == number && y / 30 == 2;
            [u8::try_from(if is_spot { x % 4 } else { noise(x, y) }).unwrap()]
        }))
        .disposed(dispose);
        frame.palette = has_palette.then(|| palette(64, 1));
        frame
    };
    let frames_in = [
        frame(1, Keep, false),
        frame(2, Keep, true),
        frame(3, Unspecified, false).interlaced(),
        frame(3, Previous, false),
        frame(4, Background, true),
        frame(4, Keep, false),
        frame(5, Keep, false),
    ];
    let source = gif::write((520, 200), Some(&palette(64, 1)), Loops::Once, &frames_in);
    let photo = prepare(&source, &Options::default()).unwrap();
    assert!(photo.steps.contains(&Step::IndicesKept));
    let sizes = |file: &[u8]| -> Vec<usize> {
        let parts = walk::pixels(file);
        parts.iter().map(|part| part.data.len()).collect()
    };
    let (before, after) = (sizes(&source), sizes(&photo.bytes));
    // The first one, and what comes after the one that is cleared away, are whole.
    for (at, (before, after)) in before.iter().zip(&after).enumerate() {
        if ![0, 5].contains(&at) {
            assert!(5 * after < *before, "{at}: {after} bytes of {before}");
        }
    }
    let wanted = frames((520, 200), &source);
    let shown = frames((520, 520), &photo.bytes);
    assert_eq!(shown.len(), wanted.len());
    for (shown, wanted) in shown.iter().zip(&wanted) {
        for (x, y) in (0..520).flat_map(|x| (0..200).map(move |y| (x, y))) {
            assert_eq!(shown.pixel(x, y + 160), wanted.pixel(x, y), "{x},{y}");
        }
    }
}

#[test]
fn drawings_get_no_more_colours_than_they_need() {
    let source = gif::write(
        (64, 64),
        Some(&vec![
            [29, 53, 87],
            [230, 57, 70],
            [241, 250, 238],
            [168, 218, 220],
        ]),
        Loops::Forever,
        &[0, 3, 6].map(|moved| {
            Frame::new(Picture::from_fn(64, 64, |x, y| {
                let (x, y) = (x.abs_diff(20 + moved), y.abs_diff(30));
                [if x * x + y * y < 200 {
                    1
                } else {
                    u8::from(y > 20) * 2
                }]
            }))
        }),
    );
    let photo = prepare(&source, &Options::default()).unwrap();
    let colors = 2 << (photo.bytes[10] & 7);
    assert!(colors <= 128, "{colors} colours");
    let shown = frames((512, 512), &photo.bytes);
    for (shown, wanted) in shown.iter().zip(canvases(&source, &Options::default())) {
        let pixels = shown.pixels.iter().zip(&wanted.pixels);
        let error: u32 = pixels.map(|(&one, &other)| difference(one, other)).sum();
        let error = f64::from(error) / (255.0 * 512.0 * 512.0);
        assert!(error < 0.9, "an error of {error} levels");
    }
}

#[test]
fn bars_get_their_colour_even_where_all_indices_are_in_use() {
    // 256 colours, none of them black; the last two are alike, and rare.
    let mut colors: Palette = (0..=255).map(|n| [n, 255 - n, 128]).collect();
    colors[255] = [254, 1, 129];
    let indices = Picture::from_fn(600, 100, |x, y| match (x, y) {
        (0, 0) => [255],
        _ => [u8::try_from((x + y) % 255).unwrap()],
    });
    let frames_in = [Frame::new(indices.clone()), Frame::new(indices)];
    let source = gif::write((600, 100), Some(&colors), Loops::Once, &frames_in);
    let photo = prepare(&source, &Options::default()).unwrap();
    let (before, after) = (
        frames((600, 100), &source),
        frames((600, 600), &photo.bytes),
    );
    for y in 0..600 {
        for x in 0..600 {
            let wanted = match (x, y) {
                (_, ..250 | 350..) => [0, 0, 0, 255],
                (0, 250) => [254, 1, 128, 255],
                _ => before[0].pixel(x, y - 250),
            };
            assert_eq!(after[0].pixel(x, y), wanted, "{x},{y}");
        }
    }
    assert_eq!(
        after[1].pixel(0, 250),
        [254, 1, 129, 255],
        "later frames lose nothing"
    );
}

#[test]
fn frames_that_change_nothing_are_counted_and_small() {
    let frame = Frame::new(Picture::from_fn(40, 40, |x, y| [u8::from(x > y)]));
    let mut frames_in: Vec<Frame> = vec![frame; 20];
    frames_in[7].delay = 123;
    let source = gif::write((40, 40), Some(&palette(2, 1)), Loops::Once, &frames_in);
    let photo = prepare(&source, &Options::default()).unwrap();
    assert_eq!(photo.frames, 20);
    let shown = frames((512, 512), &photo.bytes);
    let delays: Vec<u16> = shown.iter().map(|frame| frame.delay).collect();
    assert_eq!(
        delays,
        frames_in
            .iter()
            .map(|frame| frame.delay)
            .collect::<Vec<_>>()
    );
    let codes: Vec<usize> = walk::pixels(&photo.bytes)
        .iter()
        .map(|part| part.data.len())
        .collect();
    assert!(codes[1..].iter().all(|&len| len < 8), "{codes:?}");
}

/// Frames of one colour each, which they are told by, shown for 20, 30, 40 ms and so
/// on.
fn numbered(count: u8) -> Vec<u8> {
    let frames = (0..count).map(|n| {
        let frame = Frame::new(Picture::from_fn(16, 16, |_, _| [n]));
        frame.with_delay(2 + u16::from(n))
    });
    let frames: Vec<Frame> = frames.collect();
    let colors: Palette = (0..count).map(|n| [n, 0, 0]).collect();
    gif::write((16, 16), Some(&colors), Loops::Forever, &frames)
}

fn thin(frames: u32) -> Options {
    let limits = Limits {
        frames,
        ..Limits::default()
    };
    Options::default()
        .with_animation(Animation::Thin)
        .with_limits(limits)
}

#[test]
fn too_many_frames_are_thinned_evenly_and_take_as_long() {
    let source = numbered(10);
    let photo = prepare(&source, &thin(4)).unwrap();
    assert_eq!(photo.frames, 4);
    assert!(photo.steps.contains(&Step::Thinned { from: 10, to: 4 }));
    let shown = frames((512, 512), &photo.bytes);
    let found: Vec<(u8, u16)> = shown.iter().map(|f| (f.pixel(5, 5)[0], f.delay)).collect();
    // Two or three frames each: 2 + 3, 4 + 5 + 6, 7 + 8, 9 + 10 + 11.
    assert_eq!(found, [(0, 5), (2, 15), (5, 15), (7, 30)]);

    let png = prepare(&source, &thin(4).with_format(Some(Format::Png))).unwrap();
    let (before, after) = (probe(&source).unwrap(), probe(&png.bytes).unwrap());
    assert_eq!((after.frames, after.duration), (4, before.duration));
    // And from animated PNG.
    let png = prepare(&source, &Options::default().with_format(Some(Format::Png))).unwrap();
    let png = prepare(&png.bytes, &thin(3)).unwrap();
    let after = probe(&png.bytes).unwrap();
    assert_eq!((after.frames, after.duration), (3, before.duration));
}

#[test]
fn as_many_frames_as_allowed_are_not_thinned() {
    let source = numbered(10);
    for frames in [10, 11] {
        let photo = prepare(&source, &thin(frames)).unwrap();
        assert_eq!(photo, prepare(&source, &Options::default()).unwrap());
    }
    assert_eq!(prepare(&source, &thin(1)).unwrap().frames, 1);
    let error = prepare(&source, &thin(0)).unwrap_err();
    assert_eq!(error.reason(), "frames");
    let error = prepare(&source, &thin(9).with_animation(Animation::Keep)).unwrap_err();
    assert_eq!(error.reason(), "frames");
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
