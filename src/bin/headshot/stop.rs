//! Ctrl-C.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use headshot::Cancel;

use crate::status::{Failure, STOPPED};

/// Whether somebody wants the program to end. The first Ctrl-C lets it finish what is in
/// work, the second gives that up, too, and the third ends it at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<AtomicU8>);

impl Stop {
    /// One that Ctrl-C asks for, and whoever ends the program from outside (SIGTERM). `say`
    /// tells that it was heard.
    pub(crate) fn by_signals(say: impl Fn(&str) + Send + 'static) -> Result<Self, Failure> {
        let stop = Self::default();
        let times = Arc::clone(&stop.0);
        let handler = move || match times.fetch_add(1, Ordering::Relaxed) {
            0 => say("stopping when what is in work is finished; once more gives it up"),
            1 => say("giving up what is in work"),
            _ => process::exit(STOPPED.into()),
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
