//! How long a photo takes.
//!
//! ```text
//! cargo run --release --example time -- [--runs N] [--jobs N] [--probe] [prepare's options] FILE...
//! ```
//!
//! Prints one JSON object a file: `path`, `runs`, `min_ms`, `median_ms`,
//! `bytes_in`, `bytes_out` and `side`. The file is in memory beforehand, all runs
//! are in this process, and one run more goes before them, which isn't counted.
//!
//! With `--jobs N`, as many photos are prepared of the same file at once, and the
//! times are those until the last one is done, divided by N: what a photo costs on
//! a machine that is kept busy. With one, that is what somebody waits for it, and
//! `--threads N`, one of prepare's options, makes that less.

#[path = "../src/bin/headshot/options.rs"]
mod options;
#[path = "../src/bin/headshot/values.rs"]
mod values;

use std::fs;
use std::hint::black_box;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use headshot::{Options, prepare, probe};
use options::PrepareOptions;
use serde_json::{Value, json};

/// Measure how long photos take
#[derive(Parser)]
struct Args {
    /// Runs of which the times are taken, for each file
    #[arg(long, value_name = "N", default_value = "10")]
    runs: NonZeroU32,

    /// Photos that are prepared of the same file at once; the times are per photo
    #[arg(long, value_name = "N", default_value = "1")]
    jobs: NonZeroU32,

    /// Only read the headers: then `bytes_out` and `side` are null
    #[arg(long)]
    probe: bool,

    #[command(flatten)]
    options: PrepareOptions,

    /// Pictures
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let mut code = ExitCode::SUCCESS;
    for file in &args.files {
        match measure(file, &args) {
            Ok(line) => println!("{line}"),
            Err(message) => {
                eprintln!("{}: {message}", file.display());
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}

fn measure(file: &Path, args: &Args) -> Result<Value, String> {
    let options = Options::from(&args.options);
    let bytes = fs::read(file).map_err(|error| format!("cannot read: {error}"))?;
    let work = || {
        if args.probe {
            probe(black_box(&bytes)).map(|_| None)
        } else {
            prepare(black_box(&bytes), &options).map(Some)
        }
    };
    let photo =
        work().map_err(|error| format!("{} ({}): {error}", error.code(), error.reason()))?;
    let mut times = times(work, args.runs.get(), args.jobs.get());
    times.sort_unstable();
    Ok(json!({
        "path": file.to_string_lossy(),
        "runs": args.runs,
        "min_ms": times.first().copied().map(milliseconds),
        "median_ms": median(&times).map(milliseconds),
        "bytes_in": bytes.len(),
        "bytes_out": photo.as_ref().map(|photo| photo.bytes.len()),
        "side": photo.as_ref().map(|photo| photo.side.px()),
    }))
}

/// The time of each run, for one photo.
fn times<T>(work: impl Fn() -> T + Sync, runs: u32, jobs: u32) -> Vec<Duration> {
    let all = Barrier::new(jobs as usize);
    let timed = || {
        all.wait();
        let start = Instant::now();
        black_box(work());
        all.wait();
        start.elapsed() / jobs
    };
    thread::scope(|scope| {
        for _ in 1..jobs {
            scope.spawn(|| (0..runs).for_each(|_| _ = timed()));
        }
        (0..runs).map(|_| timed()).collect()
    })
}

/// The middle one, or the mean of the middle two.
fn median(sorted: &[Duration]) -> Option<Duration> {
    let lower = sorted.get(sorted.len().checked_sub(1)? / 2)?;
    let upper = sorted.get(sorted.len() / 2)?;
    Some((*lower + *upper) / 2)
}

/// To the microsecond.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}
