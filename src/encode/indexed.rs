//! PNG with a palette: how it is stored, and one of fewer colors than the picture has,
//! where bytes have to be saved.

use super::gif::Palettes;
use crate::container::png::{Head, Kind};
use crate::error::Error;
use crate::geometry::Size;
use crate::memory::with_capacity;
use crate::options::Dither;
use crate::plan::Plan;

/// A picture in indices of colors, which are sRGB with alpha.
pub(super) struct Indexed {
    pub(super) indices: Vec<u8>,
    pub(super) entries: Vec<[u8; 4]>,
}

/// How exactly a picture is kept: colours, and levels of opacity. A photo whose
/// opaque part has many colours and whose edges fade needs an entry for each pair
/// of them that occurs. The last of these can't need more than there may be.
fn ways(most: u16) -> [(u16, u8); 6] {
    let [half, quarter] = [most / 2, most / 4];
    [
        (most, 255),
        (most, 15),
        (half, 15),
        (half, 7),
        (quarter, 7),
        (quarter, 3),
    ]
}

impl Indexed {
    /// Finds up to so many entries, from 16 on, for a picture.
    pub(super) fn new(samples: &[u8], plan: &Plan, most: u16) -> Result<Self, Error> {
        let pixels = samples.chunks_exact(plan.canvas.channels()).map(rgba);
        let mut indexed = Self {
            indices: Vec::new(),
            entries: Vec::new(),
        };
        for (colors, levels) in ways(most) {
            indexed = Self::by(pixels.clone(), plan, colors, levels)?;
            if indexed.entries.len() <= usize::from(most) {
                break;
            }
        }
        Ok(indexed)
    }

    /// Stops once there are more than 256 entries.
    fn by(
        pixels: impl Iterator<Item = [u8; 4]> + Clone,
        plan: &Plan,
        colors: u16,
        levels: u8,
    ) -> Result<Self, Error> {
        let visible = pixels.clone().filter(|pixel| pixel[3] > 0);
        let mut palettes = Palettes::new(Some(colors));
        let visible = visible.map(|[r, g, b, _]| [r, g, b]);
        let count = pixels.clone().count();
        let mut choice = palettes.choose(visible, count, false);
        // The entry of each colour at each level, plus one; 0 where there is none.
        let mut numbers = vec![0_u16; 256 * 256];
        let mut indexed = Self {
            indices: with_capacity(count)?,
            entries: Vec::new(),
        };
        let edge = plan.edge().px();
        let places = (0..edge).flat_map(|y| (0..edge).map(move |x| [x, y]));
        for ([r, g, b, alpha], place) in pixels.zip(places) {
            let dithered = (plan.dither == Dither::Ordered).then_some(place);
            let level = (u32::from(alpha) * u32::from(levels) + 127) / 255;
            let alpha = level * 255 / u32::from(levels);
            let alpha = u8::try_from(alpha).unwrap_or(u8::MAX);
            let (index, color) = match alpha {
                0 => (0, [0; 3]),
                _ => choice.find([r, g, b], dithered),
            };
            let Some(number) = numbers.get_mut(usize::from(alpha) << 8 | usize::from(index)) else {
                break;
            };
            if *number == 0 {
                let [r, g, b] = color;
                indexed.entries.push([r, g, b, alpha]);
                *number = u16::try_from(indexed.entries.len()).unwrap_or(u16::MAX);
            }
            let Ok(index) = u8::try_from(*number - 1) else {
                break;
            };
            indexed.indices.push(index);
        }
        Ok(indexed)
    }

    /// The picture as a file has it: as levels of gray if they take no more bits than
    /// indices, and no entry is transparent.
    pub(super) fn into_samples(self, size: Size) -> (Head, Vec<u8>) {
        let Self {
            mut indices,
            entries,
        } = self;
        // Entries that aren't opaque come first, so that no others need an alpha.
        let (faint, opaque): (Vec<_>, Vec<_>) =
            (0..).zip(&entries).partition(|(_, entry)| entry[3] < 255);
        let bits = depth(entries.len());
        let grays = gray_depth(&entries).filter(|&grays| grays <= bits);
        let mut samples = [0; 256];
        let mut head = Head::plain(
            size,
            Kind {
                color: 0,
                depth: bits,
            },
        );
        let sorted = faint.iter().chain(&opaque);
        if let Some(depth) = grays {
            head.kind.depth = depth;
            for (sample, [gray, ..]) in samples.iter_mut().zip(&entries) {
                *sample = gray >> (8 - depth);
            }
        } else {
            head.kind.color = 3;
            for (number, &(index, &[r, g, b, _])) in (0..=255).zip(sorted) {
                head.palette.extend([r, g, b]);
                if let Some(sample) = samples.get_mut::<usize>(index) {
                    *sample = number;
                }
            }
            head.transparency = faint.iter().map(|(_, [.., alpha])| *alpha).collect();
        }
        for index in &mut indices {
            *index = samples
                .get(usize::from(*index))
                .copied()
                .unwrap_or_default();
        }
        (head, indices)
    }
}

/// The bits of an index into so many entries.
const fn depth(entries: usize) -> u8 {
    match entries {
        0..=2 => 1,
        3..=4 => 2,
        5..=16 => 4,
        _ => 8,
    }
}

/// The bits of a sample that has all entries as levels of gray, if it can.
fn gray_depth(entries: &[[u8; 4]]) -> Option<u8> {
    let are_gray = (entries.iter()).all(|[r, g, b, alpha]| r == g && g == b && *alpha == 255);
    let has = |depth: &u8| {
        let step = u8::MAX / (u8::MAX >> (8 - *depth));
        entries.iter().all(|[gray, ..]| gray % step == 0)
    };
    [1, 2, 4, 8].into_iter().find(has).filter(|_| are_gray)
}

pub(super) fn rgba(pixel: &[u8]) -> [u8; 4] {
    match *pixel {
        [v] => [v, v, v, 255],
        [v, alpha] => [v, v, v, alpha],
        [r, g, b] => [r, g, b, 255],
        [r, g, b, alpha] => [r, g, b, alpha],
        _ => [0; 4],
    }
}
