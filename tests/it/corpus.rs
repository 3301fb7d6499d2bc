//! Real files of the world: those of the folder that `HEADSHOT_CORPUS` names,
//! against what three other decoders say of each.
//!
//! The folder has `EXPECT.tsv`, a line a file; see [`Expected`] for the columns
//! that count here. Without the variable the test says that it was skipped.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, panic, thread};

use headshot::{Error, Info, Options, Photo, prepare, probe};

/// Files that every other decoder accepts and this crate refuses: name, reason
/// and why.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "animated/apngkit__059.png",
        "malformed",
        "its only frame has half of its rows; the others show the default image, or fill in",
    ),
    (
        "animated/weserv__1024-pages.gif",
        "frames",
        "1024 frames, above the default limit of 500",
    ),
    (
        "gif/valid/ljt-seed__id_000798_src_000447_op_flip2_pos_40.gif",
        "edge",
        "its first frame lies at row 58112, so the canvas grows beyond the default limit",
    ),
    (
        "gif/valid/pygif__max-width.gif",
        "edge",
        "65535 pixels wide, above the default limit of 16384",
    ),
    (
        "jpeg/valid/12monkeys__f-18.jpg",
        "unsupported",
        "lossless coding",
    ),
    (
        "jpeg/valid/imgproxy__test1.arith.jpg",
        "unsupported",
        "arithmetic coding",
    ),
    (
        "jpeg/valid/libjpeg-turbo__testimgari.jpg",
        "unsupported",
        "arithmetic coding",
    ),
    (
        "jpeg/valid/ljt-seed__id_002025_src_001062_op_int16_pos_164_val_be_+1000.jpg",
        "edge",
        "59424 pixels high, above the default limit of 16384",
    ),
    (
        "png/valid/thumbor__16383x16383.png",
        "pixels",
        "268 million pixels, above the default limit of 100 million",
    ),
    (
        "png/valid/thumbor__16384x16384.png",
        "pixels",
        "268 million pixels, above the default limit of 100 million",
    ),
];

/// Files of which this crate reports another size, orientation or number of
/// frames than the others: name and why.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "png/valid/libavif__paris_icc_exif_xmp.png",
        "EXIF as text of ImageMagick: Pillow fails to read it, we skip it",
    ),
    (
        "png/valid/pillow__xmp_tags_orientation_exiftool.png",
        "Pillow takes the orientation from XMP, browsers and we from EXIF alone",
    ),
];

#[test]
fn real_files_are_prepared_as_others_see_them() {
    let Some(corpus) = env::var_os("HEADSHOT_CORPUS").map(PathBuf::from) else {
        println!("skipped: HEADSHOT_CORPUS names no folder");
        return;
    };
    let expected = Expected::read(&corpus);
    assert!(expected.len() > 1000, "only {} files", expected.len());
    let outcomes = run(&corpus, &expected);

    let mut counts: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let mut complaints = String::new();
    for (expected, outcome) in expected.iter().zip(&outcomes) {
        let result = match &outcome.photo {
            Ok(_) => "prepared",
            Err(error) => error.reason(),
        };
        *counts.entry((&expected.verdict, result)).or_default() += 1;
        for complaint in expected.complaints(outcome) {
            writeln!(complaints, "{}: {complaint}", expected.path).unwrap();
        }
    }
    for ((verdict, result), count) in counts {
        println!("{verdict:20} {result:20} {count}");
    }
    let mut slowest: Vec<_> = expected.iter().zip(&outcomes).collect();
    slowest.sort_by_key(|(_, outcome)| std::cmp::Reverse(outcome.took));
    for (expected, outcome) in slowest.iter().take(5) {
        println!("{:>8.0?} {}", outcome.took, expected.path);
    }
    assert!(complaints.is_empty(), "\n{complaints}");
}

/// What was found of a file.
struct Outcome {
    info: Result<Info, Error>,
    photo: Result<Photo, Error>,
    took: Duration,
}

