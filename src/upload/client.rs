//! The calls, tried until they went well or can't.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::answer::{self, Answer, KnownBy, Profile};
use super::base::Base;
use super::clock::{Clock, SystemClock};
use super::error::Error;
use super::http::Http;
use super::image::Image;
use super::pace::Pace;
use super::request::{Method, Request, Sealed};
use super::retry::Retry;
use super::token::{Token, TokenPlace};
use super::transport::Transport;
use crate::geometry::CropBox;
use crate::probe::Format;

/// Sets and removes the photo of the user whose token it has. Each call waits until it is
/// done.
///
/// What fails in a way that passes is tried again, as [`Retry`] says. If it isn't known
/// whether the photo was set (a lost connection, an `internal_error`), the profile is asked
/// whether its `avatar_hash` is another than before; and only if it isn't, or the profile
/// can't be had, the photo is sent again. See [`Verify`].
///
/// # Examples
///
/// ```no_run
/// use headshot::upload::{Base, Client, Token};
/// use headshot::{Options, prepare};
///
/// let photo = prepare(&std::fs::read("me.jpg")?, &Options::default())?;
/// let client = Client::new(Base::default(), Token::new(std::env::var("SLACK_TOKEN")?)?);
/// match client.set_photo(&photo) {
///     Ok(answer) => println!("{:?}", answer.profile.image_512),
///     Err(error) => println!("{}: {error}: {}", error.code(), error.remedy().advice()),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Client {
    base: Base,
    token: Token,
    token_place: TokenPlace,
    retry: Retry,
    pace: Arc<Pace>,
    verify: Verify,
    /// Whether the profile was refused, so that there is no use in asking again.
    profile_is_refused: AtomicBool,
    transport: Box<dyn Transport>,
    clock: Box<dyn Clock>,
}

/// Whether the profile is asked for `avatar_hash` before a photo is set, so that it can be
/// told later whether one was set that nobody confirmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Verify {
    /// It is: one call of `users.profile.get` more. That takes the scope
    /// `users.profile:read`; without it, the photo is set all the same, and the client
    /// doesn't ask again.
    #[default]
    Hash,
    /// It isn't. A photo that may have been set or not is sent again.
    Never,
}

impl Client {
    /// A client that sends over the network and waits by sleeping.
    #[must_use]
    pub fn new(base: Base, token: Token) -> Self {
        Self {
            base,
            token,
            token_place: TokenPlace::default(),
            retry: Retry::default(),
            pace: Arc::default(),
            verify: Verify::default(),
            profile_is_refused: AtomicBool::new(false),
            transport: Box::new(Http::default()),
            clock: Box::new(SystemClock),
        }
    }

    /// Where requests have the token. Default: in the header.
    #[must_use]
    pub fn with_token_place(self, token_place: TokenPlace) -> Self {
        Self {
            token_place,
            ..self
        }
    }

    /// How often and for how long calls are tried.
    #[must_use]
    pub fn with_retry(self, retry: Retry) -> Self {
        Self { retry, ..self }
    }

    /// How often the service may be called. Default: a [`Pace`] of its own, at
    /// [`Pace::TIER_2`]. Tries that are repeated count as well.
    #[must_use]
    pub fn with_pace(self, pace: Arc<Pace>) -> Self {
        Self { pace, ..self }
    }

    /// How it is found out whether a photo was set.
    #[must_use]
    pub fn with_verify(self, verify: Verify) -> Self {
        Self { verify, ..self }
    }

    /// Another way to the service. Default: [`Http`].
    #[must_use]
    pub fn with_transport(self, transport: impl Transport + 'static) -> Self {
        Self {
            transport: Box::new(transport),
            ..self
        }
    }

    /// Another clock. Default: [`SystemClock`].
    #[must_use]
    pub fn with_clock(self, clock: impl Clock + 'static) -> Self {
        Self {
            clock: Box::new(clock),
            ..self
        }
    }

