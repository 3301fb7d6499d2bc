//! Which indices occur.

/// A set of indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Used {
    is_used: [bool; 256],
}

impl Used {
    pub(crate) const NONE: Self = Self {
        is_used: [false; 256],
    };

    pub(crate) fn of(indices: &[u8]) -> Self {
        let mut used = Self::NONE;
        for &index in indices {
            used.insert(index);
        }
        used
    }

    #[expect(clippy::indexing_slicing, reason = "a u8 indexes an array of 256")]
    pub(crate) fn insert(&mut self, index: u8) {
        self.is_used[usize::from(index)] = true;
    }

    pub(crate) fn insert_all(&mut self, others: Self) {
        for (is_used, other) in self.is_used.iter_mut().zip(others.is_used) {
            *is_used |= other;
        }
    }

    #[must_use]
    pub(crate) fn without(mut self, index: Option<u8>) -> Self {
        if let Some(place) = index.and_then(|index| self.is_used.get_mut(usize::from(index))) {
            *place = false;
        }
        self
    }

    #[expect(clippy::indexing_slicing, reason = "a u8 indexes an array of 256")]
    pub(crate) const fn contains(&self, index: u8) -> bool {
        self.is_used[index as usize]
    }

    /// In ascending order.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = u8> + '_ {
        (0..=u8::MAX).filter(|&index| self.contains(index))
    }

    /// The first index that doesn't occur.
    pub(crate) fn first_free(&self) -> Option<u8> {
        (0..=u8::MAX).find(|&index| !self.contains(index))
    }

    /// One more than the largest index; 0 if there is none.
    pub(crate) fn end(&self) -> usize {
        self.iter()
            .next_back()
            .map_or(0, |last| usize::from(last) + 1)
    }
}
