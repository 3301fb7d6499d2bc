//! What is answered: an object with `ok`, and the status that goes with it.

use std::fmt;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// Why a call is refused, in the words of the service:
/// <https://docs.slack.dev/reference/methods/users.setPhoto>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    BadImage,
    TooLarge,
    TooManyFrames,
    InvalidArguments,
    InvalidArgName,
    InvalidArrayArg,
    InvalidAuth,
    InvalidCharset,
    InvalidFormData,
    InvalidPostType,
    MissingPostType,
    NotAllowedTokenType,
    NotAuthed,
    Ratelimited,
    RequestTimeout,
    ServiceUnavailable,
    InternalError,
    UnknownMethod,
}

impl Code {
    const fn word(self) -> &'static str {
        match self {
            Self::BadImage => "bad_image",
            Self::TooLarge => "too_large",
            Self::TooManyFrames => "too_many_frames",
            Self::InvalidArguments => "invalid_arguments",
            Self::InvalidArgName => "invalid_arg_name",
            Self::InvalidArrayArg => "invalid_array_arg",
            Self::InvalidAuth => "invalid_auth",
            Self::InvalidCharset => "invalid_charset",
            Self::InvalidFormData => "invalid_form_data",
            Self::InvalidPostType => "invalid_post_type",
            Self::MissingPostType => "missing_post_type",
            Self::NotAllowedTokenType => "not_allowed_token_type",
            Self::NotAuthed => "not_authed",
            Self::Ratelimited => "ratelimited",
            Self::RequestTimeout => "request_timeout",
            Self::ServiceUnavailable => "service_unavailable",
            Self::InternalError => "internal_error",
            Self::UnknownMethod => "unknown_method",
        }
    }

    /// A refusal that says more than the code.
    pub(crate) fn because(self, message: impl fmt::Display) -> Refusal {
        Refusal {
            code: self,
            messages: vec![format!("[ERROR] {message}")],
            retry_after: None,
        }
    }
}

/// A call that failed.
#[derive(Debug)]
pub(crate) struct Refusal {
    code: Code,
    messages: Vec<String>,
    retry_after: Option<u64>,
}

impl Refusal {
    pub(crate) fn ratelimited(retry_after: u64) -> Self {
        Self {
            code: Code::Ratelimited,
            messages: Vec::new(),
            retry_after: Some(retry_after),
        }
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self {
            code,
            messages: Vec::new(),
            retry_after: None,
        }
    }
}

/// The library's own reasons, with its reason before its message.
impl From<headshot::Error> for Refusal {
    fn from(error: headshot::Error) -> Self {
        let code = match error.code() {
            "bad_image" => Code::BadImage,
            "too_large" => Code::TooLarge,
            "too_many_frames" => Code::TooManyFrames,
            "invalid_arguments" => Code::InvalidArguments,
            // Nobody but the clock cancels while somebody waits.
            "cancelled" => Code::ServiceUnavailable,
            _ => Code::InternalError,
        };
        code.because(format_args!("{}: {error}", error.reason()))
    }
}

/// A call that succeeded.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) profile: Option<Value>,
    /// What was done to the picture, for people.
    pub(crate) messages: Vec<String>,
}

/// What is sent back, whichever it is.
pub(crate) fn respond(result: Result<Answer, Refusal>, warning: Option<&'static str>) -> Response {
    let mut object = Map::new();
    let mut status = StatusCode::OK;
    let mut retry_after = None;
    object.insert("ok".to_owned(), result.is_ok().into());
    let messages = match result {
        Ok(Answer { profile, messages }) => {
            object.extend(profile.map(|profile| ("profile".to_owned(), profile)));
            messages
        }
        Err(refusal) => {
            object.insert("error".to_owned(), refusal.code.word().into());
            if refusal.code == Code::Ratelimited {
                status = StatusCode::TOO_MANY_REQUESTS;
            }
            retry_after = refusal.retry_after;
            refusal.messages
        }
    };
    let mut metadata = Map::new();
    if let Some(warning) = warning {
        object.insert("warning".to_owned(), warning.into());
        metadata.insert("warnings".to_owned(), json!([warning]));
    }
    if !messages.is_empty() {
        metadata.insert("messages".to_owned(), messages.into());
    }
    if !metadata.is_empty() {
        object.insert("response_metadata".to_owned(), metadata.into());
    }
    let mut response = (status, Value::Object(object).to_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(NOSNIFF.0, NOSNIFF.1);
    if let Some(seconds) = retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// No browser guesses what a file might be instead.
pub(crate) const NOSNIFF: (HeaderName, HeaderValue) = (
    HeaderName::from_static("x-content-type-options"),
    HeaderValue::from_static("nosniff"),
);
