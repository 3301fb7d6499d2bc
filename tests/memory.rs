//! The most that is allocated at once, counted by the allocator of this test binary.

#[path = "it/picture/mod.rs"]
mod picture;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{env, fs};

use headshot::{
    Animation, Edge, Effort, Error, Format, Light, Limits, Options, Plan, plan, prepare, probe,
    renditions,
};
use peak_alloc::PeakAlloc;

use picture::{Picture, apng, bombs, jpeg, noise, png};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// What a refused file may cost: names of profiles are read up to 4 MiB, and the
/// buffer that they are inflated into doubles.
const REFUSED_BYTES: usize = 13 << 20;

/// What is not worth estimating: tables, headers, and the file that comes out.
const SLACK_BYTES: u64 = 3 << 20;

/// The allocator counts for the whole process: one test at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The result, and the most bytes that were allocated for it at once.
fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let result = work();
    (result, ALLOCATOR.peak_usage().saturating_sub(before))
}

fn planned(bytes: &[u8]) -> Result<Plan, Error> {
    plan(&probe(bytes)?, &Options::default())
}

/// Several threads work on several frames of an animation at once.
fn threads() -> Vec<Options> {
    let one = Options::default();
    #[cfg(feature = "parallel")]
    let several = vec![
        one,
        one.with_threads(std::num::NonZeroUsize::new(3).expect("not zero")),
    ];
    #[cfg(not(feature = "parallel"))]
    let several = vec![one];
    several
}

fn folders() -> Vec<PathBuf> {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let corpus = env::var_os("HEADSHOT_CORPUS").map(PathBuf::from);
    corpus.into_iter().chain([testdata]).collect()
}

/// All files below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The most that it may take until a file is refused by its headers.
fn most_for(reason: &str) -> usize {
    match reason {
        "metadata" => REFUSED_BYTES,
        _ => 16 << 10,
    }
}

#[test]
fn no_picture_takes_more_than_its_plan_estimates() {
    let _alone = alone();
    let mut paths = Vec::new();
    for folder in folders() {
        files(&folder, &mut paths);
    }
    let (mut pictures, mut refused) = (0, 0);
    let mut wrong = Vec::new();
    for path in paths {
        let bytes = fs::read(&path).unwrap();
        let (plan_of_one, peak_of_plan) = peak(|| planned(&bytes));
        if let Err(error) = plan_of_one {
            refused += 1;
            if peak_of_plan > most_for(error.reason()) {
                wrong.push(format!("{}: {peak_of_plan}, refused", path.display()));
            }
            continue;
        }
        let Ok(info) = probe(&bytes) else {
            continue;
        };
        for options in threads() {
            let Ok(plan) = plan(&info, &options) else {
                continue;
            };
            pictures += 1;
            let (photo, peak) = peak(|| prepare(&bytes, &options));
            // An animation's file grows: it is there twice, and half of it is room.
            let file = match photo {
                Ok(photo) if photo.frames > 1 => 3 * photo.bytes.len() as u64,
                _ => 0,
            };
            if peak as u64 > plan.memory_bytes + file + SLACK_BYTES {
                wrong.push(format!(
                    "{}, {} threads: {peak} of {}",
                    path.display(),
                    plan.threads,
                    plan.memory_bytes
                ));
            }
            assert!(peak as u64 <= Limits::default().memory_bytes);
        }
    }
    assert!(pictures > 100, "{pictures} pictures");
    assert!(refused > 10, "{refused} refused");
    assert!(
        wrong.is_empty(),
        "{}\n{} wrong",
        wrong.join("\n"),
        wrong.len()
    );
}

