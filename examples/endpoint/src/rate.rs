//! How often a method may be called with one token.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::call::Method;
use crate::recent::Recent;
use crate::token::Token;

const MINUTE: Duration = Duration::from_mins(1);

/// Tokens whose calls are remembered, for each method.
const CALLERS: usize = 10_000;

/// Calls of the last minute. `users.setPhoto` and `users.deletePhoto` are of Slack's
/// tier 2 (20 and more a minute), `users.profile.get` is of tier 4 (100 and more), so
/// that it may be called five times as often:
/// <https://docs.slack.dev/apis/web-api/rate-limits>
#[derive(Debug)]
pub(crate) struct Rate {
    per_minute: NonZeroU32,
    calls: Mutex<Recent<(Token, Method), VecDeque<Instant>>>,
}

impl Rate {
    pub(crate) fn new(per_minute: NonZeroU32) -> Self {
        Self {
            per_minute,
            calls: Mutex::new(Recent::new(CALLERS)),
        }
    }

    /// Notes a call, or says in how many seconds it may be made again. A call that is
    /// refused does not count.
    pub(crate) fn note(&self, token: Token, method: Method, now: Instant) -> Result<(), u64> {
        let allowed = self.allowed(method);
        let mut all = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (token, method);
        let Some(calls) = all.get_mut(&key) else {
            all.insert(key, VecDeque::from([now]), 1);
            return Ok(());
        };
        while calls
            .front()
            .is_some_and(|&call| now.duration_since(call) >= MINUTE)
        {
            calls.pop_front();
        }
        match calls.front() {
            Some(&first) if calls.len() >= allowed => {
                let left = MINUTE.saturating_sub(now.duration_since(first));
                Err(left.as_secs() + u64::from(left.subsec_nanos() > 0))
            }
            _ => {
                calls.push_back(now);
                Ok(())
            }
        }
    }

    fn allowed(&self, method: Method) -> usize {
        let times = match method {
            Method::SetPhoto | Method::DeletePhoto => 1,
            Method::GetProfile => 5,
        };
        usize::try_from(self.per_minute.get().saturating_mul(times)).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: NonZeroU32 = NonZeroU32::new(2).unwrap();

    #[test]
    fn calls_of_the_last_minute_count() {
        let rate = Rate::new(TWO);
        let token = Token::new("xoxp-1");
        let start = Instant::now();
        let call = |seconds| {
            let now = start + Duration::from_secs_f64(seconds);
            rate.note(token, Method::SetPhoto, now)
        };
        assert_eq!(call(0.0), Ok(()));
        assert_eq!(call(10.0), Ok(()));
        assert_eq!(call(10.5), Err(50));
        assert_eq!(call(59.5), Err(1));
        assert_eq!(call(60.0), Ok(()));
        assert_eq!(call(60.0), Err(10));
        assert_eq!(call(70.0), Ok(()));
    }

    #[test]
    fn each_token_and_method_counts_by_itself() {
        let rate = Rate::new(TWO);
        let now = Instant::now();
        let note = |token, method, times| {
            let token = Token::new(token);
            (0..times)
                .filter(|_| rate.note(token, method, now).is_ok())
                .count()
        };
        assert_eq!(note("xoxp-1", Method::SetPhoto, 3), 2);
        assert_eq!(note("xoxp-2", Method::SetPhoto, 3), 2);
        assert_eq!(note("xoxp-1", Method::DeletePhoto, 3), 2);
        assert_eq!(note("xoxp-1", Method::GetProfile, 12), 10);
    }
}
