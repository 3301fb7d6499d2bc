//! What the service says.

use std::time::Duration;

use serde_json::{Map, Value};
use ureq::http::Uri;

use super::code::Code;
use super::error::Error;
use super::token::Token;
use super::transport::Reply;

/// The service's yes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// What the service tells of the photo. After a removal, nothing.
    pub profile: Profile,
    /// What the service minds about the call.
    pub warnings: Vec<Warning>,
    /// How often it was tried.
    pub tries: u32,
    /// How it is known that the photo was changed.
    pub known_by: KnownBy,
}

/// How it is known that the photo was changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum KnownBy {
    /// The service said so.
    #[default]
    Answer,
    /// There was no answer, or one of failure; but the profile has another `avatar_hash`
    /// than before.
    Hash,
}

/// Where the photo is, in the sizes that the service made of it. What it doesn't tell is
/// `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// Changes with the photo.
    pub avatar_hash: Option<String>,
    /// Address of the square of 24 pixels.
    pub image_24: Option<String>,
    /// Address of the square of 32 pixels.
    pub image_32: Option<String>,
    /// Address of the square of 48 pixels.
    pub image_48: Option<String>,
    /// Address of the square of 72 pixels.
    pub image_72: Option<String>,
    /// Address of the square of 192 pixels.
    pub image_192: Option<String>,
    /// Address of the square of 512 pixels.
    pub image_512: Option<String>,
    /// Address of the square of 1024 pixels.
    pub image_1024: Option<String>,
    /// Address of the photo as it was uploaded.
    pub image_original: Option<String>,
}

impl Profile {
    /// All addresses that are known, by their names, from the smallest square on.
    #[must_use]
    pub fn images(&self) -> impl DoubleEndedIterator<Item = (&'static str, &str)> {
        [
            ("image_24", &self.image_24),
            ("image_32", &self.image_32),
            ("image_48", &self.image_48),
            ("image_72", &self.image_72),
            ("image_192", &self.image_192),
            ("image_512", &self.image_512),
            ("image_1024", &self.image_1024),
            ("image_original", &self.image_original),
        ]
        .into_iter()
        .filter_map(|(name, address)| Some((name, address.as_deref()?)))
    }
}

/// What the service minds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// The form came without a charset (`missing_charset`).
    MissingCharset,
    /// The form came with a charset that it shouldn't have (`superfluous_charset`).
    SuperfluousCharset,
    /// A word that this version of the crate doesn't know.
    Other(String),
}

impl Warning {
    fn new(word: &str) -> Self {
        match word {
            "missing_charset" => Self::MissingCharset,
            "superfluous_charset" => Self::SuperfluousCharset,
            _ => Self::Other(word.to_owned()),
        }
    }

    /// The service's word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::MissingCharset => "missing_charset",
            Self::SuperfluousCharset => "superfluous_charset",
            Self::Other(word) => word,
        }
    }
}

/// Reads an answer. Whatever is in it, the token isn't in what comes out.
pub(super) fn read(reply: &Reply, token: &Token) -> Result<Answer, Error> {
    let status = reply.status;
    if (300..400).contains(&status) {
        let origin = reply.header("Location").and_then(origin);
        return Err(Error::Redirected {
            status,
            origin: origin.map(|origin| token.clean(&origin)),
        });
    }
    // `serde_json` goes no deeper than 128 levels.
    let parsed = serde_json::from_slice::<Map<String, Value>>(&reply.body).ok();
    let is_json = parsed.is_some();
    let words = Words {
        object: parsed.unwrap_or_default(),
        token,
    };
    let retry_after = retry_after(reply);
    let refused = |code| {
        Err(Error::Refused {
            code,
            needed: words.text("needed"),
            provided: words.text("provided"),
            retry_after,
            status,
        })
    };
    let unexpected = |problem| Err(Error::Unexpected { problem });
    match (words.flag("ok"), words.text("error")) {
        // Whatever else it says.
        _ if status == 429 => refused(Code::RateLimited),
        (Some(false), Some(word)) => refused(Code::new(&word)),
        _ if !(200..300).contains(&status) => Err(Error::Status {
            status,
            retry_after,
        }),
        (Some(true), _) => Ok(words.answer()),
        (Some(false), None) => unexpected("says no, and not why"),
        (None, _) if is_json => unexpected("doesn't say whether all is well"),
        (None, _) => unexpected("is no JSON object"),
    }
}

/// Whole seconds, as the service sends them. A date, which HTTP allows too, would need the
/// time of day.
fn retry_after(reply: &Reply) -> Option<Duration> {
    let seconds = reply.header("Retry-After")?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Scheme, host and port of an address, without a user's name and password.
fn origin(address: &str) -> Option<String> {
    let uri: Uri = address.parse().ok()?;
    let port = uri
        .port()
        .map_or_else(String::new, |port| format!(":{port}"));
    Some(format!("{}://{}{port}", uri.scheme_str()?, uri.host()?))
}

/// The object that an answer is.
struct Words<'a> {
    object: Map<String, Value>,
    token: &'a Token,
}

impl Words<'_> {
    fn flag(&self, name: &str) -> Option<bool> {
        self.object.get(name)?.as_bool()
    }

    fn text(&self, name: &str) -> Option<String> {
        self.clean(self.object.get(name))
    }

    /// What is no text, or empty, counts as missing.
    fn clean(&self, value: Option<&Value>) -> Option<String> {
        let text = value?.as_str().filter(|text| !text.is_empty())?;
        Some(self.token.clean(text))
    }

    fn answer(&self) -> Answer {
        Answer {
            profile: self.profile(),
            warnings: self.warnings(),
            tries: 1,
            known_by: KnownBy::Answer,
        }
    }

    fn profile(&self) -> Profile {
        let profile = self.object.get("profile");
        let text = |name| self.clean(profile.and_then(|profile| profile.get(name)));
        Profile {
            avatar_hash: text("avatar_hash"),
            image_24: text("image_24"),
            image_32: text("image_32"),
            image_48: text("image_48"),
            image_72: text("image_72"),
            image_192: text("image_192"),
            image_512: text("image_512"),
            image_1024: text("image_1024"),
            image_original: text("image_original"),
        }
    }

    /// Those of `warning`, which may be several with commas between, and those of the list
    /// in `response_metadata`, each once.
    fn warnings(&self) -> Vec<Warning> {
        let metadata = self.object.get("response_metadata");
        let list = metadata.and_then(|metadata| metadata.get("warnings"));
        let list = list.and_then(Value::as_array).into_iter().flatten();
        let all = self.object.get("warning").into_iter().chain(list);
        let mut warnings = Vec::new();
        for text in all.filter_map(|value| self.clean(Some(value))) {
            let words = text.split(',').map(str::trim);
            for warning in words.filter(|word| !word.is_empty()).map(Warning::new) {
                // An honest answer has two at most.
                if warnings.len() < 16 && !warnings.contains(&warning) {
                    warnings.push(warning);
                }
            }
        }
        warnings
    }
}
