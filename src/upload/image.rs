//! What is uploaded.

use super::error::Error;
use crate::geometry::CropBox;
use crate::photo::Photo;
use crate::probe::{Format, probe};

/// A file to upload, with the square that the service is to cut out of it, if any.
///
/// Made of a [`Photo`], it has no such square: that was cut already.
///
/// # Guarantees
///
/// Its bytes are of its format, as far as their headers tell, and the square has a pixel
/// and is inside the picture.
///
/// # Examples
///
/// ```no_run
/// use headshot::upload::{Base, Client, Image, Token};
/// use headshot::{CropBox, Format};
///
/// let file = std::fs::read("me.jpg")?;
/// let crop = CropBox { x: 10, y: 20, width: 600 };
/// let image = Image::as_is(&file, Format::Jpeg, Some(crop))?;
/// let client = Client::new(Base::default(), Token::new("xoxp-1234-secret")?);
/// client.set_photo(image)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Image<'a> {
    bytes: &'a [u8],
    format: Format,
    crop: Option<CropBox>,
}

impl<'a> Image<'a> {
    /// A file that nothing is done to. Whether the service will take it is
    /// [`check`](crate::check)'s to say.
    ///
    /// `crop` is sent to the service, in pixels of the picture as it is seen. Without one,
    /// the service takes the whole picture, and letterboxes it.
    ///
    /// # Errors
    ///
    /// [`Error::Picture`] if it is none or the square isn't inside it, and
    /// [`Error::Misnamed`] if it is of another format.
    pub fn as_is(bytes: &'a [u8], format: Format, crop: Option<CropBox>) -> Result<Self, Error> {
        let info = probe(bytes)?;
        if info.format != format {
            return Err(Error::Misnamed {
                declared: format,
                format: info.format,
            });
        }
        let size = info.displayed();
        match crop {
            Some(crop) if crop.width == 0 => Err(crate::Error::CropEmpty { crop }.into()),
            Some(crop) if !crop.rect().lies_in(size) => {
                Err(crate::Error::CropOutside { crop, size }.into())
            }
            crop => Ok(Self {
                bytes,
                format,
                crop,
            }),
        }
    }

    /// The file.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// What kind of file it is.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// What the service is to cut out of it.
    #[must_use]
    pub const fn crop(&self) -> Option<CropBox> {
        self.crop
    }
}

impl<'a> From<&'a Photo> for Image<'a> {
    fn from(photo: &'a Photo) -> Self {
        Self {
            bytes: &photo.bytes,
            format: photo.format,
            crop: None,
        }
    }
}

impl std::fmt::Debug for Image<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Image")
            .field("bytes", &self.bytes.len())
            .field("format", &self.format)
            .field("crop", &self.crop)
            .finish()
    }
}
