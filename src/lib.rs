#![doc = include_str!("../README.md")]
//! # A guide
//!
//! ## One picture
//!
//! [`prepare`] does the whole job. What is done differently from the defaults stands in
//! [`Options`]: a crop box, a format, a colour for the bars. The [`Photo`] tells what was
//! done, step by step, in words for programs ([`Step`]); the [`Error`] tells what is wrong,
//! in the service's words and in finer ones.
//!
//! ```
//! use headshot::{Background, Options, Step, prepare};
//!
//! # let upload = b"GIF89a\x02\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x02\0\x01\0\0\x02\x02D\x0a\0;";
//! let options = Options::default().with_background(Background::Color([255, 255, 255]));
//! let photo = prepare(upload, &options)?;
//! let bars = photo.steps.iter().any(|step| matches!(step, Step::Letterboxed { .. }));
//! assert!(bars);
//! # Ok::<(), headshot::Error>(())
//! ```
//!
//! ## Before deciding
//!
//! [`probe`] reads headers and nothing else: what a file really is, how large, how many
//! frames, and whether it says where it was taken. [`plan`] tells what [`prepare`] would
//! make of it, and refuses what it would refuse for its size. Both take microseconds, so
//! that a form can show them while somebody still chooses the crop box.
//!
//! ```
//! use headshot::{Options, plan, probe};
//!
//! # let upload = b"GIF89a\x02\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x02\0\x01\0\0\x02\x02D\x0a\0;";
//! let info = probe(upload)?;
//! let plan = plan(&info, &Options::default())?;
//! println!("{} of {} becomes {}", info.format, info.displayed(), plan.side.size());
//! # Ok::<(), headshot::Error>(())
//! ```
//!
//! ## From strangers
//!
//! Everything is bounded by [`Limits`], whose defaults let ordinary photos through. A service
//! that knows its visitors lowers them, and has [`prepare_until`] stop by a deadline or when
//! the visitor is gone. Photos take milliseconds of a core: in an asynchronous program, they
//! belong on a thread for blocking work.
//!
//! ```
//! use std::time::{Duration, Instant};
//!
//! use headshot::{Animation, Cancel, Limits, Options, prepare_until};
//!
//! let limits = Limits { file_bytes: 8 << 20, ..Limits::default() };
//! let options = Options::default().with_limits(limits).with_animation(Animation::Still);
//! let start = Instant::now();
//! let late = Cancel::when(move || start.elapsed() > Duration::from_secs(2));
//! assert_eq!(prepare_until(b"no picture", &options, &late).unwrap_err().code(), "bad_image");
//! ```
//!
//! ## Many pictures
//!
//! `prepare_batch` takes those that are in memory and uses all cores, `prepare_each` a stream
//! that never ends. [`renditions`] makes several sizes of one picture for the price of little
//! more than one. What a thread is best used for: pictures first, since each is worked on
//! alone; [`Options::with_threads`] only where somebody waits for a single one.
//!
//! ## In the repository
//!
//! `examples/batch.rs` prepares a folder in a page of code, `examples/limits.rs` is a service's
//! stricter rules, and `examples/endpoint` a service, with the shortest handler for axum
//! beside it in `examples/endpoint/examples/handler.rs`.
//!
//! # How it works
//!
//! Data goes one way, and each stage hands a value to the next:
//!
//! ```text
//! bytes -> probe -> Info -> plan -> Plan -> decode -> transform -> encode -> Photo
//! ```
//!
//! No stage reads a file, a clock or the network, so equal bytes and equal
//! [`Options`] give equal results. The module `upload`, which does talk to a service, is
//! none of them.
#![cfg_attr(
    not(test),
    warn(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::print_stderr,
        clippy::print_stdout,
        clippy::unwrap_used
    )
)]

#[cfg(feature = "parallel")]
mod batch;
mod budget;
mod cancel;
mod check;
mod color;
mod container;
mod decode;
#[cfg(feature = "parallel")]
mod each;
mod encode;
mod error;
mod fit;
mod geometry;
mod huffman;
mod limits;
mod lzw;
mod memory;
mod options;
mod orientation;
mod photo;
mod plan;
mod probe;
mod raster;
mod renditions;
mod rewrite;
mod threads;
mod transform;
#[cfg(feature = "upload")]
pub mod upload;

#[cfg(feature = "parallel")]
pub use batch::prepare_batch;
pub use cancel::Cancel;
pub use check::{Violation, check};
pub use color::{ColorSpace, IccBytes};
pub use decode::{Frames, decode};
#[cfg(feature = "parallel")]
pub use each::{InOrder, prepare_each};
pub use encode::encode;
pub use error::{Error, Quantity, Source};
pub use geometry::{CropBox, Edge, Rect, Side, Size};
pub use limits::Limits;
pub use options::{
    Animation, Background, Damage, Dither, Effort, Filter, Light, Options, Quality, Upscale,
};
pub use orientation::Orientation;
pub use photo::{Photo, Step};
pub use plan::{Plan, Request, plan};
pub use probe::{Color, ColorModel, Format, Info, Loops, Metadata, Profile, probe};
pub use raster::{Frame, Layout, Plane, Raster, Region};
pub use renditions::{Rendition, renditions};
pub use transform::{Canvases, transform};

use fit::fit;

/// Turns an uploaded picture into a photo that the service accepts.
///
/// This is the whole pipeline, gone through once, or as often as
/// [`Options::with_max_bytes`] needs. The stages are public too, for callers who want
/// to stop after one of them: [`probe`] and [`plan`] cost a header, not a
/// picture.
///
/// # Errors
///
/// See [`Error`]: the picture is none, is broken, breaks a limit or one of the
/// options, or the crop box doesn't fit it.
///
/// # Examples
///
/// ```
/// use headshot::{Format, Options, prepare};
///
/// // The smallest GIF: one pixel.
/// let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
/// let photo = prepare(gif, &Options::default())?;
/// assert_eq!(photo.format, Format::Png);
/// assert_eq!(photo.side.px(), 512);
/// # Ok::<(), headshot::Error>(())
/// ```
pub fn prepare(bytes: &[u8], options: &Options) -> Result<Photo, Error> {
    prepare_until(bytes, options, &Cancel::never())
}

/// The same, unless it is cancelled: by a deadline, or because nobody waits any more.
///
/// # Errors
///
/// Those of [`prepare`], and [`Error::Cancelled`].
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicBool, Ordering};
///
/// use headshot::{Cancel, Options, prepare_until};
///
/// let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
/// let hung_up = Arc::new(AtomicBool::new(false));
/// let flag = Arc::clone(&hung_up);
/// let cancel = Cancel::when(move || flag.load(Ordering::Relaxed));
/// assert!(prepare_until(gif, &Options::default(), &cancel).is_ok());
///
/// hung_up.store(true, Ordering::Relaxed);
/// assert!(prepare_until(gif, &Options::default(), &cancel).is_err());
/// ```
pub fn prepare_until(bytes: &[u8], options: &Options, cancel: &Cancel) -> Result<Photo, Error> {
    let info = probe(bytes)?;
    fit(&info, options, |plan| {
        let plan = plan.until(cancel);
        let frames = decode(bytes, &info, &plan)?;
        let canvases = transform(frames, &plan);
        encode(canvases, &plan)
    })
}
