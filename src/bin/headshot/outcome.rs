//! What becomes of one input.

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use blake3::Hash;
use headshot::{Cancel, Error, Info, Options, prepare_until, probe};
use serde_json::json;

use crate::console::Printable;
use crate::crops::Crops;
use crate::facts::{Facts, picture};
use crate::json::{self, Object};
use crate::ledger::{self, Claim, Finished, Ledger};
use crate::output::{Destination, Written};
use crate::refusal::Refusal;
use crate::sources::Source;
use crate::thumbnails::Thumbnails;

/// What all inputs of a run have in common.
pub(crate) struct Job {
    pub(crate) sources: Vec<Source>,
    pub(crate) options: Options,
    pub(crate) crops: Crops,
    pub(crate) timeout: Option<Duration>,
    pub(crate) destination: Destination,
    pub(crate) written: Written,
    /// For a folder of photos.
    pub(crate) ledger: Option<Ledger>,
    /// Whether somebody wants to see them.
    pub(crate) thumbnails: bool,
}

/// What became of one input. It is small: the photo is written already.
pub(crate) struct Outcome {
    /// What the input is, if it is a picture at all.
    info: Option<Info>,
    file_bytes: Option<u64>,
    pub(crate) made: Result<Made, Refusal>,
    time: Duration,
    pub(crate) thumbnails: Thumbnails,
}

/// Nothing is known of an input but why there is no photo of it.
impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        Self {
            info: None,
            file_bytes: None,
            made: Err(refusal),
            time: Duration::ZERO,
            thumbnails: Thumbnails::default(),
        }
    }
}

/// A photo that is written.
pub(crate) struct Made {
    /// `None` is standard output.
    pub(crate) output: Option<PathBuf>,
    pub(crate) facts: Facts,
    pub(crate) origin: Origin,
}

/// Where a photo comes from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Prepared,
    /// It is a copy of the photo of another input, with the same content.
    SameAs(String),
    /// It was there already.
    FinishedBefore,
}

impl Job {
    pub(crate) fn outcome(&self, source: &Source, cancel: &Cancel) -> Outcome {
        let begin = Instant::now();
        let options = self.crops.options(self.options, source);
        let bytes = match source.input.read(options.limits().file_bytes) {
            Ok(bytes) => bytes,
            Err(refusal) => return refusal.into(),
        };
        let cancel = cancel.or(&self.timeout.map_or_else(Cancel::never, until));
        let content = Content {
            job: self,
            source,
            options,
            bytes: &bytes,
            cancel: &cancel,
        };
        // For the report of a picture that is refused.
        let info = guarded(|| probe(&bytes)).ok();
        let mut thumbnails = Thumbnails::default();
        let made = content.made().map(|(made, photo)| {
            if self.thumbnails {
                thumbnails.after(&photo);
            }
            made
        });
        let is_other = match &made {
            Ok(_) => options.crop().is_some(),
            // It would take its time once more.
            Err(Refusal::Picture(Error::Cancelled)) => false,
            Err(_) => true,
        };
        if self.thumbnails && is_other {
            thumbnails.before(&bytes, &options);
        }
        Outcome {
            info,
            file_bytes: Some(bytes.len() as u64),
            made,
            time: begin.elapsed(),
            thumbnails,
        }
    }
}

/// Stops a job that is not done by then.
fn until(timeout: Duration) -> Cancel {
    let start = Instant::now();
    Cancel::when(move || start.elapsed() >= timeout)
}

/// A picture that meets a bug must not take the others with it.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Error::Internal {
            stage: "prepare",
            source: "a panic".into(),
        })
    })
}

/// What one input has, and what is to be done with it.
struct Content<'a> {
    job: &'a Job,
    source: &'a Source,
    options: Options,
    bytes: &'a [u8],
    cancel: &'a Cancel,
}

