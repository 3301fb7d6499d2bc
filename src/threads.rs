//! Work of one picture on several threads.

use std::num::NonZeroUsize;
use std::ops::Range;

/// Cuts items into as many ranges of about the same length as there are threads.
pub(crate) fn ranges(items: Range<u32>, threads: NonZeroUsize) -> Vec<Range<u32>> {
    let count = items.end.saturating_sub(items.start);
    let threads = u32::try_from(threads.get()).unwrap_or(u32::MAX);
    let length = count.div_ceil(threads).max(1);
    items
        .clone()
        .step_by(length as usize)
        .map(|start| start..items.end.min(start.saturating_add(length)))
        .collect()
}

/// Runs both, at the same time if a thread is free.
#[cfg(feature = "parallel")]
pub(crate) fn both<A: Send, B: Send>(
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    rayon::join(one, other)
}

#[cfg(not(feature = "parallel"))]
pub(crate) fn both<A, B>(one: impl FnOnce() -> A, other: impl FnOnce() -> B) -> (A, B) {
    (one(), other())
}

/// Handles all items, at the same time as far as threads are free. The results are
/// in the order of the items; the error is that of the first item with one.
#[cfg(feature = "parallel")]
pub(crate) fn each<T: Send, R: Send, E: Send>(
    items: Vec<T>,
    handle: impl Fn(T) -> Result<R, E> + Send + Sync,
) -> Result<Vec<R>, E> {
    use rayon::prelude::*;

    if items.len() < 2 {
        return items.into_iter().map(handle).collect();
    }
    let results: Vec<_> = items.into_par_iter().with_max_len(1).map(handle).collect();
    results.into_iter().collect()
}

#[cfg(not(feature = "parallel"))]
pub(crate) fn each<T, R, E>(
    items: Vec<T>,
    handle: impl Fn(T) -> Result<R, E>,
) -> Result<Vec<R>, E> {
    items.into_iter().map(handle).collect()
}
