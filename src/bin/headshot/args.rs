//! What was typed.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use headshot::Limits;

use crate::help;
use crate::input::Input;
use crate::options::PrepareOptions;
use crate::values::Bytes;

#[derive(Debug, Parser)]
#[command(version, about, long_about = help::program(), after_help = help::PROGRAM_EXAMPLES)]
#[command(max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make square photos that the service accepts
    #[command(long_about = help::prepare(), after_help = help::PREPARE_EXAMPLES)]
    Prepare(PrepareArgs),

    /// Show what files are, from their headers alone
    #[command(long_about = help::INSPECT, after_help = help::INSPECT_EXAMPLES)]
    Inspect(InspectArgs),

    /// Tell whether the service would take files as they are
    #[command(long_about = help::check(), after_help = help::CHECK_EXAMPLES)]
    Check(CheckArgs),
}

impl Command {
    /// As typed.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Prepare(_) => "prepare",
            Self::Inspect(_) => "inspect",
            Self::Check(_) => "check",
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct PrepareArgs {
    /// Pictures: JPEG, PNG or GIF, whatever they are called; `-` is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<Input>,

    #[command(flatten)]
    pub(crate) destination: DestinationArgs,

    #[command(flatten)]
    pub(crate) options: PrepareOptions,

    /// Pictures in work at the same time [default: one for each core]
    ///
    /// Each takes up to --max-memory and --max-file-bytes.
    #[cfg_attr(feature = "parallel", arg(long, value_name = "N"))]
    #[cfg_attr(feature = "parallel", arg(help_heading = "Work and report"))]
    #[cfg_attr(not(feature = "parallel"), arg(skip))]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// Give a picture up that takes longer; as a number, with a fraction if need be
    ///
    /// The time of each is counted from when it was read. What is given up is reported
    /// as `cancelled`, and the others go on.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    #[arg(allow_hyphen_values = true, help_heading = "Work and report")]
    pub(crate) timeout: Option<Duration>,

    /// Print one JSON object a line instead of text
    ///
    /// On standard output; on standard error if the photo itself goes to
    /// standard output.
    #[arg(long, help_heading = "Work and report")]
    pub(crate) json: bool,
}

/// Reads seconds.
fn seconds(text: &str) -> Result<Duration, String> {
    (text.parse().ok())
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "expected seconds, such as 2 or 0.5".to_owned())
}

#[derive(Args, Debug)]
pub(crate) struct DestinationArgs {
    /// Write the photo of the one INPUT there; `-` is standard output
    #[arg(short, long, value_name = "FILE", conflicts_with = "out_dir")]
    #[arg(help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Write each photo to DIR, under its INPUT's name and the extension of what it is
    ///
    /// The directory is made if need be.
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out_dir: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct InspectArgs {
    /// Pictures to look at; `-` is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<Input>,

    /// Longest file that is read
    #[arg(long, value_name = "BYTES", default_value_t = Bytes(Limits::default().file_bytes))]
    pub(crate) max_file_bytes: Bytes,

    /// Print one JSON object a line instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// Pictures to check; `-` is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<Input>,

    /// Longest file that is allowed
    #[arg(long, value_name = "BYTES", default_value_t = Bytes(Limits::default().file_bytes))]
    pub(crate) max_file_bytes: Bytes,

    /// Most frames that an animation may have
    #[arg(long, value_name = "N", default_value_t = Limits::default().frames)]
    pub(crate) max_frames: u32,

    /// Print one JSON object a line instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn arguments_fit_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn name_is_what_is_typed() {
        for name in ["prepare", "inspect", "check"] {
            let cli = Cli::try_parse_from(["headshot", name, "a.jpg"]).unwrap();
            assert_eq!(cli.command.name(), name);
        }
    }
}
