//! Decodes JPEG files at full resolution, for comparison with other decoders:
//! `cargo run --release --example planes -- FILE... > planes`.
//!
//! Writes a line for each file, of the layout and the size of each plane, and then
//! the samples of the planes one behind the other; or, for a file that is not
//! decoded, a line of a minus and the reason. Nothing is resampled, and no limit
//! holds but that for memory.
//!
//! ```text
//! YCbCr 640x480 320x240 320x240
//! - unsupported
//! ```

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};

use headshot::{Error, Limits, Options, Raster, Rect, decode, plan, probe};

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for file in env::args_os().skip(1) {
        match raster(&fs::read(file)?) {
            Ok(raster) => write(&mut out, &raster)?,
            Err(error) => writeln!(out, "- {}", error.reason())?,
        }
    }
    out.flush()
}

fn raster(bytes: &[u8]) -> Result<Raster, Error> {
    let limits = Limits {
        edge: u32::MAX,
        pixels: u64::MAX,
        memory_bytes: 1 << 32,
        ..Limits::default()
    };
    let info = probe(bytes)?;
    let mut plan = plan(&info, &Options::default().with_limits(limits))?;
    plan.request.region = Rect::covering(info.stored);
    plan.request.at_least = info.stored;
    plan.request.chroma_at_least = info.stored;
    plan.streamed = false;
    plan.pass_through = false;
    let mut frames = decode(bytes, &info, &plan)?;
    let frame = frames.next()?;
    Ok(frame
        .map(|frame| frame.raster.clone())
        .expect("at least one frame"))
}

fn write(out: &mut impl Write, raster: &Raster) -> io::Result<()> {
    let mut line = format!("{:?}", raster.layout);
    for plane in &raster.planes {
        let _ = write!(line, " {}", plane.size); // a string takes all
    }
    writeln!(out, "{line}")?;
    for plane in &raster.planes {
        out.write_all(&plane.samples)?;
    }
    Ok(())
}
