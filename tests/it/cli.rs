//! The program `headshot`, as people and scripts call it.

use std::ffi::OsStr;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Output;

use headshot::{Format, Limits, Options, Side, probe};
use image::codecs::gif::GifEncoder;
use image::{ImageFormat, RgbImage};
use serde_json::Value;
use tempfile::TempDir;

/// A folder that is gone after the test, and the program run in it.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Names in a folder, temporary files and all.
    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn run(&self, line: &str) -> Ran {
        self.run_with(line, Vec::new())
    }

    fn run_with(&self, line: &str, stdin: Vec<u8>) -> Ran {
        self.run_words(line.split_whitespace(), stdin)
    }

    fn run_words(&self, words: impl IntoIterator<Item: AsRef<OsStr>>, stdin: Vec<u8>) -> Ran {
        let mut command = assert_cmd::Command::cargo_bin("headshot").unwrap();
        command.current_dir(self.0.path()).args(words);
        Ran(command.write_stdin(stdin).output().unwrap())
    }
}

struct Ran(Output);

impl Ran {
    fn code(&self) -> i32 {
        self.0.status.code().unwrap()
    }

    fn stdout(&self) -> &str {
        str::from_utf8(&self.0.stdout).unwrap()
    }

    fn stderr(&self) -> &str {
        str::from_utf8(&self.0.stderr).unwrap()
    }

    /// One object for each line of standard output.
    fn json(&self) -> Vec<Value> {
        objects(self.stdout())
    }

    #[track_caller]
    fn assert(&self, code: i32, stderr: &str) {
        assert_eq!(
            (self.code(), self.stderr()),
            (code, stderr),
            "{}",
            self.stdout()
        );
    }

    /// A usage error that says all of this.
    #[track_caller]
    fn assert_usage(&self, words: &[&str]) {
        assert_eq!(self.code(), 2, "{}", self.stderr());
        assert_eq!(self.stdout(), "");
        for word in words {
            assert!(self.stderr().contains(word), "{word}: {}", self.stderr());
        }
    }
}

fn objects(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(|k| &**k).collect()
}

fn still(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 90])
    });
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    still(ImageFormat::Jpeg, width, height)
}

fn png(width: u32, height: u32) -> Vec<u8> {
    still(ImageFormat::Png, width, height)
}

fn gif(frames: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = GifEncoder::new(&mut file);
    for shade in 0..frames {
        let shade = shade.to_le_bytes()[0];
        let image = image::RgbaImage::from_pixel(8, 6, image::Rgba([shade, 0, 0, 255]));
        encoder.encode_frame(image::Frame::new(image)).unwrap();
    }
    drop(encoder);
    file
}

fn cut(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() / 2);
    bytes
}

fn assert_photo(bytes: &[u8], format: Format, side: u32) {
    let info = probe(bytes).unwrap();
    assert_eq!(info.format, format);
    assert_eq!((info.stored.width(), info.stored.height()), (side, side));
}

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
    assert_eq!(desk.names("photos"), ["whole.jpg"]);
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

#[test]
fn message_names_file_code_and_reason() {
    let desk = Desk::new();
    desk.put("text.jpg", b"no picture");
    desk.put("cut.png", &png(20, 10)[..20]);
    let start = "text.jpg: bad_image (unknown_format): not a JPEG, PNG or GIF file\n\
                 cut.png: bad_image (truncated): PNG file is cut short";
    for command in ["prepare --out-dir out", "inspect", "check"] {
        let ran = desk.run(&format!("{command} text.jpg cut.png"));
        assert_eq!((ran.code(), ran.stdout()), (1, ""), "{command}");
        assert!(
            ran.stderr().starts_with(start),
            "{command}: {}",
            ran.stderr()
        );
        assert_eq!(ran.stderr().lines().count(), 2);
    }
}

#[test]
fn file_that_cannot_be_read_counts_as_refused() {
    let desk = Desk::new();
    for command in ["prepare --out-dir out", "inspect", "check"] {
        let ran = desk.run(&format!("{command} nowhere.jpg --json"));
        assert_eq!(ran.code(), 1, "{command}");
        assert!(ran.stderr().starts_with("nowhere.jpg: cannot read: "));
        let report = &ran.json()[0];
        assert_eq!(report["ok"], false);
        assert_eq!(report["code"], "io_error");
        assert_eq!(report["reason"], "cannot_read");
        assert!(
            report["message"]
                .as_str()
                .unwrap()
                .starts_with("cannot read: ")
        );
        assert_eq!(report["format"], Value::Null);
    }
}