impl Content<'_> {
    /// What was made, and the bytes of the photo.
    fn made(&self) -> Result<(Made, Vec<u8>), Refusal> {
        let Some(ledger) = &self.job.ledger else {
            return self.prepared();
        };
        let key = ledger::key(self.bytes, &self.options);
        loop {
            match ledger.claim(key) {
                Claim::Mine(ticket) => {
                    let (made, photo) = self.prepared()?;
                    if let Some(output) = &made.output {
                        ticket.finish(&Finished {
                            input: self.source.input.path().to_string_lossy().into_owned(),
                            output: ledger.below(output).to_owned(),
                            hash: blake3::hash(&photo),
                            facts: made.facts.clone(),
                        });
                    }
                    return Ok((made, photo));
                }
                Claim::Finished(finished) => match photo_at(&ledger.path(&finished), finished.hash)
                {
                    Some(photo) => return self.copied(finished, photo, ledger),
                    None => ledger.forget(key),
                },
            }
        }
    }

    fn prepared(&self) -> Result<(Made, Vec<u8>), Refusal> {
        let photo = guarded(|| prepare_until(self.bytes, &self.options, self.cancel))?;
        let output = self.job.destination.file(self.source, photo.format);
        let facts = Facts::from(&photo);
        self.write(output.as_deref(), &photo.bytes)?;
        let made = Made {
            output,
            facts,
            origin: Origin::Prepared,
        };
        Ok((made, photo.bytes))
    }

    fn copied(
        &self,
        finished: Finished,
        photo: Vec<u8>,
        ledger: &Ledger,
    ) -> Result<(Made, Vec<u8>), Refusal> {
        let output = self
            .job
            .destination
            .file(self.source, finished.facts.format);
        let is_there = output.as_deref().is_some_and(|output| {
            output == ledger.path(&finished) || photo_at(output, finished.hash).is_some()
        });
        let origin = if is_there {
            Origin::FinishedBefore
        } else {
            self.write(output.as_deref(), &photo)?;
            Origin::SameAs(finished.input)
        };
        let made = Made {
            output,
            facts: finished.facts,
            origin,
        };
        Ok((made, photo))
    }

    fn write(&self, output: Option<&Path>, photo: &[u8]) -> Result<(), Refusal> {
        let written = (self.job.destination).write(output, photo, &self.job.written);
        written.map_err(|source| Refusal::Unwritable {
            output: output.unwrap_or(Path::new("standard output")).to_owned(),
            source,
        })
    }
}

/// The photo as it was finished, if it is still that.
fn photo_at(path: &Path, hash: Hash) -> Option<Vec<u8>> {
    let photo = fs::read(path).ok()?;
    (blake3::hash(&photo) == hash).then_some(photo)
}

impl Outcome {
    /// The object that `--json` prints of it.
    pub(crate) fn object(&self, source: &Source) -> Object {
        let made = self.made.as_ref().ok();
        let refusal = self.made.as_ref().err();
        let mut object = json::object(source.input.path(), self.info.as_ref(), refusal);
        object.extend(json::members(json!({
            "output": made.map(|made| match &made.output {
                Some(output) => output.to_string_lossy(),
                None => "-".into(),
            }),
        })));
        object.extend(Facts::object(made.map(|made| &made.facts)));
        object.extend(json::members(json!({
            "file_bytes": self.file_bytes,
            "seconds": (self.time.as_secs_f64() * 1e4).round() / 1e4,
            "same_as": made.and_then(|made| match &made.origin {
                Origin::SameAs(input) => Some(input),
                Origin::Prepared | Origin::FinishedBefore => None,
            }),
            "finished_before": made.map(|made| made.origin == Origin::FinishedBefore),
        })));
        object
    }

    /// Such as "JPEG 640x480 -> JPEG 640x640, 23456 bytes (letterboxed)".
    pub(crate) fn summary(&self, made: &Made) -> String {
        let before = self.info.as_ref().map_or_else(String::new, |info| {
            picture(info.format, info.displayed(), info.frames) + " -> "
        });
        let origin = match &made.origin {
            Origin::Prepared => String::new(),
            Origin::SameAs(input) => {
                format!(", the same as {}", Printable::text(input))
            }
            Origin::FinishedBefore => ", finished before".to_owned(),
        };
        format!("{before}{}{origin}", made.facts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panic_becomes_a_bug_of_ours() {
        let error = guarded::<()>(|| panic!("on purpose")).unwrap_err();
        assert_eq!(error.code(), "internal_error");
    }
}
