//! Ctrl-C.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;

use headshot::Cancel;

use crate::status::{Failure, STOPPED};

/// Whether somebody wants the program to end. The first Ctrl-C lets it finish what is in
/// work, the second gives that up, too, and the third ends it at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<AtomicU8>);

impl Stop {
    /// One that Ctrl-C asks for, unless the program was started so that it ignores it, as what
    /// scripts have in the background. `say` tells that it was heard.
    pub(crate) fn by_interrupt(
        say: impl Fn(&str) + Send + Sync + 'static,
    ) -> Result<Self, Failure> {
        let stop = Self::default();
        if is_ignored() {
            return Ok(stop);
        }
        let times = Arc::clone(&stop.0);
        let say = Arc::new(say);
        let handler = move || {
            let line = match times.fetch_add(1, Ordering::Relaxed) {
                0 => "stopping when what is in work is finished; once more gives it up",
                1 => "giving up what is in work",
                _ => process::exit(STOPPED.into()),
            };
            // On a thread of its own: it may have to wait for a terminal that takes no more,
            // and the next Ctrl-C has to be heard all the same.
            let say = Arc::clone(&say);
            thread::spawn(move || say(line));
        };
        ctrlc::set_handler(handler)
            .map_err(|error| Failure::Other(format!("cannot listen for Ctrl-C: {error}")))?;
        Ok(stop)
    }

    /// Whether nothing more is to be begun.
    pub(crate) fn is_asked_for(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }

    /// Stops what is in work, when it is asked for twice.
    pub(crate) fn cancel(&self) -> Cancel {
        let times = Arc::clone(&self.0);
        Cancel::when(move || times.load(Ordering::Relaxed) > 1)
    }
}

/// Whether SIGINT is ignored: a set of bits in hexadecimal, the first signal being the lowest
/// (proc(5)).
#[cfg(target_os = "linux")]
fn is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
    ignored.is_some_and(|bits| bits & 1 << (2 - 1) != 0)
}

#[cfg(not(target_os = "linux"))]
fn is_ignored() -> bool {
    false
}
