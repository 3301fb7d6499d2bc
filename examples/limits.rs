//! Prepares a picture for a service that is stricter than the defaults, and says what a
//! person should do whose picture it refuses.
//!
//! ```text
//! cargo run --release --example limits -- PICTURE PHOTO
//! ```

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs};

use headshot::{Animation, Cancel, Error, Limits, Options, Photo, Quantity, prepare_until};

/// No more than this is uploaded, decoded or waited for.
const FILE_BYTES: u64 = 8 << 20;
const MEMORY_BYTES: u64 = 64 << 20;
const TIME: Duration = Duration::from_secs(2);

/// No photo is longer.
const PHOTO_BYTES: u64 = 200 << 10;

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [picture, photo] = arguments.as_slice() else {
        eprintln!("expected two arguments: PICTURE PHOTO");
        return ExitCode::from(2);
    };
    let bytes = match fs::read(picture) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("{}: {error}", picture.display());
            return ExitCode::FAILURE;
        }
    };
    match strictly(&bytes) {
        Ok(made) => match fs::write(photo, &made.bytes) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{}: {error}", photo.display());
                ExitCode::FAILURE
            }
        },
        Err(error) => {
            eprintln!("{} ({}): {error}", error.code(), error.reason());
            eprintln!("{}", advice(&error));
            ExitCode::FAILURE
        }
    }
}

/// All limits that aren't named here are the defaults.
fn strictly(bytes: &[u8]) -> Result<Photo, Error> {
    let limits = Limits {
        file_bytes: FILE_BYTES,
        memory_bytes: MEMORY_BYTES,
        ..Limits::default()
    };
    let options = Options::default()
        .with_limits(limits)
        .with_animation(Animation::Reject)
        .with_max_bytes(Some(PHOTO_BYTES));
    let start = Instant::now();
    let late = Cancel::when(move || start.elapsed() >= TIME);
    prepare_until(bytes, &options, &late)
}

/// What the person can do; an error says only what is wrong.
fn advice(error: &Error) -> String {
    match error {
        Error::TooLarge {
            quantity: Quantity::FileBytes,
            limit,
            ..
        } => format!("Please choose a file of no more than {} MiB.", limit >> 20),
        Error::TooLarge { .. } | Error::Cancelled => "Please choose a smaller picture.".to_owned(),
        Error::Animated { .. } => "Please choose a picture that doesn't move.".to_owned(),
        _ => "Please choose another picture.".to_owned(),
    }
}
