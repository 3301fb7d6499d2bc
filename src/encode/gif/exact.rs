//! Colours that are kept as they are.

/// The most colours of a palette.
pub(super) const MOST: usize = 256;

/// Places of the table: four times as many as colours, so that one look is
/// nearly always enough.
const PLACES: usize = 4 * MOST;

/// Up to so many different colours, in the order in which they came.
pub(super) struct Colors {
    most: usize,
    known: Vec<[u8; 3]>,
    /// Index of the colour at a place, plus one; 0 for none.
    places: Box<[u16; PLACES]>,
}

impl Colors {
    /// Room for so many colours, 256 at most.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most: most.min(MOST),
            known: Vec::with_capacity(MOST),
            places: Box::new([0; PLACES]),
        }
    }

    pub(super) fn as_slice(&self) -> &[[u8; 3]] {
        &self.known
    }

    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.places.fill(0);
    }

    /// The index of a colour that was added before.
    pub(super) fn find(&self, color: [u8; 3]) -> Option<u8> {
        self.place(color).ok()
    }

    /// Adds a colour, if it isn't there already; `false` if there is no room.
    pub(super) fn add(&mut self, color: [u8; 3]) -> bool {
        match self.place(color) {
            Ok(_) => true,
            Err(_) if self.known.len() == self.most => false,
            Err(place) => {
                self.known.push(color);
                if let (Some(place), Ok(number)) =
                    (self.places.get_mut(place), self.known.len().try_into())
                {
                    *place = number;
                }
                true
            }
        }
    }

    /// Adds colours of pixels until there is no room; says whether there was.
    pub(super) fn add_all(&mut self, mut colors: impl Iterator<Item = [u8; 3]>) -> bool {
        let mut last = None;
        colors.all(|color| last.replace(color) == Some(color) || self.add(color))
    }

    /// Adds all of the different `colors` if there is room for them.
    pub(super) fn add_all_or_none(&mut self, colors: &[[u8; 3]]) -> bool {
        let new = colors.iter().filter(|&&color| self.find(color).is_none());
        if self.known.len() + new.count() > self.most {
            return false;
        }
        colors.iter().all(|&color| self.add(color))
    }

    /// The first index that none of these colours has, if there is one.
    pub(super) fn unused(&self, colors: &[[u8; 3]]) -> Option<u8> {
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
    fn place(&self, color: [u8; 3]) -> Result<u8, usize> {
        let [r, g, b] = color;
        let key = u32::from_le_bytes([r, g, b, 0]);
        // Fibonacci hashing (Knuth, TAOCP 6.4).
        let mut place = (key.wrapping_mul(0x9E37_79B1) >> (32 - PLACES.ilog2())) as usize;
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
}
