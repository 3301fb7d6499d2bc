//! Setting and removing photos: what is sent, what is made of answers, and when it is
//! tried again.

mod answers;
mod network;
mod refusals;
mod requests;
mod retries;
mod secrets;
pub(crate) mod server;
mod verify;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use headshot::upload::{Base, Client, Clock, Fault, Reply, Sealed, Token, Transport, Verify};
use headshot::{Options, Photo, prepare};

/// What nothing may show.
pub(crate) const TOKEN: &str = "xoxp-7-Sesame.open~secret";

/// The smallest GIF: one pixel.
const GIF: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

fn token() -> Token {
    Token::new(TOKEN).unwrap()
}

fn photo() -> Photo {
    prepare(GIF, &Options::default()).unwrap()
}

/// A service in memory: it gives the answers of a list, and remembers the requests.
struct Script {
    replies: Mutex<VecDeque<Result<Reply, Fault>>>,
    paths: Mutex<Vec<String>>,
}

impl Script {
    fn new(replies: impl IntoIterator<Item = Result<Reply, Fault>>) -> Arc<Self> {
        Arc::new(Self {
            replies: Mutex::new(replies.into_iter().collect()),
            paths: Mutex::default(),
        })
    }

    /// The methods that were called.
    fn methods(&self) -> Vec<String> {
        let paths = self.paths.lock().unwrap();
        paths
            .iter()
            .map(|path| path.rsplit('/').next().unwrap().to_owned())
            .collect()
    }
}

impl Transport for Script {
    fn send(&self, request: &Sealed) -> Result<Reply, Fault> {
        self.paths.lock().unwrap().push(request.url().to_owned());
        self.replies
            .lock()
            .unwrap()
            .pop_front()
            .expect("no more requests than answers")
    }
}

fn reply(status: u16, body: &str) -> Result<Reply, Fault> {
    reply_with(status, &[], body)
}

#[expect(clippy::unnecessary_wraps, reason = "what a script is made of")]
fn reply_with(status: u16, headers: &[(&str, &str)], body: &str) -> Result<Reply, Fault> {
    let headers = headers.iter();
    Ok(Reply {
        status,
        headers: headers
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: body.into(),
    })
}

fn yes() -> Result<Reply, Fault> {
    reply(200, r#"{"ok":true}"#)
}

fn no(code: &str) -> Result<Reply, Fault> {
    reply(200, &format!(r#"{{"ok":false,"error":"{code}"}}"#))
}

/// The profile, with a hash.
fn profile(hash: &str) -> Result<Reply, Fault> {
    let body = format!(r#"{{"ok":true,"profile":{{"avatar_hash":"{hash}"}}}}"#);
    reply(200, &body)
}

/// A clock that nobody waits for.
struct Fake {
    now: Mutex<Instant>,
    sleeps: Mutex<Vec<Duration>>,
    random: u64,
}

impl Fake {
    /// With the highest numbers, nothing is left out of any wait.
    fn new() -> Arc<Self> {
        Self::with_random(u64::MAX)
    }

    fn with_random(random: u64) -> Arc<Self> {
        Arc::new(Self {
            now: Mutex::new(Instant::now()),
            sleeps: Mutex::default(),
            random,
        })
    }

    /// All waits, in seconds.
    fn sleeps(&self) -> Vec<f64> {
        let sleeps = self.sleeps.lock().unwrap();
        sleeps.iter().map(Duration::as_secs_f64).collect()
    }
}

impl Clock for Fake {
    fn now(&self) -> Instant {
        *self.now.lock().unwrap()
    }

    fn sleep(&self, time: Duration) {
        *self.now.lock().unwrap() += time;
        self.sleeps.lock().unwrap().push(time);
    }

    fn random(&self) -> u64 {
        self.random
    }
}

/// A client of a service in memory, which doesn't ask for the profile.
fn client(script: &Arc<Script>, clock: &Arc<Fake>) -> Client {
    Client::new(Base::default(), token())
        .with_transport(Arc::clone(script))
        .with_clock(Arc::clone(clock))
        .with_verify(Verify::Never)
}
