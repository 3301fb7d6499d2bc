//! Completion scripts and manual pages.

use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

use super::*;

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// What `--help` lists as commands.
fn commands(desk: &Desk) -> Vec<String> {
    let help = desk.run("-h");
    let list = help.stdout().split("Commands:\n").nth(1).unwrap();
    let list = list.split("\n\n").next().unwrap();
    let names = list
        .lines()
        .map(|line| line.split_whitespace().next().unwrap());
    let names: Vec<String> = names.map(str::to_owned).collect();
    assert!(names.len() >= 6, "{names:?}");
    names
}

/// The long options that the help of a command lists, without their dashes.
fn options(desk: &Desk, command: &str) -> Vec<String> {
    let help = desk.run(&format!("{command} -h"));
    let option = |line: &str| {
        let line = line.trim_start();
        let line = line
            .split_once(", ")
            .filter(|(short, _)| short.len() == 2)
            .map_or(line, |(_, long)| long);
        let name = line.strip_prefix("--")?.split([' ', '\t']).next()?;
        Some(name.to_owned())
    };
    let options: Vec<String> = help.stdout().lines().filter_map(option).collect();
    assert!(options.iter().any(|option| option == "json"), "{options:?}");
    options
}

/// What a program says of what it reads; `None` where there is no such program.
fn said(program: &str, words: &[&str], stdin: &str) -> Option<Ran> {
    let child = Command::new(program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match child {
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        child => child.unwrap(),
    };
    let mut pipe = child.stdin.take().unwrap();
    // It says everything after it has read everything.
    pipe.write_all(stdin.as_bytes()).unwrap();
    drop(pipe);
    Some(Ran(child.wait_with_output().unwrap()))
}

#[test]
fn completions_have_every_command_and_option() {
    let desk = Desk::new();
    let options = options(&desk, "prepare");
    assert!(options.len() > 15, "{options:?}");
    for shell in SHELLS {
        let ran = desk.run(&format!("completions {shell}"));
        ran.assert(0, "");
        let words: Vec<&str> = ran
            .stdout()
            .split(|c: char| !(c.is_alphanumeric() || "-_".contains(c)))
            .collect();
        for command in commands(&desk) {
            assert!(words.contains(&command.as_str()), "{shell}: {command}");
        }
        for option in &options {
            let dashed = format!("--{option}");
            let there = match shell {
                "fish" => ran.stdout().contains(&format!(" -l {option} ")),
                _ => words.contains(&dashed.as_str()),
            };
            assert!(there, "{shell}: {option}");
        }
    }
    desk.run("completions cmd")
        .assert_usage(&["bash, elvish, fish, powershell, zsh"]);
}

#[test]
fn shells_can_read_their_scripts() {
    let desk = Desk::new();
    for shell in ["bash", "zsh"] {
        let ran = desk.run(&format!("completions {shell}"));
        if let Some(said) = said(shell, &["-n"], ran.stdout()) {
            said.assert(0, "");
        }
    }
}

#[test]
fn bash_completes_commands_options_and_values() {
    let desk = Desk::new();
    let script = desk.run("completions bash").stdout().to_owned();
    for (typed, expected) in [
        ("prep", "prepare"),
        ("prepare --out-d", "--out-dir"),
        ("prepare --animation th", "thin"),
        ("inspect --js", "--json"),
    ] {
        let ask = format!(
            "{script}\n\
             COMP_WORDS=(headshot {typed})\n\
             COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
             _headshot headshot \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD - 1]}}\"\n\
             echo \"${{COMPREPLY[@]}}\"\n"
        );
        if let Some(said) = said("bash", &["--norc"], &ask) {
            said.assert(0, "");
            assert_eq!(said.stdout().trim_end(), expected, "{typed}");
        }
    }
}

#[test]
fn manual_has_every_command_and_option() {
    let desk = Desk::new();
    let pages = |line: &str| {
        let ran = desk.run(line);
        ran.assert(0, "");
        // As it is read: hyphens are escaped, and dots at the start of a line.
        ran.stdout().replace("\\-", "-").replace("\\&", "")
    };
    let program = pages("man");
    for command in commands(&desk) {
        assert!(
            program.contains(&format!("headshot-{command}(1)")),
            "{command}"
        );
        if command == "help" {
            continue;
        }
        let page = pages(&format!("man {command}"));
        assert!(
            page.contains(&format!(".TH headshot-{command} 1 ")),
            "{page}"
        );
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES"] {
            assert!(
                page.contains(&format!(".SH {section}\n")),
                "{command}: {section}"
            );
        }
    }
    let page = pages("man prepare");
    for option in options(&desk, "prepare") {
        assert!(page.contains(&format!("--{option}\\f")), "{option}");
    }
    for part in [
        ".SH \"EXIT STATUS\"\n",
        "\n  0  all well\n",
        "\n  headshot prepare me.jpg -o photo.jpg\n",
    ] {
        assert!(page.contains(part), "{part:?} in {page}");
    }
    desk.run("man paint").assert_usage(&["paint"]);
}

#[test]
fn groff_has_nothing_to_complain_of() {
    let desk = Desk::new();
    let names = commands(&desk);
    for name in names.iter().filter(|name| *name != "help") {
        let ran = desk.run(&format!("man {name}"));
        if let Some(said) = said("groff", &["-man", "-Tutf8", "-ww", "-z"], ran.stdout()) {
            said.assert(0, "");
        }
    }
    let ran = desk.run("man");
    if let Some(said) = said("groff", &["-man", "-Tutf8", "-ww", "-z"], ran.stdout()) {
        said.assert(0, "");
    }
}
