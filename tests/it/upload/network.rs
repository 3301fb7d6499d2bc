//! Over the network of this machine, to a server that misbehaves.

use std::net::TcpListener;
use std::time::Duration;

use headshot::upload::{Answer, Base, Client, Error, Http, KnownBy, Remedy, Retry, Verify};

use super::server::{Act, Server};
use super::{Fake, TOKEN, photo, token};

/// A client of the server, whose waits nobody waits for.
fn client(server: &Server) -> (Client, std::sync::Arc<Fake>) {
    let clock = Fake::new();
    let client = Client::new(server.base(), token()).with_clock(std::sync::Arc::clone(&clock));
    (client.with_verify(Verify::Never), clock)
}

/// A try that is answered in this way.
fn once(act: Act) -> Result<Answer, Error> {
    let server = Server::new([act]);
    let said = client(&server)
        .0
        .with_retry(Retry::NEVER)
        .set_photo(&photo());
    assert_eq!(server.paths(), ["/api/users.setPhoto"]);
    said
}

#[test]
fn photo_is_set_and_removed() {
    let profile = r#"{"ok":true,"profile":{"avatar_hash":"ab","image_512":"https://x.example/y"}}"#;
    let server = Server::new([
        Act::json(
            "200 OK",
            "",
            r#"{"ok":true,"profile":{"avatar_hash":"old"}}"#,
        ),
        Act::json("200 OK", "", profile),
        Act::yes(),
    ]);
    let client = client(&server).0.with_verify(Verify::Hash);
    let answer = client.set_photo(&photo()).unwrap();
    assert_eq!(
        answer.profile.image_512.as_deref(),
        Some("https://x.example/y")
    );
    assert_eq!((answer.tries, answer.known_by), (1, KnownBy::Answer));
    client.delete_photo().unwrap();
    let paths = ["users.profile.get", "users.setPhoto", "users.deletePhoto"];
    assert_eq!(server.paths(), paths.map(|name| format!("/api/{name}")));
}

#[test]
fn every_way_of_passing_failure_is_gone_through_to_success() {
    let server = Server::new([
        Act::json(
            "429 Too Many Requests",
            "Retry-After: 7\r\n",
            r#"{"ok":false}"#,
        ),
        Act::html("503 Service Unavailable"),
        Act::Send(Vec::new()),
        Act::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"ok\"".to_vec()),
        Act::yes(),
    ]);
    let (client, clock) = client(&server);
    let answer = client.set_photo(&photo()).unwrap();
    assert_eq!(answer.tries, 5);
    assert_eq!(clock.sleeps(), [7.0, 2.0, 4.0, 8.0]);
    let seen = server.seen();
    assert_eq!(seen.len(), 5);
    // The same request each time.
    assert!(
        seen.iter()
            .all(|one| one.head == seen[0].head && one.body == seen[0].body)
    );
}

#[test]
fn limit_without_a_time_is_told() {
    let error = once(Act::html("429 Too Many Requests")).unwrap_err();
    assert_eq!((error.code(), error.retry_after()), ("ratelimited", None));
    let error = once(Act::answer("429 x", "Retry-After: 9\r\n", "")).unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(9)));
}

#[test]
fn statuses_of_failure_are_told() {
    for (line, status) in [("500 Oops", 500), ("503 Busy", 503), ("404 Nobody", 404)] {
        let error = once(Act::html(line)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the service answered with HTTP status {status}")
        );
    }
}

#[test]
fn page_instead_of_an_answer_is_told() {
    let error = once(Act::html("200 OK")).unwrap_err();
    assert_eq!(error.code(), "unexpected_answer");
}

#[test]
fn connection_that_is_cut_is_told() {
    for bytes in [
        &b""[..],
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"ok\":true",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"ok\"",
        b"this is no HTTP\r\n\r\n",
    ] {
        let error = once(Act::Send(bytes.to_vec())).unwrap_err();
        let shown = String::from_utf8_lossy(bytes);
        assert_eq!(
            (error.code(), error.remedy()),
            ("connection_lost", Remedy::FindOut),
            "{shown}"
        );
    }
}

