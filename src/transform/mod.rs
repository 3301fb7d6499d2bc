//! From decoded frames to finished squares.

mod chroma;
mod clear;
mod color;
mod convolve;
mod linear;
mod part;
mod place;
mod resize;
mod steps;
mod stream;

use std::num::NonZeroUsize;

use crate::budget::{Work, cost};
use crate::color::Converter;
use crate::decode::{Frames, Proven};
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::options::{Filter, Light};
use crate::orientation::Orientation;
use crate::photo::Step;
use crate::plan::Plan;
use crate::probe::Format;
use crate::raster::{Frame, Layout, Plane, Raster, Region};

use part::Part;
use resize::Resizer;
pub(crate) use steps::Steps;
pub(crate) use stream::Stream;

/// Draws each frame where the plan wants it: turned upright, resampled
/// (Lanczos3, with alpha premultiplied), and with bars beside it.
///
/// Nothing is done yet: [`Canvases::next`] decodes a frame and draws it.
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
/// let mut canvases = transform(decode(gif, &info, &plan)?, &plan);
/// let canvas = canvases.next()?.unwrap();
/// assert_eq!(canvas.raster.planes[0].size, plan.side.size());
/// # Ok::<(), headshot::Error>(())
/// ```
#[must_use]
pub fn transform<'a>(frames: Frames<'a>, plan: &'a Plan) -> Canvases<'a> {
    // Threads work on several frames of an animation at once (`encode/pipeline.rs`).
    // Were one canvas cut for them, too, its parts would wait for each other.
    let threads = match plan.frames {
        1 => plan.threads,
        _ => NonZeroUsize::MIN,
    };
    Canvases {
        frames,
        plan,
        canvas: None,
        resizer: Resizer::new(plan.filter, threads),
        converter: None,
    }
}

/// Finished squares, one after the other.
#[derive(Debug)]
pub struct Canvases<'a> {
    frames: Frames<'a>,
    plan: &'a Plan,
    /// The bars stay from frame to frame; the picture is drawn anew. `None`
    /// before the first.
    canvas: Option<Raster>,
    resizer: Resizer,
    converter: Option<Converter>,
}

impl<'a> Canvases<'a> {
    /// The next square, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Those of [`Frames::next`], and [`Error::TooLarge`] if there is no memory
    /// for the canvas or if resampling takes more work than is left.
    #[expect(clippy::should_implement_trait, reason = "a frame borrows from here")]
    pub fn next(&mut self) -> Result<Option<Frame<'_>>, Error> {
        let Some(frame) = self.frames.next()? else {
            return Ok(None);
        };
        let plan = self.plan;
        plan.cancel.look()?;
        let whole = plan.edge().size().into();
        let resizer = &mut self.resizer;
        let (changed, work) = match (&mut self.canvas, frame.changed) {
            (Some(_), None) => (None, Work::default()),
            (Some(canvas), Some(changed)) if moves(frame.raster, plan) => {
                draw_part(frame.raster, changed, plan, resizer, canvas)?
            }
            (canvas, _) => {
                let canvas = match canvas {
                    Some(canvas) => canvas,
                    canvas => canvas.insert(bars(plan)?),
                };
                draw(frame.raster, plan, resizer, &mut self.converter, canvas)?;
                (Some(whole), drawing(frame.raster, plan))
            }
        };
        if let (Some(canvas), Some(changed)) = (&mut self.canvas, changed) {
            clear::transparent(canvas, changed);
        }
        let delay = frame.delay;
        self.frames.budget().spend(work)?;
        let work = self.frames.budget().take_latest();
        Ok(self.canvas.as_ref().map(|raster| Frame {
            raster,
            delay,
            changed,
            work,
        }))
    }

    /// The square that was handed out last, if there was any.
    pub(crate) const fn last(&self) -> Option<&Raster> {
        self.canvas.as_ref()
    }

    /// The first square. What the decoder held is given back.
    pub(crate) fn into_first(mut self) -> Result<Raster, Error> {
        self.next()?;
        self.canvas
            .ok_or_else(|| Error::internal("transform")("no frame"))
    }

    /// See [`Frames::prove`].
    pub(crate) fn prove(&mut self) -> Result<Proven<'a>, Error> {
        self.frames.prove()
    }

    /// See [`Frames::damage`].
    pub(crate) fn damage(&self) -> Option<Step> {
        self.frames.damage()
    }
}

