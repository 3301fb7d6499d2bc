//! Writes `testdata/good` and `testdata/bad`, the same bytes every time:
//! `cargo run --example make_testdata`.

#[path = "../tests/it/picture/mod.rs"]
mod picture;

use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    for folder in ["good", "bad"] {
        let folder = testdata.join(folder);
        // A file that is no longer made must not stay behind.
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
    }
    let files = picture::catalogue::all();
    for (name, bytes) in &files {
        fs::write(testdata.join(name), bytes)?;
    }
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    println!("{} files, {bytes} bytes", files.len());
    Ok(())
}
