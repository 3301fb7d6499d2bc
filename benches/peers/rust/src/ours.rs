//! This library, by the one call that everybody makes.

use std::error::Error;

use headshot::{CropBox, Format, Options, Quality};

use crate::job::Job;

pub fn prepare(upload: &[u8], job: &Job) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(headshot::prepare(upload, &options(job)?)?.bytes)
}

fn options(job: &Job) -> Result<Options, Box<dyn Error>> {
    let format = match job.format.as_str() {
        "jpeg" => Format::Jpeg,
        "png" => Format::Png,
        "gif" => Format::Gif,
        other => return Err(format!("no such format: {other}").into()),
    };
    let quality = Quality::new(job.quality).ok_or("no such quality")?;
    let options = Options::default()
        .with_format(Some(format))
        .with_quality(quality);
    Ok(match job.crop {
        Some([x, y, width]) => options.with_crop(CropBox { x, y, width }),
        None => options,
    })
}
