//! The most that is allocated at once, counted by the allocator of this test binary.

#[path = "it/picture/mod.rs"]
mod picture;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{env, fs};

use headshot::{Effort, Error, Limits, Options, Plan, plan, prepare, probe};
use peak_alloc::PeakAlloc;

use picture::{Picture, apng, bombs};

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
