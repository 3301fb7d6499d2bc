//! Which files are written, and which are left alone.

use super::*;

#[test]
fn photo_goes_to_the_file_that_is_named() {
    let desk = Desk::new();
    desk.put("in.jpg", jpeg(600, 300));
    let ran = desk.run("prepare in.jpg -o out.jpg");
    ran.assert(0, "");
    let bytes = desk.bytes("out.jpg");
    assert_photo(&bytes, Format::Jpeg, 600);
    let (start, end) = (
        "in.jpg -> out.jpg: JPEG 600x300 -> JPEG 600x600, ",
        " bytes (letterboxed)\n",
    );
    assert_eq!(ran.stdout(), format!("{start}{}{end}", bytes.len()));
    assert_eq!(desk.names("."), ["in.jpg", "out.jpg"]);
}

#[test]
fn photo_is_what_the_library_makes() {
    let desk = Desk::new();
    let picture = png(700, 650);
    desk.put("in.png", &picture);
    desk.run("prepare in.png -o out.png").assert(0, "");
    let photo = headshot::prepare(&picture, &Options::default()).unwrap();
    assert!(desk.bytes("out.png") == photo.bytes);
}

#[test]
fn options_reach_the_library() {
    let desk = Desk::new();
    desk.put("in.png", png(640, 600));
    let line = "prepare in.png -o out --crop 20,30,512 --format jpeg --quality 30";
    desk.run(line).assert(0, "");
    let small = desk.bytes("out");
    assert_photo(&small, Format::Jpeg, 512);
    desk.run("prepare in.png -o out --crop 20,30,512 --format jpeg --quality 95")
        .assert(0, "");
    assert!(desk.bytes("out").len() > small.len());
}

#[test]
fn dash_is_standard_input_and_output() {
    let desk = Desk::new();
    for line in ["prepare -", "prepare - -o -"] {
        let ran = desk.run_with(line, png(20, 10));
        ran.assert(0, "");
        assert_photo(&ran.0.stdout, Format::Png, 512);
    }
    desk.run_with("prepare - -o out.png", png(20, 10))
        .assert(0, "");
    assert_photo(&desk.bytes("out.png"), Format::Png, 512);
    desk.put("in.png", png(20, 10));
    let ran = desk.run("prepare in.png -o -");
    ran.assert(0, "");
    assert!(ran.0.stdout == desk.bytes("out.png"));
}

#[test]
fn nothing_but_the_photo_goes_to_its_stream() {
    let desk = Desk::new();
    let ran = desk.run_with("prepare - --json", png(20, 10));
    assert_eq!(ran.code(), 0);
    assert_photo(&ran.0.stdout, Format::Png, 512);
    let report = &objects(ran.stderr())[0];
    assert_eq!(report["output"], "-");
    assert_eq!(report["bytes"], ran.0.stdout.len());

    let ran = desk.run_with("prepare - --json", b"no picture".to_vec());
    assert_eq!((ran.code(), ran.stdout()), (1, ""));
    let report = objects(ran.stderr());
    assert_eq!(report.len(), 1);
    assert_eq!(report[0]["reason"], "unknown_format");
}

#[test]
fn photos_in_a_folder_are_named_after_what_they_are() {
    let desk = Desk::new();
    desk.put("a.b.jpeg", jpeg(20, 10));
    desk.put("liar.jpg", png(20, 10));
    desk.put("none", gif(1));
    desk.put("moves.gif", gif(3));
    let ran = desk.run("prepare a.b.jpeg liar.jpg none moves.gif --out-dir new/photos");
    ran.assert(0, "");
    assert_eq!(
        desk.names("new/photos"),
        ["a.b.jpg", "liar.png", "moves.gif", "none.png"]
    );
    assert_photo(&desk.bytes("new/photos/liar.png"), Format::Png, 512);
    assert_eq!(
        probe(&desk.bytes("new/photos/moves.gif")).unwrap().frames,
        3
    );
    // In the order in which they were named.
    let firsts: Vec<&str> = ran
        .stdout()
        .lines()
        .map(|l| l.split(' ').next().unwrap())
        .collect();
    assert_eq!(firsts, ["a.b.jpeg", "liar.jpg", "none", "moves.gif"]);
}

