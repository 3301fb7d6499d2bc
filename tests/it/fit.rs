//! Photos of no more than so many bytes.

use headshot::{Animation, Effort, Format, Limits, Options, Photo, Step, prepare};
use image::AnimationDecoder as _;
use image::codecs::png::PngDecoder;

use crate::picture::indexed::indexed;
use crate::picture::{Picture, apng, byte, gif, jpeg, noise, png};
use crate::viewer;

/// A photo of which every second frame is a little brighter, and a part moves.
fn frames(side: u32, count: u32) -> Vec<Picture> {
    let still = noise::photo(side, side, 5);
    let frame = |at: u32| {
        let patch = noise::photo(side / 4, side / 4, 40 + at);
        Picture::from_fn(side, side, |x, y| {
            let [left, top] = [x.wrapping_sub(8 * at), y.wrapping_sub(side / 2)];
            let from = if left < side / 4 && top < side / 4 {
                patch.pixel(left, top)
            } else {
                still.pixel(x, y)
            };
            [0, 1, 2].map(|channel| from[channel].saturating_add(byte(at % 2 * 2)))
        })
    };
    (0..count).map(frame).collect()
}

fn animated_png(side: u32, count: u32) -> Vec<u8> {
    let frames: Vec<_> = frames(side, count)
        .into_iter()
        .map(apng::Frame::new)
        .collect();
    apng::write(0, None, &frames)
}

fn animated_gif(side: u16, count: u32) -> Vec<u8> {
    let frames = frames(side.into(), count).into_iter().map(|frame| {
        let indexed = indexed(&frame, 8);
        gif::Frame::new(indexed.indices).with_palette(indexed.palette)
    });
    let frames: Vec<gif::Frame> = frames.collect();
    gif::write((side, side), None, gif::Loops::Forever, &frames)
}

/// Every kind of output, from sources that stay as they are and others that don't.
fn sources() -> Vec<(&'static str, Vec<u8>, Option<Format>)> {
    let large = noise::photo(1100, 700, 3);
    let photo = noise::photo(600, 520, 3);
    let small = noise::photo(520, 520, 4);
    vec![
        ("jpeg", jpeg::photo(&large, 95), None),
        (
            "jpeg that stays",
            jpeg::photo(&noise::photo(700, 700, 1), 90),
            None,
        ),
        ("gray jpeg", jpeg::photo(&photo.gray(), 95), None),
        ("png", png::photo(&photo), None),
        ("png with alpha", png::photo(&photo.with_alpha::<4>()), None),
        (
            "gray png with alpha",
            png::photo(&photo.gray().with_alpha::<2>()),
            None,
        ),
        ("animated png", animated_png(530, 3), None),
        ("gif", animated_gif(300, 4), None),
        ("gif that stays", animated_gif(530, 3), None),
        ("png as still gif", png::photo(&small), Some(Format::Gif)),
        (
            "gif as animated png",
            animated_gif(530, 3),
            Some(Format::Png),
        ),
    ]
}

fn name(step: &Step) -> Option<usize> {
    let order = [
        "effort_raised",
        "quality_lowered",
        "colors_reduced",
        "changes_ignored",
        "side_reduced",
    ];
    order.iter().position(|&name| name == step.name())
}

#[test]
fn any_number_is_kept_or_refused() {
    for (source, file, format) in sources() {
        let options = Options::default().with_format(format);
        let fit = |bytes| prepare(&file, &options.with_max_bytes(Some(bytes)));
        let whole = prepare(&file, &options).unwrap();
        let len = whole.bytes.len() as u64;
        assert_eq!(fit(len).unwrap(), whole, "{source}");

        let error = fit(1).expect_err(source);
        assert_eq!(
            (error.code(), error.reason()),
            ("too_large", "output_bytes")
        );
        let (shortest, limit) = error.measured_and_limit().unwrap();
        assert_eq!(limit, 1);
        assert!(shortest <= len, "{source}: {shortest} of {len}");

        let mut before: Option<Photo> = None;
        for step in (0..=1).rev() {
            let bytes = shortest + (len - shortest).saturating_sub(1) * step;
            let photo = fit(bytes).unwrap();
            assert!(photo.bytes.len() as u64 <= bytes, "{source}: {bytes}");
            assert_eq!(photo.format, whole.format);
            assert_eq!(photo.frames, whole.frames);
            let given: Vec<usize> = photo.steps.iter().filter_map(name).collect();
            assert!(given.is_sorted(), "{source}: {:?}", photo.steps);
            // What is given up for more bytes, is given up for fewer.
            if let Some(before) = before {
                let given_before: Vec<usize> = before.steps.iter().filter_map(name).collect();
                assert!(given_before.iter().all(|step| given.contains(step)));
                assert!(photo.side <= before.side);
            }
            before = Some(photo);
        }
        let last = before.unwrap();
        assert!(last.bytes.len() as u64 <= shortest, "{source}");
    }
}

