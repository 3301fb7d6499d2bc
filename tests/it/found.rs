//! What fuzzing has found, and every file of testdata, held against what must hold
//! for any bytes.

use std::fs;
use std::path::Path;

use crate::check;

#[test]
fn what_holds_for_any_bytes_holds_for_all_files_at_hand() {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let mut files = 0;
    for folder in ["good", "bad", "found"] {
        for entry in fs::read_dir(testdata.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            println!("{}", path.display());
            check::any_header(&bytes);
            check::any_bytes(&bytes);
            check::any_options(&bytes);
            check::any_edges(&bytes);
            check::any_jpeg(&bytes);
            check::any_png(&bytes);
            check::any_gif(&bytes);
            check::roundtrip(&bytes);
            files += 1;
        }
    }
    assert!(files > 100, "{files} files");
}
