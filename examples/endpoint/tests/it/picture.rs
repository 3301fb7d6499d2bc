//! Pictures in which every place can be told by its colour.

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use image::{ImageFormat, Rgb, RgbImage};

/// Edge of a cell.
const CELL: u32 = 100;

/// The colour of a cell, by column and row.
pub(crate) fn color(column: u32, row: u32) -> [u8; 3] {
    let level = |step: u32, number: u32| u8::try_from(40 + step * number).unwrap();
    [level(20, column), level(30, row), 90]
}

/// Cells of 100 pixels, as a person sees them.
pub(crate) fn cells(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb(color(x / CELL, y / CELL)))
}

pub(crate) fn encode(image: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// A JPEG that is stored turned, and says in its EXIF that a viewer has to turn it to
/// the right (6, in CIPA DC-008, section 4.6.4).
pub(crate) fn turned_jpeg(displayed: &RgbImage) -> Vec<u8> {
    let jpeg = encode(&image::imageops::rotate270(displayed), ImageFormat::Jpeg);
    let tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let length = u16::try_from(2 + 6 + tiff.len()).unwrap().to_be_bytes();
    let (start, rest) = jpeg.split_at(2);
    [start, b"\xff\xe1", &length, b"Exif\0\0", tiff, rest].concat()
}

/// Asserts that all of a photo has about this colour.
#[track_caller]
pub(crate) fn assert_color(photo: &[u8], color: [u8; 3]) {
    let image = image::load_from_memory(photo).unwrap().into_rgb8();
    for (x, y, pixel) in image.enumerate_pixels() {
        let near = pixel.0.iter().zip(color).all(|(&a, b)| a.abs_diff(b) <= 6);
        assert!(
            near,
            "{:?} at {x},{y} of {:?} in place of {color:?}",
            pixel.0,
            image.dimensions()
        );
    }
}

/// A file of the repository's test data.
pub(crate) fn testdata(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).expect(name)
}

/// All that are refused.
pub(crate) fn bad() -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder().join("bad")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names
        .map(|name| (name.clone(), testdata(&format!("bad/{name}"))))
        .collect()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata")
}
