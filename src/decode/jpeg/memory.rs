//! The one place that allocates by the size of a picture.

use super::error::{Error, ErrorKind};

/// An empty vector with room for `count` items.
pub(super) fn with_capacity<T>(count: usize) -> Result<Vec<T>, Error> {
    let mut items = Vec::new();
    items
        .try_reserve_exact(count)
        .map_err(|_| refused((count as u64).saturating_mul(size_of::<T>() as u64)))?;
    Ok(items)
}

pub(super) const fn refused(bytes: u64) -> Error {
    Error {
        kind: ErrorKind::OutOfMemory { bytes },
        message: "allocation refused",
        offset: None,
    }
}

/// `count` copies of `item`.
pub(super) fn filled<T: Clone>(item: T, count: usize) -> Result<Vec<T>, Error> {
    let mut items = with_capacity(count)?;
    items.resize(count, item);
    Ok(items)
}
