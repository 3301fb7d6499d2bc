//! What `--report` writes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;

/// A copy, a refusal, an animation and a name that is hostile to each kind of report.
fn desk() -> Desk {
    let desk = Desk::new();
    fs::create_dir(desk.path("=a,\"b\"<")).unwrap();
    desk.put("=a,\"b\"</script>.png", png(20, 10));
    desk.put("b.jpg", jpeg(700, 600));
    desk.put("c.jpg", cut(jpeg(640, 600)));
    desk.put("d.gif", gif(3));
    desk.put("e.jpg", jpeg(700, 600));
    desk
}

const LINE: &str =
    "prepare =a,\"b\"</script>.png b.jpg c.jpg d.gif e.jpg none --out-dir out --json";

fn run(desk: &Desk, more: &str) -> Ran {
    let line = format!("{LINE} {} {more}", jobs(1));
    let ran = desk.run(&line);
    assert_eq!(ran.code(), 1, "{}", ran.stderr());
    assert_eq!(ran.json().len(), 6);
    ran
}

#[test]
fn lines_are_those_of_json() {
    let desk = desk();
    let ran = run(&desk, "--report report.jsonl");
    assert_eq!(
        str::from_utf8(&desk.bytes("report.jsonl")),
        Ok(ran.stdout())
    );
}

#[test]
fn table_has_the_same_in_columns() {
    let desk = desk();
    let objects = run(&desk, "--report report.csv").json();
    let mut table = csv::Reader::from_path(desk.path("report.csv")).unwrap();
    let columns = table.headers().unwrap().clone();
    let records: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), objects.len());
    for (record, object) in records.iter().zip(&objects) {
        for (column, field) in columns.iter().zip(record) {
            let expected = match &object[column] {
                Value::Null => String::new(),
                Value::String(text) => text.replace("=a", "./=a"),
                Value::Array(steps) => {
                    let names: Vec<&str> =
                        steps.iter().map(|s| s["step"].as_str().unwrap()).collect();
                    names.join(" ")
                }
                value => value.to_string(),
            };
            assert_eq!(field, expected, "{column}");
        }
    }
    assert_eq!(&records[0][0], "./=a,\"b\"</script>.png");
    assert_eq!(records[4][17], *"b.jpg");
}

/// The JSON in the element of a page.
fn embedded(page: &str, id: &str) -> Value {
    let start = format!("<script type=\"application/json\" id=\"{id}\">");
    let (_, rest) = page.split_once(&start).unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(json).unwrap()
}

#[test]
fn page_has_all_of_it_and_thumbnails() {
    let desk = desk();
    let objects = run(&desk, "--report report.html").json();
    let page = String::from_utf8(desk.bytes("report.html")).unwrap();
    let rows = embedded(&page, "rows");
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), objects.len());
    for (row, object) in rows.iter().zip(&objects) {
        let mut row = row.clone();
        let thumbnails = ["before", "after"].map(|name| row[name].take());
        let members = row.as_object_mut().unwrap();
        members.retain(|name, _| name != "before" && name != "after");
        assert_eq!(row, *object);
        for thumbnail in thumbnails.iter().filter_map(Value::as_str) {
            let file = STANDARD.decode(thumbnail).unwrap();
            assert_photo(&file, Format::Jpeg, 96);
        }
        let [before, after] = thumbnails.map(|thumbnail| thumbnail.is_string());
        match object["path"].as_str().unwrap() {
            // What is left of it is to be seen.
            "c.jpg" => assert!(before && !after),
            "none" => assert!(!before && !after),
            // It shows the same as the photo, but for the bars.
            path => assert!(!before && after, "{path}"),
        }
    }
    let run = embedded(&page, "run");
    assert_eq!(run["stopped"], false);
    #[cfg(feature = "parallel")]
    assert_eq!(run["jobs"], 1);
    assert!(
        run["command"]
            .as_str()
            .unwrap()
            .ends_with("--report report.html")
    );
}

