//! What is sent, as a value: made by pure functions, and without the token.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use secrecy::{ExposeSecret, SecretSlice, SecretString};

use super::base::Base;
use super::image::Image;
use super::multipart;
use super::token::{Token, TokenPlace};
use crate::geometry::CropBox;
use crate::probe::Format;

/// Names the crate and its version to the service.
pub(super) const USER_AGENT: &str = concat!("headshot/", env!("CARGO_PKG_VERSION"));

/// A method of the service. Each has a limit of its own on how often it may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Method {
    /// `users.setPhoto` (<https://docs.slack.dev/reference/methods/users.setPhoto>).
    SetPhoto,
    /// `users.deletePhoto` (<https://docs.slack.dev/reference/methods/users.deletePhoto>).
    DeletePhoto,
    /// `users.profile.get` (<https://docs.slack.dev/reference/methods/users.profile.get>).
    GetProfile,
}

impl Method {
    /// The service's name for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SetPhoto => "users.setPhoto",
            Self::DeletePhoto => "users.deletePhoto",
            Self::GetProfile => "users.profile.get",
        }
    }
}

/// A POST request that lacks nothing but the token.
///
/// This is what a dry run shows. [`Request::with_token`] makes the bytes.
///
/// # Examples
///
/// ```
/// use headshot::upload::{Base, Request, Token, TokenPlace};
///
/// let request = Request::delete_photo(&Base::default(), TokenPlace::Body);
/// assert_eq!(request.url(), "https://slack.com/api/users.deletePhoto");
/// assert_eq!(request.parts()[0].name(), "token");
///
/// let sealed = request.with_token(&Token::new("xoxp-1234-secret")?);
/// assert_eq!(sealed.body(), b"token=xoxp-1234-secret");
/// # Ok::<(), headshot::upload::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    url: String,
    method: Method,
    token: TokenPlace,
    /// Of a form with files in it.
    boundary: Option<String>,
    parts: Vec<Part<'a>>,
}

impl<'a> Request<'a> {
    /// Sets the photo. The square comes in `crop_x`, `crop_y` and `crop_w`, and only if
    /// the image has one.
    #[must_use]
    pub fn set_photo(base: &Base, token: TokenPlace, image: &Image<'a>) -> Self {
        // A reader of streams knows all when the file begins.
        let mut parts = Vec::from_iter(Part::token(token));
        if let Some(CropBox { x, y, width }) = image.crop() {
            parts.push(Part::number("crop_x", x));
            parts.push(Part::number("crop_y", y));
            parts.push(Part::number("crop_w", width));
        }
        let format = image.format();
        let (file_name, media_type) = (file_name(format), format.media_type());
        parts.push(Part::file("image", file_name, media_type, image.bytes()));
        Self {
            boundary: Some(multipart::boundary(&parts)),
            ..Self::form(base, Method::SetPhoto, token, parts)
        }
    }

    /// Removes the photo.
    #[must_use]
    pub fn delete_photo(base: &Base, token: TokenPlace) -> Self {
        let parts = Vec::from_iter(Part::token(token));
        Self::form(base, Method::DeletePhoto, token, parts)
    }

    /// Asks for the profile, which tells what photo there is.
    #[must_use]
    pub fn get_profile(base: &Base, token: TokenPlace) -> Self {
        let parts = Vec::from_iter(Part::token(token));
        Self::form(base, Method::GetProfile, token, parts)
    }

    fn form(base: &Base, method: Method, token: TokenPlace, parts: Vec<Part<'a>>) -> Self {
        Self {
            url: base.join(method.name()),
            method,
            token,
            boundary: None,
            parts,
        }
    }

    /// Where it goes. It holds nothing that is secret.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What the service is to do.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// Where the token goes.
    #[must_use]
    pub const fn token_place(&self) -> TokenPlace {
        self.token
    }