#[cfg(unix)]
#[test]
fn name_of_a_file_cannot_steer_the_terminal() {
    let desk = Desk::new();
    let ran = desk.run_words(["inspect", "a\u{1b}[31m\nb.jpg"], Vec::new());
    assert_eq!(ran.code(), 1);
    assert!(
        ran.stderr()
            .starts_with("a\\u{1b}[31m\\nb.jpg: cannot read: ")
    );
    assert_eq!(ran.stderr().lines().count(), 1);
}

const COMMON: [&str; 12] = [
    "path", "ok", "code", "reason", "message", "format", "width", "height", "frames", "measured",
    "limit", "offset",
];

/// All reports of a command have the same keys, refused or not.
#[track_caller]
fn assert_keys(reports: &[Value], others: &[&str]) {
    assert!(!reports.is_empty());
    let expected: Vec<&str> = COMMON.iter().chain(others).copied().collect();
    for report in reports {
        assert_eq!(keys(report), expected);
    }
}

#[test]
fn prepare_reports_in_json() {
    let desk = Desk::new();
    desk.put("a.gif", gif(2));
    desk.put("b.png", cut(png(600, 500)));
    let ran = desk.run("prepare a.gif b.png none --out-dir out --json --animation still");
    assert_eq!(ran.code(), 1);
    let reports = ran.json();
    let others = [
        "output",
        "media_type",
        "side",
        "output_frames",
        "bytes",
        "steps",
    ];
    assert_keys(&reports, &others);

    let good = &reports[0];
    assert_eq!(good["ok"], true);
    assert_eq!(good["code"], Value::Null);
    assert_eq!(
        (&good["format"], &good["frames"]),
        (&"gif".into(), &2.into())
    );
    assert_eq!((&good["width"], &good["height"]), (&8.into(), &6.into()));
    assert_eq!(good["media_type"], "image/png");
    assert_eq!(good["side"], 512);
    assert_eq!(good["output_frames"], 1);
    let output = Path::new("out").join("a.png");
    assert_eq!(good["output"], output.to_str().unwrap());
    assert_eq!(good["bytes"], desk.bytes("out/a.png").len());
    let steps: Vec<&Value> = good["steps"].as_array().unwrap().iter().collect();
    let names: Vec<&str> = steps
        .iter()
        .map(|step| step["step"].as_str().unwrap())
        .collect();
    assert_eq!(names[..3], ["stilled", "scaled", "letterboxed"]);
    assert_eq!(steps[0]["frames"], 2);
    assert_eq!(steps[1]["to"]["height"], 384);
    assert_eq!(steps[2]["picture"]["y"], 64);

    let bad = &reports[1];
    assert_eq!(
        (&bad["code"], &bad["reason"]),
        (&"bad_image".into(), &"truncated".into())
    );
    // Its headers are whole, and tell what it was to be.
    assert_eq!(
        (&bad["format"], &bad["width"]),
        (&"png".into(), &600.into())
    );
    assert_eq!((&bad["height"], &bad["frames"]), (&500.into(), &1.into()));
    assert_eq!(bad["steps"], Value::Null);
}

#[test]
fn inspect_reports_in_json() {
    let desk = Desk::new();
    desk.put("a.gif", gif(3));
    desk.put("b.txt", b"text");
    let ran = desk.run("inspect a.gif b.txt --json");
    assert_eq!(ran.code(), 1);
    let reports = ran.json();
    let others = [
        "file_bytes",
        "stored_width",
        "stored_height",
        "orientation",
        "interlaced",
        "color",
        "animated",
        "duration_ms",
        "short_delays",
        "loops",
        "pixels",
        "metadata",
        "extra_images",
        "gain_map",
        "terminated",
        "trailing_bytes",
        "default_image_apart",
        "unsupported",
    ];
    assert_keys(&reports, &others);
    let report = &reports[0];
    assert_eq!(report["file_bytes"], desk.bytes("a.gif").len());
    assert_eq!(report["color"]["model"], "palette");
    assert_eq!(report["pixels"], 8 * 6 * 3);
    assert_eq!(report["short_delays"], 3);
    assert_eq!(report["duration_ms"], 300);
    assert_eq!(report["metadata"]["gps"], false);
    assert_eq!(report["orientation"], 1);
    assert_eq!(reports[1]["color"], Value::Null);
}

