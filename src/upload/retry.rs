//! When to try again.

use std::time::Duration;

use super::error::Error;

/// How often and for how long a call is tried again that failed in a way that passes:
/// refused for the time being, a status of 500 and more, no connection, no answer.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use headshot::upload::Retry;
///
/// let patient = Retry { tries: 10, total: Duration::from_mins(10), ..Retry::default() };
/// assert_eq!(patient.first_wait, Duration::from_secs(1));
/// assert_eq!(Retry::NEVER.tries, 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Retry {
    /// Tries in all, the first of them included. Default: 5. 0 is as good as 1.
    pub tries: u32,
    /// The wait before the second try. Each further one is twice as long. A random part of
    /// at most half of it is left out, so that many callers don't come back at once.
    /// Default: 1 s.
    pub first_wait: Duration,
    /// No wait is longer. If the service itself wants to be left alone for longer, the call
    /// is given up at once, since another try would be refused as well. Default: 60 s, for
    /// which Slack counts calls (<https://docs.slack.dev/apis/web-api/rate-limits>).
    pub longest_wait: Duration,
    /// No try begins later than so long after the first. Default: 180 s. One that has
    /// begun may take as long as its transport lets it.
    pub total: Duration,
}

impl Retry {
    /// One try alone.
    pub const NEVER: Self = Self {
        tries: 1,
        first_wait: Duration::ZERO,
        longest_wait: Duration::ZERO,
        total: Duration::ZERO,
    };

    /// How long to wait before the next try, or `None` to give up: after so many tries, the
    /// last of which ended with `error`, and so much time.
    ///
    /// The time that the service asks for is kept to exactly. Otherwise `random` says how
    /// much of half of the wait is left out: nothing with the highest number.
    #[must_use]
    pub fn wait(
        &self,
        error: &Error,
        tries: u32,
        elapsed: Duration,
        random: u64,
    ) -> Option<Duration> {
        if !error.passes() || tries >= self.tries {
            return None;
        }
        let wait = match error.retry_after() {
            Some(wait) if wait > self.longest_wait => return None,
            Some(wait) => wait,
            None => {
                let doubled = 1_u32
                    .checked_shl(tries.saturating_sub(1))
                    .unwrap_or(u32::MAX);
                let full = self.first_wait.saturating_mul(doubled);
                scattered(full.min(self.longest_wait), random)
            }
        };
        (elapsed.saturating_add(wait) <= self.total).then_some(wait)
    }
}

/// From half of it to all of it.
fn scattered(full: Duration, random: u64) -> Duration {
    let half = full / 2;
    let nanos = u64::try_from(full.saturating_sub(half).as_nanos()).unwrap_or(u64::MAX);
    let part = (u128::from(nanos) * (u128::from(random) + 1)) >> 64;
    half + Duration::from_nanos(u64::try_from(part).unwrap_or(nanos))
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            tries: 5,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_mins(1),
            total: Duration::from_mins(3),
        }
    }
}
