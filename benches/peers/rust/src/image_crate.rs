//! The `image` crate by itself: load, turn, crop, resize, lay on black, save.
//! Its JPEG encoder knows no subsampling but 4:4:4. Stills only.

use std::error::Error;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage, Rgba, RgbaImage};

use crate::job::Job;

pub fn prepare(upload: &[u8], job: &Job) -> Result<Vec<u8>, Box<dyn Error>> {
    let picture = resized(taken(load(upload)?, job), job);
    save(&centred(picture, job), job)
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

fn centred(picture: DynamicImage, job: &Job) -> RgbImage {
    let [left, top] = job.corner().map(i64::from);
    if picture.color().has_alpha() {
        let mut canvas = RgbaImage::from_pixel(job.side, job.side, Rgba([0, 0, 0, 255]));
        imageops::overlay(&mut canvas, &picture.into_rgba8(), left, top);
        return DynamicImage::from(canvas).into_rgb8();
    }
    let mut canvas = RgbImage::new(job.side, job.side);
    imageops::replace(&mut canvas, &picture.into_rgb8(), left, top);
    canvas
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
