//! Who calls.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use sha2::{Digest as _, Sha256};

use crate::answer::{Code, Refusal};

/// Longer than any token that a service hands out.
const LONGEST: usize = 255;

/// A token that may call; it stands for one person. What is kept is its SHA-256, which
/// nobody can call with, and which tells nothing by the time that comparing takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Token([u8; 32]);

impl Token {
    pub(crate) fn new(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }
}

/// Those who may call: everybody with a user's token, or some.
#[derive(Debug)]
pub(crate) struct Callers(Vec<Token>);

impl Callers {
    pub(crate) fn new(tokens: &[String]) -> Self {
        Self(tokens.iter().map(|token| Token::new(token)).collect())
    }

    /// A token, as it was sent.
    pub(crate) fn admit(&self, text: &str) -> Result<Token, Refusal> {
        let token = Token::new(text);
        if self.0.contains(&token) {
            return Ok(token);
        }
        // A bot's and an app's: they are valid, and never may set a person's photo.
        if text.starts_with("xoxb-") || text.starts_with("xapp-") {
            return Err(Code::NotAllowedTokenType.because("a user's token is needed (xoxp-)"));
        }
        let is_user = text.starts_with("xoxp-") && text.len() <= LONGEST;
        if self.0.is_empty() && is_user && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(token);
        }
        Err(Code::InvalidAuth.into())
    }
}

/// The token of the `Authorization` header, if there is one.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let Some(value) = headers.get(AUTHORIZATION) else {
        return Ok(None);
    };
    let words = value.to_str().ok().and_then(|text| text.split_once(' '));
    match words {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(Code::InvalidAuth.because("the header Authorization has to read: Bearer TOKEN")),
    }
}
