//! One group for each stage, and one for the whole, on pictures made in memory:
//! `cargo bench --bench stages`.
//!
//! Names are `stage/format/size` and stay, so that runs can be compared over
//! the years.

#[path = "../tests/it/picture/mod.rs"]
mod picture;

use std::cell::LazyCell;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use headshot::{Format, Info, Options, Plan, decode, encode, plan, prepare, probe, transform};
use picture::exif::{self, Order};
use picture::gif::{Frame, Loops};
use picture::indexed::indexed;
use picture::{gif, jpeg, noise, png};

/// A picture as a file, and what is to be done with it.
struct Sample {
    id: BenchmarkId,
    bytes: Vec<u8>,
    info: Info,
    plan: Plan,
}

impl Sample {
    fn new(name: &str, bytes: Vec<u8>) -> Self {
        Self::with_options(name, bytes, &Options::default())
    }

    fn with_options(name: &str, bytes: Vec<u8>, options: &Options) -> Self {
        let info = probe(&bytes).expect("a good file");
        let plan = plan(&info, options).expect("within the limits");
        Self {
            id: id(info.format, name),
            bytes,
            info,
            plan,
        }
    }

    fn pixels(&self) -> Throughput {
        Throughput::Elements(self.info.pixels())
    }

    fn output_pixels(&self) -> Throughput {
        Throughput::Elements(self.plan.side.size().pixels() * u64::from(self.plan.frames))
    }
}

fn id(format: Format, name: &str) -> BenchmarkId {
    BenchmarkId::new(format.to_string().to_lowercase(), name)
}

fn photo(width: u32, height: u32) -> Vec<u8> {
    jpeg::photo(&noise::photo(width, height, 1), 85)
}

/// A ground and small frames that move over it.
fn animation(width: u16, height: u16, frames: u16) -> Vec<u8> {
    let ground = indexed(&noise::photo(width.into(), height.into(), 2), 8);
    let (part_width, part_height) = (width / 3, height / 3);
    let part = ground
        .indices
        .part(0, 0, part_width.into(), part_height.into());
    let parts = (1..frames).map(|step| {
        let along =
            |edge: u16| u16::try_from(u32::from(edge) * u32::from(step) / u32::from(frames));
        let [x, y] = [width - part_width, height - part_height]
            .map(|room| along(room).expect("it lies within the picture"));
        Frame::new(part.clone()).at(x, y).with_transparent(7)
    });
    let frames: Vec<Frame> = std::iter::once(Frame::new(ground.indices.clone()))
        .chain(parts)
        .collect();
    gif::write(
        (width, height),
        Some(&ground.palette),
        Loops::Forever,
        &frames,
    )
}

/// A photo, a screenshot with a palette, a picture with alpha, and an animation.
fn samples() -> Vec<Sample> {
    let large = noise::photo(1600, 1200, 1);
    let small = noise::photo(640, 480, 1);
    let still = indexed(&small, 8);
    vec![
        Sample::new("1600x1200", jpeg::photo(&large, 85)),
        Sample::new("1600x1200_progressive", jpeg::progressive(&large, 85)),
        Sample::new("640x480", jpeg::photo(&small, 85)),
        Sample::new("1600x1200", png::photo(&large)),
        Sample::new("640x480_alpha", png::photo(&small.with_alpha::<4>())),
        Sample::new("640x480_palette", png::indexed(&still, 8)),
        Sample::new("640x480", gif::still(&still)),
        Sample::new("320x240x20", animation(320, 240, 20)),
    ]
}

fn bench_probe(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("probe");
    for Sample { id, bytes, .. } in samples() {
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_with_input(id, &bytes, |bencher, bytes| {
            bencher.iter(|| probe(black_box(bytes)));
        });
    }
    group.finish();
}

fn bench_plan(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plan");
    for Sample { id, info, .. } in [
        Sample::new("640x480", photo(640, 480)),
        Sample::new("320x240x20", animation(320, 240, 20)),
    ] {
        group.throughput(Throughput::Elements(1));
        group.bench_with_input(id, &info, |bencher, info| {
            bencher.iter(|| plan(black_box(info), &Options::default()));
        });
    }
    group.finish();
}

