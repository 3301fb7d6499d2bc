//! Messages for people, and JSON for programs.

use super::*;
use crate::picture::icc;
use crate::picture::png::{insert, profile};

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
        "file_bytes",
        "seconds",
        "same_as",
        "finished_before",
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
        "unsent_coefficients",
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
fn inspect_tells_nothing_that_is_usual() {
    let desk = Desk::new();
    desk.put("me.jpg", jpeg(600, 600));
    let ran = desk.run("inspect me.jpg");
    ran.assert(0, "");
    let len = desk.bytes("me.jpg").len();
    assert_eq!(
        ran.stdout(),
        format!(
            "me.jpg\n  \
               format    JPEG\n  \
               size      600x600\n  \
               colour    YCbCr\n  \
               file      {len} bytes\n  \
               service   would take it as it is\n  \
               prepare   JPEG 600x600 (passed through)\n"
        )
    );
}

#[test]
fn inspect_tells_what_the_service_would_say_and_what_prepare_would_do() {
    let desk = Desk::new();
    desk.put("move.gif", gif(3));
    desk.put("wide.jpg", png(600, 500));
    let ran = desk.run("inspect move.gif wide.jpg");
    ran.assert(0, "");
    let [moving, wide] = ["move.gif", "wide.jpg"].map(|name| desk.bytes(name).len());
    assert_eq!(
        ran.stdout(),
        format!(
            "move.gif\n  \
               format    GIF\n  \
               size      8x6\n  \
               frames    3, 0.30 s, played once, 3 shown too shortly\n  \
               colour    palette, 1 bit\n  \
               file      {moving} bytes\n  \
               service   bad_image: size of 8x6 is below 512x512\n  \
               \u{20}         bad_image: size of 8x6 is not square\n  \
               prepare   GIF 512x512, 3 frames (scaled, letterboxed, delays raised)\n\
             wide.jpg\n  \
               format    PNG\n  \
               size      600x500\n  \
               colour    RGB\n  \
               file      {wide} bytes\n  \
               service   bad_image: size of 600x500 is below 512x512\n  \
               \u{20}         bad_image: size of 600x500 is not square\n  \
               \u{20}         bad_image: declared as jpg, but is a PNG file\n  \
               prepare   PNG 600x600 (letterboxed)\n"
        )
    );
    desk.put("long.gif", gif(Limits::default().frames + 1));
    let ran = desk.run("inspect long.gif");
    ran.assert(0, "");
    let last = ran.stdout().lines().last().unwrap();
    assert_eq!(
        last,
        "  prepare   too_many_frames: animation of 501 frames exceeds the limit of 500"
    );
}

#[test]
fn inspect_is_loud_about_the_place_and_tells_what_else_is_private() {
    let desk = Desk::new();
    let name = "anim_f3_trailing_500_160x120_loop0.gif";
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/good");
    let files = ["exif_gps_160x120.jpg", "orientation_6_96x72.png", name];
    for file in files {
        desk.put(file, fs::read(good.join(file)).unwrap());
    }
    let ran = desk.run(&format!("inspect {}", files.join(" ")));
    ran.assert(0, "");
    let sheets: Vec<&str> = files
        .iter()
        .map(|file| {
            let sheet = ran.stdout().split(&format!("{file}\n")).nth(1).unwrap();
            sheet.split("  prepare ").next().unwrap()
        })
        .collect();
    assert!(sheets[0].contains("\n  GPS       IT TELLS WHERE IT WAS TAKEN\n  metadata  EXIF ("));
    assert!(sheets[1].contains("\n  size      96x72, stored as 72x96 (orientation 6)\n"));
    assert!(sheets[2].contains(" bytes, 500 of them after the end of the picture\n"));
    assert!(!sheets[1].contains("GPS") && !sheets[2].contains("GPS"));
}

#[test]
fn name_of_a_profile_cannot_steer_the_terminal() {
    let desk = Desk::new();
    let profile = profile(&icc::profile("a\u{1b}[31m\nb"));
    desk.put("a.png", insert(&png(20, 10), *b"iCCP", &profile));
    let ran = desk.run("inspect a.png");
    ran.assert(0, "");
    let row = ran.stdout().lines().find(|line| line.contains("profile"));
    let row = row.unwrap();
    assert!(row.starts_with("  profile   a"), "{row}");
    assert!(!ran.stdout().contains('\u{1b}'), "{row}");
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
