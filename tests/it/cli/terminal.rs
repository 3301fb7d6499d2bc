//! What somebody sees who sits before it. `script` is the terminal.

use std::process::{Command, Stdio};

use super::*;

fn desk() -> Desk {
    let desk = Desk::new();
    for i in 0..6 {
        desk.put(&format!("{i}.png"), png(20 + i, 10));
    }
    desk.put("6.png", "no picture");
    desk
}

/// What is on the terminal in the end, with the codes that steer it.
fn screen(desk: &Desk, line: &str, variables: &[(&str, &str)]) -> String {
    let program = assert_cmd::cargo::cargo_bin("headshot");
    let output = Command::new("script")
        .args(["--quiet", "--return", "--command"])
        .arg(format!("{} {line}", program.display()))
        .arg("/dev/null")
        .current_dir(desk.0.path())
        .env("TERM", "xterm-256color")
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.stderr.is_empty());
    String::from_utf8(output.stdout).unwrap()
}

const RED: &str = "\u{1b}[31mbad_image (unknown_format)\u{1b}[0m: not a JPEG";
const PLAIN: &str = "6.png: bad_image (unknown_format): not a JPEG";

#[test]
fn bar_takes_the_place_of_lines() {
    let desk = desk();
    let seen = screen(&desk, "prepare . --out-dir out", &[]);
    assert!(seen.contains("of 7, ") && seen.contains(" left"), "{seen}");
    assert!(seen.contains(RED), "{seen:?}");
    assert!(!seen.contains(" -> "), "{seen}");
    let end = "6 photos, 1 refused (unknown_format: 1), in ";
    assert!(seen.lines().last().unwrap().contains(end), "{seen}");
}

#[test]
fn one_picture_needs_no_bar() {
    let desk = desk();
    let seen = screen(&desk, "prepare 1.png -o 1.jpg", &[]);
    assert!(
        seen.starts_with("1.png -> 1.jpg: PNG 21x10 -> PNG 512x512, "),
        "{seen:?}"
    );
    assert_eq!(seen.lines().count(), 1);
}

#[test]
fn quiet_shows_no_bar() {
    let seen = screen(&desk(), "prepare . --out-dir out --quiet", &[]);
    assert!(
        seen.starts_with("./6.png: ") && seen.lines().count() == 1,
        "{seen:?}"
    );
}

#[test]
fn no_colour_where_it_is_not_wanted() {
    for variable in [("NO_COLOR", "1"), ("CLICOLOR", "0"), ("TERM", "dumb")] {
        let seen = screen(&desk(), "prepare . --out-dir out", &[variable]);
        assert!(seen.contains(PLAIN), "{variable:?} {seen:?}");
        // No colour; the bar may be cleared away.
        let mut codes = seen.split("\u{1b}[").skip(1);
        let coloured = codes.any(|code| {
            let end = code.find(|c: char| c.is_ascii_alphabetic());
            end.is_some_and(|end| code[end..].starts_with('m'))
        });
        assert!(!coloured, "{variable:?} {seen:?}");
    }
}
