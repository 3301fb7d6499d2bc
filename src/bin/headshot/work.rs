//! Many pictures at once.

use std::num::NonZeroUsize;

use headshot::Cancel;

use crate::input::Input;
use crate::prepare::Outcome;

/// What becomes of each input, in their order, as it becomes known. `jobs` of them are in
/// work at a time. What is still in work when nobody asks any more is told to stop.
#[cfg(feature = "parallel")]
pub(crate) fn in_order(
    inputs: Vec<Input>,
    jobs: NonZeroUsize,
    work: impl Fn(Input, &Cancel) -> Outcome + Send + Sync + 'static,
) -> impl Iterator<Item = Outcome> {
    use crate::refusal::Refusal;

    let outcomes = headshot::prepare_each(inputs, jobs, &Cancel::never(), move |input, cancel| {
        Ok::<_, Refusal>(work(input, cancel))
    });
    outcomes.map(|outcome| outcome.unwrap_or_else(Outcome::from))
}

/// The same without threads.
#[cfg(not(feature = "parallel"))]
pub(crate) fn in_order(
    inputs: Vec<Input>,
    _jobs: NonZeroUsize,
    work: impl Fn(Input, &Cancel) -> Outcome,
) -> impl Iterator<Item = Outcome> {
    let outcomes = inputs.into_iter();
    outcomes.map(move |input| work(input, &Cancel::never()))
}