/// Prepares all files, on as many threads as there are cores.
fn run(corpus: &Path, expected: &[Expected]) -> Vec<Outcome> {
    let outcomes: Vec<Mutex<Option<Outcome>>> = expected.iter().map(|_| Mutex::default()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((expected, outcome)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            expected.get(index).zip(outcomes.get(index))
        } {
            *outcome.lock().unwrap() = Some(expected.run(corpus));
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, Into::into) {
            scope.spawn(work);
        }
    });
    let outcomes = outcomes.into_iter();
    outcomes.map(|o| o.into_inner().unwrap().unwrap()).collect()
}

/// A line of `EXPECT.tsv`.
struct Expected {
    path: String,
    /// `valid`, `malformed`, `disputed`, `legal-unsupported` or `too-large`.
    verdict: String,
    /// Width and height before orientation is applied, as Pillow and libvips say.
    canvases: [String; 2],
    /// The raw EXIF tag as Pillow says, or `-`.
    orientation: String,
    /// Image blocks of a GIF, or the number in an animated PNG's acTL.
    frames: String,
}

impl Expected {
    fn read(corpus: &Path) -> Vec<Self> {
        let text = fs::read_to_string(corpus.join("EXPECT.tsv")).unwrap();
        let mut lines = text.lines();
        let header: Vec<_> = lines.next().unwrap().split('\t').collect();
        let column = |name| header.iter().position(|&column| column == name).unwrap();
        let columns = [
            "path",
            "verdict",
            "pillow_canvas",
            "vips_canvas",
            "pillow_orientation",
            "declared_frames",
        ]
        .map(column);
        lines
            .map(|line| {
                let fields: Vec<_> = line.split('\t').collect();
                let [path, verdict, pillow, vips, orientation, frames] =
                    columns.map(|column| fields[column].to_owned());
                Self {
                    path,
                    verdict,
                    canvases: [pillow, vips],
                    orientation,
                    frames,
                }
            })
            .collect()
    }

    fn run(&self, corpus: &Path) -> Outcome {
        let bytes = fs::read(corpus.join(&self.path)).unwrap();
        let start = Instant::now();
        let found = panic::catch_unwind(|| (probe(&bytes), prepare(&bytes, &Options::default())));
        let (info, photo) = found.unwrap_or_else(|_| panic!("{} makes it panic", self.path));
        Outcome {
            info,
            photo,
            took: start.elapsed(),
        }
    }

    fn complaints(&self, outcome: &Outcome) -> Vec<String> {
        let mut complaints = Vec::new();
        if let Err(error @ Error::Internal { source, .. }) = &outcome.photo {
            complaints.push(format!("{error}: {source}"));
        }
        let refused = REFUSED.iter().find(|(path, ..)| *path == self.path);
        match (&outcome.photo, refused) {
            (Err(error), None) if self.verdict == "valid" => {
                let source = std::error::Error::source(error);
                complaints.push(format!("valid, but refused: {error} {source:?}"));
            }
            (Err(error), Some((_, reason, _))) if error.reason() != *reason => {
                complaints.push(format!("refused for another reason than listed: {error}"));
            }
            (Ok(_), Some(_)) => complaints.push("listed as refused, but prepared".to_owned()),
            _ => {}
        }
        if let (Ok(info), "valid") = (&outcome.info, &*self.verdict) {
            let different = self.differences(info);
            let listed = DIFFERENT.iter().any(|(path, _)| *path == self.path);
            if different.is_empty() && listed {
                complaints.push("listed as different, but alike".to_owned());
            } else if !listed {
                complaints.extend(different);
            }
        }
        complaints
    }

    fn differences(&self, info: &Info) -> Vec<String> {
        let mut differences = Vec::new();
        let size = info.stored.to_string();
        if !self.canvases.contains(&size) {
            differences.push(format!("{size} instead of {:?}", self.canvases));
        }
        let orientation = match &*self.orientation {
            "-" | "0" => "1",
            tag => tag,
        };
        if info.orientation.exif().to_string() != orientation {
            differences.push(format!(
                "orientation {} instead of {orientation}",
                info.orientation.exif(),
            ));
        }
        if self.frames != "-" && info.frames.to_string() != self.frames {
            differences.push(format!("{} frames instead of {}", info.frames, self.frames));
        }
        differences
    }
}
