//! A client that sends whatever it is told to, right or wrong.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use crate::server::Server;

pub(crate) const SET: &str = "/api/users.setPhoto";
pub(crate) const DELETE: &str = "/api/users.deletePhoto";
pub(crate) const PROFILE: &str = "/api/users.profile.get";

/// A request, which says how long it is unless it is told to say something else.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    start: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

pub(crate) fn get(path: &str) -> Request {
    Request::new("GET", path)
}

pub(crate) fn post(path: &str) -> Request {
    Request::new("POST", path)
}

impl Request {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self {
            start: format!("{method} {path} HTTP/1.1"),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("Content-Type", media_type)
    }

    pub(crate) fn form(self, form: &str) -> Self {
        self.body("application/x-www-form-urlencoded", form)
    }

    pub(crate) fn parts(self, parts: &Parts) -> Self {
        self.body("multipart/form-data; boundary=edge", parts.end())
    }

    /// With a `Content-Length` of what it has.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.bytes_with(&format!("Content-Length: {}", self.body.len()))
    }

    /// In chunks, without saying how long it is.
    pub(crate) fn bytes_in_chunks(&self) -> Vec<u8> {
        let mut bytes = self.head("Transfer-Encoding: chunked");
        for chunk in self.body.chunks(1 << 20) {
            bytes.extend(format!("{:x}\r\n", chunk.len()).as_bytes());
            bytes.extend(chunk);
            bytes.extend(b"\r\n");
        }
        bytes.extend(b"0\r\n\r\n");
        bytes
    }

    /// With another line in place of that.
    pub(crate) fn bytes_with(&self, length: &str) -> Vec<u8> {
        let mut bytes = self.head(length);
        bytes.extend(&self.body);
        bytes
    }

    fn head(&self, length: &str) -> Vec<u8> {
        let mut head = format!("{}\r\nHost: endpoint\r\n{length}\r\n", self.start);
        for (name, value) in &self.headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    pub(crate) fn send(&self, server: &Server) -> Reply {
        let mut stream = server.connect();
        stream.write_all(&self.bytes()).unwrap();
        Reply::read(&mut stream)
    }
}

/// A body of parts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts(Vec<u8>);

impl Parts {
    pub(crate) fn text(self, name: &str, text: &str) -> Self {
        self.part(&format!("form-data; name=\"{name}\""), "", text.as_bytes())
    }

    pub(crate) fn image(self, media_type: &str, bytes: &[u8]) -> Self {
        let media_type = format!("Content-Type: {media_type}\r\n");
        self.part(
            "form-data; name=\"image\"; filename=\"photo\"",
            &media_type,
            bytes,
        )
    }

    pub(crate) fn crop(self, [x, y, width]: [u32; 3]) -> Self {
        self.text("crop_x", &x.to_string())
            .text("crop_y", &y.to_string())
            .text("crop_w", &width.to_string())
    }

    fn part(mut self, disposition: &str, headers: &str, bytes: &[u8]) -> Self {
        let head = format!("--edge\r\nContent-Disposition: {disposition}\r\n{headers}\r\n");
        self.0.extend(head.as_bytes());
        self.0.extend(bytes);
        self.0.extend(b"\r\n");
        self
    }

    pub(crate) fn end(&self) -> Vec<u8> {
        [&self.0[..], b"--edge--\r\n"].concat()
    }

    /// Without an end.
    pub(crate) fn cut(&self) -> Vec<u8> {
        self.0.clone()
    }
}

/// A picture to set, in the simplest way.
pub(crate) fn set(token: &str, picture: &[u8]) -> Request {
    let parts = Parts::default().image("image/jpeg", picture);
    post(SET).token(token).parts(&parts)
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// One reply, to its end and not beyond.
    pub(crate) fn read(stream: &mut TcpStream) -> Self {
        let head = read_until(stream, "\r\n\r\n");
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let mut reply = Self {
            status: status.expect(&head),
            head,
            body: Vec::new(),
        };
        if reply.header("transfer-encoding") == Some("chunked") {
            loop {
                let line = read_until(stream, "\r\n");
                let length = usize::from_str_radix(line.trim(), 16).expect(&line);
                reply.body.extend(read_exact(stream, length));
                read_until(stream, "\r\n");
                if length == 0 {
                    return reply;
                }
            }
        }
        let length = reply.header("content-length").unwrap_or("0");
        reply.body = read_exact(stream, length.parse().unwrap());
        reply
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect(&self.head)
    }

    /// The profile of a call that succeeded.
    #[track_caller]
    pub(crate) fn profile(&self) -> Value {
        let mut answer = self.json();
        assert_eq!(
            (self.status, &answer["ok"]),
            (200, &true.into()),
            "{answer}"
        );
        answer["profile"].take()
    }

    #[track_caller]
    pub(crate) fn assert_refused(&self, code: &str) {
        let answer = self.json();
        assert_eq!(
            (&answer["ok"], &answer["error"]),
            (&false.into(), &code.into()),
            "{answer}"
        );
        assert_eq!(self.status, if code == "ratelimited" { 429 } else { 200 });
        assert!(
            self.header("content-type")
                .unwrap()
                .starts_with("application/json")
        );
    }

    /// The same, and some message has these words.
    #[track_caller]
    pub(crate) fn assert_refused_for(&self, code: &str, words: &str) {
        self.assert_refused(code);
        let messages = self.json()["response_metadata"]["messages"].to_string();
        assert!(messages.contains(words), "{words}: {messages}");
    }
}

fn read_exact(stream: &mut TcpStream, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).unwrap();
    bytes
}

fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(end.as_bytes()) {
        bytes.extend(read_exact(stream, 1));
    }
    String::from_utf8(bytes).unwrap()
}
