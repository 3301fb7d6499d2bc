//! Many pictures at once.

use std::num::NonZeroUsize;

use headshot::Cancel;

use crate::outcome::Outcome;
use crate::sources::Source;

/// What becomes of each input, in their order, as it becomes known; `None` of those that
/// `work` does nothing with. `jobs` of them are in work at a time. What is still in work when
/// nobody asks any more is told to stop.
#[cfg(feature = "parallel")]
pub(crate) fn in_order(
    sources: Vec<Source>,
    jobs: NonZeroUsize,
    work: impl Fn(Source, &Cancel) -> Option<Outcome> + Send + Sync + 'static,
) -> impl Iterator<Item = Option<Outcome>> {
    use crate::refusal::Refusal;

    let outcomes =
        headshot::prepare_each(sources, jobs, &Cancel::never(), move |source, cancel| {
            Ok::<_, Refusal>(work(source, cancel))
        });
    outcomes.map(|outcome| outcome.unwrap_or_else(|refusal| Some(refusal.into())))
}

/// The same without threads.
#[cfg(not(feature = "parallel"))]
pub(crate) fn in_order(
    sources: Vec<Source>,
    _jobs: NonZeroUsize,
    work: impl Fn(Source, &Cancel) -> Option<Outcome>,
) -> impl Iterator<Item = Option<Outcome>> {
    let outcomes = sources.into_iter();
    outcomes.map(move |source| work(source, &Cancel::never()))
}
