//! From compressed bytes to pixels: what the plan asks for, and no more.

mod compose;
mod gif;
mod jpeg;
mod png;
mod thin;

use std::time::Duration;

pub(crate) use jpeg::{Quantized, ScanTranscript, Transcript, working_bytes as jpeg_bytes};
pub(crate) use png::{Pixels, Seen, Stored};

use crate::budget::{Budget, Work};
use crate::cancel::Cancel;
use crate::error::Error;
use crate::geometry::{Rect, around};
use crate::options::Damage;
use crate::photo::Step;
use crate::plan::Plan;
use crate::probe::{Format, Info};
use crate::raster::{Frame, Raster};

use thin::Thin;

/// Opens the picture, and decodes it if it is a still.
///
/// `info` and `plan` are what [`probe`](crate::probe) and
/// [`plan`](crate::plan) found for the same bytes.
///
/// # Errors
///
/// [`Error::Malformed`], [`Error::Truncated`] and [`Error::Unsupported`], for
/// an animation also from [`Frames::next`].
///
/// # Examples
///
/// ```
/// use headshot::{Options, decode, plan, probe};
///
/// // Two pixels, black and white.
/// let gif = b"GIF89a\x02\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x02\0\x01\0\0\x02\x02D\n\0;";
/// let info = probe(gif)?;
/// let plan = plan(&info, &Options::default())?;
/// let mut frames = decode(gif, &info, &plan)?;
/// let frame = frames.next()?.unwrap();
/// assert_eq!(frame.raster.planes[0].samples, [0, 0, 0, 255, 255, 255, 255, 255]);
/// assert!(frames.next()?.is_none());
/// # Ok::<(), headshot::Error>(())
/// ```
pub fn decode<'a>(bytes: &'a [u8], info: &Info, plan: &Plan) -> Result<Frames<'a>, Error> {
    let mut damage = None;
    let mut proven = Vec::new();
    let mut transcript = None;
    let source = match info.format {
        Format::Jpeg => {
            let frame = (info.frame.as_ref())
                .ok_or_else(|| Error::internal("decode")("a JPEG without its frame header"))?;
            Source::Still(jpeg::decode(
                bytes,
                frame,
                plan,
                &mut damage,
                &mut transcript,
            )?)
        }
        Format::Png if info.is_animated() || info.default_image_apart => {
            Source::Png(Box::new(png::Animation::open(bytes, info, plan)?))
        }
        Format::Png => Source::Still(png::decode(bytes, plan, &mut damage, &mut proven)?),
        Format::Gif => Source::Gif(Box::new(gif::Animation::open(bytes, info, plan)?)),
    };
    Ok(Frames {
        bytes,
        source,
        left: plan.frames,
        cancel: plan.cancel.clone(),
        budget: Budget::new(plan.work),
        thin: (plan.frames > 1 && plan.frames < info.frames)
            .then(|| Thin::new(bytes, info, plan.frames)),
        damage,
        proven,
        transcript,
    })
}

/// The place of the first damage that was found and accepted, if any was; the
/// place is a byte offset, if known.
type Found = Option<Option<u64>>;

/// Notes an error of the pixels, or returns it if damage is refused or the error
/// is of another kind.
fn accept(error: Error, plan: Damage, found: &mut Found) -> Result<(), Error> {
    match error {
        Error::Malformed { offset, .. } | Error::Truncated { offset, .. }
            if plan == Damage::Accept =>
        {
            found.get_or_insert(offset);
            Ok(())
        }
        error => Err(error),
    }
}

/// The frames of a picture, one after the other, each as a viewer shows it.
#[derive(Debug)]
pub struct Frames<'a> {
    /// The file.
    bytes: &'a [u8],
    source: Source<'a>,
    left: u32,
    cancel: Cancel,
    budget: Budget,
    thin: Option<Thin>,
    damage: Found,
    /// What was found of the PNG pixels that pass through, frame by frame.
    proven: Vec<Pixels>,
    /// What is coded in a JPEG whose pixels pass through.
    transcript: Option<Transcript>,
}

/// A file whose pixels are whole, but maybe those of a GIF.
#[derive(Debug)]
pub(crate) struct Proven<'a> {
    pub(crate) file: &'a [u8],
    /// The compressed data of each frame of a PNG.
    pub(crate) pixels: Vec<Pixels>,
    /// What is coded in a JPEG.
    pub(crate) transcript: Option<Transcript>,
}

#[derive(Debug)]
enum Source<'a> {
    Still(Raster),
    Png(Box<png::Animation<'a>>),
    Gif(Box<gif::Animation<'a>>),
}

impl Source<'_> {
    fn next_frame(
        &mut self,
        damage: &mut Found,
        proven: &mut Vec<Pixels>,
        budget: &mut Budget,
    ) -> Result<Frame<'_>, Error> {
        match self {
            Self::Still(raster) => Ok(Frame {
                raster,
                delay: Duration::ZERO,
                changed: (raster.planes.first()).map(|plane| Rect::covering(plane.size)),
                work: Work::default(),
            }),
            Self::Png(animation) => animation.next_frame(damage, proven, budget),
            Self::Gif(animation) => animation.next_frame(damage, budget),
        }
    }
}

impl<'a> Frames<'a> {
    /// The next of the planned frames, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Those of [`decode`], and [`Error::TooLarge`] if the frames so far took more work than
    /// [`Limits::work`](crate::Limits::work) allows.
    #[expect(clippy::should_implement_trait, reason = "a frame borrows from here")]
    pub fn next(&mut self) -> Result<Option<Frame<'_>>, Error> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        self.cancel.look()?;
        let (damage, proven, budget) = (&mut self.damage, &mut self.proven, &mut self.budget);
        let Some(thin) = &mut self.thin else {
            return self.source.next_frame(damage, proven, budget).map(Some);
        };
        let (dropped, delay) = thin.next();
        let mut changed = None;
        for _ in 0..dropped {
            self.cancel.look()?;
            let dropped = self.source.next_frame(damage, proven, budget)?;
            changed = around(changed, dropped.changed);
        }
        let frame = self.source.next_frame(damage, proven, budget)?;
        Ok(Some(Frame {
            delay,
            changed: around(changed, frame.changed),
            ..frame
        }))
    }

    /// Decodes all frames that are left, as far as it takes to know that they are
    /// whole, and hands out the file. The images of a GIF are proven when they are
    /// written, since some of them have to be unpacked for that.
    pub(crate) fn prove(&mut self) -> Result<Proven<'a>, Error> {
        if !matches!(self.source, Source::Gif(_)) {
            while self.next()?.is_some() {}
        }
        Ok(Proven {
            file: self.bytes,
            pixels: std::mem::take(&mut self.proven),
            transcript: self.transcript.take(),
        })
    }

    /// What the work on frames is spent from.
    pub(crate) const fn budget(&mut self) -> &mut Budget {
        &mut self.budget
    }

    /// The step that says that damage was found and accepted, if it was.
    pub(crate) fn damage(&self) -> Option<Step> {
        self.damage.map(|offset| Step::DamageAccepted { offset })
    }
}
