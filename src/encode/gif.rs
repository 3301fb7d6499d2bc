//! GIF through the crate `gif`, a palette for each frame.

use std::borrow::Cow;
use std::num::NonZeroU32;
use std::time::Duration;

use gif::{DisposalMethod, Encoder, Repeat};

use super::palette::{Indexed, index};
use crate::error::Error;
use crate::plan::Plan;
use crate::probe::Loops;
use crate::raster::Frame;
use crate::transform::Canvases;

pub(super) fn encode(canvases: &mut Canvases<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    let side = u16::try_from(plan.side.px()).map_err(Error::internal("encode"))?;
    let mut bytes = Vec::new();
    let mut encoder =
        Encoder::new(&mut bytes, side, side, &[]).map_err(Error::internal("encode"))?;
    if let Some(repeat) = repeat(plan) {
        encoder
            .set_repeat(repeat)
            .map_err(Error::internal("encode"))?;
    }
    while let Some(frame) = canvases.next()? {
        encoder
            .write_frame(&whole(&frame, side)?)
            .map_err(Error::internal("encode"))?;
    }
    drop(encoder);
    Ok(bytes)
}

/// How the loop count is written: not at all for an animation played once.
fn repeat(plan: &Plan) -> Option<Repeat> {
    match plan.loops {
        _ if plan.frames == 1 => None,
        Loops::Forever => Some(Repeat::Infinite),
        Loops::Times(NonZeroU32::MIN) => None,
        Loops::Times(times) => Some(Repeat::Finite(
            u16::try_from(times.get() - 1).unwrap_or(u16::MAX),
        )),
    }
}

/// A frame that covers the canvas. If part of it is transparent, it is cleared
/// away before the next one, or it would show through there.
fn whole(frame: &Frame<'_>, side: u16) -> Result<gif::Frame<'static>, Error> {
    let plane = frame.raster.planes.first();
    let (pixels, _) = plane.map_or(&[][..], |plane| &plane.samples).as_chunks();
    let Indexed {
        indices,
        palette,
        transparent,
    } = index(pixels)?;
    Ok(gif::Frame {
        delay: hundredths(frame.delay),
        dispose: match transparent {
            Some(_) => DisposalMethod::Background,
            None => DisposalMethod::Keep,
        },
        transparent,
        width: side,
        height: side,
        palette: Some(palette.into_flattened()),
        buffer: Cow::Owned(indices),
        ..gif::Frame::default()
    })
}

/// A delay in the unit of GIF, rounded half up.
fn hundredths(delay: Duration) -> u16 {
    u16::try_from((delay.as_millis() + 5) / 10).unwrap_or(u16::MAX)
}