#[test]
fn one_bad_picture_leaves_the_others_alone() {
    let desk = Desk::new();
    for i in 0..12 {
        desk.put(&format!("{i}.png"), if i == 5 { vec![] } else { png(9, 9) });
    }
    let inputs: Vec<String> = (0..12).map(|i| format!("{i}.png")).collect();
    let ran = desk.run(&format!(
        "prepare {} --out-dir out --json",
        inputs.join(" ")
    ));
    ran.assert(
        1,
        "5.png: bad_image (unknown_format): not a JPEG, PNG or GIF file\n",
    );
    let reports = ran.json();
    let paths: Vec<&str> = reports
        .iter()
        .map(|r| r["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, inputs);
    assert!(
        reports
            .iter()
            .all(|r| (r["path"] == "5.png") != (r["ok"] == true))
    );
    assert_eq!(desk.names("out").len(), 11);
}

#[cfg(feature = "parallel")]
#[test]
fn jobs_change_nothing_but_the_time() {
    let desk = Desk::new();
    for i in 0..6 {
        desk.put(&format!("{i}.png"), png(10 + i, 20));
    }
    let inputs = "0.png 1.png 2.png 3.png 4.png 5.png";
    for jobs in [1, 3] {
        desk.run(&format!(
            "prepare {inputs} --out-dir out{jobs} --jobs {jobs}"
        ))
        .assert(0, "");
    }
    for name in inputs.split(' ') {
        let alone = desk.bytes(&format!("out1/{name}"));
        assert!(alone == desk.bytes(&format!("out3/{name}")), "{name}");
    }
    desk.run("prepare 0.png -o x.png --jobs 0")
        .assert_usage(&["--jobs <N>"]);
}

#[test]
fn two_photos_of_one_name_are_refused_before_anything_is_written() {
    let desk = Desk::new();
    desk.put("a.gif", gif(1));
    desk.put("a.png", png(20, 10));
    desk.run("prepare a.gif a.png --out-dir out")
        .assert_usage(&["a.gif and a.png", "a.png; prepare"]);
    assert_eq!(desk.names("."), ["a.gif", "a.png"]);
    desk.run("prepare a.png ./a.png --out-dir out")
        .assert_usage(&["a.png and ./a.png"]);
    // A moving GIF stays one.
    desk.put("a.gif", gif(2));
    desk.run("prepare a.gif a.png --out-dir out").assert(0, "");
    assert_eq!(desk.names("out"), ["a.gif", "a.png"]);
    desk.run("prepare a.gif a.png --out-dir out --format jpeg")
        .assert_usage(&["would both be"]);
}

#[test]
fn input_is_never_overwritten() {
    let desk = Desk::new();
    let (a, b) = (png(20, 10), jpeg(20, 10));
    desk.put("a.png", &a);
    desk.put("b.jpg", &b);
    for line in [
        "prepare a.png -o a.png",
        "prepare a.png -o ./a.png",
        "prepare a.png --out-dir .",
        "prepare b.jpg a.png --out-dir .",
    ] {
        desk.run(line).assert_usage(&["would overwrite the input"]);
    }
    assert!(desk.bytes("a.png") == a && desk.bytes("b.jpg") == b);
    assert_eq!(desk.names("."), ["a.png", "b.jpg"]);
    // Another format has another name.
    desk.run("prepare a.png --out-dir . --format gif")
        .assert(0, "");
    assert_eq!(desk.names("."), ["a.gif", "a.png", "b.jpg"]);
}

#[cfg(unix)]
#[test]
fn link_to_an_input_is_the_input() {
    let desk = Desk::new();
    desk.put("a.png", png(20, 10));
    std::os::unix::fs::symlink("a.png", desk.path("link.png")).unwrap();
    desk.run("prepare a.png -o link.png")
        .assert_usage(&["would overwrite the input"]);
    // A link elsewhere stays one, and what it leads to is replaced.
    desk.put("older.png", b"older");
    std::os::unix::fs::symlink("older.png", desk.path("other.png")).unwrap();
    desk.run("prepare a.png -o other.png").assert(0, "");
    assert!(desk.path("other.png").is_symlink());
    assert_photo(&desk.bytes("older.png"), Format::Png, 512);
}

#[test]
fn failure_leaves_an_older_photo_and_no_other_file() {
    let desk = Desk::new();
    desk.put("cut.png", cut(png(600, 600)));
    desk.put("out.png", b"older");
    let ran = desk.run("prepare cut.png -o out.png");
    assert_eq!((ran.code(), ran.stdout()), (1, ""));
    assert_eq!(desk.bytes("out.png"), b"older");
    // A folder can't be replaced by a photo: the failure comes with the renaming.
    fs::create_dir_all(desk.path("photos/whole.jpg")).unwrap();
    desk.put("whole.jpg", jpeg(20, 10));
    let ran = desk.run("prepare whole.jpg --out-dir photos");
    assert_eq!((ran.code(), ran.stdout()), (1, ""));
    let start = format!(
        "whole.jpg: cannot write {}: ",
        Path::new("photos").join("whole.jpg").display()
    );
    assert!(ran.stderr().starts_with(&start), "{}", ran.stderr());
    assert_eq!(desk.names("photos"), [".headshot-finished", "whole.jpg"]);
    assert_eq!(
        desk.names("."),
        ["cut.png", "out.png", "photos", "whole.jpg"]
    );
}

#[test]
fn older_photo_is_replaced() {
    let desk = Desk::new();
    desk.put("in.png", png(20, 10));
    desk.put("out.png", b"older");
    desk.run("prepare in.png -o out.png").assert(0, "");
    assert_photo(&desk.bytes("out.png"), Format::Png, 512);
}

#[cfg(unix)]
#[test]
fn photo_has_the_permissions_of_any_new_file() {
    use std::os::unix::fs::PermissionsExt;

    let desk = Desk::new();
    desk.put("in.png", png(20, 10));
    for (umask, expected) in [("022", 0o644), ("027", 0o640)] {
        let status = std::process::Command::new("sh")
            .args(["-c", &format!(r#"umask {umask}; exec "$0" "$@""#)])
            .arg(assert_cmd::cargo::cargo_bin("headshot"))
            .args(["prepare", "in.png", "-o", "out.png"])
            .current_dir(desk.0.path())
            .output()
            .unwrap()
            .status;
        assert!(status.success());
        let mode = fs::metadata(desk.path("out.png"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, expected, "umask {umask}: {mode:o}");
    }
}

#[cfg(unix)]
#[test]
fn device_is_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt;

    let desk = Desk::new();
    desk.put("in.png", png(20, 10));
    desk.run("prepare in.png -o /dev/null").assert(0, "");
    assert!(
        fs::metadata("/dev/null")
            .unwrap()
            .file_type()
            .is_char_device()
    );
}