/// Draws what the regions of a finished square show once more, as another plan wants it.
pub(crate) fn redraw(square: &Raster, plan: &Plan) -> Result<Raster, Error> {
    let mut canvas = bars(plan)?;
    let mut resizer = Resizer::new(plan.filter, plan.threads);
    draw(square, plan, &mut resizer, &mut None, &mut canvas)?;
    clear::transparent(&mut canvas, plan.edge().size().into());
    Ok(canvas)
}

/// An empty canvas: bars all over.
fn bars(plan: &Plan) -> Result<Raster, Error> {
    let whole = plan.edge().size();
    let [r, g, b, alpha] = plan.background.rgba();
    let opaque = plan.background.opaque();
    let planes = match plan.canvas {
        Layout::Gray => vec![Plane::filled(whole, &opaque[..1])?],
        Layout::GrayAlpha => vec![Plane::filled(whole, &[r, alpha])?],
        Layout::Rgba => vec![Plane::filled(whole, &[r, g, b, alpha])?],
        Layout::YCbCr => {
            let [y, cb, cr] = color::ycbcr(opaque);
            let half = chroma::size(plan.edge());
            vec![
                Plane::filled(whole, &[y])?,
                Plane::filled(half, &[cb])?,
                Plane::filled(half, &[cr])?,
            ]
        }
        _ => vec![Plane::filled(whole, &opaque)?],
    };
    Ok(Raster {
        layout: plan.canvas,
        planes,
    })
}

/// Whether pixels are resampled straight from the source to the canvas.
fn is_direct(source: &Raster, plan: &Plan) -> bool {
    plan.convert_from.is_none()
        && plan.light == Light::Encoded
        && source.layout == plan.canvas
        // Colours may come as planes, and leave as whole pixels.
        && source.planes.len() == if plan.canvas == Layout::YCbCr { 3 } else { 1 }
}

/// Whether what changes of the source can be drawn without the rest: what moves is
/// RGBA, and upright. The nearest pixel is another one where sums are rounded
/// otherwise, so that nothing is saved there.
fn moves(source: &Raster, plan: &Plan) -> bool {
    is_direct(source, plan)
        && plan.filter != Filter::Nearest
        && source.layout == Layout::Rgba
        && plan.orientation == Orientation::Upright
}

/// Draws what has changed of the source; returns what that is of the canvas, and the work.
fn draw_part(
    source: &Raster,
    changed: Rect,
    plan: &Plan,
    resizer: &mut Resizer,
    canvas: &mut Raster,
) -> Result<(Option<Rect>, Work), Error> {
    let (Some(from), Some(to)) = (source.planes.first(), canvas.planes.first_mut()) else {
        return Ok((None, Work::default()));
    };
    let picture = plan.picture;
    let Some(part) = Part::of(changed, plan.request.region, picture, plan.filter) else {
        return Ok((None, Work::default()));
    };
    resizer.resize_part(from, &part, to, picture)?;
    let work = resampling(part.view, part.rect, plan);
    Ok((Some(part.rect.moved(picture.x, picture.y)), work))
}

/// What it takes to draw a whole frame of an animation.
fn drawing(source: &Raster, plan: &Plan) -> Work {
    match source.planes.first() {
        Some(plane) if plan.frames > 1 => {
            resampling(Rect::covering(plane.size), plan.picture, plan)
        }
        _ => Work::default(),
    }
}

/// What it takes to make pixels of the canvas of those of a source.
fn resampling(from: Rect, to: Rect, plan: &Plan) -> Work {
    if plan.request.region.size() == Some(plan.stored_picture()) {
        return Work::new(to.pixels(), cost::MOVED);
    }
    Work::new(from.pixels(), cost::READ).and(Work::new(to.pixels(), cost::RESAMPLED))
}