#[test]
fn no_less_than_needed_is_given_up() {
    let file = jpeg::photo(&noise::photo(900, 700, 3), 95);
    let len = prepare(&file, &Options::default()).unwrap().bytes.len() as u64;
    let photo = prepare(&file, &Options::default().with_max_bytes(Some(len - 1))).unwrap();
    let [from, to] = [85, 75].map(|quality| headshot::Quality::new(quality).unwrap());
    assert_eq!(photo.steps.last(), Some(&Step::QualityLowered { from, to }));
    assert_eq!(photo.side.px(), 900);
    let lower = Options::default().with_quality(to);
    assert_eq!(photo.bytes, prepare(&file, &lower).unwrap().bytes);
}

#[test]
fn limits_of_a_file_hold_without_a_target() {
    let file = png::photo(&noise::photo(900, 700, 3));
    let info = headshot::probe(&file).unwrap();
    let mut plan = headshot::plan(&info, &Options::default()).unwrap();
    plan.max_bytes = Some(1000);
    let frames = headshot::decode(&file, &info, &plan).unwrap();
    let error = headshot::encode(headshot::transform(frames, &plan), &plan).unwrap_err();
    assert_eq!(error.reason(), "output_bytes");
    assert_eq!(error.measured_and_limit().unwrap().1, 1000);
    assert_eq!(Limits::default().file_bytes, 32 << 20);
}

/// A photo in so many colours or fewer, and the same one as it would be without.
fn in_colors(file: &[u8], colors: u16) -> [image::RgbaImage; 2] {
    let whole = prepare(file, &Options::default().with_effort(Effort::Smallest)).unwrap();
    let wanted = Step::ColorsReduced { to: colors };
    let mut bytes = whole.bytes.len() as u64 - 1;
    loop {
        let options = Options::default().with_max_bytes(Some(bytes));
        let photo = prepare(file, &options).expect("so many colours are tried");
        if photo.steps.contains(&wanted) {
            let read = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().into_rgba8();
            return [read(&whole.bytes), read(&photo.bytes)];
        }
        bytes = photo.bytes.len() as u64 - 1;
    }
}

/// In dB, of colours premultiplied with their alpha.
pub(crate) fn psnr(one: &image::RgbaImage, other: &image::RgbaImage) -> f64 {
    let seen = |pixel: &image::Rgba<u8>, channel: usize| {
        f64::from(pixel[channel]) * f64::from(pixel[3]) / 255.0
    };
    let errors = one.pixels().zip(other.pixels()).flat_map(|(one, other)| {
        (0..3).map(move |channel| (seen(one, channel) - seen(other, channel)).powi(2))
    });
    let samples = f64::from(3 * one.width() * one.height());
    10.0 * (255.0 * 255.0 * samples / errors.sum::<f64>()).log10()
}

#[test]
fn few_colors_stand_for_all() {
    let photo = noise::photo(600, 512, 3);
    for (colors, least) in [(256, 33.0), (64, 28.0)] {
        let [whole, reduced] = in_colors(&png::photo(&photo), colors);
        let found = psnr(&whole, &reduced);
        assert!(found > least, "{found} dB with {colors}");
        let used: std::collections::HashSet<_> = reduced.pixels().collect();
        assert!(used.len() <= colors.into(), "{} of {colors}", used.len());
        assert!(used.len() > usize::from(colors) / 2);
    }
}

