//! From decoded frames to finished squares.

mod place;
mod resize;

use crate::decode::Frames;
use crate::error::Error;
use crate::orientation::Orientation;
use crate::plan::Plan;
use crate::raster::{Frame, Layout, Raster, zeroed};

/// Draws each frame where the plan wants it: turned upright, resampled
/// (Lanczos3, with alpha premultiplied), and with bars beside it.
///
/// # Errors
///
/// [`Error::TooLarge`] if there is no memory for the canvas.
///
/// # Examples
///
/// ```
/// use headshot::{Options, decode, plan, probe, transform};
///
/// // Two pixels, black and white, side by side.
/// let gif = b"GIF89a\x02\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x02\0\x01\0\0\x02\x02D\n\0;";
/// let info = probe(gif)?;
/// let plan = plan(&info, &Options::default())?;
/// let mut canvases = transform(decode(gif, &info, &plan)?, &plan)?;
/// let canvas = canvases.next()?.unwrap();
/// assert_eq!(canvas.raster.planes[0].size, plan.side.size());
/// # Ok::<(), headshot::Error>(())
/// ```
pub fn transform<'a>(frames: Frames<'a>, plan: &'a Plan) -> Result<Canvases<'a>, Error> {
    Ok(Canvases {
        frames,
        plan,
        canvas: bars(plan)?,
        resizer: resize::Resizer::default(),
    })
}

/// Finished squares, one after the other.
#[derive(Debug)]
pub struct Canvases<'a> {
    frames: Frames<'a>,
    plan: &'a Plan,
    /// The bars stay from frame to frame; the picture is drawn anew.
    canvas: Raster,
    resizer: resize::Resizer,
}

impl Canvases<'_> {
    /// The next square, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Those of [`Frames::next`].
    #[expect(clippy::should_implement_trait, reason = "a frame borrows from here")]
    pub fn next(&mut self) -> Result<Option<Frame<'_>>, Error> {
        let Some(frame) = self.frames.next()? else {
            return Ok(None);
        };
        draw(frame.raster, self.plan, &mut self.resizer, &mut self.canvas)?;
        Ok(Some(Frame {
            raster: &self.canvas,
            delay: frame.delay,
        }))
    }
}

/// An empty canvas: bars all over.
fn bars(plan: &Plan) -> Result<Raster, Error> {
    let [r, g, b, alpha] = plan.background.rgba();
    let [opaque_r, opaque_g, opaque_b] = plan.background.opaque();
    let pixel: &[u8] = match plan.canvas {
        Layout::Gray => &[opaque_r],
        Layout::GrayAlpha => &[r, alpha],
        Layout::Rgb => &[opaque_r, opaque_g, opaque_b],
        Layout::Rgba => &[r, g, b, alpha],
    };
    Raster::filled(plan.canvas, plan.side, pixel)
}

fn draw(
    source: &Raster,
    plan: &Plan,
    resizer: &mut resize::Resizer,
    canvas: &mut Raster,
) -> Result<(), Error> {
    if source.layout == plan.canvas && plan.orientation == Orientation::Upright {
        for (from, to) in source.planes.iter().zip(&mut canvas.planes) {
            resizer.resize(from, to, plan.picture)?;
        }
        return Ok(());
    }
    // Turning and converting cost least on the small picture.
    let size = plan.request.at_least;
    let samples = zeroed(size.pixels() * source.layout.channels() as u64)?;
    let mut picture = Raster::whole(source.layout, size, samples);
    for (from, to) in source.planes.iter().zip(&mut picture.planes) {
        resizer.resize(from, to, size.into())?;
    }
    place::place(&picture, plan, canvas);
    Ok(())
}
