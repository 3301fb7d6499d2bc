//! Files that end early, at every byte, and files with a byte changed.

use std::fs;
use std::path::Path;

use crate::check;

/// The shortest files of the folder, of every kind.
fn files() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/good");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        })
        .filter(|(_, bytes)| bytes.len() < 640)
        .collect();
    files.sort();
    for kind in [".jpg", ".png", ".gif"] {
        assert!(files.iter().any(|(name, _)| name.ends_with(kind)), "{kind}");
    }
    files
}

#[test]
fn cut_short_at_every_byte() {
    for (name, file) in files() {
        for len in 0..file.len() {
            println!("{name} cut at {len}"); // shown if the next line panics
            check::any_bytes(&file[..len]);
        }
    }
}

#[test]
fn changed_at_every_byte() {
    for (name, mut file) in files() {
        for at in 0..file.len() {
            println!("{name} changed at {at}");
            for change in [0x01, 0x80, 0xFF] {
                file[at] ^= change;
                check::any_bytes(&file);
                file[at] ^= change;
            }
        }
    }
}
