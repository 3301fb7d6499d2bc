//! `headshot completions`.

use clap::CommandFactory;
use clap_complete::generate;

use crate::args::{Cli, CompletionsArgs};
use crate::output;
use crate::status::{Failure, Status};

pub(crate) fn run(args: &CompletionsArgs) -> Result<Status, Failure> {
    // Into memory first, since `generate` panics where it can't write.
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "headshot", &mut script);
    output::write_stdout(&script)?;
    Ok(Status::Fine)
}
