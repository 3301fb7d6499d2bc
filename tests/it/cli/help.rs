//! What the program says of itself, and `docs/command-line.md`, which has it for those who
//! read in a browser.

use std::collections::BTreeSet;

use super::*;

const COMMANDS: [&str; 7] = [
    "prepare",
    "inspect",
    "check",
    "upload",
    "delete",
    "completions",
    "man",
];

fn help(command: &str) -> String {
    said(&["help", command])
}

fn said(words: &[&str]) -> String {
    let ran = assert_cmd::Command::cargo_bin("headshot")
        .unwrap()
        .args(words)
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    let text = String::from_utf8(ran.stdout).unwrap();
    // What pads lines.
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

fn page() -> String {
    let head = "# The command line\n\nWhat `headshot help COMMAND` says of each command. \
                `headshot man COMMAND` has the same as a manual page.\n"
        .to_owned();
    let command = |name| format!("\n## headshot {name}\n\n```text\n{}\n```\n", help(name));
    head + &COMMANDS.map(command).concat()
}

/// Set `HEADSHOT_WRITE=1` to have it written anew.
#[test]
fn page_is_what_the_program_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/command-line.md");
    let page = page();
    if std::env::var_os("HEADSHOT_WRITE").is_some() {
        fs::write(path, &page).unwrap();
    }
    let written = fs::read_to_string(path).unwrap();
    for (number, (written, said)) in written.lines().zip(page.lines()).enumerate() {
        assert_eq!(
            written,
            said,
            "line {}; HEADSHOT_WRITE=1 writes it anew",
            number + 1
        );
    }
    assert_eq!(written.len(), page.len());
}

#[test]
fn page_has_every_command() {
    let program = said(&["help"]);
    let (_, commands) = program.split_once("Commands:\n").unwrap();
    let commands = commands.lines().take_while(|line| line.starts_with("  "));
    let names: Vec<&str> = commands
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    assert_eq!(names.split_last(), Some((&"help", &COMMANDS[..])));
}

/// Options that README or the examples of a help text name.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let options = words.filter(|word| word.len() > 2 && word.starts_with("--"));
    options
        .map(|word| word.trim_end_matches('-').to_owned())
        .collect()
}

#[test]
fn no_text_names_an_option_that_there_is_not() {
    let mut known = BTreeSet::new();
    for command in COMMANDS {
        let text = help(command);
        let lines = text.lines().map(str::trim_start);
        known.extend(lines.filter(|line| line.starts_with('-')).flat_map(named));
    }
    assert!(
        known.contains("--crop-list") && known.len() > 30,
        "{known:?}"
    );
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let commands = readme.lines().filter(|line| line.contains("headshot "));
    let texts = COMMANDS
        .map(help)
        .into_iter()
        .chain(commands.map(str::to_owned));
    // Of other programs, in the same lines.
    let others = ["--release", "--manifest-path", "--example", "--bench"].map(str::to_owned);
    known.extend(others);
    for text in texts {
        let unknown: Vec<String> = named(&text).difference(&known).cloned().collect();
        assert!(unknown.is_empty(), "{unknown:?} in {text}");
    }
}
