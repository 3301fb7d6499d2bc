//! What lets a caller in.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::error::Error;

/// A user's token, such as `xoxp-…`, with the scope `users.profile:write`.
///
/// It is shown nowhere: not by `Debug`, not in an error, and nothing that the service
/// answers is handed on with the token in it. Its memory is wiped when it is dropped.
///
/// # Guarantees
///
/// It starts with a letter or a digit, and holds what RFC 6750, section 2.1, lets a bearer
/// token hold: ASCII letters, digits and `-._~+/=`. So it can break neither a header nor a
/// form.
///
/// # Examples
///
/// ```
/// use headshot::upload::Token;
///
/// let token = Token::new("xoxp-1234-secret")?;
/// assert_eq!(format!("{token:?}"), "Token(…)");
/// // A bot has no photo that it could set.
/// assert_eq!(Token::new("xoxb-1234").unwrap_err().code(), "not_allowed_token_type");
/// # Ok::<(), headshot::upload::Error>(())
/// ```
#[derive(Clone)]
pub struct Token(SecretString);

/// Starts of tokens that aren't a user's, with whose they are
/// (<https://docs.slack.dev/authentication/tokens>). Those with `xoxe.` are the kind that
/// expires.
const OTHERS: [(&str, &str); 3] = [
    ("xoxb-", "a bot's"),
    ("xoxe.xoxb-", "a bot's"),
    ("xapp-", "an app's"),
];

impl Token {
    /// Takes a token as it is: without spaces or a newline around it.
    ///
    /// # Errors
    ///
    /// [`Error::WrongToken`] if its start says that it can never work, and
    /// [`Error::Token`] if it can't be a token.
    pub fn new(text: impl Into<String>) -> Result<Self, Error> {
        let text = SecretString::from(text.into());
        let exposed = text.expose_secret();
        let refused = |problem| Err(Error::Token { problem });
        if exposed.is_empty() {
            return refused("is empty");
        }
        if !exposed.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return refused("starts with neither a letter nor a digit");
        }
        let may_hold = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if !exposed.bytes().all(may_hold) {
            return refused("holds what no token holds, such as a space or a line break");
        }
        if let Some((_, whose)) = OTHERS.iter().find(|(start, _)| exposed.starts_with(start)) {
            return Err(Error::WrongToken { whose });
        }
        Ok(Self(text))
    }

    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Text of the service, cut to what somebody may want to read, and without this token.
    pub(super) fn clean(&self, text: &str) -> String {
        // Longer than any code, list of scopes or address that the service sends.
        const LONGEST: usize = 2048;
        let cleaned = text.replace(self.expose(), "(token)");
        cleaned.chars().take(LONGEST).collect()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Where a request has its token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TokenPlace {
    /// In the header `Authorization`.
    #[default]
    Header,
    /// In the form, as `token`: for a service that reads no header.
    Body,
}