fn bench_decode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode");
    for sample in samples() {
        group.throughput(sample.pixels());
        group.bench_function(sample.id.clone(), |bencher| {
            bencher.iter(|| {
                let mut frames = decode(&sample.bytes, &sample.info, &sample.plan)?;
                while let Some(frame) = frames.next()? {
                    black_box(frame);
                }
                Ok::<_, headshot::Error>(())
            });
        });
    }
    group.finish();
}

/// The stage pulls its frames out of the decoder, so each round gets one that
/// has decoded its still already. That's why there are only stills.
fn bench_transform(criterion: &mut Criterion) {
    let turned = jpeg::with_exif(&photo(1200, 1600), &exif::orientation(Order::Big, 6));
    let large = noise::photo(1600, 1200, 1);
    let mut group = criterion.benchmark_group("transform");
    for sample in [
        Sample::new("1600x1200", photo(1600, 1200)),
        Sample::new("1600x1200_turned", turned),
        Sample::new("1600x1200_gray", jpeg::photo(&large.gray(), 85)),
        Sample::new("640x480_as_it_is", photo(640, 480)),
        Sample::new("320x240_enlarged", photo(320, 240)),
        Sample::new("1600x1200", png::photo(&large)),
        Sample::new("1600x1200_alpha", png::photo(&large.with_alpha::<4>())),
    ] {
        group.throughput(sample.pixels());
        group.bench_function(sample.id.clone(), |bencher| {
            bencher.iter_batched(
                || decode(&sample.bytes, &sample.info, &sample.plan).expect("a good file"),
                |frames| {
                    let mut canvases = transform(frames, &sample.plan);
                    canvases.next().map(|frame| black_box(frame).is_some())
                },
                criterion::BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

/// The stage pulls its squares out of the one before. Squares of the right size
/// need neither resampling nor turning, which leaves a copy of the pixels.
fn bench_encode(criterion: &mut Criterion) {
    let square = noise::photo(1024, 1024, 1);
    let as_a = |format| Options::default().with_format(Some(format));
    let sample = |name, bytes, format| {
        let sample = Sample::with_options(name, bytes, &as_a(format));
        Sample {
            id: id(format, name),
            ..sample
        }
    };
    let mut group = criterion.benchmark_group("encode");
    for sample in [
        sample("1024x1024", png::photo(&square), Format::Jpeg),
        sample("1024x1024_gray", png::photo(&square.gray()), Format::Jpeg),
        sample("1024x1024", png::photo(&square), Format::Png),
        sample(
            "1024x1024_alpha",
            png::photo(&square.with_alpha::<4>()),
            Format::Png,
        ),
        sample("1024x1024", png::photo(&square), Format::Gif),
    ] {
        group.throughput(sample.output_pixels());
        group.bench_function(sample.id.clone(), |bencher| {
            bencher.iter_batched(
                || {
                    decode(&sample.bytes, &sample.info, &sample.plan)
                        .map(|frames| transform(frames, &sample.plan))
                        .expect("a good file")
                },
                |canvases| encode(canvases, &sample.plan),
                criterion::BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

fn bench_prepare(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("prepare");
    group.sample_size(20);
    for sample in samples() {
        group.throughput(sample.pixels());
        group.bench_with_input(sample.id, &sample.bytes, |bencher, bytes| {
            bencher.iter(|| prepare(black_box(bytes), &Options::default()));
        });
    }
    // As from a phone. It takes a while to make, so only if it is asked for.
    let camera = LazyCell::new(|| photo(4000, 3000));
    group.throughput(Throughput::Elements(4000 * 3000));
    group.bench_function(id(Format::Jpeg, "4000x3000"), |bencher| {
        let bytes = LazyCell::force(&camera);
        bencher.iter(|| prepare(black_box(bytes), &Options::default()));
    });
    group.finish();
}

criterion_group!(
    benches,
    bench_probe,
    bench_plan,
    bench_decode,
    bench_transform,
    bench_encode,
    bench_prepare
);
criterion_main!(benches);
