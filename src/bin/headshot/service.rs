//! What `upload` and `delete` have in common: the options of the service, and what it said.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::Args;
use headshot::upload::{
    Answer, Base, Client, Error, Http, KnownBy, Part, Request, Retry, Token, TokenPlace, Warning,
};
use serde_json::{Value, json};

use crate::console::{Printable, Stream, complain};
use crate::json;
use crate::refusal::Refusal;
use crate::seconds::Seconds;
use crate::status::Failure;

/// Where the token is, unless a file is named.
const VARIABLE: &str = "SLACK_TOKEN";

#[derive(Args, Debug)]
#[command(next_help_heading = "Service")]
pub(crate) struct ServiceArgs {
    /// Read the token from FILE instead of the environment's `SLACK_TOKEN`
    ///
    /// Spaces and line breaks around it are left out.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,

    /// Address that the names of methods are put behind
    ///
    /// https, or http to this machine.
    #[arg(long, value_name = "URL", default_value_t)]
    base: Base,

    /// Send the token in the form, as `token`, instead of in the header
    #[arg(long)]
    token_in_body: bool,

    /// Tries in all, if the service fails in a way that passes
    #[arg(long, value_name = "N", default_value_t = tries())]
    tries: NonZeroU32,

    /// Give a try up that takes longer; as a number, with a fraction if need be
    #[arg(long, value_name = "SECONDS", default_value_t = Seconds(Http::TIMEOUT))]
    #[arg(allow_hyphen_values = true)]
    timeout: Seconds,

    /// Print what would be sent, but for the token, and send nothing
    #[arg(long, help_heading = "Work and report")]
    pub(crate) dry_run: bool,

    /// Print one JSON object a line instead of text
    #[arg(long, help_heading = "Work and report")]
    pub(crate) json: bool,
}

/// The library's own.
fn tries() -> NonZeroU32 {
    NonZeroU32::new(Retry::default().tries).unwrap_or(NonZeroU32::MIN)
}

impl ServiceArgs {
    pub(crate) const fn base(&self) -> &Base {
        &self.base
    }

    pub(crate) const fn token_place(&self) -> TokenPlace {
        if self.token_in_body {
            TokenPlace::Body
        } else {
            TokenPlace::Header
        }
    }

    /// The client, if there is a token for it.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        let token = Token::new(self.token()?.trim())
            .map_err(|error| Failure::Usage(format!("{error}; {}", error.remedy().advice())))?;
        let retry = Retry {
            tries: self.tries.get(),
            ..Retry::default()
        };
        Ok(Client::new(self.base.clone(), token)
            .with_token_place(self.token_place())
            .with_retry(retry)
            .with_transport(Http::new(self.timeout.0)))
    }

    /// As it is written somewhere.
    fn token(&self) -> Result<String, Failure> {
        let Some(file) = &self.token_file else {
            return std::env::var(VARIABLE).map_err(|_| {
                let message = format!("no token: set {VARIABLE}, or add `--token-file FILE`");
                Failure::Usage(message)
            });
        };
        read_short(file).map_err(|error| {
            let file = Printable::path(file);
            Failure::Usage(format!("cannot read the token from {file}: {error}"))
        })
    }
}

/// No token is longer than this, and what is may be a device that never ends.
fn read_short(path: &Path) -> io::Result<String> {
    const LONGEST: u64 = 1 << 16;
    let mut text = String::new();
    File::open(path)?.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}

/// What came of a call.
pub(crate) enum Said {
    /// The service did it.
    Yes(Answer),
    /// Nobody was asked: what would have been sent, in lines and in JSON.
    Nothing { text: String, object: Value },
}

impl Said {
    /// The outcome of a dry run.
    pub(crate) fn nothing(request: &Request<'_>) -> Self {
        Self::Nothing {
            text: lines(request),
            object: object(request),
        }
    }

    /// For people: the answer's warnings, and `done`; or the request.
    pub(crate) fn print(&self, done: impl Display) -> io::Result<()> {
        match self {
            Self::Yes(answer) => {
                for warning in &answer.warnings {
                    let warning = Printable::text(warning.as_str());
                    complain(format_args!("warning of the service: {warning}"));
                }
                Stream::Stdout.line(done)
            }
            Self::Nothing { text, .. } => Stream::Stdout.line(text),
        }
    }
}

