//! Many pictures at once.

use std::num::NonZeroUsize;

use headshot::Cancel;

use crate::outcome::Outcome;

/// What becomes of each of `inputs`, in their order, as it becomes known; `None` of those
/// that `work` does nothing with. `jobs` of them are in work at a time. What is still in work
/// when nobody asks any more is told to stop.
#[cfg(feature = "parallel")]
pub(crate) fn in_order<T: Send + 'static>(
    inputs: impl Iterator<Item = T>,
    jobs: NonZeroUsize,
    work: impl Fn(T, &Cancel) -> Option<Outcome> + Send + Sync + 'static,
) -> impl Iterator<Item = Option<Outcome>> {
    use crate::refusal::Refusal;

    let outcomes = headshot::prepare_each(inputs, jobs, &Cancel::never(), move |input, cancel| {
        Ok::<_, Refusal>(work(input, cancel))
    });
    outcomes.map(|outcome| outcome.unwrap_or_else(|refusal| Some(refusal.into())))
}

/// The same without threads.
#[cfg(not(feature = "parallel"))]
pub(crate) fn in_order<T>(
    inputs: impl Iterator<Item = T>,
    _jobs: NonZeroUsize,
    work: impl Fn(T, &Cancel) -> Option<Outcome>,
) -> impl Iterator<Item = Option<Outcome>> {
    inputs.map(move |input| work(input, &Cancel::never()))
}