    /// The headers, but for `Authorization`, and for `Host` and `Content-Length`, which are
    /// the transport's.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, Cow<'static, str>)> {
        let content_type = match &self.boundary {
            Some(boundary) => format!("multipart/form-data; boundary={boundary}").into(),
            // Without a charset, which the service would warn of as superfluous.
            None => "application/x-www-form-urlencoded".into(),
        };
        vec![
            ("Accept", "application/json".into()),
            ("Content-Type", content_type),
            ("User-Agent", USER_AGENT.into()),
        ]
    }

    /// The form, in the order in which it is sent.
    #[must_use]
    pub fn parts(&self) -> &[Part<'a>] {
        &self.parts
    }

    /// The request as it is sent.
    #[must_use]
    pub fn with_token(&self, token: &Token) -> Sealed {
        let body = match &self.boundary {
            Some(boundary) => multipart::body(boundary, &self.parts, token.expose()),
            None => urlencoded(&self.parts, token.expose()),
        };
        let authorization = match self.token {
            TokenPlace::Header => Some(format!("Bearer {}", token.expose()).into()),
            TokenPlace::Body => None,
        };
        Sealed {
            url: self.url.clone(),
            headers: self.headers(),
            authorization,
            body: body.into(),
        }
    }
}

/// By format, so that nothing of the uploader's own name for the file gets out.
const fn file_name(format: Format) -> &'static str {
    match format {
        Format::Jpeg => "photo.jpg",
        Format::Png => "photo.png",
        Format::Gif => "photo.gif",
    }
}

/// `name=value` and `&` between (<https://url.spec.whatwg.org/#urlencoded-serializing>).
fn urlencoded(parts: &[Part<'_>], token: &str) -> Vec<u8> {
    const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'*');
    let mut body = Vec::new();
    for part in parts {
        if !body.is_empty() {
            body.push(b'&');
        }
        body.extend_from_slice(part.name.as_bytes());
        body.push(b'=');
        let value = part.content.bytes().unwrap_or(token.as_bytes());
        for piece in percent_encode(value, ESCAPED) {
            body.extend_from_slice(piece.as_bytes());
        }
    }
    body
}

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    pub(super) name: &'static str,
    pub(super) file_name: Option<&'static str>,
    pub(super) media_type: Option<&'static str>,
    pub(super) content: Content<'a>,
}

/// What a field holds.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Content<'a> {
    Text(String),
    File(&'a [u8]),
    /// Not known before the request is sent.
    Token,
}

impl Content<'_> {
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Text(text) => Some(text.as_bytes()),
            Self::File(bytes) => Some(bytes),
            Self::Token => None,
        }
    }
}

impl fmt::Debug for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::File(bytes) => write!(f, "({} bytes)", bytes.len()),
            Self::Token => f.write_str("(token)"),
        }
    }
}

impl<'a> Part<'a> {
    fn token(place: TokenPlace) -> Option<Self> {
        let content = match place {
            TokenPlace::Header => return None,
            TokenPlace::Body => Content::Token,
        };
        Some(Self {
            name: "token",
            file_name: None,
            media_type: None,
            content,
        })
    }

    fn number(name: &'static str, number: u32) -> Self {
        Self {
            name,
            file_name: None,
            media_type: None,
            content: Content::Text(number.to_string()),
        }
    }

    pub(super) fn file(
        name: &'static str,
        file_name: &'static str,
        media_type: &'static str,
        bytes: &'a [u8],
    ) -> Self {
        Self {
            name,
            file_name: Some(file_name),
            media_type: Some(media_type),
            content: Content::File(bytes),
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The name of the file, if it is one.
    #[must_use]
    pub const fn file_name(&self) -> Option<&'static str> {
        self.file_name
    }

    /// The media type of the file, if it is one.
    #[must_use]
    pub const fn media_type(&self) -> Option<&'static str> {
        self.media_type
    }

    /// What it holds; `None` if that is the token.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        self.content.bytes()
    }
}

/// A request with its token, for a [`Transport`](super::Transport) and nobody else. `Debug`
/// shows neither the token nor the body.
pub struct Sealed {
    url: String,
    headers: Vec<(&'static str, Cow<'static, str>)>,
    authorization: Option<SecretString>,
    body: SecretSlice<u8>,
}

impl Sealed {
    /// Where it goes, by POST.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// All headers but `Host` and `Content-Length`. That of the name `Authorization` holds
    /// the token.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let authorization = self.authorization.as_ref();
        let headers = self.headers.iter().map(|(name, value)| (*name, &**value));
        headers.chain(authorization.map(|value| ("Authorization", value.expose_secret())))
    }

    /// What comes after the headers. It may hold the token.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.body.expose_secret()
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed")
            .field("url", &self.url)
            .field("headers", &self.headers)
            .field("body", &self.body().len())
            .finish_non_exhaustive()
    }
}
