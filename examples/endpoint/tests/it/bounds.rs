//! What keeps one client from the others' share: time, numbers, and the end.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread;

use crate::client::{DELETE, Reply, get, post, set};
use crate::picture::testdata;
use crate::server::Server;

/// Longer than any test may take: nothing ends because of it.
const NO_HURRY: &str = "--timeout 3600 --rate-per-minute 1000";

fn upload() -> Vec<u8> {
    set("xoxp-1", &testdata("good/square_512x512.jpg")).bytes()
}

/// An upload of which the end is still missing.
fn begin(server: &Server) -> (TcpStream, Vec<u8>) {
    let bytes = upload();
    let (start, rest) = bytes.split_at(bytes.len() - 100);
    let mut stream = server.connect();
    stream.write_all(start).unwrap();
    (stream, rest.to_vec())
}

fn finish((mut stream, rest): (TcpStream, Vec<u8>)) {
    stream.write_all(&rest).unwrap();
    Reply::read(&mut stream).profile();
}

#[test]
fn body_that_is_cut() {
    let server = Server::start_with(NO_HURRY);
    let (mut stream, _) = begin(&server);
    stream.shutdown(Shutdown::Write).unwrap();
    Reply::read(&mut stream).assert_refused_for("request_timeout", "cut short");

    let mut stream = server.connect();
    let bytes = post(DELETE)
        .token("xoxp-1")
        .form("")
        .bytes_with("Content-Length: 10");
    stream.write_all(&bytes).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    Reply::read(&mut stream).assert_refused("request_timeout");
}

#[test]
fn body_that_does_not_come() {
    let server = Server::start_with("--timeout 0.2");
    let (mut stream, _) = begin(&server);
    Reply::read(&mut stream).assert_refused_for("request_timeout", "too long");
    server.wait_for("uploads", "inside", 0);
}

#[test]
fn head_that_does_not_come() {
    let server = Server::start_with("--timeout 0.2");
    for start in ["", "POST /api/users.setPhoto HTTP/1.1\r\nHost: "] {
        let mut stream = server.connect();
        stream.write_all(start.as_bytes()).unwrap();
        // It is closed, with or without a word.
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        assert!(!rest.starts_with(b"HTTP/1.1 200"));
    }
}

#[test]
fn more_uploads_than_there_is_room_for_wait() {
    let server = Server::start_with(&format!("{NO_HURRY} --uploads 2"));
    let first = begin(&server);
    let second = begin(&server);
    server.wait_for("uploads", "inside", 2);
    let third = begin(&server);
    server.wait_for("uploads", "waiting", 1);
    assert_eq!(server.gate("uploads")["inside"], 2);

    // Others are served meanwhile.
    assert_eq!(
        post(DELETE).token("xoxp-2").send(&server).json()["ok"],
        true
    );

    finish(first);
    server.wait_for("uploads", "waiting", 0);
    finish(third);
    finish(second);
    server.wait_for("uploads", "inside", 0);
    assert_eq!(server.gate("uploads")["most"], 2);
}

#[test]
fn more_pictures_than_may_be_worked_on_wait() {
    let server = Server::start_with(&format!("{NO_HURRY} --jobs 2"));
    let request = set("xoxp-1", &testdata("good/photo_large_1600x1200.jpg"));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| request.send(&server).profile());
        }
    });
    assert_eq!(server.gate("jobs")["most"], 2);
    server.wait_for("jobs", "inside", 0);
}

#[test]
fn more_connections_than_may_be_open_wait() {
    let server = Server::start_with("--connections 3");
    let request = get("/health").header("Connection", "close");
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| assert_eq!(request.send(&server).status, 200));
        }
    });
    let most = server.gate("connections")["most"].as_u64().unwrap();
    assert!((1..=3).contains(&most), "{most}");
}

#[test]
fn whoever_hangs_up_makes_room() {
    let server = Server::start_with(&format!("{NO_HURRY} --uploads 1 --jobs 1"));
    // While the body comes.
    let (stream, _) = begin(&server);
    server.wait_for("uploads", "inside", 1);
    drop(stream);
    server.wait_for("uploads", "inside", 0);
    // While the picture is worked on, or soon after.
    let mut stream = server.connect();
    let request = set("xoxp-1", &testdata("good/anim_f12_320x240_loop0.gif"));
    stream.write_all(&request.bytes()).unwrap();
    server.wait_for("jobs", "most", 1);
    drop(stream);
    server.wait_for("uploads", "inside", 0);
    server.wait_for("jobs", "inside", 0);
    finish(begin(&server));
}

#[test]
fn connection_is_used_again() {
    let server = Server::start();
    let mut stream = server.connect();
    for _ in 0..3 {
        stream.write_all(&upload()).unwrap();
        Reply::read(&mut stream).profile();
        let refused = set("xoxp-1", b"no picture").bytes();
        stream.write_all(&refused).unwrap();
        Reply::read(&mut stream).assert_refused("bad_image");
    }
}

#[cfg(unix)]
#[test]
fn what_has_begun_is_finished_before_the_end() {
    let mut server = Server::start_with(NO_HURRY);
    let begun = begin(&server);
    let idle = server.connect();
    server.wait_for("uploads", "inside", 1);
    server.interrupt();
    // Nobody else is let in.
    while TcpStream::connect(&server.address).is_ok() {}
    finish(begun);
    assert!(server.wait().success());
    drop(idle);
}
