//! What is found in the files of `testdata`, and what is planned for them,
//! written down in `testdata/golden.txt`. `BLESS=1 cargo test` writes it anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use headshot::{Error, Info, Loops, Options, Photo, Plan, check, plan, prepare, probe};

use crate::picture::catalogue;

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

/// Names and bytes of the files in a folder of `testdata`, sorted.
fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(testdata().join(folder)).expect("testdata is there");
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("folder can be read").path();
            let name = path.file_name().expect("a file").to_string_lossy();
            let bytes = fs::read(&path).expect("file can be read");
            (format!("{folder}/{name}"), bytes)
        })
        .collect();
    files.sort();
    assert!(files.len() > 50, "{folder} has {} files", files.len());
    files
}

#[test]
fn testdata_is_what_the_generator_makes() {
    let mut made = catalogue::all();
    made.sort();
    let mut found = [files("bad"), files("good")].concat();
    found.sort();
    let differs = |(name, bytes): &(String, Vec<u8>), others: &[(String, Vec<u8>)]| {
        let other = others.binary_search_by_key(&name, |(name, _)| name);
        other.ok().is_none_or(|at| others[at].1 != *bytes)
    };
    let stale = found.iter().filter(|file| differs(file, &made));
    let missing = made.iter().filter(|file| differs(file, &found));
    let mut names: Vec<&str> = stale.chain(missing).map(|(name, _)| &**name).collect();
    names.dedup();
    assert!(
        names.is_empty(),
        "run `cargo run --example make_testdata`: these differ: {names:#?}"
    );
}

#[test]
fn good_files_are_prepared() {
    for (name, bytes) in files("good") {
        let photo = prepare(&bytes, &Options::default())
            .unwrap_or_else(|error| panic!("{name}: {}", refusal(&error)));
        let info = probe(&photo.bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let violations = check(&info, Options::default().limits(), None);
        assert!(violations.is_empty(), "{name}: {violations:?}");
        assert_eq!(info.format, photo.format, "{name}");
    }
}

#[test]
fn bad_files_are_refused_for_the_reason_in_their_names() {
    let mut surprises = Vec::new();
    for (name, bytes) in files("bad") {
        let expected = name
            .strip_prefix("bad/")
            .and_then(|name| name.split('-').next());
        match prepare(&bytes, &Options::default()) {
            Ok(Photo { steps, .. }) => surprises.push(format!("{name}: prepared, {steps:?}")),
            Err(error) if Some(error.reason()) == expected => {}
            Err(error) => surprises.push(format!("{name}: {}", refusal(&error))),
        }
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
}

#[test]
fn facts_are_as_written_down() {
    let path = testdata().join("golden.txt");
    let mut facts = String::new();
    for (name, bytes) in [files("bad"), files("good")].concat() {
        let _ = writeln!(facts, "{name}: {}", line(&name, &bytes));
    }
    if env::var_os("BLESS").is_some() {
        fs::write(&path, facts).expect("golden.txt can be written");
        return;
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    let changes = changes(&golden, &facts);
    assert!(
        changes.is_empty(),
        "facts changed; if that is right, run `BLESS=1 cargo test`\n{changes}"
    );
}

/// The lines that only one of the texts has.
fn changes(golden: &str, facts: &str) -> String {
    let missing_in = |text: &str, line: &str| !text.lines().any(|other| other == line);
    let gone = golden.lines().filter(|line| missing_in(facts, line));
    let new = facts.lines().filter(|line| missing_in(golden, line));
    let mut changes: Vec<(&str, char)> = gone.map(|line| (line, '-')).collect();
    changes.extend(new.map(|line| (line, '+')));
    // The two lines of a file come one below the other.
    changes.sort_by_key(|&(line, sign)| (line.split(':').next(), sign == '+'));
    changes
        .iter()
        .fold(String::new(), |mut text, (line, sign)| {
            let _ = writeln!(text, "{sign} {line}");
            text
        })
}

/// What becomes of a file. Pixels are looked at only where the headers are good
/// and the file is bad all the same.
fn line(name: &str, bytes: &[u8]) -> String {
    let options = Options::default();
    let facts = || {
        let info = probe(bytes)?;
        let plan = plan(&info, &options)?;
        if name.starts_with("bad/") {
            prepare(bytes, &options)?;
        }
        Ok(format!("{} => {}", found(&info), planned(&plan)))
    };
    facts().unwrap_or_else(|error| refusal(&error))
}

fn refusal(error: &Error) -> String {
    format!("{} ({}): {error}", error.code(), error.reason())
}

/// The facts that a probe found; those that are usual are left out.
fn found(info: &Info) -> String {
    let color = &info.color;
    let mut facts = vec![
        info.format.to_string(),
        info.stored.to_string(),
        format!("{} {}", color.model.name(), color.bit_depth),
    ];
    let mut add = |is_so: bool, fact: &str| {
        if is_so {
            facts.push(fact.to_owned());
        }
    };
    add(color.alpha, "alpha");
    add(info.interlaced, "interlaced");
    let turned = info.orientation.exif();
    add(turned != 1, &format!("orientation {turned}"));
    if let Some(profile) = &color.profile {
        let name = profile.name.as_deref().unwrap_or("without a name");
        add(true, &format!("profile {name} of {} bytes", profile.bytes));
    }
    let loops = match info.loops {
        Loops::Forever => "forever".to_owned(),
        Loops::Times(times) => format!("{times} times"),
    };
    let (frames, millis) = (info.frames, info.duration.as_millis());
    add(
        info.is_animated(),
        &format!("{frames} frames in {millis} ms {loops}"),
    );
    let short = info.short_delays;
    add(short > 0, &format!("{short} short delays"));
    add(info.default_image_apart, "default image apart");
    let metadata = &info.metadata;
    add(
        metadata.bytes > 0,
        &format!("{} bytes of metadata", metadata.bytes),
    );
    for (is_so, fact) in [
        (metadata.exif, "exif"),
        (metadata.gps, "gps"),
        (metadata.xmp, "xmp"),
        (metadata.iptc, "iptc"),
        (metadata.text, "text"),
        (metadata.other, "other"),
        (info.gain_map, "gain map"),
        (!info.terminated, "not terminated"),
    ] {
        add(is_so, fact);
    }
    let unsent = info.unsent_coefficients;
    add(unsent > 0, &format!("{unsent} unsent coefficients"));
    let extra = info.extra_images;
    add(extra > 0, &format!("{extra} extra images"));
    let trailing = info.trailing_bytes;
    add(trailing > 0, &format!("{trailing} trailing bytes"));
    facts.join(", ")
}

fn planned(plan: &Plan) -> String {
    let picture = plan.picture;
    let steps: Vec<&str> = plan.steps.iter().map(headshot::Step::name).collect();
    format!(
        "{} {}, {}x{} at {},{}: {}",
        plan.format,
        plan.side.size(),
        picture.width,
        picture.height,
        picture.x,
        picture.y,
        steps.join(", ")
    )
}
