//! `headshot upload`.

use headshot::upload::{Client, Error, Image, Request};
use headshot::{Cancel, Format, Info, Options, Photo, Violation, check, prepare_until, probe};
use serde_json::{Value, json};

use crate::args::UploadArgs;
use crate::console::{Printable, Stream, complain};
use crate::json;
use crate::outcome::guarded;
use crate::refusal::Refusal;
use crate::service::{self, Said};
use crate::status::{Failure, Status};

pub(crate) fn run(args: &UploadArgs) -> Result<Status, Failure> {
    let options = Options::from(&args.options);
    // Without a token, there is no use in preparing anything.
    let client = if args.service.dry_run {
        None
    } else {
        Some(args.service.client()?)
    };
    let bytes = args.input.read(options.limits().file_bytes);
    let info = bytes
        .as_ref()
        .ok()
        .and_then(|bytes| guarded(|| probe(bytes)).ok());
    let file = bytes.and_then(|bytes| File::new(bytes, args.as_is, &options));
    let (file, said) = match file {
        Ok(file) => {
            let said = send(&file, args, &options, client.as_ref());
            (Some(file), said)
        }
        Err(refusal) => (None, Err(refusal)),
    };
    report(args, info.as_ref(), file.as_ref(), &said)?;
    Ok(match said {
        Ok(_) => Status::Fine,
        Err(Refusal::Service(_)) => Status::NotDone,
        Err(_) => Status::Refused,
    })
}

/// What is uploaded.
enum File {
    Prepared(Photo),
    AsIs(Vec<u8>, Format),
}

impl File {
    fn new(bytes: Vec<u8>, as_is: bool, options: &Options) -> Result<Self, Refusal> {
        if !as_is {
            let photo = guarded(|| prepare_until(&bytes, options, &Cancel::never()))?;
            return Ok(Self::Prepared(photo));
        }
        let info = guarded(|| probe(&bytes))?;
        // Its name doesn't matter: the service is told what it is. And the service makes a
        // square of it.
        let broken = check(&info, options.limits(), None).into_iter();
        let mut broken = broken.filter(|rule| !matches!(rule, Violation::NotSquare { .. }));
        match broken.next() {
            Some(first) => Err(Refusal::Rules(first, broken.collect())),
            None => Ok(Self::AsIs(bytes, info.format)),
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Prepared(photo) => &photo.bytes,
            Self::AsIs(bytes, _) => bytes,
        }
    }

    const fn format(&self) -> Format {
        match self {
            Self::Prepared(photo) => photo.format,
            Self::AsIs(_, format) => *format,
        }
    }

    fn photo(&self) -> Option<&Photo> {
        match self {
            Self::Prepared(photo) => Some(photo),
            Self::AsIs(..) => None,
        }
    }

    fn image(&self, options: &Options) -> Result<Image<'_>, Error> {
        match self {
            Self::Prepared(photo) => Ok(photo.into()),
            Self::AsIs(bytes, format) => Image::as_is(bytes, *format, options.crop()),
        }
    }
}

/// Sends it, if there is a client to do so.
fn send(
    file: &File,
    args: &UploadArgs,
    options: &Options,
    client: Option<&Client>,
) -> Result<Said, Refusal> {
    let image = file.image(options).map_err(refusal)?;
    let Some(client) = client else {
        let (base, place) = (args.service.base(), args.service.token_place());
        return Ok(Said::nothing(&Request::set_photo(base, place, &image)));
    };
    client.set_photo(image).map(Said::Yes).map_err(refusal)
}

/// The picture is to blame, or the service.
fn refusal(error: Error) -> Refusal {
    match error {
        Error::Picture(error) => Refusal::Picture(error),
        error => Refusal::Service(error),
    }
}

fn report(
    args: &UploadArgs,
    info: Option<&Info>,
    file: Option<&File>,
    said: &Result<Said, Refusal>,
) -> Result<(), Failure> {
    let path = args.input.path();
    let refusal = said.as_ref().err();
    if let Some(refusal) = refusal {
        complain(refusal.line(path));
    }
    if args.service.json {
        let photo = file.and_then(File::photo);
        let mut object = json::object(path, info, refusal);
        object.extend(json::members(json!({
            "media_type": file.map(|file| file.format().media_type()),
            "side": photo.map(|photo| photo.side.px()),
            "output_frames": photo.map(|photo| photo.frames),
            "bytes": file.map(|file| file.bytes().len()),
            "steps": photo.map(|photo| photo.steps.iter().map(json::step).collect::<Vec<_>>()),
        })));
        object.extend(service::members(said));
        Stream::Stdout.line(Value::Object(object))?;
    } else if let Ok(said) = said {
        said.print(format_args!(
            "{} -> {}",
            Printable::path(path),
            address(said)
        ))?;
    }
    Ok(())
}

/// Where the photo is now: the address of the largest that is named.
fn address(said: &Said) -> Printable<'_> {
    let images = match said {
        Said::Yes(answer) => answer.profile.images().next_back(),
        Said::Nothing { .. } => None,
    };
    Printable::text(images.map_or("uploaded; the service names no address", |(_, url)| url))
}
