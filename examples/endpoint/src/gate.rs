//! How many may be at something at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::answer::{Code, Refusal};

/// No machine has room for more.
const MOST: usize = 1 << 20;

/// A room for so many; others wait before it.
#[derive(Debug)]
pub(crate) struct Gate {
    size: usize,
    permits: Arc<Semaphore>,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    waiting: AtomicUsize,
    inside: AtomicUsize,
    most: AtomicUsize,
}

/// Somebody inside, until it is dropped.
#[derive(Debug)]
pub(crate) struct Pass {
    // Dropped in this order: whoever comes in next is not counted beside this one.
    _inside: Counted,
    _permit: OwnedSemaphorePermit,
}

impl Gate {
    pub(crate) fn new(size: usize) -> Self {
        // As many as can be waited for at once.
        let size = size.min(MOST);
        Self {
            size,
            permits: Arc::new(Semaphore::new(size)),
            counts: Arc::default(),
        }
    }

    /// Waits until there is room.
    ///
    /// # Errors
    ///
    /// Never: the semaphore is not closed.
    pub(crate) async fn enter(&self) -> Result<Pass, AcquireError> {
        let waiting = Counted::new(&self.counts, |counts| &counts.waiting);
        let permit = Arc::clone(&self.permits).acquire_owned().await?;
        drop(waiting);
        let inside = Counted::new(&self.counts, |counts| &counts.inside);
        self.counts.most.fetch_max(inside.now, Ordering::Relaxed);
        Ok(Pass {
            _permit: permit,
            _inside: inside,
        })
    }

    /// Waits until there is room, or the time is over.
    pub(crate) async fn enter_before(&self, deadline: Instant) -> Result<Pass, Refusal> {
        match timeout_at(deadline, self.enter()).await {
            Ok(Ok(pass)) => Ok(pass),
            _ => Err(Code::ServiceUnavailable.because("too many uploads at a time; try again")),
        }
    }

    /// Waits until everybody has left. Nobody enters after that.
    pub(crate) async fn close(&self) {
        let all = u32::try_from(self.size).unwrap_or(u32::MAX);
        if let Ok(permits) = self.permits.acquire_many(all).await {
            permits.forget();
        }
    }

    /// How full it is, and how full it has been.
    pub(crate) fn state(&self) -> Value {
        json!({
            "size": self.size,
            "waiting": self.counts.waiting.load(Ordering::Relaxed),
            "inside": self.counts.inside.load(Ordering::Relaxed),
            "most": self.counts.most.load(Ordering::Relaxed),
        })
    }
}

/// One of a count, until it is dropped.
#[derive(Debug)]
struct Counted {
    counts: Arc<Counts>,
    of: fn(&Counts) -> &AtomicUsize,
    now: usize,
}

impl Counted {
    fn new(counts: &Arc<Counts>, of: fn(&Counts) -> &AtomicUsize) -> Self {
        let now = of(counts).fetch_add(1, Ordering::Relaxed) + 1;
        Self {
            counts: Arc::clone(counts),
            of,
            now,
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        (self.of)(&self.counts).fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_too_long_is_sent_away() {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_time().build().unwrap().block_on(async {
            let gate = Gate::new(2);
            let first = gate.enter().await.unwrap();
            let second = gate.enter().await.unwrap();
            let refusal = gate.enter_before(Instant::now()).await.unwrap_err();
            assert!(format!("{refusal:?}").contains("ServiceUnavailable"));
            let full = json!({ "size": 2, "waiting": 0, "inside": 2, "most": 2 });
            assert_eq!(gate.state(), full);

            drop(first);
            let third = gate.enter_before(Instant::now()).await.unwrap();
            drop((second, third));
            gate.close().await;
            let empty = json!({ "size": 2, "waiting": 0, "inside": 0, "most": 2 });
            assert_eq!(gate.state(), empty);
            assert!(gate.enter_before(Instant::now()).await.is_err());
        });
    }
}
