//! A server on loopback that does what it is told, however bad that is.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use headshot::upload::Base;

/// What is done once a request has been read.
pub(crate) enum Act {
    /// These bytes are sent, and the connection closed.
    Send(Vec<u8>),
    /// These bytes are sent, and nothing more while the client listens.
    Stall(Vec<u8>),
}

impl Act {
    /// An answer in JSON.
    pub(crate) fn json(status: &str, headers: &str, body: &str) -> Self {
        Self::answer(
            status,
            &format!("{headers}Content-Type: application/json\r\n"),
            body,
        )
    }

    pub(crate) fn html(status: &str) -> Self {
        Self::answer(
            status,
            "Content-Type: text/html\r\n",
            "<!DOCTYPE html><p>Sorry",
        )
    }

    pub(crate) fn answer(status: &str, headers: &str, body: &str) -> Self {
        let len = body.len();
        Self::Send(
            format!(
                "HTTP/1.1 {status}\r\n{headers}Content-Length: {len}\r\nConnection: close\r\n\r\n\
                 {body}"
            )
            .into(),
        )
    }

    pub(crate) fn yes() -> Self {
        Self::json("200 OK", "", r#"{"ok":true}"#)
    }

    pub(crate) fn no(code: &str) -> Self {
        Self::json("200 OK", "", &format!(r#"{{"ok":false,"error":"{code}"}}"#))
    }
}

/// A request as it came.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Its first line and its headers, with the empty line after them.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

pub(crate) struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Vec<Seen>>,
}

impl Server {
    /// One act a request. Requests after that are answered with status 418.
    pub(crate) fn new(script: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let script = VecDeque::from_iter(script);
        let thread = thread::spawn({
            let stop = Arc::clone(&stop);
            move || serve(&listener, &stop, script)
        });
        Self {
            address,
            stop,
            thread,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/api/", self.address)
    }

    pub(crate) fn base(&self) -> Base {
        Base::new(&self.url()).unwrap()
    }

    /// Ends it, and tells what came.
    pub(crate) fn seen(self) -> Vec<Seen> {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes it up.
        drop(TcpStream::connect(self.address));
        self.thread.join().unwrap()
    }

    /// Ends it, and tells the paths of what came.
    pub(crate) fn paths(self) -> Vec<String> {
        self.seen()
            .iter()
            .map(|seen| seen.path().to_owned())
            .collect()
    }
}

fn serve(listener: &TcpListener, stop: &AtomicBool, mut script: VecDeque<Act>) -> Vec<Seen> {
    let mut all = Vec::new();
    loop {
        let (stream, _) = listener.accept().unwrap();
        if stop.load(Ordering::SeqCst) {
            return all;
        }
        let mut stream = BufReader::new(stream);
        let Some(seen) = read(&mut stream) else {
            continue;
        };
        all.push(seen);
        let act = script.pop_front();
        let act = act.unwrap_or_else(|| Act::answer("418 I'm a teapot", "", ""));
        // Who hangs up early has seen enough.
        match act {
            Act::Send(bytes) => drop(stream.get_mut().write_all(&bytes)),
            Act::Stall(bytes) => {
                drop(stream.get_mut().write_all(&bytes));
                drop(stream.read(&mut [0]));
            }
        }
    }
}

/// One request; `None` if the client left without any.
fn read(stream: &mut BufReader<TcpStream>) -> Option<Seen> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let mut seen = Seen {
        head,
        body: Vec::new(),
    };
    let len = seen.header("Content-Length").unwrap().parse().unwrap();
    seen.body = vec![0; len];
    stream.read_exact(&mut seen.body).unwrap();
    Some(seen)
}
