//! The arguments of a call.

use std::collections::HashMap;

use headshot::Limits;
use multer::{Constraints, Multipart, SizeLimit};

use crate::answer::{Code, Refusal};
use crate::post_type::PostType;
use crate::upload::{Broken, Upload};

/// Bytes of all but the picture: texts, and what stands between them.
const OVERHEAD: u64 = 64 << 10;

/// Bytes of one text.
const TEXT: u64 = 4 << 10;

/// Letters of a name. The service calls longer ones out of bounds without a number.
const NAME: usize = 64;

/// Texts by name, and the picture.
#[derive(Debug, Default)]
pub(crate) struct Form {
    texts: HashMap<String, String>,
    pub(crate) image: Option<Vec<u8>>,
}

impl Form {
    /// The arguments in the address and those in the body. Of a token in the address
    /// nothing is read: addresses end up in logs.
    pub(crate) async fn read(
        query: Option<&str>,
        post_type: PostType,
        upload: &mut Upload,
    ) -> Result<Self, Refusal> {
        let mut form = Self::default();
        form.add_pairs(query.unwrap_or_default().as_bytes())?;
        form.texts.remove("token");
        match post_type {
            PostType::Nothing => {}
            PostType::Urlencoded => {
                let body = read_all(upload).await?;
                form.add_pairs(&body)?;
            }
            PostType::Multipart(boundary) => form.add_parts(boundary, upload).await?,
        }
        Ok(form)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    fn add_pairs(&mut self, text: &[u8]) -> Result<(), Refusal> {
        for (name, value) in form_urlencoded::parse(text) {
            self.add_text(&name, value.into_owned())?;
        }
        Ok(())
    }

    fn add_text(&mut self, name: &str, text: String) -> Result<(), Refusal> {
        check_name(name)?;
        match self.texts.insert(name.to_owned(), text) {
            None => Ok(()),
            Some(_) => Err(twice(name)),
        }
    }

    async fn add_parts(&mut self, boundary: String, upload: &mut Upload) -> Result<(), Refusal> {
        let limit = Limits::default().file_bytes;
        // Room for the whole picture at once: one that grows is there twice at times.
        let room = upload.announced().unwrap_or(0).min(limit);
        let sizes = SizeLimit::new().per_field(TEXT).for_field("image", limit);
        let constraints = Constraints::new().size_limit(sizes);
        let mut parts = Multipart::with_constraints(upload, boundary, constraints);
        while let Some(mut part) = parts.next_field().await.map_err(refusal)? {
            let name = part.name().unwrap_or_default().to_owned();
            if name != "image" {
                self.add_text(&name, part.text().await.map_err(refusal)?)?;
                continue;
            }
            let mut image = Vec::with_capacity(usize::try_from(room).unwrap_or(0));
            while let Some(chunk) = part.chunk().await.map_err(refusal)? {
                image.extend_from_slice(&chunk);
            }
            if self.image.replace(image).is_some() {
                return Err(twice(&name));
            }
        }
        Ok(())
    }
}

/// Allows the bytes that such a body may have.
pub(crate) fn bound(post_type: &PostType, upload: &mut Upload) -> Result<(), Refusal> {
    match post_type {
        PostType::Multipart(_) => upload
            .allow(Limits::default().file_bytes + OVERHEAD)
            .map_err(picture),
        PostType::Urlencoded | PostType::Nothing => upload.allow(OVERHEAD).map_err(text),
    }
}

async fn read_all(upload: &mut Upload) -> Result<Vec<u8>, Refusal> {
    let mut body = Vec::new();
    while let Some(data) = upload.data().await {
        body.extend_from_slice(&data.map_err(text)?);
    }
    Ok(body)
}

/// What the service says of names.
fn check_name(name: &str) -> Result<(), Refusal> {
    if name.contains('[') {
        return Err(Code::InvalidArrayArg.into());
    }
    let is_plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_plain || name.is_empty() || name.len() > NAME {
        return Err(Code::InvalidArgName.into());
    }
    Ok(())
}

fn twice(name: &str) -> Refusal {
    Code::InvalidArguments.because(format_args!("{name} is there twice"))
}

fn picture(broken: Broken) -> Refusal {
    match broken {
        Broken::TooLong => {
            let limit = Limits::default().file_bytes;
            Code::TooLarge.because(format_args!("file_bytes: more than {limit} bytes"))
        }
        Broken::Cut => Code::RequestTimeout.because(broken),
    }
}

fn text(broken: Broken) -> Refusal {
    match broken {
        Broken::TooLong => Code::InvalidFormData
            .because("so much text: is the picture a file part of multipart/form-data?"),
        Broken::Cut => Code::RequestTimeout.because(broken),
    }
}

fn refusal(error: multer::Error) -> Refusal {
    match &error {
        multer::Error::StreamReadFailed(source) => match source.downcast_ref() {
            Some(&broken) => picture(broken),
            None => Code::InternalError.because(error),
        },
        multer::Error::FieldSizeExceeded { field_name, .. }
            if field_name.as_deref() == Some("image") =>
        {
            picture(Broken::TooLong)
        }
        _ => Code::InvalidFormData.because(error),
    }
}
