//! What became of all inputs together.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use headshot::Error;

use crate::outcome::{Origin, Outcome};
use crate::refusal::Refusal;

/// Numbers of pictures.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    prepared: u64,
    copied: u64,
    finished_before: u64,
    /// By their reason.
    refused: BTreeMap<&'static str, u64>,
    not_begun: u64,
    /// Those given up for Ctrl-C.
    given_up: u64,
}

impl Totals {
    /// `stops` tells whether what is in work is to be given up.
    pub(crate) fn add(&mut self, outcome: &Outcome, stops: bool) {
        if stops && matches!(outcome.made, Err(Refusal::Picture(Error::Cancelled))) {
            self.given_up += 1;
        }
        let number = match &outcome.made {
            Ok(made) => match made.origin {
                Origin::Prepared => &mut self.prepared,
                Origin::SameAs(_) => &mut self.copied,
                Origin::FinishedBefore => &mut self.finished_before,
            },
            Err(refusal) => self.refused.entry(refusal.reason()).or_default(),
        };
        *number += 1;
    }

    pub(crate) fn add_not_begun(&mut self) {
        self.not_begun += 1;
    }

    pub(crate) fn refused(&self) -> u64 {
        self.refused.values().sum()
    }

    /// Whether Ctrl-C left something undone.
    pub(crate) fn is_stopped(&self) -> bool {
        self.not_begun + self.given_up > 0
    }

    /// Whether another run would do nothing better: no picture was given up, and no photo
    /// lost on its way to the disk.
    pub(crate) fn is_complete(&self) -> bool {
        let passing = ["cancelled", "cannot_write"];
        self.not_begun == 0
            && !passing
                .iter()
                .any(|reason| self.refused.contains_key(reason))
    }

    /// Such as "3 photos (1 copied), 2 refused (truncated: 2), 4 not begun, in 1.2 s".
    pub(crate) fn text(&self, time: Duration) -> String {
        let photos = self.prepared + self.copied + self.finished_before;
        let photos = match photos {
            1 => "1 photo".to_owned(),
            photos => format!("{photos} photos"),
        };
        let origins = [
            (self.copied, "copied"),
            (self.finished_before, "finished before"),
        ];
        let origins = origins.into_iter().filter(|(number, _)| *number > 0);
        let origins = bracketed(origins.map(|(number, origin)| format!("{number} {origin}")));
        let mut parts = vec![photos + &origins];
        if self.refused() > 0 {
            let reasons = self.refused.iter();
            let reasons = bracketed(reasons.map(|(reason, number)| format!("{reason}: {number}")));
            parts.push(format!("{} refused{reasons}", self.refused()));
        }
        if self.not_begun > 0 {
            parts.push(format!("{} not begun", self.not_begun));
        }
        parts.push(format!("in {}", Spent(time)));
        parts.join(", ")
    }
}

fn bracketed(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    match parts.as_slice() {
        [] => String::new(),
        parts => format!(" ({})", parts.join(", ")),
    }
}

/// A time as people say it: "0.82 s", "59 s", "3 min 20 s", "2 h 5 min".
pub(crate) struct Spent(pub(crate) Duration);

impl fmt::Display for Spent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        match seconds {
            0..10 if self.0.subsec_millis() > 0 => write!(f, "{:.2} s", self.0.as_secs_f64()),
            0..60 => write!(f, "{seconds} s"),
            60..3600 => write!(f, "{} min {} s", seconds / 60, seconds % 60),
            _ => write!(f, "{} h {} min", seconds / 3600, seconds / 60 % 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn text_leaves_out_what_there_is_none_of() {
        let mut totals = Totals {
            prepared: 1,
            ..Totals::default()
        };
        assert_eq!(
            totals.text(Duration::from_millis(1234)),
            "1 photo, in 1.23 s"
        );
        totals.copied = 2;
        let unreadable = Refusal::Unreadable(io::ErrorKind::NotFound.into());
        totals.add(&unreadable.into(), true);
        assert!(totals.is_complete() && !totals.is_stopped());
        totals.add_not_begun();
        assert_eq!(
            totals.text(Duration::from_mins(125)),
            "3 photos (2 copied), 1 refused (cannot_read: 1), 1 not begun, in 2 h 5 min"
        );
        assert!(totals.is_stopped());
    }

    #[test]
    fn what_ctrl_c_gave_up_is_not_done() {
        let mut totals = Totals::default();
        totals.add(&Refusal::from(Error::Cancelled).into(), false);
        assert!(!totals.is_stopped() && !totals.is_complete());
        totals.add(&Refusal::from(Error::Cancelled).into(), true);
        assert!(totals.is_stopped());
    }

    #[test]
    fn time_is_as_fine_as_it_matters() {
        for (millis, text) in [
            (0, "0 s"),
            (9_994, "9.99 s"),
            (59_900, "59 s"),
            (61_000, "1 min 1 s"),
        ] {
            assert_eq!(Spent(Duration::from_millis(millis)).to_string(), text);
        }
    }
}