fn draw(
    source: &Raster,
    plan: &Plan,
    resizer: &mut Resizer,
    converter: &mut Option<Converter>,
    canvas: &mut Raster,
) -> Result<(), Error> {
    if is_direct(source, plan) {
        return planes(source, plan, resizer, canvas);
    }
    // Colours cost by the pixel, so where it makes no difference that can be seen,
    // they are computed of the small picture.
    let picture = resample(source, mixed(source, plan), resizer)?;
    let picture = if plan.convert_first {
        shrink(to_srgb(picture, plan, converter)?, plan, resizer)?
    } else {
        to_srgb(shrink(picture, plan, resizer)?, plan, converter)?
    };
    place::place(&picture, plan, canvas);
    Ok(())
}

/// The size at which planes become whole pixels.
///
/// Where the output keeps every level, that is the size of the luma plane: at the
/// picture's size, the rounding of three planes adds up to 51.6 dB (median of 20
/// photos), and here some of it is averaged out again: 54.1 dB. libvips has 55.2.
fn mixed(source: &Raster, plan: &Plan) -> Size {
    match &source.planes[..] {
        [luma, _, _] if !plan.convert_first && plan.format != Format::Jpeg => {
            luma.region.rounded().unwrap_or(plan.mixed())
        }
        _ => plan.mixed(),
    }
}

/// Turns the samples of a picture into colours of sRGB.
fn to_srgb(
    picture: Raster,
    plan: &Plan,
    converter: &mut Option<Converter>,
) -> Result<Raster, Error> {
    let picture = match &plan.convert_from {
        None => picture,
        Some(space) => {
            let converter = match converter {
                Some(converter) => converter,
                none => none.insert(Converter::new(space, picture.layout)?),
            };
            color::convert(&picture, converter)?
        }
    };
    color::without_black(picture)
}

/// Draws plane by plane: no colour has to be computed.
fn planes(
    source: &Raster,
    plan: &Plan,
    resizer: &mut Resizer,
    canvas: &mut Raster,
) -> Result<(), Error> {
    for (index, (from, to)) in source.planes.iter().zip(&mut canvas.planes).enumerate() {
        if index > 0 {
            chroma::draw(from, plan, resizer, to)?;
        } else {
            draw_plane(from, from.region, plan, resizer, to, plan.picture)?;
        }
    }
    Ok(())
}

/// Draws a region of a plane on a rectangle of another one, turned upright.
fn draw_plane(
    from: &Plane,
    region: Region,
    plan: &Plan,
    resizer: &mut Resizer,
    to: &mut Plane,
    rect: Rect,
) -> Result<(), Error> {
    if plan.orientation == Orientation::Upright {
        return resizer.resize(from, region, to, rect);
    }
    if plan.streamed {
        place::turn(from, plan.orientation, to, rect);
        return Ok(());
    }
    // Turning costs least on the small picture.
    let Some(size) = rect.size().map(|size| plan.orientation.displayed(size)) else {
        return Ok(());
    };
    let mut upended = Plane::empty(size, from.channels)?;
    resizer.resize(from, region, &mut upended, size.into())?;
    place::turn(&upended, plan.orientation, to, rect);
    Ok(())
}

/// Resamples whole pixels to the size of the picture.
fn shrink(picture: Raster, plan: &Plan, resizer: &mut Resizer) -> Result<Raster, Error> {
    let size = plan.stored_picture();
    if picture.size() == Some(size) {
        return Ok(picture);
    }
    let mut planes = Vec::with_capacity(picture.planes.len());
    for from in &picture.planes {
        let mut to = Plane::empty(size, from.channels)?;
        match plan.light {
            Light::Encoded => resizer.resize(from, from.region, &mut to, size.into())?,
            Light::Linear => resizer.resize_linear(from, &mut to)?,
        }
        planes.push(to);
    }
    Ok(Raster {
        layout: picture.layout,
        planes,
    })
}

/// Resamples all planes to one size, and makes whole pixels of them.
fn resample(source: &Raster, size: Size, resizer: &mut Resizer) -> Result<Raster, Error> {
    let mut planes = Vec::with_capacity(source.planes.len());
    for from in &source.planes {
        let mut to = Plane::empty(size, from.channels)?;
        resizer.resize(from, from.region, &mut to, size.into())?;
        planes.push(to);
    }
    if planes.len() > 1 {
        return color::interleave(source.layout, &planes, size);
    }
    Ok(Raster {
        layout: source.layout,
        planes,
    })
}
