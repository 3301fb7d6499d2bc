//! Colours that are kept as they are.

/// The most colours of a palette.
pub(super) const MOST: usize = 256;

/// Places of the table: four times as many as colours, so that one look is
/// nearly always enough.
const PLACES: usize = 4 * MOST;

/// What colours are multiplied by to find a place: the primes of xxHash. Colours that
/// somebody chose to fall on the same places by one of them don't by the next.
const MULTIPLIERS: [u32; 4] = [0x9E37_79B1, 0x85EB_CA77, 0xC2B2_AE3D, 0x27D4_EB2F];

/// How far from its place a colour may be put before the next multiplier is taken. Of 300
/// palettes of 256 random colours, none had one farther away than 11.
const FAR: usize = 16;

/// Up to so many different colours, in the order in which they came. They have up to
/// four channels.
pub(in crate::encode) struct Colors<const N: usize = 3> {
    most: usize,
    known: Vec<[u8; N]>,
    /// Index of the colour at a place, plus one; 0 for none.
    places: Box<[u16; PLACES]>,
    /// The multiplier, and those to take after it.
    multiplier: u32,
    others: &'static [u32],
}

impl<const N: usize> Colors<N> {
    /// Room for so many colours, 256 at most.
    pub(in crate::encode) fn new(most: usize) -> Self {
        let [multiplier, others @ ..] = &MULTIPLIERS;
        Self {
            most: most.min(MOST),
            known: Vec::with_capacity(MOST),
            places: Box::new([0; PLACES]),
            multiplier: *multiplier,
            others,
        }
    }

    pub(in crate::encode) fn as_slice(&self) -> &[[u8; N]] {
        &self.known
    }

    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.places.fill(0);
    }

    /// The index of a colour that was added before.
    pub(super) fn find(&self, color: [u8; N]) -> Option<u8> {
        self.place(color).ok()
    }

    /// The index of a colour, which is added if it isn't there already; `None` if there is
    /// no room.
    pub(in crate::encode) fn number(&mut self, color: [u8; N]) -> Option<u8> {
        match self.place(color) {
            Ok(index) => Some(index),
            Err(_) if self.add(color) => u8::try_from(self.known.len() - 1).ok(),
            Err(_) => None,
        }
    }

    /// Adds a colour, if it isn't there already; `false` if there is no room.
    pub(super) fn add(&mut self, color: [u8; N]) -> bool {
        match self.place(color) {
            Ok(_) => true,
            Err(_) if self.known.len() == self.most => false,
            Err(place) => {
                self.known.push(color);
                self.put(place, self.known.len());
                if self.is_far(place, color)
                    && let [next, others @ ..] = self.others
                {
                    (self.multiplier, self.others) = (*next, others);
                    self.put_all();
                }
                true
            }
        }
    }

    /// Puts the number of a colour, its index plus one, at a free place.
    fn put(&mut self, place: usize, number: usize) {
        if let (Some(place), Ok(number)) = (self.places.get_mut(place), number.try_into()) {
            *place = number;
        }
    }

    /// Finds places for all colours anew.
    fn put_all(&mut self) {
        self.places.fill(0);
        for index in 0..self.known.len() {
            if let Some(&color) = self.known.get(index)
                && let Err(place) = self.place(color)
            {
                self.put(place, index + 1);
            }
        }
    }

    fn is_far(&self, place: usize, color: [u8; N]) -> bool {
        (place + PLACES - self.first_place(color)) % PLACES > FAR
    }

    /// Adds colours of pixels until there is no room; says whether there was.
    pub(super) fn add_all(&mut self, mut colors: impl Iterator<Item = [u8; N]>) -> bool {
        let mut last = None;
        colors.all(|color| last.replace(color) == Some(color) || self.add(color))
    }

    /// Adds all of the different `colors` if there is room for them.
    pub(super) fn add_all_or_none(&mut self, colors: &[[u8; N]]) -> bool {
        let new = colors.iter().filter(|&&color| self.find(color).is_none());
        if self.known.len() + new.count() > self.most {
            return false;
        }
        colors.iter().all(|&color| self.add(color))
    }

    /// The first index that none of these colours has, if there is one.
    pub(super) fn unused(&self, colors: &[[u8; N]]) -> Option<u8> {
        let mut is_used = [false; MOST];
        for &color in colors {
            let place = self.find(color);
            if let Some(place) = place.and_then(|index| is_used.get_mut(usize::from(index))) {
                *place = true;
            }
        }
        let unused = is_used.iter().position(|is_used| !is_used)?;
        u8::try_from(unused).ok()
    }

    /// The colour's index, or the free place where it belongs.
    #[expect(
        clippy::indexing_slicing,
        reason = "places are taken modulo their number"
    )]
    fn place(&self, color: [u8; N]) -> Result<u8, usize> {
        let mut place = self.first_place(color);
        loop {
            let Some(index) = self.places[place % PLACES].checked_sub(1) else {
                return Err(place % PLACES);
            };
            if self.known.get(usize::from(index)) == Some(&color) {
                return Ok(u8::try_from(index).unwrap_or(u8::MAX));
            }
            place += 1;
        }
    }

    /// Where a colour belongs, by multiplicative hashing (Knuth, TAOCP 6.4).
    fn first_place(&self, color: [u8; N]) -> usize {
        let mut key = [0; 4];
        key.iter_mut().zip(color).for_each(|(to, from)| *to = from);
        let key = u32::from_le_bytes(key);
        (key.wrapping_mul(self.multiplier) >> (32 - PLACES.ilog2())) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_that_fall_together_are_spread() {
        let mut colors = Colors::new(MOST);
        let one_place: Vec<_> = (0..1 << 24)
            .map(u32::to_le_bytes)
            .map(|[r, g, b, _]| [r, g, b])
            .filter(|&color| colors.first_place(color) == 500)
            .step_by(10)
            .take(MOST)
            .collect();
        assert_eq!(one_place.len(), MOST);
        assert!(colors.add_all(one_place.iter().copied()));
        assert_ne!(colors.multiplier, MULTIPLIERS[0]);
        for (index, &color) in one_place.iter().enumerate() {
            assert_eq!(colors.find(color).map(usize::from), Some(index));
        }
        let far = one_place.iter().filter(|&&color| {
            let first = colors.first_place(color);
            let index = one_place.iter().position(|&known| known == color).unwrap();
            let number = u16::try_from(index + 1).unwrap();
            let place = colors.places.iter().position(|&known| known == number);
            (place.unwrap() + PLACES - first) % PLACES > 2 * FAR
        });
        assert_eq!(far.count(), 0);
        assert!(!colors.add([1, 2, 3]));
    }
}
