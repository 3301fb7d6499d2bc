//! The body of a call, as it comes in: counted, and read to its end.

use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use futures_core::Stream;
use hyper::body::Frame;
use tokio::time::{Instant, Sleep, sleep, sleep_until};

/// A body of no more than so many bytes.
#[derive(Debug)]
pub(crate) struct Upload {
    body: Body,
    /// What the head says that it has.
    announced: Option<u64>,
    left: u64,
    ended: bool,
}

/// Why a body was not read to its end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Broken {
    /// It has more bytes than are allowed.
    TooLong,
    /// The connection broke off.
    Cut,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the body is too long",
            Self::Cut => "the body is cut short",
        })
    }
}

impl std::error::Error for Broken {}

impl Upload {
    pub(crate) fn new(body: Body, headers: &HeaderMap) -> Self {
        let announced = headers
            .get(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok());
        Self {
            announced: announced.and_then(|text| text.parse().ok()),
            left: 0,
            ended: body.is_end_stream(),
            body,
        }
    }

    pub(crate) const fn announced(&self) -> Option<u64> {
        self.announced
    }

    /// Allows so many bytes, unless more are announced.
    pub(crate) fn allow(&mut self, bytes: u64) -> Result<(), Broken> {
        if self.announced.is_some_and(|announced| announced > bytes) {
            return Err(Broken::TooLong);
        }
        self.left = bytes;
        Ok(())
    }

    /// The answer, for a client that may still be sending: many read nothing before
    /// they are done, and an answer is lost with a connection that closes earlier. So
    /// it goes out at once, and ends when the body does, or when no more of it comes.
    pub(crate) fn finish(self, answer: Response, deadline: Instant) -> Response {
        if self.ended {
            return answer;
        }
        answer.map(|answer| {
            Body::new(Lingering {
                answer,
                answered: false,
                upload: self,
                idle: Box::pin(sleep(IDLE)),
                deadline: Box::pin(sleep_until(deadline)),
            })
        })
    }

    /// The next piece, counted.
    pub(crate) async fn data(&mut self) -> Option<Result<Bytes, Broken>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    fn poll_data(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Broken>>> {
        while !self.ended {
            match ready!(pin!(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => {
                    // Trailers are no data.
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
                Some(Err(_)) => {
                    self.ended = true;
                    return Poll::Ready(Some(Err(Broken::Cut)));
                }
                None => self.ended = true,
            }
        }
        Poll::Ready(None)
    }
}

impl Stream for Upload {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(data) = ready!(self.poll_data(context)) else {
            return Poll::Ready(None);
        };
        let data = data.and_then(|data| {
            let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
            self.left = self.left.checked_sub(length).ok_or(Broken::TooLong)?;
            Ok(data)
        });
        Poll::Ready(Some(data))
    }
}

/// How long a client that sends nothing more is waited for.
const IDLE: Duration = Duration::from_secs(1);

/// An answer that goes on until the upload does not.
struct Lingering {
    answer: Body,
    answered: bool,
    upload: Upload,
    idle: Pin<Box<Sleep>>,
    deadline: Pin<Box<Sleep>>,
}

impl HttpBody for Lingering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        if !this.answered {
            match ready!(pin!(&mut this.answer).poll_frame(context)) {
                None => this.answered = true,
                frame => return Poll::Ready(frame),
            }
        }
        loop {
            let is_over = this.deadline.as_mut().poll(context).is_ready()
                || this.idle.as_mut().poll(context).is_ready();
            if is_over {
                return Poll::Ready(None);
            }
            match ready!(this.upload.poll_data(context)) {
                Some(Ok(_)) => this.idle.as_mut().reset(Instant::now() + IDLE),
                Some(Err(_)) | None => return Poll::Ready(None),
            }
        }
    }
}
