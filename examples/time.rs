//! How long a photo takes.
//!
//! ```text
//! cargo run --release --example time -- [--runs N] [--jobs N] [--probe] [--edges LIST] [prepare's options] FILE...
//! ```
//!
//! Prints one JSON object a file: `path`, `runs`, `min_ms`, `median_ms`,
//! `bytes_in`, `bytes_out` and `side`. The file is in memory beforehand, all runs
//! are in this process, and one run more goes before them, which isn't counted.
//!
//! With `--edges 24,48,512`, squares of these sizes are made of each file in place of a
//! photo; `bytes_out` is all of them together, and `side` is null.
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
use headshot::{Edge, Options, prepare, probe, renditions};
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

    /// Make squares of these edges in place of a photo
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = edge)]
    edges: Option<Vec<Edge>>,

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
        let bytes = black_box(&bytes);
        match &args.edges {
            _ if args.probe => probe(bytes).map(|_| (None, None)),
            Some(edges) => {
                let made = renditions(bytes, edges, &options)?;
                Ok((Some(made.iter().map(|one| one.bytes.len()).sum()), None))
            }
            None => prepare(bytes, &options)
                .map(|photo| (Some(photo.bytes.len()), Some(photo.side.px()))),
        }
    };
    let (bytes_out, side): (Option<usize>, _) =
        work().map_err(|error| format!("{} ({}): {error}", error.code(), error.reason()))?;
    let mut times = times(work, args.runs.get(), args.jobs.get());
    times.sort_unstable();
    Ok(json!({
        "path": file.to_string_lossy(),
        "runs": args.runs,
        "min_ms": times.first().copied().map(milliseconds),
        "median_ms": median(&times).map(milliseconds),
        "bytes_in": bytes.len(),
        "bytes_out": bytes_out,
        "side": side,
    }))
}

fn edge(px: &str) -> Result<Edge, String> {
    let px = px.parse().map_err(|error| format!("{error}"))?;
    Edge::new(px).ok_or_else(|| format!("not in {}..={}", Edge::MIN, Edge::MAX))
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
