//! The program `headshot`, as people and scripts call it.

mod batch;
mod files;
#[cfg(all(feature = "parallel", feature = "upload"))]
mod help;
#[cfg(all(target_os = "linux", feature = "parallel"))]
mod interrupt;
mod report_files;
mod reports;
mod shells;
#[cfg(target_os = "linux")]
mod terminal;
#[cfg(feature = "upload")]
mod upload;
mod usage;

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

/// The option, where there is one.
fn jobs(number: u32) -> String {
    if cfg!(feature = "parallel") {
        format!("--jobs {number}")
    } else {
        String::new()
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
