//! What hostile files cost: prints a table of files of few bytes that ask for much.
//!
//! ```text
//! cargo run --release --example bombs [-- NAME]
//! ```
//!
//! The first ones claim much, or hide it where nobody has to look; those below the line
//! have as many pixels as the limits allow. The memory is the most that was allocated
//! at once, the file left out. With a name, only files that have it in theirs.

#[path = "../tests/it/picture/mod.rs"]
mod picture;

use std::env;
use std::time::Instant;

use headshot::{Error, Options, prepare};
use peak_alloc::PeakAlloc;

use picture::bombs::{self, Bomb};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() {
    let wanted = env::args().nth(1).unwrap_or_default();
    println!("| file | bytes | verdict | ms | kB |");
    println!("| --- | ---: | --- | ---: | ---: |");
    measure(bombs::all(), &wanted);
    println!("| | | | | |");
    measure(bombs::heavy(), &wanted);
}

fn measure(bombs: Vec<Bomb>, wanted: &str) {
    for Bomb { name, bytes, .. } in bombs {
        if !name.contains(wanted) {
            continue;
        }
        let before = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        let start = Instant::now();
        let photo = prepare(&bytes, &Options::default());
        let milliseconds = start.elapsed().as_secs_f64() * 1e3;
        let peak = (ALLOCATOR.peak_usage() - before) / 1000;
        let verdict = photo.as_ref().map_or_else(Error::reason, |_| "photo");
        let len = bytes.len();
        println!("| {name} | {len} | {verdict} | {milliseconds:.1} | {peak} |");
    }
}