#[test]
fn thumbnail_shows_what_a_crop_leaves_out() {
    let desk = desk();
    desk.run("prepare b.jpg --out-dir out --crop 0,0,512 --report report.html --quiet")
        .assert(0, "");
    let page = String::from_utf8(desk.bytes("report.html")).unwrap();
    let row = &embedded(&page, "rows")[0];
    assert!(row["before"].is_string() && row["after"].is_string());
    assert_ne!(row["before"], row["after"]);
}

#[test]
fn photo_that_is_alone_can_have_a_report_too() {
    let desk = desk();
    let line = "prepare b.jpg -o b.png --report r.csv --report r.jsonl --report r.html";
    desk.run(line).assert(0, "");
    for name in ["r.csv", "r.jsonl", "r.html"] {
        assert!(
            str::from_utf8(&desk.bytes(name)).unwrap().contains("b.png"),
            "{name}"
        );
    }
}

#[test]
fn report_takes_no_place_of_another_file() {
    let desk = desk();
    desk.put("list.csv", "b.jpg,0,0,512\n");
    desk.put("names.csv", "b.jpg\n");
    for (line, words) in [
        (
            "b.jpg --out-dir out --crop-list list.csv --report list.csv",
            "list.csv",
        ),
        (
            "--files-from names.csv --out-dir out --report ./names.csv",
            "names.csv",
        ),
        ("b.jpg -o list.csv --crop-list list.csv", "list.csv"),
        ("b.jpg -o r.html --report r.html", "r.html"),
        (
            "b.jpg -o ../r.html --report r.csv --report ../r.html",
            "r.html",
        ),
    ] {
        desk.run(&format!("prepare {line}")).assert_usage(&[words]);
    }
    assert_eq!(desk.bytes("list.csv"), b"b.jpg,0,0,512\n");
    assert_eq!(desk.bytes("names.csv"), b"b.jpg\n");
}

#[cfg(target_os = "linux")]
#[test]
fn report_is_finished_though_nobody_reads_the_lines() {
    for name in ["closed", "full"] {
        let desk = desk();
        let stdout: std::process::Stdio = if name == "closed" {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            writer.into()
        } else {
            fs::File::options()
                .write(true)
                .open("/dev/full")
                .unwrap()
                .into()
        };
        let output = std::process::Command::new(assert_cmd::cargo::cargo_bin("headshot"))
            .args(LINE.split(' ').chain(["--report", "report.jsonl"]))
            .current_dir(desk.0.path())
            .stdout(stdout)
            .output()
            .unwrap();
        // Two pictures are refused in any case.
        assert_eq!(output.status.code(), Some(1), "{name}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said.contains("standard output"), name == "full", "{said}");
        let report = String::from_utf8(desk.bytes("report.jsonl")).unwrap();
        assert_eq!(objects(&report).len(), 6);
        assert_eq!(desk.names("out").len(), 4);
    }
}

#[test]
fn report_is_whole_or_not_there() {
    let desk = desk();
    desk.put("old.csv", "an older one");
    let names = desk.names(".");
    // Nothing begins when it can't be written.
    let ran = desk.run("prepare b.jpg --out-dir out --report none/r.csv");
    assert_eq!((ran.code(), ran.stdout()), (1, ""));
    assert!(
        ran.stderr()
            .starts_with("cannot write the report none/r.csv: "),
        "{}",
        ran.stderr()
    );
    assert!(desk.names("out").is_empty());
    fs::remove_dir(desk.path("out")).unwrap();

    desk.run("prepare b.jpg --out-dir out --report b.pdf")
        .assert_usage(&[".jsonl, .csv or .html"]);
    // Nor where it would take the place of a picture.
    desk.put("p.html", png(20, 10));
    desk.run("prepare p.html --out-dir out --report ./p.html")
        .assert_usage(&["would overwrite the input"]);
    fs::remove_file(desk.path("p.html")).unwrap();
    desk.run("prepare b.jpg --out-dir out --report r.csv --report ./r.csv")
        .assert_usage(&["two reports"]);
    assert_eq!(desk.names("."), names);

    desk.run("prepare b.jpg -o b.png --report old.csv")
        .assert(0, "");
    assert!(desk.bytes("old.csv").starts_with(b"path,"));
}
