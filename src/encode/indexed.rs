//! PNG with a palette, where bytes have to be saved.

use png::{ColorType, Encoder};

use super::gif::Palettes;
use crate::error::Error;
use crate::memory::with_capacity;
use crate::options::Dither;
use crate::plan::Plan;

/// A picture in indices of colours that are chosen for it.
pub(super) struct Indexed {
    pub(super) indices: Vec<u8>,
    entries: Vec<[u8; 4]>,
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

    /// Tells the encoder what the indices mean.
    pub(super) fn describe<W: std::io::Write>(&self, encoder: &mut Encoder<'_, W>) {
        let colors = self.entries.iter().flat_map(|&[r, g, b, _]| [r, g, b]);
        encoder.set_color(ColorType::Indexed);
        encoder.set_palette(colors.collect::<Vec<u8>>());
        // Entries behind the last that isn't opaque need no alpha.
        let opaque = self
            .entries
            .iter()
            .rev()
            .take_while(|entry| entry[3] == 255);
        let alphas = self
            .entries
            .iter()
            .take(self.entries.len() - opaque.count());
        let alphas: Vec<u8> = alphas.map(|&[.., alpha]| alpha).collect();
        if !alphas.is_empty() {
            encoder.set_trns(alphas);
        }
    }
}

fn rgba(pixel: &[u8]) -> [u8; 4] {
    match *pixel {
        [v] => [v, v, v, 255],
        [v, alpha] => [v, v, v, alpha],
        [r, g, b] => [r, g, b, 255],
        [r, g, b, alpha] => [r, g, b, alpha],
        _ => [0; 4],
    }
}
