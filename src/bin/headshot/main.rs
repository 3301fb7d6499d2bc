//! The program `headshot`: files in, files and reports out. All that is known
//! about pictures is in the library; here are the files, the threads and the
//! words.

mod args;
mod check;
mod completions;
mod console;
mod crops;
#[cfg(feature = "upload")]
mod delete;
mod facts;
mod help;
mod input;
mod inspect;
mod json;
mod ledger;
mod man;
mod options;
mod outcome;
mod output;
mod prepare;
mod progress;
mod refusal;
mod report;
mod seconds;
#[cfg(feature = "upload")]
mod service;
mod sources;
mod status;
mod stop;
mod thumbnails;
mod totals;
#[cfg(feature = "upload")]
mod upload;
mod values;
mod work;

use std::process::ExitCode;

use args::{Cli, Command};
use clap::Parser;

fn main() -> ExitCode {
    let command = Cli::parse().command;
    let result = match &command {
        Command::Prepare(args) => prepare::run(args),
        Command::Inspect(args) => inspect::run(args),
        Command::Check(args) => check::run(args),
        #[cfg(feature = "upload")]
        Command::Upload(args) => upload::run(args),
        #[cfg(feature = "upload")]
        Command::Delete(args) => delete::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    };
    status::exit_code(&command, result)
}
