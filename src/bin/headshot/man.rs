//! `headshot man`.

use std::io;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::args::{Cli, ManArgs};
use crate::console::Printable;
use crate::output;
use crate::status::{Failure, Status};

pub(crate) fn run(args: &ManArgs) -> Result<Status, Failure> {
    let mut cli = Cli::command();
    cli.build();
    let Some(name) = &args.command else {
        output::write_stdout(&page(cli)?)?;
        return Ok(Status::Fine);
    };
    let command = cli.find_subcommand(name).ok_or_else(|| {
        let name = Printable::text(name);
        Failure::Usage(format!(
            "there is no command {name}; `headshot help` names them"
        ))
    })?;
    output::write_stdout(&page(command.clone())?)?;
    Ok(Status::Fine)
}

/// What `--help` says, in sections of a manual.
fn page(command: Command) -> io::Result<Vec<u8>> {
    let after = command.get_after_help().map(ToString::to_string);
    let has_commands = command.has_subcommands();
    let man = Man::new(command).source(concat!("headshot ", env!("CARGO_PKG_VERSION")));
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if has_commands {
        man.render_subcommands_section(&mut page)?;
    }
    let mut rest = Roff::default();
    for block in after.iter().flat_map(|text| text.split("\n\n")) {
        section(&mut rest, block);
    }
    if !has_commands {
        rest.control("SH", ["SEE ALSO"]);
        rest.text([roman("headshot(1)")]);
    }
    rest.to_writer(&mut page)?;
    Ok(page)
}

/// A heading with lines that stay as they are; or a paragraph, which is about messages.
fn section(roff: &mut Roff, block: &str) {
    let lines = |roff: &mut Roff, text: &str| {
        for line in text.lines() {
            roff.text([roman(line)]);
        }
    };
    match block.split_once(":\n") {
        Some((heading, list)) if !heading.contains('\n') => {
            roff.control("SH", [heading.to_uppercase().as_str()]);
            roff.control("nf", []);
            lines(roff, list);
            roff.control("fi", []);
        }
        _ => {
            roff.control("SH", ["MESSAGES"]);
            lines(roff, block);
        }
    }
}
