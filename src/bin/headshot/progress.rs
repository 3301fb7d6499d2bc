//! How far a batch is, and what is said meanwhile.

use std::fmt;
use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde_json::Value;

use crate::console::{Printable, Stream, complain};
use crate::outcome::Outcome;
use crate::output::Destination;
use crate::refusal::Refusal;
use crate::sources::Source;
use crate::totals::{Spent, Totals};

/// How often a second the bar is drawn, at most.
const REDRAWS: u8 = 10;

/// What is said of each picture, and where.
pub(crate) struct Progress {
    /// Where what is said of photos goes.
    stream: Stream,
    json: bool,
    /// Whether each photo has a line.
    lines: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// A bar for several `pictures` where somebody watches standard error; where they see
    /// standard output, too, photos have no lines besides.
    pub(crate) fn new(destination: &Destination, pictures: usize, json: bool, quiet: bool) -> Self {
        // Where the photo goes, nothing else may go.
        let stream = match destination {
            Destination::Stdout => Stream::Stderr,
            Destination::File(_) | Destination::Directory(_) => Stream::Stdout,
        };
        let shows_bar = !quiet && pictures > 1 && io::stderr().is_terminal();
        Self {
            stream,
            json,
            lines: !(quiet || shows_bar && io::stdout().is_terminal()),
            bar: shows_bar.then(|| bar(pictures)),
        }
    }

    /// Tells of one picture.
    pub(crate) fn tell(
        &self,
        source: &Source,
        outcome: &Outcome,
        object: &Value,
        totals: &Totals,
    ) -> io::Result<()> {
        if let Err(Refusal::Unwritable { source, .. }) = &outcome.made
            && self.stream == Stream::Stderr
            && source.kind() == io::ErrorKind::BrokenPipe
        {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        aside(self.bar.as_ref(), || self.lines(source, outcome, object))?;
        if let Some(bar) = &self.bar {
            if totals.refused() > 0 {
                bar.set_message(format!(", {} refused", totals.refused()));
            }
            bar.inc(1);
        }
        Ok(())
    }

    fn lines(&self, source: &Source, outcome: &Outcome, object: &Value) -> io::Result<()> {
        let path = source.input.path();
        if let Err(refusal) = &outcome.made
            // The two would be hard to tell apart on one stream.
            && !(self.json && self.stream == Stream::Stderr)
        {
            complain(refusal.line(path));
        }
        if self.json {
            self.stream.line(object)?;
        } else if self.lines
            && let Ok(made) = &outcome.made
            && let Some(output) = &made.output
        {
            let (from, to) = (Printable::path(path), Printable::path(output));
            self.stream
                .line(format_args!("{from} -> {to}: {}", outcome.summary(made)))?;
        }
        Ok(())
    }

    /// Standard output takes no more.
    pub(crate) fn fall_silent(&mut self) {
        (self.json, self.lines) = (false, false);
    }

    /// What tells something without the bar in the way, from any thread.
    pub(crate) fn voice(&self) -> impl Fn(&str) + Send + Sync + 'static {
        let bar = self.bar.clone();
        move |line| aside(bar.as_ref(), || complain(line))
    }

    /// Takes the bar away, and says what it came to if that is worth a line.
    pub(crate) fn finish(&self, totals: &Totals, time: Duration, is_batch: bool) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if self.bar.is_some() || (self.lines && is_batch && !self.json) {
            complain(totals.text(time));
        }
    }
}

/// Says something without the bar in the way.
fn aside<T>(bar: Option<&ProgressBar>, say: impl FnOnce() -> T) -> T {
    match bar {
        Some(bar) => bar.suspend(say),
        None => say(),
    }
}

fn bar(pictures: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(
        Some(pictures as u64),
        ProgressDrawTarget::stderr_with_hz(REDRAWS),
    );
    let style = ProgressStyle::with_template(
        "{wide_bar:.green/dim} {human_pos} of {human_len}, {rate}, {left} left{msg}",
    );
    // A test reads the template; a bar of another look is better than none.
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style.with_key("rate", rate).with_key("left", left));
    // It is there before the first picture is done.
    bar.tick();
    bar
}

fn rate(state: &ProgressState, line: &mut dyn fmt::Write) {
    let rate = state.per_sec();
    let decimals = usize::from(rate < 10.0);
    // It is a string.
    let _ = write!(line, "{rate:.decimals$} a second");
}

fn left(state: &ProgressState, line: &mut dyn fmt::Write) {
    // Whole seconds: it is a guess.
    let left = Duration::from_secs(state.eta().as_secs());
    let _ = write!(line, "{}", Spent(left));
}