/// What `upload` and `delete` add in JSON, with the same keys whatever came of the call.
pub(crate) fn members(said: &Result<Said, Refusal>) -> json::Object {
    let (answer, request, error) = match said {
        Ok(Said::Yes(answer)) => (Some(answer), None, None),
        Ok(Said::Nothing { object, .. }) => (None, Some(object), None),
        Err(Refusal::Service(error)) => (None, None, Some(error)),
        Err(_) => (None, None, None),
    };
    let profile = answer.map(|answer| &answer.profile);
    let (needed, provided) = match error {
        Some(Error::Refused {
            needed, provided, ..
        }) => (needed.as_ref(), provided.as_ref()),
        _ => (None, None),
    };
    json::members(json!({
        "remedy": error.map(|error| error.remedy().name()),
        "advice": error.map(|error| error.remedy().advice()),
        "needed": needed,
        "provided": provided,
        "retry_after": error.and_then(Error::retry_after).map(|wait| wait.as_secs()),
        "avatar_hash": profile.and_then(|profile| profile.avatar_hash.as_ref()),
        "images": profile.map(|profile| {
            let images = profile.images();
            images.map(|(name, url)| (name.to_owned(), url.into())).collect::<json::Object>()
        }),
        "warnings": answer.map(|answer| {
            let warnings = answer.warnings.iter();
            warnings.map(Warning::as_str).collect::<Vec<_>>()
        }),
        "tries": answer.map(|answer| answer.tries),
        "known_by": answer.map(|answer| match answer.known_by {
            KnownBy::Answer => "answer",
            KnownBy::Hash => "hash",
        }),
        "request": request,
    }))
}

/// What stands for the token, which a dry run doesn't have.
const TOKEN: &str = "(token)";

/// The headers with what stands for the token.
fn headers(request: &Request<'_>) -> Vec<(&'static str, String)> {
    let headers = request.headers().into_iter();
    let mut headers: Vec<_> = headers
        .map(|(name, value)| (name, value.into_owned()))
        .collect();
    if request.token_place() == TokenPlace::Header {
        headers.push(("Authorization", format!("Bearer {TOKEN}")));
    }
    headers
}

/// A line each for what it is, for a header and for a part.
fn lines(request: &Request<'_>) -> String {
    let mut lines = vec![format!("POST {}", request.url())];
    lines.extend(
        headers(request)
            .iter()
            .map(|(name, value)| format!("{name}: {value}")),
    );
    let parts = request.parts().iter();
    lines.extend(parts.map(|part| format!("  {}: {}", part.name(), content(part))));
    lines.join("\n")
}

fn content(part: &Part<'_>) -> String {
    match (part.bytes(), part.file_name(), part.media_type()) {
        (None, ..) => TOKEN.to_owned(),
        (Some(bytes), Some(file_name), Some(media_type)) => {
            let (len, sum) = (bytes.len(), checksum(bytes));
            format!("file {file_name}, {media_type}, {len} bytes, CRC-32 {sum}")
        }
        (Some(bytes), ..) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// As archive programs print it.
fn checksum(bytes: &[u8]) -> String {
    format!("{:08x}", crc32fast::hash(bytes))
}

fn object(request: &Request<'_>) -> Value {
    let headers = headers(request).into_iter();
    let headers = headers.map(|(name, value)| (name.to_owned(), value.into()));
    let parts = request.parts().iter().map(|part| {
        let is_file = part.file_name().is_some();
        json!({
            "name": part.name(),
            "file_name": part.file_name(),
            "media_type": part.media_type(),
            "bytes": part.bytes().map(<[u8]>::len),
            "crc32": part.bytes().map(checksum),
            "text": (!is_file).then(|| content(part)),
        })
    });
    json!({
        "method": "POST",
        "url": request.url(),
        "headers": headers.collect::<json::Object>(),
        "parts": parts.collect::<Vec<_>>(),
    })
}
