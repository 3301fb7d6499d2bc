//! The pixels of a picture at full size, upright and in sRGB, before anything is
//! resampled, for a comparison with what browsers show: see `tests/oracle/browser`.
//!
//! ```text
//! cargo run --release --example pixels -- FILE
//! ```
//!
//! Prints for each frame a line with its width, height and microseconds, and then its
//! pixels, four bytes each (red, green, blue, alpha; not premultiplied). On failure, prints
//! the error's code, reason and message to standard error.

use std::env;
use std::error::Error;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use headshot::{
    Background, Format, Info, Layout, Limits, Options, Plan, Raster, Rect, Side, Size, decode,
    plan, probe, transform,
};

/// Pixels around a tile that are decoded and dropped: interpolated chroma and filters of the
/// inner pixels never reach beyond them.
const MARGIN: u32 = 32;

fn main() -> ExitCode {
    let Some(path) = env::args().nth(1) else {
        eprintln!("usage: pixels FILE");
        return ExitCode::from(2);
    };
    match print(&path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            match error.downcast_ref::<headshot::Error>() {
                Some(error) => eprintln!("{} ({}): {error}", error.code(), error.reason()),
                None => eprintln!("{error}"),
            }
            ExitCode::FAILURE
        }
    }
}

fn print(path: &str) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(path)?;
    let info = probe(&bytes)?;
    let size = info.displayed();
    let mut output = BufWriter::new(io::stdout().lock());
    for (pixels, delay) in frames(&bytes, &info)? {
        writeln!(output, "{} {} {delay}", size.width(), size.height())?;
        output.write_all(&pixels)?;
    }
    output.flush()?;
    Ok(())
}

/// Decodes all frames, tile by tile: a canvas has at most [`Side::MAX`] pixels an edge.
/// Returns the pixels and the microseconds of each.
fn frames(bytes: &[u8], info: &Info) -> Result<Vec<(Vec<u8>, u128)>, headshot::Error> {
    let options = Options::default()
        .with_format(Some(Format::Png))
        .with_background(Background::Transparent)
        .with_limits(Limits {
            file_bytes: u64::MAX,
            edge: u32::MAX,
            pixels: u64::MAX,
            frames: u32::MAX,
            animation_pixels: u64::MAX,
            metadata_bytes: u64::MAX,
            memory_bytes: u64::MAX,
            work: u64::MAX,
        });
    let planned = plan(info, &options)?;
    let size = info.displayed();
    let mut frames: Vec<(Vec<u8>, u128)> = Vec::new();
    for (tile, inner) in tiles(size) {
        let plan = full_size(&planned, info, tile);
        let mut canvases = transform(decode(bytes, info, &plan)?, &plan);
        let mut index = 0;
        while let Some(frame) = canvases.next()? {
            if index == frames.len() {
                let bytes = size.width() as usize * size.height() as usize * 4;
                frames.push((vec![0; bytes], frame.delay.as_micros()));
            }
            copy(frame.raster, tile, inner, &mut frames[index].0, size);
            index += 1;
        }
    }
    Ok(frames)
}

/// Cuts a picture into tiles that fit a canvas, each with the part of it that is kept.
fn tiles(size: Size) -> Vec<(Rect, Rect)> {
    let columns = spans(size.width());
    let rows = spans(size.height());
    let mut tiles = Vec::new();
    for &[(y, height), (inner_y, inner_height)] in &rows {
        for &[(x, width), (inner_x, inner_width)] in &columns {
            tiles.push((
                Rect {
                    x,
                    y,
                    width,
                    height,
                },
                Rect {
                    x: inner_x,
                    y: inner_y,
                    width: inner_width,
                    height: inner_height,
                },
            ));
        }
    }
    tiles
}

/// The same along one edge: start and length of each tile, and of its inner part.
fn spans(length: u32) -> Vec<[(u32, u32); 2]> {
    let most = Side::MAX.px();
    if length <= most {
        return vec![[(0, length); 2]];
    }
    let step = most - 2 * MARGIN;
    (0..length)
        .step_by(step as usize)
        .map(|start| {
            let end = length.min(start + step);
            let (outer, outer_end) = (start.saturating_sub(MARGIN), length.min(end + MARGIN));
            [(outer, outer_end - outer), (start, end - start)]
        })
        .collect()
}

/// The plan that draws a part of the displayed picture pixel by pixel, at the top left of the
/// canvas.
fn full_size(planned: &Plan, info: &Info, tile: Rect) -> Plan {
    let mut plan = planned.clone();
    let region = info.orientation.rect_to_stored(tile, info.stored);
    let all = Size::new(region.width, region.height).unwrap_or(info.stored);
    plan.request.region = region;
    plan.request.at_least = all;
    plan.request.chroma_at_least = all;
    plan.picture = Rect { x: 0, y: 0, ..tile };
    plan.side = Side::MAX;
    plan.pass_through = false;
    plan.keep_indices = false;
    plan.streamed = false;
    plan
}

/// Copies the inner part of a tile from a canvas to its place, as RGBA.
fn copy(canvas: &Raster, tile: Rect, inner: Rect, pixels: &mut [u8], size: Size) {
    let plane = &canvas.planes[0];
    for row in 0..inner.height {
        let from = (inner.y - tile.y + row) as usize * plane.stride()
            + (inner.x - tile.x) as usize * plane.channels;
        let to = ((inner.y + row) as usize * size.width() as usize + inner.x as usize) * 4;
        let from = plane.samples[from..].chunks_exact(plane.channels);
        let to = pixels[to..].chunks_exact_mut(4);
        for (from, to) in from.zip(to).take(inner.width as usize) {
            to.copy_from_slice(&match (canvas.layout, from) {
                (Layout::Gray, &[gray]) => [gray, gray, gray, 255],
                (Layout::GrayAlpha, &[gray, alpha]) => [gray, gray, gray, alpha],
                (Layout::Rgb, &[red, green, blue]) => [red, green, blue, 255],
                (_, from) => [from[0], from[1], from[2], from[3]],
            });
        }
    }
}
