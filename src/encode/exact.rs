//! Finds the exact palette of a picture that has few colors.

use super::gif::Colors;
use super::indexed::{Indexed, rgba};
use crate::error::Error;
use crate::memory::with_capacity;
use crate::raster::Layout;

/// The most colors of a palette.
const MOST: usize = 256;

/// The most shades of gray whose indices are shorter than 8-bit samples.
const FEW_GRAYS: usize = 16;

/// Finds palette and indices of a picture; returns `None` if it has more colors than a palette
/// holds, or too many grays for shorter indices. A photo is given up within its first rows
/// that aren't bars.
pub(super) fn exact(
    samples: &[u8],
    layout: Layout,
    width: usize,
) -> Result<Option<Indexed>, Error> {
    match layout {
        Layout::Gray => find::<1>(samples, width, FEW_GRAYS),
        Layout::GrayAlpha => find::<2>(samples, width, MOST),
        Layout::Rgba => find::<4>(samples, width, MOST),
        _ => find::<3>(samples, width, MOST),
    }
}

fn find<const N: usize>(
    samples: &[u8],
    width: usize,
    most: usize,
) -> Result<Option<Indexed>, Error> {
    let (pixels, _) = samples.as_chunks::<N>();
    let mut colors = Colors::<N>::new(most);
    let mut indices = with_capacity(pixels.len())?;
    let mut above: &[[u8; N]] = &[];
    let mut last = None;
    for row in pixels.chunks(width.max(1)) {
        if row == above {
            indices.extend_from_within(indices.len() - row.len()..);
            continue;
        }
        above = row;
        for &pixel in row {
            let index = match last {
                Some((same, index)) if same == pixel => index,
                _ => match colors.number(pixel) {
                    Some(index) => index,
                    None => return Ok(None),
                },
            };
            last = Some((pixel, index));
            indices.push(index);
        }
    }
    let entries = colors.as_slice().iter().map(|color| rgba(color));
    Ok(Some(Indexed {
        indices,
        entries: entries.collect(),
    }))
}
