//! The frames of an animation on their way into a file, on one thread or several.
//!
//! A frame takes three steps: its canvas is made, what has to be drawn is found, and
//! that is packed. Each step needs what the same step left behind for the frame
//! before, and nothing else of it, so that three frames can be in work at once: the
//! canvas of one is made while the one before is drawn and the one before that is
//! packed. No more are begun until all three are done.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::budget::Work;
use crate::error::Error;
use crate::geometry::Rect;
use crate::plan::Plan;
use crate::raster::{Frame, Raster};
use crate::threads::both;
use crate::transform::Canvases;

/// Draws all frames, in order, and packs what comes out, in the same order. The error
/// is the one that comes first when they are worked on one by one.
pub(super) fn run<D: Send>(
    canvases: &mut Canvases<'_>,
    plan: &Plan,
    mut draw: impl FnMut(&Frame<'_>) -> Result<Option<D>, Error> + Send,
    mut pack: impl FnMut(D) -> Result<(), Error> + Send,
) -> Result<(), Error> {
    if plan.threads.get() == 1 {
        while let Some(frame) = canvases.next()? {
            if let Some(drawn) = draw(&frame)? {
                pack(drawn)?;
            }
        }
        return Ok(());
    }
    let mut held = match canvases.next()? {
        Some(frame) => Held::new(&frame)?,
        None => return Ok(()),
    };
    let mut drawn = None;
    loop {
        let spare = Spare::new(drawn, &mut pack);
        // With two threads, the one that is done first packs; a third one packs at once.
        let third = || match plan.threads.get() {
            2 => None,
            _ => spare.work(),
        };
        let ((next, one), ((found, other), third)) = both(
            || (next(canvases), spare.work()),
            || both(|| (draw(&held.frame()), spare.work()), third),
        );
        one.or(other).or(third).unwrap_or(Ok(()))?;
        drawn = found?;
        match next {
            Ok(Some(change)) => held.take(canvases, change),
            // What was drawn before the end, or the error, comes before it.
            end => {
                if let Some(drawn) = drawn {
                    pack(drawn)?;
                }
                return end.map(drop);
            }
        }
    }
}

/// What is known of a frame beside its pixels.
type Change = (Duration, Option<Rect>, Work);

fn next(canvases: &mut Canvases<'_>) -> Result<Option<Change>, Error> {
    let frame = canvases.next()?;
    Ok(frame.map(|frame| (frame.delay, frame.changed, frame.work)))
}

/// A frame that stays while the next one's canvas is made.
struct Held {
    raster: Raster,
    change: Change,
}

impl Held {
    fn new(frame: &Frame<'_>) -> Result<Self, Error> {
        Ok(Self {
            raster: frame.raster.copied()?,
            change: (frame.delay, frame.changed, frame.work),
        })
    }

    fn frame(&self) -> Frame<'_> {
        let (delay, changed, work) = self.change;
        Frame {
            raster: &self.raster,
            delay,
            changed,
            work,
        }
    }

    /// Becomes the frame whose canvas was made last.
    fn take(&mut self, canvases: &Canvases<'_>, change: Change) {
        let (_, changed, _) = change;
        if let (Some(from), Some(rect)) = (canvases.last(), changed) {
            self.raster.copy(from, rect);
        }
        self.change = change;
    }
}

/// Work for whoever has time first.
struct Spare<'a, D, P>(Mutex<Option<(D, &'a mut P)>>);

impl<'a, D, P: FnMut(D) -> Result<(), Error>> Spare<'a, D, P> {
    fn new(drawn: Option<D>, pack: &'a mut P) -> Self {
        Self(Mutex::new(drawn.map(|drawn| (drawn, pack))))
    }

    /// Does the work, unless it is done or in work.
    fn work(&self) -> Option<Result<(), Error>> {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        taken.map(|(drawn, pack)| pack(drawn))
    }
}
