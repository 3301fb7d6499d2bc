//! What the driver asks for. It has done the arithmetic: tools only obey.

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Job {
    /// The upload.
    pub path: String,
    /// What the photo shall be: `jpeg`, `png` or `gif`.
    pub format: String,
    /// Left, top and width of the square to take, in displayed pixels; or all.
    pub crop: Option<[u32; 3]>,
    /// Width and height of the picture on the photo.
    pub picture: [u32; 2],
    /// Width and height of the photo.
    pub side: u32,
    /// Of JPEG.
    pub quality: u8,
    /// Where to write the photo, if it is to be looked at.
    pub out: Option<String>,
}

impl Job {
    /// Left and top of the picture on the photo.
    pub fn corner(&self) -> [u32; 2] {
        self.picture.map(|edge| (self.side - edge) / 2)
    }
}
