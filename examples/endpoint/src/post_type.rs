//! What the `Content-Type` of a call says about its body.

use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};

use crate::answer::{Code, Refusal};

/// How the arguments are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PostType {
    /// `multipart/form-data`, with its boundary.
    Multipart(String),
    /// `application/x-www-form-urlencoded`.
    Urlencoded,
    /// `text/plain`, or no body at all: the arguments are in the address.
    Nothing,
}

/// A type, and what the service would warn of.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) post_type: Result<PostType, Refusal>,
    pub(crate) warning: Option<&'static str>,
}

pub(crate) fn read(headers: &HeaderMap) -> Read {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        let post_type = if has_body(headers) {
            Err(Code::MissingPostType.into())
        } else {
            Ok(PostType::Nothing)
        };
        return Read {
            post_type,
            warning: None,
        };
    };
    let text = value.to_str().unwrap_or_default();
    let name = text.split(';').next().unwrap_or_default().trim();
    let charset = parameter(text, "charset");
    let (post_type, has_charset) = match name.to_ascii_lowercase().as_str() {
        "multipart/form-data" => (multipart(text), false),
        "application/x-www-form-urlencoded" => (Ok(PostType::Urlencoded), false),
        "text/plain" => (Ok(PostType::Nothing), true),
        _ => {
            let post_type = Err(Code::InvalidPostType.because(
                "multipart/form-data, application/x-www-form-urlencoded or text/plain expected",
            ));
            return Read {
                post_type,
                warning: None,
            };
        }
    };
    // A form has no use for a charset, a text has: so say the service's own warnings.
    let warning = match (charset, has_charset) {
        (Some(_), false) => Some("superfluous_charset"),
        (None, true) => Some("missing_charset"),
        _ => None,
    };
    let is_known = |charset: &str| {
        ["utf-8", "utf8", "iso-8859-1"]
            .iter()
            .any(|known| charset.eq_ignore_ascii_case(known))
    };
    if charset.is_some_and(|charset| !is_known(charset)) {
        let post_type = Err(Code::InvalidCharset.because("utf-8 or iso-8859-1 expected"));
        return Read { post_type, warning };
    }
    Read { post_type, warning }
}

fn has_body(headers: &HeaderMap) -> bool {
    let length = headers
        .get(CONTENT_LENGTH)
        .is_some_and(|length| length != "0");
    length || headers.contains_key(TRANSFER_ENCODING)
}

fn multipart(text: &str) -> Result<PostType, Refusal> {
    let boundary = multer::parse_boundary(text);
    boundary
        .map(PostType::Multipart)
        .map_err(|_| Code::InvalidFormData.because("multipart/form-data needs a boundary"))
}

fn parameter<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut parameters = text
        .split(';')
        .skip(1)
        .filter_map(|part| part.split_once('='));
    parameters
        .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().trim_matches('"'))
}
