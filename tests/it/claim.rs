//! Files that only claim to be pictures: enough for `probe` and `plan`, at any
//! size, with next to no pixels.

use headshot::Orientation;

use crate::picture::png::chunk;

/// A PNG that claims a size and an orientation, and has no pixel.
pub(crate) fn png(width: u32, height: u32, orientation: Orientation) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let [w, h] = [width, height].map(u32::to_be_bytes);
    chunk(
        &mut file,
        *b"IHDR",
        &[&w[..], &h, &[8, 2, 0, 0, 0]].concat(),
    );
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend([orientation.exif(), 0, 0, 0, 0, 0, 0]);
    chunk(&mut file, *b"eXIf", &tiff);
    chunk(&mut file, *b"IDAT", &[]);
    chunk(&mut file, *b"IEND", &[]);
    file
}

/// A GIF of `frames` frames, each of one pixel on a canvas of the given size.
pub(crate) fn gif(width: u16, height: u16, frames: u32) -> Vec<u8> {
    let mut file = b"GIF89a".to_vec();
    file.extend(width.to_le_bytes());
    file.extend(height.to_le_bytes());
    file.extend(b"\x80\0\0\0\0\0\xff\xff\xff");
    for _ in 0..frames {
        file.extend(b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0");
    }
    file.push(b';');
    file
}
