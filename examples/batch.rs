//! Prepares all pictures of a folder, and says what became of each.
//!
//! ```text
//! cargo run --release --example batch -- FOLDER OUTPUT
//! ```
//!
//! The program `headshot` does more than this. Here is how much of it a few lines are: any
//! number of files, as many at a time as there are cores, none of which stops the others.

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::{env, fs, thread};

use headshot::{Cancel, Options, prepare_each, prepare_until};

/// What can go wrong with one picture, be it the library's or the file system's.
type Wrong = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Wrong> {
    let [folder, output] = env::args_os()
        .skip(1)
        .map(PathBuf::from)
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "expected two arguments: FOLDER OUTPUT")?;
    fs::create_dir_all(&output)?;
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.sort();

    let options = Options::default();
    let jobs = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let results = prepare_each(
        files.clone(),
        jobs,
        &Cancel::never(),
        // On one of the threads: no more than `jobs` files are in memory.
        move |file, cancel| prepare_file(&file, &output, &options, cancel),
    );
    let mut refused = 0;
    // In the order of the files.
    for (file, result) in files.iter().zip(results) {
        match result {
            Ok(photo) => println!("{} -> {}", file.display(), photo.display()),
            Err(error) => {
                refused += 1;
                println!("{}: {error}", file.display());
            }
        }
    }
    if refused > 0 {
        return Err(format!("{refused} of {} files became no photo", files.len()).into());
    }
    Ok(())
}

fn prepare_file(
    file: &Path,
    output: &Path,
    options: &Options,
    cancel: &Cancel,
) -> Result<PathBuf, Wrong> {
    let photo = prepare_until(&fs::read(file)?, options, cancel)?;
    let name = file.file_name().ok_or("no name")?;
    // The whole old name, so that `a.jpg` and `a.png` don't become one.
    let mut path = output.join(name).into_os_string();
    path.push(".");
    path.push(photo.format.extension());
    fs::write(&path, &photo.bytes)?;
    Ok(path.into())
}
