//! Memory by the size of a picture or a file. Every large buffer is made here: where
//! the allocator refuses it, that is an error and no abort.

use crate::error::{Error, Quantity};

/// The allocator refused so many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) bytes: u64,
}

impl Refused {
    const fn items<T>(count: usize) -> Self {
        Self {
            bytes: (count as u64).saturating_mul(size_of::<T>() as u64),
        }
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self::TooLarge {
            quantity: Quantity::Memory,
            measured: refused.bytes,
            // What a vector may hold where there is memory without end.
            limit: isize::MAX as u64,
        }
    }
}

/// Makes room for so many more items, and for some beyond, as vectors grow.
pub(crate) fn reserve<T>(items: &mut Vec<T>, more: usize) -> Result<(), Refused> {
    (items.try_reserve(more)).map_err(|_| Refused::items::<T>(items.len().saturating_add(more)))
}

/// Makes room for so many more items, and for none beyond.
pub(crate) fn reserve_exact<T>(items: &mut Vec<T>, more: usize) -> Result<(), Refused> {
    (items.try_reserve_exact(more))
        .map_err(|_| Refused::items::<T>(items.len().saturating_add(more)))
}

/// Puts items behind those that are there.
pub(crate) fn append<T: Copy>(items: &mut Vec<T>, more: &[T]) -> Result<(), Refused> {
    reserve(items, more.len())?;
    items.extend_from_slice(more);
    Ok(())
}

/// An empty vector with room for `count` items and no more.
pub(crate) fn with_capacity<T>(count: usize) -> Result<Vec<T>, Refused> {
    let mut items = Vec::new();
    (items.try_reserve_exact(count)).map_err(|_| Refused::items::<T>(count))?;
    Ok(items)
}

/// A copy of all items.
pub(crate) fn copied<T: Copy>(items: &[T]) -> Result<Vec<T>, Refused> {
    let mut copy = with_capacity(items.len())?;
    copy.extend_from_slice(items);
    Ok(copy)
}

/// `count` copies of `item`.
pub(crate) fn filled<T: Clone>(item: T, count: usize) -> Result<Vec<T>, Refused> {
    let mut items = with_capacity(count)?;
    items.resize(count, item);
    Ok(items)
}

/// `len` samples, all 0.
pub(crate) fn zeroed(len: u64) -> Result<Vec<u8>, Refused> {
    let len = usize::try_from(len).map_err(|_| Refused { bytes: len })?;
    filled(0, len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusal_is_an_error_with_the_bytes() {
        let count = usize::MAX / 4;
        let errors = [
            filled(0_u16, count).unwrap_err(),
            reserve(&mut vec![0_u16; 0], count).unwrap_err(),
        ];
        for refused in errors {
            let error = Error::from(refused);
            assert_eq!((error.code(), error.reason()), ("too_large", "memory"));
            let limit = isize::MAX as u64;
            let bytes = 2 * count as u64;
            assert_eq!(error.measured_and_limit(), Some((bytes, limit)));
        }
        assert_eq!(zeroed(u64::MAX).unwrap_err().bytes, u64::MAX);
    }
}
