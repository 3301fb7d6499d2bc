//! From finished squares to a file.

mod apng;
mod exact;
mod gif;
mod indexed;
mod jpeg;
mod pipeline;
mod png;
mod repeats;
mod settle;

use std::time::Duration;

pub(crate) use png::{Ways, compress as compress_png};

use crate::budget::Work;
use crate::check::check;
use crate::error::{Error, Quantity};
use crate::limits::Limits;
use crate::orientation::Orientation;
use crate::photo::Photo;
use crate::plan::{Plan, at_most};
use crate::probe::{Format, Metadata, probe};
use crate::raster::{Frame, Raster};
use crate::rewrite::rewrite;
use crate::transform::Canvases;

/// Writes the squares in the planned format, and looks at the file with the
/// service's eyes before it hands it out.
///
/// Where [`Plan::pass_through`] or [`Plan::keep_indices`] says so, it writes the
/// source's pixels exactly as they are into a new container instead, once all
/// of them are proven to be whole.
///
/// # Errors
///
/// Those of [`Frames::next`](crate::Frames::next), since frames are decoded one
/// at a time as they are written, and [`Error::TooLarge`] if the photo would have
/// more bytes than [`Plan::max_bytes`] or than a file may have by default.
///
/// # Examples
///
/// ```
/// use headshot::{Format, Options, decode, encode, plan, probe, transform};
///
/// let gif = b"GIF89a\x02\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x02\0\x01\0\0\x02\x02D\n\0;";
/// let info = probe(gif)?;
/// let plan = plan(&info, &Options::default().with_format(Some(Format::Jpeg)))?;
/// let photo = encode(transform(decode(gif, &info, &plan)?, &plan), &plan)?;
/// assert_eq!(Format::sniff(&photo.bytes), Some(Format::Jpeg));
/// # Ok::<(), headshot::Error>(())
/// ```
pub fn encode(mut canvases: Canvases<'_>, plan: &Plan) -> Result<Photo, Error> {
    let (bytes, unforeseen) = if plan.pass_through || plan.keep_indices {
        let proven = canvases.prove()?;
        plan.cancel.look()?;
        rewrite(&proven, plan)?
    } else {
        (write(&mut canvases, plan)?, Vec::new())
    };
    verify(&bytes, plan)?;
    Ok(Photo {
        bytes,
        format: plan.format,
        side: plan.side,
        frames: plan.frames,
        steps: plan
            .steps
            .iter()
            .cloned()
            .chain(unforeseen)
            .chain(canvases.damage())
            .collect(),
    })
}

fn write(canvases: &mut Canvases<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    match plan.format {
        _ if plan.frames == 1 => still(&only(canvases)?, plan),
        Format::Jpeg => Err(Error::internal("encode")("a JPEG can't hold an animation")),
        Format::Png => apng::animation(canvases, plan),
        Format::Gif => gif::animation(canvases, plan),
    }
}

fn still(frame: &Frame<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    match plan.format {
        Format::Jpeg => jpeg::still(frame, plan),
        Format::Png => png::still(frame, plan),
        Format::Gif => gif::still(frame, plan),
    }
}

/// Writes one square that is no photo, since it may have any edge, and looks at the
/// file in the same way.
pub(crate) fn encode_square(square: &Raster, plan: &Plan) -> Result<Vec<u8>, Error> {
    let frame = Frame {
        raster: square,
        delay: Duration::ZERO,
        changed: Some(plan.edge().size().into()),
        work: Work::default(),
    };
    let bytes = still(&frame, plan)?;
    verify(&bytes, plan)?;
    Ok(bytes)
}

/// Holds the length of a file, as it grows, against the longest that [`check`] accepts
/// by default, and against the plan's. Nothing else bounds what the frames of an animation compress to.
pub(crate) fn bounded(len: usize, plan: &Plan) -> Result<(), Error> {
    let most = Limits::default().file_bytes;
    let limit = plan.max_bytes.map_or(most, |max| max.min(most));
    at_most(Quantity::OutputBytes, len as u64, limit)
}

fn only<'a>(canvases: &'a mut Canvases<'_>) -> Result<Frame<'a>, Error> {
    canvases
        .next()?
        .ok_or_else(|| Error::internal("encode")("no frame"))
}

/// Holds the file against the plan by which it was made.
fn verify(bytes: &[u8], plan: &Plan) -> Result<(), Error> {
    let info = probe(bytes)?;
    let as_planned = info.format == plan.format
        && info.stored == plan.edge().size()
        && info.orientation == Orientation::Upright
        && info.frames == plan.frames
        && info.trailing_bytes == 0
        && info.metadata == Metadata::default();
    bounded(bytes.len(), plan)?;
    if !as_planned {
        return Err(Error::internal("encode")("the file is not as planned"));
    }
    if plan.square.is_some() {
        return Ok(());
    }
    let limits = Limits {
        frames: plan.frames,
        ..Limits::default()
    };
    match check(&info, &limits, None).first() {
        Some(violation) => Err(Error::internal("encode")(violation.to_string())),
        None => Ok(()),
    }
}
