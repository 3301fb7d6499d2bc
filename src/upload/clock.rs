//! Time and chance, from outside.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// What time it is, waiting, and chance. Another than [`SystemClock`] is for tests, or for
/// a program that has to wait in a way of its own.
pub trait Clock: Send + Sync {
    /// What time it is.
    fn now(&self) -> Instant;

    /// Waits.
    fn sleep(&self, time: Duration);

    /// Any number, each as likely as the others.
    fn random(&self) -> u64;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Instant {
        (**self).now()
    }

    fn sleep(&self, time: Duration) {
        (**self).sleep(time);
    }

    fn random(&self) -> u64 {
        (**self).random()
    }
}

/// The clock of the system. It waits by making the thread sleep.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, time: Duration) {
        thread::sleep(time);
    }

    /// The keys of the standard library's hash maps, which are random and differ from one
    /// to the next: good enough to scatter waits.
    fn random(&self) -> u64 {
        RandomState::new().hash_one(0)
    }
}
