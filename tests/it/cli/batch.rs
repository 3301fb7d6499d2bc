//! Folders and lists of pictures, and what is left of a run for the next one.

use super::*;

/// Pictures in a tree, with what is none around them.
fn tree() -> Desk {
    let desk = Desk::new();
    for folder in ["in/2016", "in/2017/x.y", "in/.git"] {
        fs::create_dir_all(desk.path(folder)).unwrap();
    }
    desk.put("in/b.png", png(20, 10));
    desk.put("in/2016/a.jpeg", jpeg(30, 20));
    desk.put("in/2017/x.y/moves", gif(3));
    desk.put("in/2017/notes.txt", "no picture");
    desk.put("in/.hidden.png", png(5, 5));
    desk.put("in/.git/c.png", png(6, 6));
    desk
}

pub(super) fn paths(reports: &[Value]) -> Vec<&str> {
    let paths = reports.iter().map(|report| report["path"].as_str());
    paths.map(Option::unwrap).collect()
}

#[test]
fn folder_is_mirrored() {
    let desk = tree();
    let ran = desk.run("prepare in --out-dir out");
    let said = "in/2017/notes.txt: bad_image (unknown_format): not a JPEG, PNG or GIF file\n\
                3 photos, 1 refused (unknown_format: 1), in ";
    assert_eq!(ran.code(), 1);
    assert!(ran.stderr().starts_with(said), "{}", ran.stderr());
    assert_eq!(desk.names("out"), ["2016", "2017", "b.png"]);
    assert_eq!(desk.names("out/2016"), ["a.jpg"]);
    assert_eq!(desk.names("out/2017"), ["x.y"]);
    assert_eq!(desk.names("out/2017/x.y"), ["moves.gif"]);
    assert_photo(&desk.bytes("out/2016/a.jpg"), Format::Jpeg, 512);
    let lines: Vec<&str> = ran.stdout().lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with("in/2016/a.jpeg -> out/2016/a.jpg: JPEG 30x20 -> JPEG 512x512, "));
}

#[test]
fn photos_below_the_folder_are_no_input() {
    let desk = tree();
    let line = "prepare in --out-dir in/photos --json --report in/report.csv";
    for _ in 0..2 {
        let ran = desk.run(line);
        assert_eq!(ran.code(), 1);
        let expected = [
            "in/2016/a.jpeg",
            "in/2017/notes.txt",
            "in/2017/x.y/moves",
            "in/b.png",
        ];
        assert_eq!(paths(&ran.json()), expected);
    }
    assert_eq!(desk.names("in/photos"), ["2016", "2017", "b.png"]);
}

#[test]
fn list_is_mirrored_without_a_way_out() {
    let desk = tree();
    fs::create_dir(desk.path("work")).unwrap();
    desk.put("work/c.png", png(7, 7));
    // With lines of both kinds, an empty one, and none at the end.
    let list = "in/2016/a.jpeg\r\n\n./in/b.png\nwork/../in/2017/x.y\nwork/c.png";
    let ran = desk.run_with("prepare --files-from - --out-dir out", list.into());
    assert_eq!(
        (ran.code(), ran.stderr().lines().count()),
        (0, 1),
        "{}",
        ran.stderr()
    );
    assert_eq!(desk.names("out"), ["in", "work"]);
    assert_eq!(desk.names("out/in"), ["2016", "2017", "b.png"]);
    assert_eq!(desk.names("out/in/2017/x.y"), ["moves.gif"]);

    // From elsewhere, up is not followed.
    let up = "../in/b.png\0../in/2016/a.jpeg\0";
    desk.put("list", up);
    let mut command = assert_cmd::Command::cargo_bin("headshot").unwrap();
    let words = [
        "prepare",
        "--files-from",
        "../list",
        "--out-dir",
        "photos",
        "--quiet",
    ];
    command
        .current_dir(desk.path("work"))
        .args(words)
        .assert()
        .success()
        .stdout("")
        .stderr("");
    assert_eq!(desk.names("work/photos/in"), ["2016", "b.png"]);
    assert_eq!(desk.names("work"), ["c.png", "photos"]);
}

