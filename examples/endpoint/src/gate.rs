//! How many may be at something at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::answer::{Code, Refusal};

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
    _permit: OwnedSemaphorePermit,
    _inside: Counted,
}

impl Gate {
    pub(crate) fn new(size: usize) -> Self {
        let size = size.min(Semaphore::MAX_PERMITS);
        Self {
            size,
            permits: Arc::new(Semaphore::new(size)),
            counts: Arc::default(),
        }
    }

    /// Waits until there is room, or the time is over.
    pub(crate) async fn enter(&self, deadline: Instant) -> Result<Pass, Refusal> {
        let waiting = Counted::new(&self.counts, |counts| &counts.waiting);
        let permit = timeout_at(deadline, Arc::clone(&self.permits).acquire_owned()).await;
        drop(waiting);
        // The semaphore is never closed, so that an error is one of time.
        let Ok(Ok(permit)) = permit else {
            return Err(Code::ServiceUnavailable.because("too many uploads at a time; try again"));
        };
        let inside = Counted::new(&self.counts, |counts| &counts.inside);
        self.counts.most.fetch_max(inside.now, Ordering::Relaxed);
        Ok(Pass {
            _permit: permit,
            _inside: inside,
        })
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
