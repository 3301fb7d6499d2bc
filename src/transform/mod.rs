//! From decoded frames to finished squares.

mod chroma;
mod color;
mod convolve;
mod linear;
mod place;
mod resize;
mod stream;

use crate::color::Converter;
use crate::decode::{Frames, Proven};
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::options::Light;
use crate::orientation::Orientation;
use crate::photo::Step;
use crate::plan::Plan;
use crate::raster::{Frame, Layout, Plane, Raster, Region};

use resize::Resizer;
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
    Canvases {
        frames,
        plan,
        canvas: None,
        resizer: Resizer::new(plan.filter, plan.threads),
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
    /// for the canvas.
    #[expect(clippy::should_implement_trait, reason = "a frame borrows from here")]
    pub fn next(&mut self) -> Result<Option<Frame<'_>>, Error> {
        let Some(frame) = self.frames.next()? else {
            return Ok(None);
        };
        let canvas = match &mut self.canvas {
            Some(canvas) => canvas,
            canvas => canvas.insert(bars(self.plan)?),
        };
        draw(
            frame.raster,
            self.plan,
            &mut self.resizer,
            &mut self.converter,
            canvas,
        )?;
        Ok(Some(Frame {
            raster: canvas,
            delay: frame.delay,
        }))
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

/// An empty canvas: bars all over.
fn bars(plan: &Plan) -> Result<Raster, Error> {
    let whole = plan.side.size();
    let [r, g, b, alpha] = plan.background.rgba();
    let opaque = plan.background.opaque();
    let planes = match plan.canvas {
        Layout::Gray => vec![Plane::filled(whole, &opaque[..1])?],
        Layout::GrayAlpha => vec![Plane::filled(whole, &[r, alpha])?],
        Layout::Rgba => vec![Plane::filled(whole, &[r, g, b, alpha])?],
        Layout::YCbCr => {
            let [y, cb, cr] = color::ycbcr(opaque);
            let half = chroma::size(plan.side);
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

fn draw(
    source: &Raster,
    plan: &Plan,
    resizer: &mut Resizer,
    converter: &mut Option<Converter>,
    canvas: &mut Raster,
) -> Result<(), Error> {
    let is_direct = plan.convert_from.is_none()
        && plan.light == Light::Encoded
        && source.layout == plan.canvas
        && source.planes.len() == canvas.planes.len();
    if is_direct {
        return planes(source, plan, resizer, canvas);
    }
    // Where the plan allows it, colours are computed after shrinking: they cost by
    // the output's pixels. Else all pixels come here, and are shrunk at the end.
    let picture = resample(source, plan.mixed(), resizer)?;
    let picture = to_srgb(picture, plan, converter)?;
    let picture = if picture.size() == Some(plan.stored_picture()) {
        picture
    } else {
        shrink(&picture, plan, resizer)?
    };
    place::place(&picture, plan, canvas);
    Ok(())
}

/// Turns the samples of a picture into colours of sRGB.
fn to_srgb(
    picture: Raster,
    plan: &Plan,
    converter: &mut Option<Converter>,
) -> Result<Raster, Error> {
    let picture = color::decorrelate(picture);
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
fn shrink(picture: &Raster, plan: &Plan, resizer: &mut Resizer) -> Result<Raster, Error> {
    let size = plan.stored_picture();
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
        planes = vec![color::interleave(&planes, size)?];
    }
    Ok(Raster {
        layout: source.layout,
        planes,
    })
}