#[test]
fn inspect_decodes_no_pixel() {
    let desk = Desk::new();
    desk.put("cut.jpg", cut(jpeg(600, 500)));
    let ran = desk.run("inspect cut.jpg");
    ran.assert(0, "");
    assert!(
        ran.stdout()
            .starts_with("cut.jpg\n  format    JPEG\n  size      600x500\n")
    );
    assert!(
        ran.stdout().contains("without an end marker"),
        "{}",
        ran.stdout()
    );
}

#[test]
fn check_prints_a_line_for_each_rule() {
    let desk = Desk::new();
    desk.put("good.jpg", jpeg(600, 600));
    desk.put("bad.jpg", jpeg(600, 500));
    desk.run("check good.jpg").assert(0, "");
    let ran = desk.run("check good.jpg bad.jpg");
    ran.assert(1, "");
    assert_eq!(
        ran.stdout(),
        "good.jpg: ok\n\
         bad.jpg: bad_image (too_small): size of 600x500 is below 512x512\n\
         bad.jpg: bad_image (not_square): size of 600x500 is not square\n"
    );
    desk.put("moves.gif", gif(3));
    let ran = desk.run("check moves.gif --max-frames 2");
    assert_eq!(ran.code(), 1);
    assert!(
        ran.stdout()
            .contains("too_many_frames (frames): animation of 3 frames")
    );
}

#[test]
fn check_reports_in_json() {
    let desk = Desk::new();
    desk.put("good.jpg", jpeg(600, 600));
    desk.put("bad.jpg", jpeg(600, 500));
    desk.put("text.jpg", b"text");
    let ran = desk.run("check --json good.jpg bad.jpg text.jpg none.jpg");
    assert_eq!(ran.code(), 1);
    let reports = ran.json();
    assert_keys(&reports, &["violations"]);
    let reasons = |report: &Value| -> Vec<String> {
        let violations = report["violations"].as_array().unwrap().iter();
        violations
            .map(|v| v["reason"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(reports[0]["ok"], true);
    assert!(reasons(&reports[0]).is_empty());
    assert_eq!(reports[1]["ok"], false);
    assert_eq!(reports[1]["reason"], "too_small");
    assert_eq!(reports[1]["width"], 600);
    assert_eq!(reasons(&reports[1]), ["too_small", "not_square"]);
    assert_eq!(reasons(&reports[2]), ["unknown_format"]);
    assert_eq!(reports[3]["violations"], Value::Null);
}

#[test]
fn longer_files_than_allowed_are_not_read() {
    let desk = Desk::new();
    let picture = png(20, 10);
    let len = picture.len();
    desk.put("in.png", &picture);
    desk.run(&format!("prepare in.png -o out.png --max-bytes {len}"))
        .assert(0, "");
    for command in ["prepare --out-dir out", "inspect", "check"] {
        let ran = desk.run(&format!("{command} in.png --json --max-bytes {}", len - 1));
        let line = format!(
            "in.png: too_large (file_bytes): file size in bytes of {len} exceeds the limit of {}\n",
            len - 1
        );
        ran.assert(1, &line);
        assert_eq!(ran.json()[0]["measured"], len);
        assert_eq!(ran.json()[0]["limit"], len - 1);
    }
    // Of a stream nobody knows how long it would go on.
    let line = format!("inspect - --json --max-bytes {}", len - 5);
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
    let ran = desk.run("inspect /dev/zero --max-bytes 1KiB");
    let line = "/dev/zero: too_large (file_bytes): file size in bytes of 1025 exceeds the limit \
                of 1024\n";
    ran.assert(1, line);
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
            &["keep, still, reject"],
        ),
        ("prepare a.png -o c.png --max-bytes 1MB", &["32MiB"]),
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
        "--max-bytes",
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
