//! Stopping a job from outside.

use std::fmt;
use std::sync::Arc;

use crate::error::Error;

/// A question that a job asks again and again while it works: shall it stop?
///
/// It is asked between rows of a PNG, rows of blocks of a JPEG, frames of an animation,
/// and before a picture is drawn and written. The longest time between two looks is that
/// of the largest frame that the [`Limits`](crate::Limits) allow. The answer decides
/// whether there is a photo, never what is in it. The library reads no clock; a deadline
/// is a question that does.
///
/// ```
/// use std::time::{Duration, Instant};
///
/// use headshot::{Cancel, Options, prepare_until};
///
/// let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
/// let end = Instant::now() + Duration::from_secs(60);
/// let cancel = Cancel::when(move || Instant::now() > end);
/// assert!(prepare_until(gif, &Options::default(), &cancel).is_ok());
///
/// let cancel = Cancel::when(|| true);
/// let error = prepare_until(gif, &Options::default(), &cancel).unwrap_err();
/// assert_eq!(error.reason(), "cancelled");
/// ```
#[derive(Clone, Default)]
pub struct Cancel(Option<Arc<Question>>);

type Question = dyn Fn() -> bool + Send + Sync;

impl Cancel {
    /// Nobody stops the job. That is the default.
    #[must_use]
    pub const fn never() -> Self {
        Self(None)
    }

    /// The job stops once the answer is `true`. It is asked up to some ten thousand
    /// times a picture, from any thread that works on it, so it should be quick: a flag
    /// to read, or a clock.
    #[must_use]
    pub fn when(stops: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(stops)))
    }

    /// The job stops once this one says so, or the other.
    ///
    /// ```
    /// use headshot::{Cancel, Options, prepare_until};
    ///
    /// let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    /// let cancel = Cancel::never().or(&Cancel::when(|| true));
    /// assert!(prepare_until(gif, &Options::default(), &cancel).is_err());
    /// ```
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => {
                let (one, other) = (Arc::clone(one), Arc::clone(other));
                Self::when(move || one() || other())
            }
            (Some(_), None) => self.clone(),
            (None, _) => other.clone(),
        }
    }

    /// Whether the job has to stop.
    #[inline]
    pub(crate) fn is_due(&self) -> bool {
        self.0.as_ref().is_some_and(|stops| stops())
    }

    /// The same as an error.
    #[inline]
    pub(crate) fn look(&self) -> Result<(), Error> {
        if self.is_due() {
            return Err(Error::Cancelled);
        }
        Ok(())
    }
}

/// The same question, not one that would be answered alike.
impl PartialEq for Cancel {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Some(_) => "Cancel::when(..)",
            None => "Cancel::never()",
        })
    }
}
