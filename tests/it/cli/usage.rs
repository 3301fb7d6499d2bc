//! Limits, wrong usage, help, and streams that close.

use super::*;

#[test]
fn longer_files_than_allowed_are_not_read() {
    let desk = Desk::new();
    let picture = png(20, 10);
    let len = picture.len();
    desk.put("in.png", &picture);
    desk.run(&format!("prepare in.png -o out.png --max-file-bytes {len}"))
        .assert(0, "");
    for command in ["prepare --out-dir out", "inspect", "check"] {
        let ran = desk.run(&format!(
            "{command} in.png --json --max-file-bytes {}",
            len - 1
        ));
        let line = format!(
            "in.png: too_large (file_bytes): file size in bytes of {len} exceeds the limit of {}\n",
            len - 1
        );
        ran.assert(1, &line);
        assert_eq!(ran.json()[0]["measured"], len);
        assert_eq!(ran.json()[0]["limit"], len - 1);
    }
    // Of a stream nobody knows how long it would go on.
    let line = format!("inspect - --json --max-file-bytes {}", len - 5);
    let ran = desk.run_with(&line, picture);
    assert_eq!(ran.code(), 1);
    assert_eq!(ran.json()[0]["measured"], len - 4);
    // Ten gigabytes, none of which is on the disk or read.
    let huge = fs::File::create(desk.path("huge.png")).unwrap();
    huge.set_len(10 << 30).unwrap();
    let ran = desk.run("inspect huge.png --json");
    assert_eq!(ran.code(), 1);
    assert_eq!(ran.json()[0]["measured"], 10_u64 << 30);
}

#[cfg(unix)]
#[test]
fn endless_input_is_refused() {
    let desk = Desk::new();
    let ran = desk.run("inspect /dev/zero --max-file-bytes 1KiB");
    let line = "/dev/zero: too_large (file_bytes): file size in bytes of 1025 exceeds the limit \
                of 1024\n";
    ran.assert(1, line);
}

#[test]
fn what_takes_too_long_is_given_up() {
    let desk = Desk::new();
    desk.put("one.png", png(20, 10));
    desk.put("two.gif", gif(3));
    let ran = desk.run("prepare one.png two.gif --out-dir out --json --timeout 0");
    let lines =
        ["one.png", "two.gif"].map(|name| format!("{name}: cancelled (cancelled): cancelled\n"));
    ran.assert(1, &lines.concat());
    assert_eq!(ran.json()[1]["reason"], "cancelled");
    assert_eq!(ran.json()[1]["frames"], 3);
    assert_eq!(desk.names("out"), [".headshot-finished"]);

    desk.run("prepare one.png two.gif --out-dir out --timeout 3600.5")
        .assert(0, "");
    assert_eq!(desk.names("out").len(), 2);
    for wrong in ["-1", "soon", "inf", "nan", ""] {
        let words = ["prepare", "one.png", "-o", "out.png", "--timeout", wrong];
        assert_eq!(desk.run_words(words, Vec::new()).code(), 2, "{wrong}");
    }
}

#[test]
fn limits_are_kept() {
    let desk = Desk::new();
    desk.put("in.gif", gif(3));
    for (option, code, reason, measured) in [
        ("--max-edge 7", "too_large", "edge", 8),
        ("--max-pixels 47", "too_large", "pixels", 48),
        ("--max-frames 2", "too_many_frames", "frames", 3),
        (
            "--max-animation-pixels 143",
            "too_large",
            "animation_pixels",
            144,
        ),
        ("--animation reject", "bad_image", "animated", 3),
        ("--no-upscale", "bad_image", "too_small", 8),
    ] {
        let ran = desk.run(&format!("prepare in.gif -o out.gif --json {option}"));
        assert_eq!(ran.code(), 1, "{option}");
        let report = &ran.json()[0];
        assert_eq!(report["code"], code, "{option}");
        assert_eq!(report["reason"], reason, "{option}");
        assert_eq!(report["measured"], measured, "{option}");
    }
    let ran = desk.run("prepare in.gif -o out.gif --max-memory 1KiB");
    assert!(ran.stderr().starts_with("in.gif: too_large (memory): "));
    assert_eq!(desk.names("."), ["in.gif"]);
}

#[test]
fn crop_outside_the_picture_is_refused_with_both() {
    let desk = Desk::new();
    desk.put("in.png", png(600, 500));
    desk.run("prepare in.png -o out.png --crop 0,0,600").assert(
        1,
        "in.png: invalid_arguments (crop_outside): crop box 0,0,600 reaches outside the picture \
         of 600x500\n",
    );
    let ran = desk.run("prepare in.png -o out.png --crop 0,0,0");
    assert!(
        ran.stderr()
            .starts_with("in.png: invalid_arguments (crop_empty): ")
    );
}