#[cfg(unix)]
#[test]
fn zero_bytes_keep_odd_names_apart() {
    let desk = Desk::new();
    desk.put("two\nlines.png", png(20, 10));
    desk.put("cr\r", png(21, 10));
    let list = "two\nlines.png\0cr\r\0";
    let ran = desk.run_with("prepare --files-from - --out-dir out", list.into());
    assert_eq!(ran.code(), 0, "{}", ran.stderr());
    assert_eq!(desk.names("out"), ["cr\r.png", "two\nlines.png"]);
}

#[test]
fn sidecar_has_the_squares() {
    let desk = tree();
    desk.put("in/b.png", png(700, 600));
    desk.put(
        "crops.csv",
        "path,x,y,w\nin/b.png,10,20,520\n2016/a.jpeg,0,0,20\n",
    );
    let ran = desk.run("prepare in --out-dir out --crop-list crops.csv --json");
    let steps = |path: &str| {
        let reports = ran.json();
        let report = reports
            .iter()
            .find(|report| report["path"] == path)
            .unwrap();
        report["steps"][0].to_string()
    };
    let cropped = |x, y, w| format!(r#"{{"step":"cropped","x":{x},"y":{y},"width":{w}}}"#);
    assert_eq!(steps("in/b.png"), cropped(10, 20, 520));
    assert_eq!(steps("in/2016/a.jpeg"), cropped(0, 0, 20));
    assert!(!steps("in/2017/x.y/moves").contains("cropped"));
    assert_photo(&desk.bytes("out/b.png"), Format::Png, 520);

    desk.put("crops.csv", "in/c.png,10,20,520\n");
    desk.run("prepare in --out-dir out2 --crop-list crops.csv")
        .assert_usage(&["crops.csv: in/c.png: none of the pictures"]);
    assert!(!desk.path("out2").exists());
}

#[test]
fn one_file_is_no_place_for_a_folder() {
    let desk = tree();
    desk.run("prepare in -o photo.jpg")
        .assert_usage(&["--out-dir DIR"]);
    desk.run_with("prepare --files-from - -o photo.jpg", "in/b.png".into())
        .assert_usage(&["--out-dir DIR"]);
    desk.run("prepare in/b.png -o photo.png --resume")
        .assert_usage(&["--resume"]);
    desk.run("prepare --out-dir out").assert_usage(&["INPUT"]);
    assert_eq!(desk.names("."), ["in"]);
}

#[test]
fn photos_of_one_name_are_told_apart_by_their_folders_alone() {
    let desk = tree();
    desk.put("in/2016/b.png", png(21, 10));
    desk.run("prepare in --out-dir out --quiet").assert(
        1,
        "in/2017/notes.txt: bad_image (unknown_format): not a JPEG, PNG or GIF file\n",
    );
    desk.run("prepare in/b.png in/2016/b.png --out-dir out2")
        .assert_usage(&["in/b.png and in/2016/b.png would both be out2/b.png"]);
    desk.run("prepare in --out-dir ./in")
        .assert_usage(&["in is a folder of pictures"]);
    desk.run_with("prepare --files-from - --out-dir in", "in\n".into())
        .assert_usage(&["in is a folder of pictures"]);
}

#[test]
fn same_content_is_prepared_once() {
    let desk = Desk::new();
    for name in ["a.png", "b.png", "c.png"] {
        desk.put(name, png(20, 10));
    }
    desk.put("crops.csv", "c.png,0,0,10\n");
    let line = "prepare a.png b.png c.png --out-dir out --crop-list crops.csv --json";
    let ran = desk.run(&format!("{line} {}", jobs(3)));
    ran.assert(0, "");
    // Whichever of the two was first.
    let same = ran
        .json()
        .iter()
        .map(|report| report["same_as"].clone())
        .collect::<Vec<_>>();
    let copies: Vec<&Value> = same.iter().filter(|same| !same.is_null()).collect();
    assert!(copies == ["a.png"] || copies == ["b.png"], "{same:?}");
    assert_eq!(same[2], Value::Null);
    assert!(desk.bytes("out/a.png") == desk.bytes("out/b.png"));
    assert!(desk.bytes("out/a.png") != desk.bytes("out/c.png"));
    assert_eq!(ran.json()[0]["steps"], ran.json()[1]["steps"]);
    assert_eq!(desk.names("out").len(), 3);
}

/// What became of each picture: `prepared`, `copied` or `before`.
pub(super) fn origins(ran: &Ran) -> Vec<&'static str> {
    let origin = |report: &Value| {
        assert_eq!(report["ok"], true, "{report}");
        match (&report["same_as"], &report["finished_before"]) {
            (Value::String(_), Value::Bool(false)) => "copied",
            (Value::Null, Value::Bool(true)) => "before",
            (Value::Null, Value::Bool(false)) => "prepared",
            _ => panic!("{report}"),
        }
    };
    ran.json().iter().map(origin).collect()
}