#[test]
fn few_colors_fade_as_all_do() {
    for (colors, step, least) in [(256, 43, 24.0), (32, 43, 20.0)] {
        let file = png::photo(&noise::photo(600, 512, 3).with_alpha::<4>());
        let [whole, reduced] = in_colors(&file, colors);
        let used: std::collections::HashSet<_> = reduced.pixels().collect();
        assert!(used.len() <= colors.into(), "{} of {colors}", used.len());
        for (one, other) in whole.pixels().zip(reduced.pixels()) {
            assert!(one[3].abs_diff(other[3]) <= step, "{one:?} {other:?}");
            assert!(one[3] != 0 || other[3] == 0, "what is not seen is not seen");
        }
        let found = psnr(&whole, &reduced);
        assert!(found > least, "{found} dB with {colors}");
    }
}

#[test]
fn ignored_changes_are_as_small_as_promised() {
    let shown = |png: &[u8]| -> Vec<image::RgbaImage> {
        let decoder = PngDecoder::new(std::io::Cursor::new(png)).unwrap();
        let frames = decoder.apng().unwrap().into_frames();
        frames.map(|frame| frame.unwrap().into_buffer()).collect()
    };
    let file = animated_png(520, 6);
    let smallest = Options::default().with_effort(Effort::Smallest);
    let whole = prepare(&file, &smallest).unwrap();
    let options = smallest.with_max_bytes(Some(whole.bytes.len() as u64 / 2));
    let photo = prepare(&file, &options).unwrap();
    let found = photo.steps.iter().find_map(|step| match step {
        Step::ChangesIgnored { tolerance } => Some(*tolerance),
        _ => None,
    });
    assert_eq!(found, Some(3), "{:?}", photo.steps);
    let (whole, photo) = (shown(&whole.bytes), shown(&photo.bytes));
    assert_eq!(photo.len(), 6);
    let mut ignored = 0;
    for (whole, photo) in whole.iter().zip(&photo) {
        for (one, other) in whole.as_raw().iter().zip(photo.as_raw()) {
            assert!(one.abs_diff(*other) <= 3);
            ignored += usize::from(one != other);
        }
    }
    assert!(ignored > 100_000, "{ignored}");
}

#[test]
fn fading_gif_goes_on_in_steps() {
    // Gray that brightens by one level a frame, for 40 frames, over a photo that
    // takes bytes.
    let photo = noise::photo(512, 256, 9);
    let frames = (0..40_u8).map(|at| {
        let picture = Picture::from_fn(512, 512, |x, y| {
            if y < 256 {
                let mut pixel = [0; 3];
                pixel.copy_from_slice(photo.pixel(x, y));
                pixel
            } else {
                [100 + at; 3]
            }
        });
        apng::Frame::new(picture)
    });
    let file = apng::write(0, None, &frames.collect::<Vec<_>>());
    let gif = Options::default().with_format(Some(Format::Gif));
    let mut bytes = prepare(&file, &gif).unwrap().bytes.len() as u64 - 1;
    let photo = loop {
        let photo = prepare(&file, &gif.with_max_bytes(Some(bytes))).unwrap();
        if photo
            .steps
            .contains(&Step::ChangesIgnored { tolerance: 12 })
        {
            break photo;
        }
        bytes = photo.bytes.len() as u64 - 1;
    };
    let shown = viewer::frames((512, 512), &photo.bytes);
    let grays: Vec<u8> = shown.iter().map(|frame| frame.pixel(5, 400)[0]).collect();
    for (at, &gray) in (100..).zip(&grays) {
        assert!(gray.abs_diff(at) <= 12 + 4, "{grays:?}");
    }
    let steps = grays.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!((2..=6).contains(&steps), "{grays:?}");
}

#[test]
fn a_still_is_as_short_as_any() {
    let options = Options::default()
        .with_animation(Animation::Still)
        .with_max_bytes(Some(100_000));
    let photo = prepare(&animated_gif(530, 3), &options).unwrap();
    assert_eq!((photo.format, photo.frames), (Format::Png, 1));
    assert!(photo.bytes.len() <= 100_000);
    assert!(
        !photo
            .steps
            .iter()
            .any(|step| step.name() == "changes_ignored")
    );
}
