//! Sends a photo to a service that speaks Slack's `users.setPhoto`, and removes it with
//! `users.deletePhoto`.
//!
//! [`Client`] is all of it: it makes a [`Request`], sends it through a [`Transport`], reads
//! what comes back, and tries again where that may help. Each of these is there by itself,
//! without the others: requests are values that can be looked at without a token or a
//! network, and a transport may be anybody's.
//!
//! ```
//! use headshot::upload::{Base, Client, Token};
//! use headshot::Photo;
//!
//! fn publish(photo: &Photo, token: &str) -> Result<Option<String>, headshot::upload::Error> {
//!     let client = Client::new(Base::default(), Token::new(token)?);
//!     Ok(client.set_photo(photo)?.profile.image_512)
//! }
//! ```
//!
//! The token is a user's, with the scope `users.profile:write`, and stays where it belongs:
//! in the header `Authorization` (or in the form, on request) of a request to the address
//! that was chosen. Redirections are not followed, plain HTTP is for loopback alone, and
//! neither `Debug` nor any error shows the token.
//!
//! All that this module knows about the service is from <https://docs.slack.dev>.

mod answer;
mod base;
mod client;
mod clock;
mod code;
mod error;
mod http;
mod image;
mod multipart;
mod pace;
mod remedy;
mod request;
mod retry;
mod token;
mod transport;

pub use answer::{Answer, KnownBy, Profile, Warning};
pub use base::Base;
pub use client::{Client, Verify};
pub use clock::{Clock, SystemClock};
pub use code::Code;
pub use error::Error;
pub use http::Http;
pub use image::Image;
pub use pace::Pace;
pub use remedy::Remedy;
pub use request::{Method, Part, Request, Sealed};
pub use retry::Retry;
pub use token::{Token, TokenPlace};
pub use transport::{Fault, Reply, Transport};