#[test]
fn finished_photos_are_left_alone() {
    let desk = Desk::new();
    desk.put("a.png", png(20, 10));
    desk.put("b.png", png(21, 10));
    let line = "prepare a.png b.png --out-dir out --resume --json";
    assert_eq!(origins(&desk.run(line)), ["prepared", "prepared"]);
    let first = desk.run(line);
    assert_eq!(origins(&first), ["before", "before"]);
    assert_eq!(first.json()[0]["side"], 512);
    assert_eq!(first.json()[0]["steps"][0]["step"], "scaled");

    // A photo that was changed or removed, and an input with another content.
    let photo = desk.bytes("out/a.png");
    desk.put("out/a.png", "something else");
    fs::remove_file(desk.path("out/b.png")).unwrap();
    assert_eq!(origins(&desk.run(line)), ["prepared", "prepared"]);
    assert!(desk.bytes("out/a.png") == photo);
    desk.put("b.png", png(22, 10));
    assert_eq!(origins(&desk.run(line)), ["before", "prepared"]);

    // The same content by another name, and with other options.
    fs::rename(desk.path("a.png"), desk.path("c.png")).unwrap();
    let line = "prepare c.png b.png --out-dir out --resume --json";
    assert_eq!(origins(&desk.run(line)), ["copied", "before"]);
    assert!(desk.bytes("out/c.png") == photo);
    let ran = desk.run(&format!("{line} --background white"));
    assert_eq!(origins(&ran), ["prepared", "prepared"]);
    // Threads make no other photo.
    #[cfg(feature = "parallel")]
    {
        let ran = desk.run(&format!("{line} --background white --threads 2"));
        assert_eq!(origins(&ran), ["before", "before"]);
    }

    // Without the option, nothing counts, and nothing is left.
    let line = "prepare c.png b.png --out-dir out --json";
    assert_eq!(origins(&desk.run(line)), ["prepared", "prepared"]);
    assert_eq!(desk.names("out"), ["a.png", "b.png", "c.png"]);
}

