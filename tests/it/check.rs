//! What must hold for any bytes. `fuzz/` calls each of these as well.

use std::num::NonZeroUsize;

use arbitrary::{Arbitrary, Unstructured};
use headshot::{
    Animation, Background, CropBox, Damage, Edge, Effort, Error, Filter, Format, Info, Light,
    Limits, Options, Photo, Plan, Plane, Quality, Size, Step, Upscale, check, decode, plan,
    prepare, probe, renditions, transform,
};

/// Small enough for thousands of runs a second.
const LIMITS: Limits = Limits {
    file_bytes: 1 << 20,
    edge: 4096,
    pixels: 1 << 20,
    frames: 20,
    animation_pixels: 1 << 21,
    metadata_bytes: 1 << 18,
    memory_bytes: 64 << 20,
    work: 1 << 29,
};

fn options() -> Options {
    Options::default().with_limits(LIMITS)
}

/// Nothing panics or hangs; what comes out is a photo that this crate itself
/// accepts, with the steps that were planned; and no error is a bug of ours.
pub(crate) fn any_bytes(bytes: &[u8]) {
    let _ = prepared(bytes, &options());
}

/// The same for any options, which the first bytes are read as.
pub(crate) fn any_options(bytes: &[u8]) {
    let mut choices = Unstructured::new(bytes);
    if let Ok(options) = arbitrary_options(&mut choices) {
        let _ = prepared(choices.take_rest(), &options);
    }
}

/// The same for squares of several sizes, which are refused for the reason for which a
/// photo is.
pub(crate) fn any_edges(bytes: &[u8]) {
    let mut choices = Unstructured::new(bytes);
    let Ok((options, edges)) = arbitrary_edges(&mut choices) else {
        return;
    };
    let bytes = choices.take_rest();
    match renditions(bytes, &edges, &options) {
        Ok(made) => {
            assert!(made.iter().map(|one| one.edge).eq(edges));
            for one in made {
                let info = probe(&one.bytes).unwrap();
                assert_eq!((info.format, info.frames), (one.format, 1));
                assert_eq!(info.displayed(), one.edge.size());
                assert_eq!((info.metadata.bytes, info.trailing_bytes), (0, 0));
            }
        }
        Err(error) => assert_not_ours(&error),
    }
}

fn arbitrary_edges(choices: &mut Unstructured<'_>) -> arbitrary::Result<(Options, Vec<Edge>)> {
    let options = arbitrary_options(choices)?;
    let mut edge = || choices.int_in_range(1..=1024).map(Edge::new);
    let edges = [edge()?, edge()?].into_iter().flatten().collect();
    Ok((options, edges))
}

/// The report on a file does not contradict itself, and planning is total.
pub(crate) fn any_header(bytes: &[u8]) {
    let Ok(info) = probe(bytes) else {
        return;
    };
    assert_eq!(info.file_bytes, bytes.len() as u64);
    assert!(info.frames > 0 && info.trailing_bytes <= info.file_bytes);
    assert_eq!(info.displayed().pixels(), info.stored.pixels());
    let _ = check(&info, &LIMITS, None);
    if let Err(error) = plan(&info, &options()) {
        assert_not_ours(&error);
    }
}

/// A photo is a file like any other, and needs nothing more: prepared again, it
/// passes through to the byte.
pub(crate) fn roundtrip(bytes: &[u8]) {
    let Ok(photo) = prepared(bytes, &options()) else {
        return;
    };
    let unlimited = Options::default();
    let again = prepare(&photo.bytes, &unlimited).unwrap();
    if photo.format != Format::Gif || photo.frames > 1 {
        assert!(
            again.steps.contains(&Step::PassedThrough),
            "{:?}",
            again.steps
        );
        assert!(again.bytes == photo.bytes, "another file");
    }
}

/// However a JPEG is decoded, it is the same picture, or broken in the same way.
pub(crate) fn any_jpeg(bytes: &[u8]) {
    let Some((info, mut plan)) = planned(bytes, Format::Jpeg) else {
        return;
    };
    if plan.streamed {
        let square = |plan: &Plan| -> Result<_, Error> {
            let frames = decode(bytes, &info, plan)?;
            let mut canvases = transform(frames, plan);
            Ok(canvases.next()?.map(|canvas| canvas.raster.planes.clone()))
        };
        let square = |plan: &Plan| square(plan).map_err(|error| error.to_string());
        for damage in [Damage::Refuse, Damage::Accept] {
            plan.damage = damage;
            plan.streamed = true;
            let streamed = square(&plan);
            plan.streamed = false;
            assert!(
                streamed == square(&plan),
                "rows that come in make another picture"
            );
        }
        plan.damage = Damage::Refuse;
    }
    plan.pass_through = false;
    plan.request.at_least = info.stored;
    plan.request.chroma_at_least = info.stored;
    let one = planes(bytes, &info, &plan);
    plan.threads = NonZeroUsize::new(3).unwrap();
    assert!(
        planes(bytes, &info, &plan) == one,
        "several threads see another picture"
    );
    plan.damage = Damage::Accept;
    let damaged = planes(bytes, &info, &plan);
    plan.threads = NonZeroUsize::MIN;
    assert!(
        planes(bytes, &info, &plan) == damaged,
        "several threads see other damage"
    );
    if one.is_ok() {
        assert!(damaged == one, "a whole picture is damaged");
    }
    // To prove it whole, or to shrink it, is to see the same faults.
    plan.damage = Damage::Refuse;
    plan.pass_through = true;
    plan.request.at_least = Size::new(1, 1).unwrap();
    plan.request.chroma_at_least = plan.request.at_least;
    assert_eq!(planes(bytes, &info, &plan).err(), one.err());
}

