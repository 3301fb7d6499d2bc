//! How the program ends.

use std::io;
use std::process::ExitCode;

use clap::CommandFactory;
use clap::error::ErrorKind;

use crate::args::{Cli, Command};
use crate::console::complain;

/// What became of the pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Fine,
    Refused,
    /// The service did not do what was asked for, or it isn't known whether it did.
    #[cfg(feature = "upload")]
    NotDone,
    /// Ctrl-C ended it early.
    Stopped,
}

/// The exit status after Ctrl-C: 128 and the number of the signal, as in a shell.
pub(crate) const STOPPED: u8 = 130;

impl Status {
    pub(crate) fn of<T, E>(result: &Result<T, E>) -> Self {
        if result.is_ok() {
            Self::Fine
        } else {
            Self::Refused
        }
    }

    /// One refused picture counts for all.
    pub(crate) fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

/// What keeps the program from going on.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was asked for what can't be; nothing was written.
    Usage(String),
    /// Standard output takes no more.
    Stdout(io::Error),
    /// Something else that no picture is to blame for.
    Other(String),
}

/// So that `?` works on writing reports, the only input or output of which
/// errors aren't put down to a picture.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Stdout(error)
    }
}

pub(crate) fn exit_code(command: &Command, result: Result<Status, Failure>) -> ExitCode {
    match result {
        Ok(Status::Fine) => ExitCode::SUCCESS,
        Ok(Status::Refused) => ExitCode::FAILURE,
        #[cfg(feature = "upload")]
        Ok(Status::NotDone) => ExitCode::from(3),
        Ok(Status::Stopped) => ExitCode::from(STOPPED),
        Err(Failure::Usage(message)) => usage(command, message),
        // Whoever read the output has seen enough, as in `headshot … | head`.
        Err(Failure::Stdout(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(Failure::Stdout(error)) => {
            complain(format_args!("cannot write to standard output: {error}"));
            ExitCode::FAILURE
        }
        Err(Failure::Other(message)) => {
            complain(message);
            ExitCode::FAILURE
        }
    }
}

/// Says it the way clap does for the mistakes that it finds itself.
fn usage(command: &Command, message: String) -> ExitCode {
    let mut cli = Cli::command();
    cli.build();
    let error = match cli.find_subcommand_mut(command.name()) {
        Some(subcommand) => subcommand.error(ErrorKind::ArgumentConflict, message),
        None => cli.error(ErrorKind::ArgumentConflict, message),
    };
    // As in `complain`.
    let _ = error.print();
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_refused_picture_counts_for_all() {
        let fine = Status::of(&Ok::<_, ()>(1));
        let refused = Status::of(&Err::<(), _>(1));
        assert_eq!(fine.and(fine), Status::Fine);
        assert_eq!(fine.and(refused).and(fine), Status::Refused);
    }
}
