//! One picture in several sizes.

use crate::decode::decode;
use crate::encode::encode_square;
use crate::error::Error;
use crate::geometry::{Edge, Rect};
use crate::options::Options;
use crate::plan::{Plan, Squares, plan_squares};
use crate::probe::{Format, probe};
use crate::raster::{Raster, Region};
use crate::transform::{redraw, transform};

/// A picture as a square of one of several sizes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rendition {
    /// The file.
    pub bytes: Vec<u8>,
    /// What kind of file it is.
    pub format: Format,
    /// Its width, and its height.
    pub edge: Edge,
}

/// Turns an uploaded picture into squares of several sizes, and decodes it once.
///
/// The squares are those that [`prepare`](crate::prepare) would draw if it knew their
/// sizes: turned, cut, letterboxed and converted by the same options, without metadata.
/// They come in the order of `edges`, in which an edge may be twice. All are stills: of
/// an animation they show the first frame, as [`Animation::Still`](crate::Animation::Still)
/// does, and that of a GIF becomes a PNG unless another format is asked for. All are
/// compressed anew, be the picture as it is wanted or not.
///
/// The picture is decoded and drawn once, as large as the largest edge needs, and the
/// other squares are drawn from that one. Seven photos, at edges up to half of the largest,
/// had 52 dB and more against Pillow's Lanczos from all pixels: at most 4 dB less than a
/// square that is made alone. Edges nearer to the largest lose more, since a filter at
/// nearly the same size is soft: beside 1024, 700 had 52 to 67 dB and 900 had 44 to 66,
/// in place of 56 to 71. Where that matters, ask for such an edge by itself.
///
/// An edge longer than the picture's longest enlarges it, which
/// [`Upscale::Forbid`](crate::Upscale::Forbid) refuses as too small. So it does with
/// pictures that `prepare` would have to enlarge, whatever edges are asked for.
///
/// Nothing is given up for [`Options::with_max_bytes`]: a longer file is an error.
///
/// # Errors
///
/// Those of [`prepare`](crate::prepare).
///
/// # Examples
///
/// ```
/// use headshot::{Edge, Options, renditions};
///
/// let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
/// let edges = [24, 48, 192].map(|px| Edge::new(px).unwrap());
/// let squares = renditions(gif, &edges, &Options::default())?;
/// for (square, edge) in squares.iter().zip(edges) {
///     assert_eq!(square.edge, edge);
///     println!("{edge}: {} bytes of {}", square.bytes.len(), square.format.media_type());
/// }
/// # Ok::<(), headshot::Error>(())
/// ```
pub fn renditions(
    bytes: &[u8],
    edges: &[Edge],
    options: &Options,
) -> Result<Vec<Rendition>, Error> {
    let info = probe(bytes)?;
    let Squares { first, others } = plan_squares(&info, options, edges)?;
    let mut square = transform(decode(bytes, &info, &first)?, &first).into_first()?;
    want(&mut square, first.picture);
    let mut made: Vec<Rendition> = Vec::with_capacity(others.len());
    for plan in &others {
        let same = made.iter().find(|one| one.edge == plan.edge());
        let rendition = match same {
            Some(same) => same.clone(),
            None => draw(&square, &first, plan)?,
        };
        made.push(rendition);
    }
    Ok(made)
}

fn draw(square: &Raster, first: &Plan, plan: &Plan) -> Result<Rendition, Error> {
    let bytes = if plan.edge() == first.edge() {
        encode_square(square, plan)?
    } else {
        encode_square(&redraw(square, plan)?, plan)?
    };
    Ok(Rendition {
        bytes,
        format: plan.format,
        edge: plan.edge(),
    })
}

/// Makes a rectangle what is wanted of a square, in planes of full and half resolution.
fn want(square: &mut Raster, picture: Rect) {
    for (index, plane) in square.planes.iter_mut().enumerate() {
        let scale = if index == 0 { 1.0 } else { 0.5 };
        plane.region = Region {
            x: f64::from(picture.x) * scale,
            y: f64::from(picture.y) * scale,
            width: f64::from(picture.width) * scale,
            height: f64::from(picture.height) * scale,
        };
    }
}
