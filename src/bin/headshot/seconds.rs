//! How times are spelled on the command line. Apart from `values.rs`, which `examples/time.rs`
//! has, too.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A time in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seconds(pub(crate) Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_secs_f64().fmt(f)
    }
}

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        (text.parse().ok())
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .map(Self)
            .ok_or_else(|| "expected seconds, such as 2 or 0.5".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_shown_as_they_are_read() {
        for (text, millis) in [
            ("0", 0),
            ("60", 60_000),
            ("0.5", 500),
            ("3600.25", 3_600_250),
        ] {
            let seconds = Seconds(Duration::from_millis(millis));
            assert_eq!(text.parse(), Ok(seconds));
            assert_eq!(seconds.to_string(), text);
        }
        for text in ["", "-1", "soon", "inf", "nan", "1 s", "1e99"] {
            assert!(text.parse::<Seconds>().is_err(), "{text}");
        }
    }
}