    /// Sets the photo: one that was [prepared](crate::prepare), or an [`Image`].
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn set_photo<'a>(&self, image: impl Into<Image<'a>>) -> Result<Answer, Error> {
        self.call(&Request::set_photo(
            &self.base,
            self.token_place,
            &image.into(),
        ))
    }

    /// Sets the photo to a square that the service is to cut out of a file, in pixels of
    /// the picture as it is seen.
    ///
    /// # Errors
    ///
    /// [`Error::Picture`] and [`Error::Misnamed`] as [`Image::as_is`] has them, and
    /// otherwise see [`Error`].
    pub fn set_photo_with_crop(
        &self,
        bytes: &[u8],
        format: Format,
        crop: CropBox,
    ) -> Result<Answer, Error> {
        self.set_photo(Image::as_is(bytes, format, Some(crop))?)
    }

    /// Removes the photo. To do so twice does no more than once: where it isn't known
    /// whether it was done, it is done again.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn delete_photo(&self) -> Result<Answer, Error> {
        self.call(&Request::delete_photo(&self.base, self.token_place))
    }

    /// Tries until it goes well, can't, or takes too long.
    fn call(&self, request: &Request<'_>) -> Result<Answer, Error> {
        let sealed = request.with_token(&self.token);
        self.wait(self.pace.take(request.method(), self.clock.now()));
        let before = match request.method() {
            Method::SetPhoto => self.hash(),
            Method::DeletePhoto | Method::GetProfile => None,
        };
        let start = self.clock.now();
        let mut tries = 0;
        loop {
            tries = u32::saturating_add(tries, 1);
            let error = match self.send(&sealed) {
                Ok(answer) => return Ok(Answer { tries, ..answer }),
                Err(error) => error,
            };
            if error.leaves_unknown()
                && let Some(profile) = self.changed_from(before.as_deref())
            {
                return Ok(Answer {
                    profile,
                    tries,
                    known_by: KnownBy::Hash,
                    ..Answer::default()
                });
            }
            let elapsed = self.clock.now().saturating_duration_since(start);
            let random = self.clock.random();
            let Some(wait) = self.retry.wait(&error, tries, elapsed, random) else {
                return Err(error);
            };
            self.wait(wait);
            let paced = self.pace.take(request.method(), self.clock.now());
            if elapsed.saturating_add(wait).saturating_add(paced) > self.retry.total {
                return Err(error);
            }
            self.wait(paced);
        }
    }

    fn wait(&self, time: Duration) {
        if !time.is_zero() {
            self.clock.sleep(time);
        }
    }

    fn send(&self, sealed: &Sealed) -> Result<Answer, Error> {
        let reply = self.transport.send(sealed)?;
        answer::read(&reply, &self.token)
    }

    /// The profile, if it shows that the photo is another than before.
    fn changed_from(&self, before: Option<&str>) -> Option<Profile> {
        let before = before?;
        let profile = self.profile()?;
        (profile.avatar_hash.as_deref()? != before).then_some(profile)
    }

    /// What changes with the photo, if it is to be had.
    fn hash(&self) -> Option<String> {
        match self.verify {
            Verify::Hash => self.profile()?.avatar_hash,
            Verify::Never => None,
        }
    }

    /// One try: a photo needn't wait for what only helps where something goes wrong.
    fn profile(&self) -> Option<Profile> {
        if self.profile_is_refused.load(Ordering::Relaxed) {
            return None;
        }
        let request = Request::get_profile(&self.base, self.token_place);
        match self.send(&request.with_token(&self.token)) {
            Ok(answer) => Some(answer.profile),
            Err(error) => {
                if !error.passes() {
                    self.profile_is_refused.store(true, Ordering::Relaxed);
                }
                None
            }
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base)
            .field("token", &self.token)
            .field("token_place", &self.token_place)
            .field("retry", &self.retry)
            .field("verify", &self.verify)
            .finish_non_exhaustive()
    }
}
