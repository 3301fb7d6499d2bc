//! PLTE and tRNS, cut to what pixels use, and pixels without what is not seen.

use crate::container::png::Kind;
use crate::decode::{Pixels, Seen, Stored};

/// The colors of a picture, as chunks have them.
pub(super) enum Colors {
    /// Those of indices.
    Palette {
        /// Of each index, `None` where it is not in use.
        entries: Box<[Option<[u8; 4]>; 256]>,
        /// Of each index, the first one that looks the same.
        firsts: Box<[u8; 256]>,
    },
    /// The color that is transparent, if there is one, as tRNS has it.
    Key(Vec<u8>),
}

impl Colors {
    pub(super) fn new(stored: &Stored<'_>, frames: &[Pixels]) -> Self {
        let seen = frames.iter().map(|pixels| pixels.seen);
        let seen = seen.fold(Seen::default(), Seen::and);
        match stored.palette() {
            Some(palette) => Self::of_palette(palette, stored.transparency(), &seen),
            None => Self::Key(key(stored, &seen)),
        }
    }

    fn of_palette(palette: &[u8], transparency: Option<&[u8]>, seen: &Seen) -> Self {
        let (palette, _) = palette.as_chunks::<3>();
        // Alphas that are more than the colors count for nothing.
        let alphas = transparency.filter(|alphas| alphas.len() <= palette.len());
        let mut entries = Box::new([None; 256]);
        let mut firsts = Box::new([0; 256]);
        let places = entries.iter_mut().zip(firsts.iter_mut());
        let mut known: Vec<([u8; 4], u8)> = Vec::new();
        for (index, (entry, first)) in (0..=255).zip(places) {
            *first = index;
            if !seen.has(index) {
                continue;
            }
            let at = usize::from(index);
            // Decoders that accept an index beyond the palette show it black.
            let [r, g, b] = palette.get(at).copied().unwrap_or_default();
            let alpha = alphas.and_then(|alphas| alphas.get(at)).copied();
            let color = match alpha.unwrap_or(u8::MAX) {
                0 => [0; 4],
                alpha => [r, g, b, alpha],
            };
            if let Some((_, same)) = known.iter().find(|(same, _)| *same == color) {
                *first = *same;
            } else {
                known.push((color, index));
                *entry = Some(color);
            }
        }
        Self::Palette { entries, firsts }
    }

    /// Entries up to the last one in use, and those that aren't in use black.
    fn entries(&self) -> Vec<[u8; 4]> {
        let Self::Palette { entries, .. } = self else {
            return Vec::new();
        };
        let unused = entries.iter().rev().take_while(|entry| entry.is_none());
        let used = entries.len().saturating_sub(unused.count());
        let entries = entries.iter().take(used);
        entries
            .map(|entry| entry.unwrap_or([0, 0, 0, u8::MAX]))
            .collect()
    }

    /// The content of PLTE.
    pub(super) fn palette(&self) -> Vec<u8> {
        let entries = self.entries();
        entries
            .iter()
            .flat_map(|[r, g, b, _]| [*r, *g, *b])
            .collect()
    }

    /// The content of tRNS.
    pub(super) fn transparency(&self) -> Vec<u8> {
        match self {
            Self::Key(key) => key.clone(),
            Self::Palette { .. } => {
                let entries = self.entries();
                let faint = entries.iter().rposition(|[.., alpha]| *alpha < u8::MAX);
                let faint = entries
                    .iter()
                    .take(faint.map_or(0, |last| last.saturating_add(1)));
                faint.map(|[.., alpha]| *alpha).collect()
            }
        }
    }

    /// Whether a frame has an index that looks the same as another one: which of the two
    /// a pixel has is not seen.
    pub(super) fn merge_any(&self, seen: &Seen) -> bool {
        match self {
            Self::Key(_) => false,
            Self::Palette { firsts, .. } => {
                let mut pairs = (0..=255).zip(firsts.iter());
                pairs.any(|(index, first)| index != *first && seen.has(index))
            }
        }
    }

    /// Takes out of samples what is not seen of them.
    pub(super) fn clear(&self, samples: &mut [u8], kind: Kind) {
        if let Self::Palette { firsts, .. } = self {
            for sample in samples {
                *sample = firsts.get(usize::from(*sample)).copied().unwrap_or(*sample);
            }
            return;
        }
        let bytes = usize::from(kind.depth / 8);
        let color = match kind.color {
            4 => bytes,
            6 => bytes.saturating_mul(3),
            _ => return,
        };
        for pixel in samples.chunks_exact_mut(color.saturating_add(bytes)) {
            if let Some((color, alpha)) = pixel.split_at_mut_checked(color)
                && alpha.iter().all(|&byte| byte == 0)
            {
                color.fill(0);
            }
        }
    }
}

/// The color that is transparent, if a pixel has it: in as many bits as samples have.
fn key(stored: &Stored<'_>, seen: &Seen) -> Vec<u8> {
    let len = match stored.color() {
        0 => 2,
        _ => 6,
    };
    let key = stored.transparency().and_then(|key| key.get(..len));
    let depth = stored.depth();
    let mask = u16::MAX
        .checked_shr(16_u32.saturating_sub(depth.into()))
        .unwrap_or(0);
    let values = key.unwrap_or_default().as_chunks().0;
    let values: Vec<u16> = (values.iter())
        .map(|value| u16::from_be_bytes(*value) & mask)
        .collect();
    let occurs = match values[..] {
        [gray] if depth < 8 => u8::try_from(gray).is_ok_and(|gray| seen.has(gray)),
        _ => seen.key,
    };
    let values = values.into_iter().filter(|_| occurs);
    values.flat_map(u16::to_be_bytes).collect()
}
