//! The frames of animations, as they are composed, for a comparison with those of
//! other programs: see `tests/oracle/animations`.
//!
//! ```text
//! cargo run --release --example frames -- FILE OUTPUT [FILE OUTPUT]...
//! ```
//!
//! Prints width, height, and the milliseconds of each frame, a line a file; writes
//! the pixels of all frames to OUTPUT, four bytes each (red, green, blue, alpha).

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;

use headshot::{Options, decode, plan, probe};

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    for pair in args.chunks_exact(2) {
        match write(&pair[0], &pair[1]) {
            Ok(line) => println!("{line}"),
            Err(error) => println!("error: {error}"),
        }
    }
}

fn write(file: &str, output: &str) -> Result<String, Box<dyn Error>> {
    let bytes = fs::read(file)?;
    let info = probe(&bytes)?;
    let plan = plan(&info, &Options::default())?;
    let mut line = format!("{} {}", info.stored.width(), info.stored.height());
    let mut pixels = Vec::new();
    let mut frames = decode(&bytes, &info, &plan)?;
    while let Some(frame) = frames.next()? {
        write!(line, " {}", frame.delay.as_millis())?;
        pixels.extend_from_slice(&frame.raster.planes[0].samples);
    }
    fs::write(output, pixels)?;
    Ok(line)
}
