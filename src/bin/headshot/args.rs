//! What was typed.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use headshot::Limits;

use crate::help;
use crate::input::Input;
use crate::options::PrepareOptions;
use crate::report;
use crate::seconds::Seconds;
#[cfg(feature = "upload")]
use crate::service::ServiceArgs;
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
    Prepare(Box<PrepareArgs>),

    /// Show what files are, from their headers alone
    #[command(long_about = help::INSPECT, after_help = help::INSPECT_EXAMPLES)]
    Inspect(InspectArgs),

    /// Tell whether the service would take files as they are
    #[command(long_about = help::check(), after_help = help::CHECK_EXAMPLES)]
    Check(CheckArgs),

    /// Make a photo and set it as a user's
    #[cfg(feature = "upload")]
    #[command(long_about = help::UPLOAD, after_help = help::UPLOAD_EXAMPLES)]
    Upload(UploadArgs),

    /// Remove a user's photo
    #[cfg(feature = "upload")]
    #[command(long_about = help::DELETE, after_help = help::DELETE_EXAMPLES)]
    Delete(ServiceArgs),

    /// Print a script with which a shell completes commands and options
    #[command(long_about = help::COMPLETIONS, after_help = help::COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),

    /// Print a manual page
    #[command(long_about = help::MAN, after_help = help::MAN_EXAMPLES)]
    Man(ManArgs),
}

impl Command {
    /// As typed.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Prepare(_) => "prepare",
            Self::Inspect(_) => "inspect",
            Self::Check(_) => "check",
            #[cfg(feature = "upload")]
            Self::Upload(_) => "upload",
            #[cfg(feature = "upload")]
            Self::Delete(_) => "delete",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct PrepareArgs {
    /// Pictures, JPEG, PNG or GIF, whatever they are called, and folders of them; `-` is
    /// standard input
    ///
    /// A folder stands for all files below it, but for those that are hidden or lie behind
    /// links to other folders.
    #[arg(required_unless_present = "files_from", value_name = "INPUT")]
    pub(crate) inputs: Vec<Input>,

    /// Read more INPUTs from LIST, a line each, or each with a zero byte behind it; `-` is
    /// standard input
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub(crate) files_from: Option<Input>,

    #[command(flatten)]
    pub(crate) destination: DestinationArgs,

    #[command(flatten)]
    pub(crate) options: PrepareOptions,

    /// Take the squares of a CSV file: `path,x,y,w`, a picture a line
    ///
    /// The path is an INPUT's, or what --out-dir mirrors of it. Pictures that aren't in the
    /// list are prepared as without it.
    #[arg(long, value_name = "LIST", help_heading = "Picture")]
    pub(crate) crop_list: Option<PathBuf>,

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
    #[arg(long, value_name = "SECONDS")]
    #[arg(allow_hyphen_values = true, help_heading = "Work and report")]
    pub(crate) timeout: Option<Seconds>,

    /// Write what became of each picture to FILE as well, whose name ends in .jsonl, .csv or
    /// .html; can be given several times
    ///
    /// The first has the objects of --json. The last is a page to look at, with pictures and
    /// all in the one file. `same_as` names the picture whose photo was copied,
    /// `finished_before` tells that the photo was there already, `file_bytes` is the length of
    /// the file, and `seconds` the time that the picture took.
    #[arg(long = "report", value_name = "FILE", help_heading = "Work and report")]
    pub(crate) reports: Vec<report::Target>,

    /// Show no bar and no line for a photo, but what is wrong and what --json prints
    #[arg(long, help_heading = "Work and report")]
    pub(crate) quiet: bool,

    /// Print one JSON object a line instead of text
    ///
    /// On standard output; on standard error if the photo itself goes to
    /// standard output.
    #[arg(long, help_heading = "Work and report")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct DestinationArgs {
    /// Write the photo of the one INPUT there; `-` is standard output
    #[arg(short, long, value_name = "FILE", conflicts_with = "out_dir")]
    #[arg(help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Write each photo to DIR, under its INPUT's name and the extension of what it is
    ///
    /// Folders below an INPUT, and those of paths in LIST, are made anew in DIR. Files with
    /// the same content are prepared once, and the photo is copied.
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out_dir: Option<PathBuf>,

    /// Leave photos alone that an earlier run to the same DIR finished
    ///
    /// A run knows what others finished from the file .headshot-finished in DIR, which those
    /// leave that were stopped or had this option. A picture counts by its content and the
    /// options, whatever it is called and how old it is, and its photo by its content, too:
    /// one that was changed is made anew.
    #[arg(
        long,
        requires = "out_dir",
        conflicts_with = "output",
        help_heading = "Output"
    )]
    pub(crate) resume: bool,
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

#[cfg(feature = "upload")]
#[derive(Args, Debug)]
pub(crate) struct UploadArgs {
    /// The picture: JPEG, PNG or GIF, whatever it is called; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) input: Input,

    /// Upload the file as it is, if it keeps to the rules, instead of preparing it
    ///
    /// It needn't be square. With --crop, the service is asked to cut the square out of
    /// it. Its metadata go along.
    #[arg(long, help_heading = "Picture", conflicts_with_all = [
        "background", "format", "quality", "effort", "max_bytes", "animation", "no_upscale",
        "filter", "linear_light", "dither", "accept_damage",
    ])]
    pub(crate) as_is: bool,

    #[command(flatten)]
    pub(crate) options: PrepareOptions,

    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}

#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: Shell,
}

#[derive(Args, Debug)]
pub(crate) struct ManArgs {
    /// The command that the page is about, instead of the program
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
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
        for words in [["completions", "zsh"], ["man", "prepare"]] {
            let cli = Cli::try_parse_from(["headshot"].into_iter().chain(words)).unwrap();
            assert_eq!(cli.command.name(), words[0]);
        }
    }

    #[cfg(feature = "upload")]
    #[test]
    fn file_that_stays_as_it_is_takes_no_option_on_how_to_change_it() {
        let cli = Cli::command();
        let upload = cli.find_subcommand("upload").unwrap();
        let of_picture = upload.get_arguments().filter(|argument| {
            let id = argument.get_id();
            argument.get_help_heading() == Some("Picture") && id != "as_is" && id != "crop"
        });
        let expected: Vec<&str> = of_picture
            .map(|argument| argument.get_id().as_str())
            .collect();
        let as_is = upload
            .get_arguments()
            .find(|argument| argument.get_id() == "as_is")
            .unwrap();
        let conflicts = upload.get_arg_conflicts_with(as_is);
        let conflicts: Vec<&str> = conflicts
            .iter()
            .map(|other| other.get_id().as_str())
            .collect();
        assert_eq!(conflicts, expected);
    }
}
