//! `headshot check`.

use headshot::{Info, Limits, Violation, check, probe};
use serde_json::{Value, json};

use crate::args::CheckArgs;
use crate::console::{Printable, Stream, complain};
use crate::input::{self, Input};
use crate::json;
use crate::refusal::Refusal;
use crate::status::{Failure, Status};

pub(crate) fn run(args: &CheckArgs) -> Result<Status, Failure> {
    input::one_stdin_at_most(&args.inputs)?;
    let limits = Limits {
        file_bytes: args.max_file_bytes.0,
        frames: args.max_frames,
        ..Limits::default()
    };
    let mut status = Status::Fine;
    for input in &args.inputs {
        let bytes = input.read(limits.file_bytes);
        let info = bytes.and_then(|bytes| probe(&bytes).map_err(Refusal::from));
        let violations = info
            .as_ref()
            .map(|info| check(info, &limits, input.extension()))
            .unwrap_or_default();
        if info.is_err() || !violations.is_empty() {
            status = Status::Refused;
        }
        if let Err(refusal) = &info {
            complain(refusal.line(input.path()));
        }
        if args.json {
            Stream::Stdout.line(Value::Object(object(input, &info, &violations)))?;
        } else if info.is_ok() {
            lines(input, &violations)?;
        }
    }
    Ok(status)
}

/// One for each rule that is broken.
fn lines(input: &Input, violations: &[Violation]) -> Result<(), Failure> {
    let path = Printable::path(input.path());
    if violations.is_empty() {
        Stream::Stdout.line(format_args!("{path}: ok"))?;
    }
    for violation in violations {
        let (code, reason) = (violation.code(), violation.reason());
        Stream::Stdout.line(format_args!("{path}: {code} ({reason}): {violation}"))?;
    }
    Ok(())
}

fn object(input: &Input, info: &Result<Info, Refusal>, violations: &[Violation]) -> json::Object {
    let refusal = info.as_ref().err();
    let mut object = json::object(input.path(), info.as_ref().ok(), refusal);
    let violations: Option<Vec<json::Object>> = match refusal {
        None => Some(violations.iter().map(json::violation).collect()),
        // To be a picture at all is a rule too.
        Some(refusal @ Refusal::Picture(_)) => Some(vec![json::refusal(refusal)]),
        // Nobody knows.
        Some(_) => None,
    };
    if let Some(first) = violations.iter().flatten().next() {
        object.insert("ok".into(), false.into());
        object.extend(first.clone());
    }
    object.insert("violations".into(), json!(violations));
    object
}