#[test]
fn wrong_usage_says_what_to_do() {
    let desk = Desk::new();
    desk.put("a.png", png(20, 10));
    desk.put("b.png", png(20, 10));
    for (line, words) in [
        ("prepare a.png", &["-o FILE", "--out-dir DIR"][..]),
        ("prepare a.png b.png -o c.png", &["--out-dir DIR"]),
        (
            "prepare a.png -o c.png --out-dir d",
            &["--output", "--out-dir"],
        ),
        ("prepare - --out-dir d", &["no name", "-o FILE"]),
        ("prepare a.png -o .", &["--out-dir DIR"]),
        ("prepare", &["<INPUT>"]),
        ("inspect", &["<INPUT>"]),
        ("inspect - -", &["only once"]),
        ("check - -", &["only once"]),
        ("prepare a.png -o c.png --crop 1,2", &["--crop", "X,Y,W"]),
        ("prepare a.png -o c.png --crop -1,2,3", &["--crop", "X,Y,W"]),
        ("prepare a.png -o c.png --crop 1,2,x", &["--crop", "X,Y,W"]),
        ("prepare a.png -o c.png --background red", &["#rrggbb"]),
        ("prepare a.png -o c.png --quality 0", &["1 to 100"]),
        (
            "prepare a.png -o c.png --format bmp",
            &["auto, jpeg, png, gif"],
        ),
        (
            "prepare a.png -o c.png --animation spin",
            &["keep, thin, still, reject"],
        ),
        ("prepare a.png -o c.png --max-file-bytes 1MB", &["32MiB"]),
        ("prepare a.png -o c.png --no-such", &["--no-such"]),
        ("paint a.png", &["paint"]),
    ] {
        let ran = desk.run(line);
        ran.assert_usage(words);
        assert!(
            ran.stderr().contains("Usage:") || ran.stderr().contains("--help"),
            "{line}"
        );
    }
    assert_eq!(desk.names("."), ["a.png", "b.png"]);
}

#[test]
fn help_names_every_option_and_default() {
    let desk = Desk::new();
    let ran = desk.run("prepare --help");
    ran.assert(0, "");
    for option in [
        "--output",
        "--out-dir",
        "--crop",
        "--background",
        "--format",
        "--quality",
        "--animation",
        "--no-upscale",
        "--max-file-bytes",
        "--max-edge",
        "--max-pixels",
        "--max-frames",
        "--max-animation-pixels",
        "--max-metadata",
        "--max-memory",
        "--json",
    ] {
        assert!(
            ran.stdout().contains(&format!("{option} "))
                || ran.stdout().contains(&format!("{option}\n")),
            "{option}"
        );
    }
    let (options, limits) = (Options::default(), Limits::default());
    for default in [
        "black".to_owned(),
        "auto".to_owned(),
        "keep".to_owned(),
        options.quality().get().to_string(),
        format!("{}MiB", limits.file_bytes >> 20),
        limits.edge.to_string(),
        limits.pixels.to_string(),
        limits.frames.to_string(),
        limits.animation_pixels.to_string(),
        format!("{}MiB", limits.metadata_bytes >> 20),
        format!("{}MiB", limits.memory_bytes >> 20),
        limits.work.to_string(),
    ] {
        assert!(
            ran.stdout().contains(&format!("[default: {default}]")),
            "{default}"
        );
    }
    assert!(
        ran.stdout()
            .contains(&format!("below {} pixels", Side::MIN.px()))
    );

    for line in ["--help", "prepare --help", "inspect --help", "check --help"] {
        let ran = desk.run(line);
        ran.assert(0, "");
        assert!(ran.stdout().contains("Examples:"), "{line}");
        assert!(ran.stdout().contains("Exit status:"), "{line}");
    }
    let version = concat!("headshot ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(desk.run("--version").stdout(), version);
}

#[test]
fn closed_standard_output_ends_it_quietly() {
    let desk = Desk::new();
    desk.put("a.png", png(20, 10));
    for words in [
        &["inspect", "a.png"][..],
        &["check", "a.png", "--json"],
        &["prepare", "a.png", "-o", "-"],
        &["prepare", "a.png", "--out-dir", "out"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = std::process::Command::new(assert_cmd::cargo::cargo_bin("headshot"))
            .args(words)
            .current_dir(desk.0.path())
            .stdout(writer)
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap();
        assert_eq!(str::from_utf8(&output.stderr), Ok(""), "{words:?}");
        assert_eq!(output.status.code(), Some(0), "{words:?}");
    }
    // What was asked for is there all the same.
    assert_eq!(desk.names("out"), ["a.png"]);
}

#[cfg(target_os = "linux")]
#[test]
fn full_standard_output_is_told() {
    let desk = Desk::new();
    desk.put("a.png", png(20, 10));
    for (words, start) in [
        (
            &["inspect", "a.png"][..],
            "cannot write to standard output: ",
        ),
        (
            &["prepare", "a.png", "-o", "-"],
            "a.png: cannot write standard output: ",
        ),
    ] {
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = std::process::Command::new(assert_cmd::cargo::cargo_bin("headshot"))
            .args(words)
            .current_dir(desk.0.path())
            .stdout(full)
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.starts_with(start), "{message}");
        assert_eq!(output.status.code(), Some(1));
    }
}
