//! GIF through the crate `gif`, a palette for each frame.

use std::borrow::Cow;

use gif::{DisposalMethod, Encoder, Repeat};

use super::palette::{Indexed, index};
use crate::container::gif::{hundredths, repeats};
use crate::error::Error;
use crate::plan::Plan;
use crate::raster::Frame;
use crate::transform::Canvases;

pub(super) fn encode(canvases: &mut Canvases<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    let side = u16::try_from(plan.side.px()).map_err(Error::internal("encode"))?;
    let mut bytes = Vec::new();
    let mut encoder =
        Encoder::new(&mut bytes, side, side, &[]).map_err(Error::internal("encode"))?;
    if plan.frames > 1
        && let Some(repeats) = repeats(plan.loops)
    {
        let repeat = match repeats {
            0 => Repeat::Infinite,
            repeats => Repeat::Finite(repeats),
        };
        encoder
            .set_repeat(repeat)
            .map_err(Error::internal("encode"))?;
    }
    while let Some(frame) = canvases.next()? {
        encoder
            .write_frame(&whole(&frame, side, plan)?)
            .map_err(Error::internal("encode"))?;
    }
    drop(encoder);
    Ok(bytes)
}

/// A frame that covers the canvas. If part of it is transparent, it is cleared
/// away before the next one, or it would show through there.
fn whole(frame: &Frame<'_>, side: u16, plan: &Plan) -> Result<gif::Frame<'static>, Error> {
    let plane = frame.raster.planes.first();
    let (pixels, _) = plane.map_or(&[][..], |plane| &plane.samples).as_chunks();
    let Indexed {
        indices,
        palette,
        transparent,
    } = index(pixels)?;
    Ok(gif::Frame {
        delay: match plan.frames {
            1 => 0,
            _ => hundredths(frame.delay),
        },
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