/// The square that all sizes are drawn from is there while they are, and what was
/// decoded isn't.
#[test]
fn many_sizes_take_no_more_than_a_photo() {
    let _alone = alone();
    let edges = [24, 32, 48, 72, 192, 512, 1024].map(|px| Edge::new(px).unwrap());
    let mut paths = Vec::new();
    for folder in folders() {
        files(&folder, &mut paths);
    }
    let mut pictures = 0;
    let mut wrong = Vec::new();
    for path in paths {
        let bytes = fs::read(&path).unwrap();
        let Ok(info) = probe(&bytes) else {
            continue;
        };
        // A smaller picture would be enlarged further than for a photo.
        if info.stored.longest() < Edge::MAX.px() {
            continue;
        }
        for options in threads() {
            let options = options.with_animation(Animation::Still);
            // The plan of a photo that passes through estimates no pixels.
            let Some(plan) = plan(&info, &options).ok().filter(|plan| !plan.pass_through) else {
                continue;
            };
            pictures += 1;
            let (made, peak) = peak(|| renditions(&bytes, &edges, &options));
            let files = made
                .unwrap_or_default()
                .iter()
                .map(|one| one.bytes.len() as u64)
                .sum::<u64>();
            if peak as u64 > plan.memory_bytes + files + SLACK_BYTES {
                let (name, estimate) = (path.display(), plan.memory_bytes);
                wrong.push(format!(
                    "{name}, {} threads: {peak} of {estimate}",
                    plan.threads
                ));
            }
            assert!(peak as u64 <= Limits::default().memory_bytes);
        }
    }
    assert!(pictures > 3, "{pictures} pictures");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where sizes are enlarged, or mixed in linear light, they are made only if that takes
/// no more than the limit.
#[test]
fn many_sizes_take_no_more_than_the_limit() {
    let _alone = alone();
    let edges = [24, 700, 1024].map(|px| Edge::new(px).unwrap());
    let photo = noise::photo(1100, 1024, 1);
    let pictures = [
        photo.part(0, 0, 200, 200),
        photo.part(0, 0, 1000, 1000),
        photo,
    ];
    let (mut made, mut refused) = (0, 0);
    for picture in pictures {
        let files = [
            png::photo(&picture),
            png::photo(&picture.with_alpha::<4>()),
            jpeg::photo(&picture, 90),
        ];
        for file in files {
            for (light, format) in [
                (Light::Encoded, None),
                (Light::Encoded, Some(Format::Gif)),
                (Light::Linear, None),
                (Light::Linear, Some(Format::Png)),
            ] {
                for memory_bytes in (2..=80).map(|mib| mib << 20) {
                    let limits = Limits {
                        memory_bytes,
                        ..Limits::default()
                    };
                    let options = Options::default()
                        .with_limits(limits)
                        .with_light(light)
                        .with_format(format);
                    let (result, peak) = peak(|| renditions(&file, &edges, &options));
                    let Ok(squares) = result else {
                        refused += 1;
                        continue;
                    };
                    made += 1;
                    let files: usize = squares.iter().map(|one| one.bytes.len()).sum();
                    let most = memory_bytes + files as u64 + SLACK_BYTES;
                    assert!(
                        peak as u64 <= most,
                        "{}x{}, {light:?}, {format:?}: {peak} of {memory_bytes}",
                        picture.width,
                        picture.height
                    );
                    // More of it would change nothing.
                    break;
                }
            }
        }
    }
    assert!(made == 36 && refused > 100, "{made} and {refused}");
}

#[test]
fn what_is_refused_by_its_headers_takes_next_to_nothing() {
    let _alone = alone();
    let mut refused = 0;
    for bomb in bombs::all() {
        let (plan, peak) = peak(|| planned(&bomb.bytes).map(drop));
        if plan.is_err() {
            assert!(peak < most_for(bomb.verdict), "{}: {peak} bytes", bomb.name);
            refused += 1;
        }
    }
    assert!(refused > 10, "{refused} refused");
}

#[test]
fn what_has_fewer_bits_than_blocks_takes_next_to_nothing() {
    let _alone = alone();
    let one_block = |bomb: &bombs::Bomb| bomb.name.ends_with("and one block");
    let bombs: Vec<_> = bombs::all().into_iter().filter(one_block).collect();
    assert_eq!(bombs.len(), 2);
    for bomb in bombs {
        let (_, peak) = peak(|| prepare(&bomb.bytes, &Options::default()).is_err());
        assert!(peak < 16 << 10, "{}: {peak} bytes", bomb.name);
    }
}

#[test]
fn bombs_take_no_more_than_their_plans_estimate() {
    let _alone = alone();
    for bomb in bombs::all() {
        let Ok(plan) = planned(&bomb.bytes) else {
            continue;
        };
        let (_, peak) = peak(|| prepare(&bomb.bytes, &Options::default()).is_ok());
        assert!(
            peak as u64 <= plan.memory_bytes + SLACK_BYTES,
            "{}: {peak} of {}",
            bomb.name,
            plan.memory_bytes
        );
    }
}

/// While other ways to write a frame are tried, the shortest so far is kept.
#[test]
fn the_smallest_animation_of_noise_takes_no_more_than_its_plan_estimates() {
    let _alone = alone();
    let frames = [1, 2, 3].map(|seed| {
        let noise = |x: u32, y: u32| (x * 7919 + y * 104_729 + seed).wrapping_mul(0x9E37_79B1);
        let picture = Picture::from_fn(1000, 1000, |x, y| {
            let [a, b, c, _] = (noise(x, y) ^ noise(y, x) >> 15).to_le_bytes();
            [a, b, c]
        });
        apng::Frame::new(picture).at(0, 0)
    });
    let mut bytes = apng::write(0, None, &frames);
    // Were it as it is wanted, it would pass through.
    bytes.truncate(bytes.len() - 12);
    for options in threads() {
        let options = options.with_effort(Effort::Smallest);
        let plan = plan(&probe(&bytes).unwrap(), &options).unwrap();
        assert!(!plan.pass_through);
        let (photo, peak) = peak(|| prepare(&bytes, &options).unwrap());
        let most = plan.memory_bytes + 3 * photo.bytes.len() as u64 + SLACK_BYTES;
        assert!(peak as u64 <= most, "{peak} of {}", plan.memory_bytes);
    }
}
