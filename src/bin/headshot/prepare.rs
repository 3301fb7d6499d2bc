//! `headshot prepare`.

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use headshot::{Cancel, Error, Format, Info, Options, Photo, Side, Size, Step};
use headshot::{prepare_until, probe};
use serde_json::json;

use crate::args::PrepareArgs;
use crate::console::{Printable, Stream, complain};
use crate::input::{self, Input};
use crate::json;
use crate::output::{self, Destination};
use crate::refusal::Refusal;
use crate::status::{Failure, Status};
use crate::work;

pub(crate) fn run(args: &PrepareArgs) -> Result<Status, Failure> {
    let options = Options::from(&args.options);
    input::one_stdin_at_most(&args.inputs)?;
    let destination = Destination::new(&args.destination, &args.inputs)?;
    destination.refuse_clashes(&args.inputs, &options)?;
    if let Destination::Directory(directory) = &destination {
        fs::create_dir_all(directory).map_err(|error| {
            let directory = Printable::path(directory);
            Failure::Other(format!("cannot make the directory {directory}: {error}"))
        })?;
    }

    let timeout = args.timeout.map(|timeout| timeout.0);
    let destination = Arc::new(destination);
    let outcomes = work::in_order(args.inputs.clone(), jobs(args), {
        let destination = Arc::clone(&destination);
        move |input, cancel| outcome(&input, &options, timeout, cancel, &destination)
    });
    let mut status = Status::Fine;
    for (input, outcome) in args.inputs.iter().zip(outcomes) {
        status = status.and(Status::of(&outcome.made));
        report(input, &outcome, &destination, args.json)?;
    }
    Ok(status)
}

fn jobs(args: &PrepareArgs) -> NonZeroUsize {
    args.jobs
        .or_else(|| thread::available_parallelism().ok())
        .unwrap_or(NonZeroUsize::MIN)
}

/// What became of one input. It is small: the photo is written already.
pub(crate) struct Outcome {
    /// What the input is, if it is a picture at all.
    info: Option<Info>,
    made: Result<Made, Refusal>,
}

/// Nothing is known of an input but why there is no photo of it.
impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        Self {
            info: None,
            made: Err(refusal),
        }
    }
}

/// A photo that is written.
struct Made {
    /// `None` is standard output.
    output: Option<PathBuf>,
    format: Format,
    side: Side,
    frames: u32,
    bytes: usize,
    steps: Vec<Step>,
}

fn outcome(
    input: &Input,
    options: &Options,
    timeout: Option<Duration>,
    cancel: &Cancel,
    destination: &Destination,
) -> Outcome {
    let bytes = match input.read(options.limits().file_bytes) {
        Ok(bytes) => bytes,
        Err(refusal) => return refusal.into(),
    };
    // For the report of a picture that is refused.
    let info = guarded(|| probe(&bytes)).ok();
    let cancel = cancel.or(&timeout.map_or_else(Cancel::never, until));
    let photo = guarded(|| prepare_until(&bytes, options, &cancel));
    drop(bytes);
    Outcome {
        info,
        made: photo
            .map_err(Refusal::from)
            .and_then(|photo| write(photo, destination, input)),
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

fn write(photo: Photo, destination: &Destination, input: &Input) -> Result<Made, Refusal> {
    let output = destination.file(input, photo.format);
    let written = match &output {
        Some(file) => output::write_file(file, &photo.bytes),
        None => output::write_stdout(&photo.bytes),
    };
    match written {
        Ok(()) => Ok(Made {
            output,
            format: photo.format,
            side: photo.side,
            frames: photo.frames,
            bytes: photo.bytes.len(),
            steps: photo.steps,
        }),
        Err(source) => Err(Refusal::Unwritable {
            output: output.unwrap_or_else(|| "standard output".into()),
            source,
        }),
    }
}

fn report(
    input: &Input,
    outcome: &Outcome,
    destination: &Destination,
    json: bool,
) -> Result<(), Failure> {
    // Where the photo goes, nothing else may go.
    let stream = match destination {
        Destination::Stdout => Stream::Stderr,
        Destination::File(_) | Destination::Directory(_) => Stream::Stdout,
    };
    if let Err(Refusal::Unwritable { source, .. }) = &outcome.made
        && stream == Stream::Stderr
        && source.kind() == io::ErrorKind::BrokenPipe
    {
        return Err(Failure::Stdout(io::ErrorKind::BrokenPipe.into()));
    }
    if let Err(refusal) = &outcome.made
        // The two would be hard to tell apart on one stream.
        && !(json && stream == Stream::Stderr)
    {
        complain(refusal.line(input.path()));
    }
    if json {
        stream.line(serde_json::Value::Object(object(input, outcome)))?;
    } else if let Ok(made) = &outcome.made
        && let Some(output) = &made.output
    {
        let (from, to) = (Printable::path(input.path()), Printable::path(output));
        stream.line(format_args!(
            "{from} -> {to}: {}",
            summary(made, outcome.info.as_ref())
        ))?;
    }
    Ok(())
}

fn object(input: &Input, outcome: &Outcome) -> json::Object {
    let made = outcome.made.as_ref().ok();
    let refusal = outcome.made.as_ref().err();
    let mut object = json::object(input.path(), outcome.info.as_ref(), refusal);
    object.extend(json::members(json!({
        "output": made.map(|made| match &made.output {
            Some(output) => output.to_string_lossy(),
            None => "-".into(),
        }),
        "media_type": made.map(|made| made.format.media_type()),
        "side": made.map(|made| made.side.px()),
        "output_frames": made.map(|made| made.frames),
        "bytes": made.map(|made| made.bytes),
        "steps": made.map(|made| made.steps.iter().map(json::step).collect::<Vec<_>>()),
    })));
    object
}

/// Such as "JPEG 640x480 -> JPEG 640x640, 23456 bytes (letterboxed)".
fn summary(made: &Made, info: Option<&Info>) -> String {
    let before = info.map_or_else(String::new, |info| {
        picture(info.format, info.displayed(), info.frames) + " -> "
    });
    let after = picture(made.format, made.side.size(), made.frames);
    let steps = names(&made.steps);
    format!("{before}{after}, {} bytes ({steps})", made.bytes)
}

/// Such as "GIF 512x512, 3 frames".
pub(crate) fn picture(format: Format, size: Size, frames: u32) -> String {
    match frames {
        1 => format!("{format} {size}"),
        frames => format!("{format} {size}, {frames} frames"),
    }
}

/// Such as "scaled, letterboxed".
pub(crate) fn names(steps: &[Step]) -> String {
    let names: Vec<String> = steps.iter().map(|s| s.name().replace('_', " ")).collect();
    match names.as_slice() {
        [] => "nothing to do".to_owned(),
        names => names.join(", "),
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

    #[test]
    fn summary_tells_before_after_and_steps() {
        let made = Made {
            output: None,
            format: Format::Gif,
            side: Side::MIN,
            frames: 3,
            bytes: 99,
            steps: vec![
                Step::MetadataRemoved { bytes: 1 },
                Step::DelaysRaised { frames: 2 },
            ],
        };
        assert_eq!(
            summary(&made, None),
            "GIF 512x512, 3 frames, 99 bytes (metadata removed, delays raised)"
        );
    }
}
