//! Not to call more often than the service allows.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::request::Method;

/// Spreads calls so that no minute has more of a method than are allowed.
///
/// The first calls go at once; the one that would be too many in its minute waits. Slack
/// counts the calls of an app in a workspace, a method at a time: what shares that count
/// should share one `Pace`, in an [`Arc`](std::sync::Arc).
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use headshot::upload::{Base, Client, Pace, Token};
///
/// // For all users of a workspace.
/// let pace = Arc::new(Pace::default());
/// for token in ["xoxp-1234-secret", "xoxp-5678-secret"] {
///     let client = Client::new(Base::default(), Token::new(token)?).with_pace(Arc::clone(&pace));
///     // client.set_photo(&photo)?;
/// }
/// # Ok::<(), headshot::upload::Error>(())
/// ```
#[derive(Debug)]
pub struct Pace {
    per_minute: NonZeroU32,
    /// When the calls of the last minute went, and when those go that wait.
    gone: Mutex<BTreeMap<Method, VecDeque<Instant>>>,
}

impl Pace {
    /// What Slack allows of its Tier 2, in which `users.setPhoto` and `users.deletePhoto`
    /// are (<https://docs.slack.dev/apis/web-api/rate-limits>).
    pub const TIER_2: NonZeroU32 = NonZeroU32::new(20).unwrap();

    const MINUTE: Duration = Duration::from_mins(1);

    /// So many calls of a method in a minute.
    #[must_use]
    pub const fn new(per_minute: NonZeroU32) -> Self {
        Self {
            per_minute,
            gone: Mutex::new(BTreeMap::new()),
        }
    }

    /// Takes the next free place for a call, and says how long it is until then.
    ///
    /// ```
    /// use std::num::NonZeroU32;
    /// use std::time::{Duration, Instant};
    ///
    /// use headshot::upload::{Method, Pace};
    ///
    /// let pace = Pace::new(NonZeroU32::new(2).unwrap());
    /// let start = Instant::now();
    /// let at = |seconds| start + Duration::from_secs(seconds);
    /// let waits = [0, 10, 20].map(|now| pace.take(Method::SetPhoto, at(now)));
    /// assert_eq!(waits, [0, 0, 40].map(Duration::from_secs));
    /// ```
    #[must_use]
    pub fn take(&self, method: Method, now: Instant) -> Duration {
        let most = usize::try_from(self.per_minute.get()).unwrap_or(usize::MAX);
        // Whatever panicked elsewhere, the times are whole.
        let mut gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = gone.entry(method).or_default();
        let is_over = |time: &mut Instant| *time + Self::MINUTE <= now;
        while gone.pop_front_if(is_over).is_some() {}
        let mut time = now;
        if gone.len() >= most
            && let Some(oldest) = gone.pop_front()
        {
            time = oldest + Self::MINUTE;
        }
        gone.push_back(time);
        time.saturating_duration_since(now)
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::new(Self::TIER_2)
    }
}
