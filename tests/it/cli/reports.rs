//! Messages for people, and JSON for programs.

use super::*;

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