/// A PNG that is resampled while it is read is broken where it is broken when it is
/// read first.
pub(crate) fn any_png(bytes: &[u8]) {
    let Some((info, mut plan)) = planned(bytes, Format::Png) else {
        return;
    };
    let first = planes(bytes, &info, &plan).map(|_| ());
    plan.streamed = false;
    assert_eq!(planes(bytes, &info, &plan).map(|_| ()), first);
    plan.damage = Damage::Accept;
    let accepted = planes(bytes, &info, &plan).map(|_| ());
    assert!(first.is_err() || accepted.is_ok());
}

/// The frames of a GIF are as many as its headers say, and those of a still are the
/// first ones of the animation.
pub(crate) fn any_gif(bytes: &[u8]) {
    let Some((info, plan)) = planned(bytes, Format::Gif) else {
        return;
    };
    let Ok(mut frames) = decode(bytes, &info, &plan) else {
        return;
    };
    let mut count = 0;
    let end = loop {
        match frames.next() {
            Ok(Some(_)) => count += 1,
            end => break end.map(drop),
        }
    };
    match end {
        Ok(()) => assert_eq!(count, plan.frames),
        Err(error) => assert_not_ours(&error),
    }
    let mut still = plan.clone();
    still.frames = 1;
    assert_eq!(planes(bytes, &info, &still).is_ok(), count > 0);
}

fn planned(bytes: &[u8], format: Format) -> Option<(Info, Plan)> {
    let info = probe(bytes).ok().filter(|info| info.format == format)?;
    let plan = plan(&info, &options()).ok()?;
    Some((info, plan))
}

/// The planes of the first frame, or the message of the error.
fn planes(bytes: &[u8], info: &Info, plan: &Plan) -> Result<Vec<Plane>, String> {
    let message = |error: Error| {
        assert_not_ours(&error);
        error.to_string()
    };
    let mut frames = decode(bytes, info, plan).map_err(message)?;
    let frame = frames.next().map_err(message)?.expect("a first frame");
    Ok(frame.raster.planes.clone())
}

fn prepared(bytes: &[u8], options: &Options) -> Result<Photo, ()> {
    match prepare(bytes, options) {
        Ok(photo) => {
            let planned = plan(&probe(bytes).unwrap(), options).unwrap();
            // What was damaged is known once it was decoded.
            let steps = photo.steps.iter();
            let foreseen = steps.filter(|step| !matches!(step, Step::DamageAccepted { .. }));
            if options.max_bytes().is_none() {
                assert!(foreseen.eq(&planned.steps), "{:?}", photo.steps);
            }
            let len = photo.bytes.len() as u64;
            assert!(options.max_bytes().is_none_or(|most| len <= most));
            let info = probe(&photo.bytes).unwrap();
            let media_type = Some(photo.format.media_type());
            assert_eq!(check(&info, &Limits::default(), media_type), []);
            assert_eq!((info.format, info.frames), (photo.format, photo.frames));
            assert_eq!(info.displayed(), photo.side.size());
            assert_eq!((info.metadata.bytes, info.trailing_bytes), (0, 0));
            Ok(photo)
        }
        Err(error) => {
            assert_not_ours(&error);
            Err(())
        }
    }
}

fn assert_not_ours(error: &Error) {
    assert_ne!(error.reason(), "internal", "{error}: {error:?}");
}

fn arbitrary_options(choices: &mut Unstructured<'_>) -> arbitrary::Result<Options> {
    let mut options = options()
        .with_format(*choices.choose(&[
            None,
            Some(Format::Jpeg),
            Some(Format::Png),
            Some(Format::Gif),
        ])?)
        .with_background(*choices.choose(&[
            Background::default(),
            Background::Transparent,
            Background::Color([255, 128, 0]),
        ])?)
        .with_animation(*choices.choose(&[Animation::Keep, Animation::Still, Animation::Reject])?)
        .with_upscale(*choices.choose(&[Upscale::Allow, Upscale::Forbid])?)
        .with_filter(*choices.choose(&Filter::ALL)?)
        .with_light(*choices.choose(&[Light::Encoded, Light::Linear])?)
        .with_damage(*choices.choose(&[Damage::Refuse, Damage::Accept])?)
        .with_effort(*choices.choose(&[Effort::Balanced, Effort::Fast])?)
        .with_max_bytes(*choices.choose(&[None, None, Some(4_000), Some(40_000)])?)
        .with_quality(Quality::new(choices.int_in_range(1..=100)?).unwrap_or_default());
    #[cfg(feature = "parallel")]
    {
        let threads = NonZeroUsize::new(choices.int_in_range(1..=3)?);
        options = options.with_threads(threads.unwrap_or(NonZeroUsize::MIN));
    }
    if bool::arbitrary(choices)? {
        // Near the corner, where most pictures are.
        options = options.with_crop(CropBox {
            x: u8::arbitrary(choices)?.into(),
            y: u8::arbitrary(choices)?.into(),
            width: u16::arbitrary(choices)?.into(),
        });
    }
    Ok(options)
}