#[test]
fn copies_are_left_alone_too() {
    let desk = Desk::new();
    for name in ["a.png", "b.png", "c.png"] {
        desk.put(name, png(20, 10));
    }
    let line = format!(
        "prepare a.png b.png c.png --out-dir out --resume --json {}",
        jobs(1)
    );
    assert_eq!(origins(&desk.run(&line)), ["prepared", "copied", "copied"]);
    assert_eq!(origins(&desk.run(&line)), ["before", "before", "before"]);
    desk.put("out/b.png", "something else");
    assert_eq!(origins(&desk.run(&line)), ["before", "copied", "before"]);
    assert!(desk.bytes("out/b.png") == desk.bytes("out/a.png"));
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_known_as_well() {
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::new();
    let mut words: Vec<&OsStr> = ["prepare", "--out-dir", "out", "--resume", "--json"]
        .map(OsStr::new)
        .into();
    for name in [b"a\xff.png", b"b\xff.png"].map(|name| OsStr::from_bytes(name)) {
        fs::write(desk.0.path().join(name), png(20, 10)).unwrap();
        words.push(name);
    }
    let mut first = origins(&desk.run_words(&words, Vec::new()));
    first.sort_unstable();
    assert_eq!(first, ["copied", "prepared"]);
    assert_eq!(
        origins(&desk.run_words(&words, Vec::new())),
        ["before", "before"]
    );
}

#[cfg(unix)]
#[test]
fn links_lead_no_two_photos_to_one_file() {
    let desk = Desk::new();
    for folder in ["in/x", "in/y", "out/y"] {
        fs::create_dir_all(desk.path(folder)).unwrap();
    }
    desk.put("in/x/a.png", png(20, 10));
    desk.put("in/y/a.png", png(21, 10));
    std::os::unix::fs::symlink("y", desk.path("out/x")).unwrap();
    let ran = desk.run(&format!("prepare in --out-dir out --quiet {}", jobs(1)));
    ran.assert(
        1,
        "in/y/a.png: cannot write out/y/a.png: another photo of this run is there\n",
    );
    let photo = headshot::prepare(&png(20, 10), &Options::default()).unwrap();
    assert!(desk.bytes("out/y/a.png") == photo.bytes);
}

#[test]
fn run_that_can_be_done_better_leaves_its_ledger() {
    let desk = Desk::new();
    desk.put("a.png", png(20, 10));
    desk.put("b.png", png(21, 10));
    // A folder where a photo should be.
    fs::create_dir_all(desk.path("out/b.png")).unwrap();
    let line = "prepare a.png b.png --out-dir out --json";
    assert_eq!(desk.run(line).code(), 1);
    assert_eq!(desk.names("out"), [".headshot-finished", "a.png", "b.png"]);
    fs::remove_dir(desk.path("out/b.png")).unwrap();
    // What can't begin forgets nothing.
    assert_eq!(desk.run(&format!("{line} --report none/r.csv")).code(), 1);
    let ran = desk.run(&format!("{line} --resume"));
    assert_eq!(origins(&ran), ["before", "prepared"]);

    #[cfg(unix)]
    {
        desk.put("precious", "not to be touched");
        fs::remove_file(desk.path("out/.headshot-finished")).unwrap();
        let ledger = desk.path("out/.headshot-finished");
        std::os::unix::fs::symlink("../precious", ledger).unwrap();
        assert_eq!(desk.run(line).code(), 1);
        assert_eq!(desk.bytes("precious"), b"not to be touched");
    }
}

#[test]
fn nothing_to_do_is_said() {
    let desk = Desk::new();
    fs::create_dir(desk.path("in")).unwrap();
    for ran in [
        desk.run("prepare in --out-dir out"),
        desk.run_with("prepare --files-from - --out-dir out", Vec::new()),
    ] {
        assert!(
            ran.stderr().starts_with("0 photos, in "),
            "{}",
            ran.stderr()
        );
        assert_eq!((ran.code(), ran.stdout()), (0, ""));
    }
}

#[test]
fn ledger_from_elsewhere_does_no_harm() {
    let desk = Desk::new();
    desk.put("a.png", png(20, 10));
    desk.put("b.png", png(21, 10));
    desk.put("secret", "not for everybody");
    let line = "prepare a.png b.png --out-dir out --resume --json";
    desk.run(line);
    let ledger = String::from_utf8(desk.bytes("out/.headshot-finished")).unwrap();
    assert_eq!(ledger.lines().count(), 2);

    // Cut short, as after a loss of power: the line that isn't whole counts for nothing.
    desk.put("out/.headshot-finished", &ledger[..ledger.len() - 9]);
    let mut again = origins(&desk.run(line));
    again.sort_unstable();
    assert_eq!(again, ["before", "prepared"]);
    assert_eq!(origins(&desk.run(line)), ["before", "before"]);

    // A photo that isn't below the folder, were it even there.
    let secret = blake3::hash(b"not for everybody").to_hex();
    let lines: Vec<String> = objects(&ledger)
        .into_iter()
        .map(|mut entry| {
            entry["output"] = "../secret".into();
            entry["photo"] = secret.as_str().into();
            format!("{entry}\n")
        })
        .collect();
    desk.put("out/.headshot-finished", lines.concat());
    assert_eq!(origins(&desk.run(line)), ["prepared", "prepared"]);
    assert_photo(&desk.bytes("out/a.png"), Format::Png, 512);

    desk.put(
        "out/.headshot-finished",
        b"\xff\0{}\n[]\n{\"content\": 3}\n\n",
    );
    assert_eq!(origins(&desk.run(line)), ["prepared", "prepared"]);
    assert_eq!(origins(&desk.run(line)), ["before", "before"]);
}

#[test]
fn quiet_tells_what_is_wrong_alone() {
    let desk = tree();
    let ran = desk.run("prepare in --out-dir out --quiet");
    assert_eq!(ran.stdout(), "");
    ran.assert(
        1,
        "in/2017/notes.txt: bad_image (unknown_format): not a JPEG, PNG or GIF file\n",
    );
}