#[test]
fn answer_without_a_length_ends_with_the_connection() {
    let bytes = b"HTTP/1.1 200 OK\r\n\r\n{\"ok\":true}".to_vec();
    assert!(once(Act::Send(bytes)).is_ok());
    let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n\
                  5\r\n{\"ok\"\r\n6\r\n:true}\r\n0\r\n\r\n";
    assert!(once(Act::Send(chunks.into())).is_ok());
}

#[test]
fn silence_is_waited_for_no_longer_than_agreed() {
    for bytes in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"ok\"",
    ] {
        let server = Server::new([Act::Stall(bytes.to_vec())]);
        let client = client(&server).0.with_retry(Retry::NEVER);
        let client = client.with_transport(Http::new(Duration::from_millis(300)));
        let error = client.delete_photo().unwrap_err();
        assert_eq!(
            (error.code(), error.remedy()),
            ("timed_out", Remedy::FindOut)
        );
        assert_eq!(server.seen().len(), 1);
    }
}

#[test]
fn nobody_there_is_told() {
    // A port that was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let clock = Fake::new();
    let client = Client::new(Base::new(&format!("http://{address}/")).unwrap(), token());
    let client = client.with_clock(std::sync::Arc::clone(&clock));
    let error = client.set_photo(&photo()).unwrap_err();
    assert_eq!(
        (error.code(), error.remedy()),
        ("unreachable", Remedy::WaitAndRetry)
    );
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(clock.sleeps(), [1.0, 2.0, 4.0, 8.0]);
}

#[test]
fn redirection_is_not_followed() {
    for status in ["301 x", "302 x", "303 x", "307 x", "308 x"] {
        let elsewhere = Server::new([]);
        let location = format!(
            "Location: {}users.setPhoto?from={TOKEN}\r\n",
            elsewhere.url()
        );
        let error = once(Act::answer(status, &location, r#"{"ok":true}"#)).unwrap_err();
        let origin = elsewhere.url().replace("/api/", "");
        let end = format!("HTTP status {}, a redirection to {origin}", &status[..3]);
        assert!(error.to_string().ends_with(&end), "{error}");
        assert_eq!(
            (error.code(), error.remedy()),
            ("redirected", Remedy::FixCall)
        );
        assert!(elsewhere.seen().is_empty(), "{status}");
    }
}

#[test]
fn answer_is_read_up_to_a_bound() {
    let longest = usize::try_from(Http::LONGEST_ANSWER).unwrap();
    let yes = r#"{"ok":true}"#;
    let body = |len: usize| yes.to_owned() + &" ".repeat(len - yes.len());
    assert!(once(Act::json("200 OK", "", &body(longest))).is_ok());
    let error = once(Act::json("200 OK", "", &body(longest + 1))).unwrap_err();
    assert_eq!(error.code(), "answer_too_long");
    assert_eq!(
        error.to_string(),
        format!("the service's answer exceeds the limit of {longest} bytes")
    );
    // One that claims to be endless.
    let mut endless = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    endless.resize(4 * longest, b' ');
    assert_eq!(
        once(Act::Send(endless)).unwrap_err().code(),
        "answer_too_long"
    );
    // And headers that are.
    let mut headers = b"HTTP/1.1 200 OK\r\n".to_vec();
    headers.extend(b"X: y\r\n".repeat(longest));
    assert!(once(Act::Send(headers)).is_err());
}

#[test]
fn connection_that_the_server_closed_meanwhile_does_no_harm() {
    // Both promise to keep the connection, and the server closes it all the same.
    let kept = || Act::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"ok\":true}".to_vec());
    let server = Server::new([kept(), kept()]);
    let (client, _) = client(&server);
    client.delete_photo().unwrap();
    client.delete_photo().unwrap();
    assert_eq!(server.seen().len(), 2);
}
