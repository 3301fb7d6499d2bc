//! The `image` crate by itself: load, turn, crop, resize, lay on black, save.
//! Its JPEG encoder knows no subsampling but 4:4:4. Stills only.

use std::error::Error;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage};

use crate::job::Job;

pub fn prepare(upload: &[u8], job: &Job) -> Result<Vec<u8>, Box<dyn Error>> {
    let picture = resized(taken(load(upload)?, job), job).into_rgb8();
    let mut canvas = RgbImage::new(job.side, job.side);
    let [left, top] = job.corner();
    imageops::replace(&mut canvas, &picture, left.into(), top.into());
    save(&canvas, job)
}

fn load(upload: &[u8]) -> Result<DynamicImage, Box<dyn Error>> {
    let mut decoder = ImageReader::new(Cursor::new(upload))
        .with_guessed_format()?
        .into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok(image)
}

fn taken(image: DynamicImage, job: &Job) -> DynamicImage {
    match job.crop {
        Some([x, y, edge]) => image.crop_imm(x, y, edge, edge),
        None => image,
    }
}

fn resized(image: DynamicImage, job: &Job) -> DynamicImage {
    let [width, height] = job.picture;
    if (image.width(), image.height()) == (width, height) {
        return image;
    }
    image.resize_exact(width, height, FilterType::Lanczos3)
}

fn save(canvas: &RgbImage, job: &Job) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut photo = Vec::new();
    match job.format.as_str() {
        "jpeg" => {
            canvas.write_with_encoder(JpegEncoder::new_with_quality(&mut photo, job.quality))?;
        }
        "png" => canvas.write_to(&mut Cursor::new(&mut photo), ImageFormat::Png)?,
        other => return Err(format!("not among its jobs: {other}").into()),
    }
    Ok(photo)
}
