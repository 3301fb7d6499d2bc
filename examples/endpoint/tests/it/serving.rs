//! Files, the page, and what else is in the answers.

use std::process::Command;

use crate::client::{DELETE, PROFILE, Parts, SET, get, post, set};
use crate::picture::testdata;
use crate::server::Server;

#[test]
fn photos_are_cached_for_ever() {
    let server = Server::start();
    let profile = set("xoxp-1", &testdata("good/square_600x600.png"))
        .send(&server)
        .profile();
    let hash = profile["avatar_hash"].as_str().unwrap();
    let path = format!("/photos/{hash}/72");
    let photo = get(&path).send(&server);
    assert_eq!(photo.header("x-content-type-options"), Some("nosniff"));
    assert!(photo.header("cache-control").unwrap().contains("immutable"));
    let tag = photo.header("etag").unwrap();
    let other = get(&format!("/photos/{hash}/48")).send(&server);
    assert_ne!(other.header("etag").unwrap(), tag);

    for known in [tag, "*", &format!("W/{tag}"), &format!("\"x\", {tag}")] {
        let again = get(&path).header("If-None-Match", known).send(&server);
        assert_eq!((again.status, again.body.len()), (304, 0), "{known}");
        assert_eq!(again.header("etag"), Some(tag));
    }
    let changed = get(&path).header("If-None-Match", "\"x\"").send(&server);
    assert_eq!((changed.status, changed.body), (200, photo.body.clone()));
}

#[test]
fn unknown_files_are_not_found() {
    let server = Server::start();
    let profile = set("xoxp-1", &testdata("good/square_600x600.png"))
        .send(&server)
        .profile();
    let hash = profile["avatar_hash"].as_str().unwrap();
    let paths = [
        "/photos/000000000000/72".to_owned(),
        "/photos/x/72".to_owned(),
        format!("/photos/{hash}/73"),
        format!("/photos/{hash}/072"),
        format!("/photos/{hash}/72/"),
        format!("/photos/{hash}/..%2f72"),
        format!("/photos/{}/72", hash.to_uppercase() + "A"),
        "/favicon.ico".to_owned(),
    ];
    for path in paths {
        assert_eq!(get(&path).send(&server).status, 404, "{path}");
    }
}

#[test]
fn oldest_photos_go_when_there_are_too_many() {
    let server = Server::start_with("--keep 1 --rate-per-minute 1000");
    let picture = testdata("good/photo_large_1600x1200.jpg");
    let set = |token: &str, x: u32| {
        let parts = Parts::default()
            .image("image/jpeg", &picture)
            .crop([x, 0, 1000]);
        post(SET).token(token).parts(&parts).send(&server).profile()
    };
    let is_there = |profile: &serde_json::Value| {
        let hash = profile["avatar_hash"].as_str().unwrap();
        get(&format!("/photos/{hash}/original"))
            .send(&server)
            .status
            == 200
    };
    let first = set("xoxp-1", 0);
    let mut last = first.clone();
    for x in 1..40 {
        last = set("xoxp-2", x);
        assert!(is_there(&last));
        if !is_there(&first) {
            break;
        }
    }
    assert!(!is_there(&first));
    assert_eq!(post(PROFILE).token("xoxp-2").send(&server).profile(), last);
    let nobody = post(PROFILE).token("xoxp-3").send(&server).profile();
    assert_eq!(
        post(PROFILE).token("xoxp-1").send(&server).profile(),
        nobody
    );
}

#[test]
fn addresses_are_those_that_the_world_sees() {
    let server = Server::start_with("--public-url https://photos.example/");
    let profile = post(PROFILE).token("xoxp-1").send(&server).profile();
    let url = profile["image_24"].as_str().unwrap();
    assert!(url.starts_with("https://photos.example/photos/"), "{url}");
}

#[test]
fn page_asks_nothing_of_others() {
    let server = Server::start();
    let page = get("/").send(&server);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
}

#[test]
fn charsets_are_warned_of() {
    let server = Server::start();
    let form = "application/x-www-form-urlencoded";
    let cases = [
        (form.to_owned(), None),
        (
            format!("{form}; charset=utf-8"),
            Some("superfluous_charset"),
        ),
        (
            format!("{form};charset=\"ISO-8859-1\""),
            Some("superfluous_charset"),
        ),
        ("text/plain".to_owned(), Some("missing_charset")),
        ("Text/Plain; Charset=UTF-8".to_owned(), None),
    ];
    for (media_type, warning) in cases {
        let answer = post(DELETE)
            .token("xoxp-1")
            .body(&media_type, "")
            .send(&server)
            .json();
        assert_eq!(answer["ok"], true, "{media_type}");
        assert_eq!(answer["warning"].as_str(), warning, "{media_type}");
        let warnings = &answer["response_metadata"]["warnings"];
        assert_eq!(warnings[0].as_str(), warning, "{media_type}");
    }
    // A refusal is warned of as well.
    let parts = Parts::default().image("image/png", b"no picture");
    let media_type = "multipart/form-data; boundary=edge; charset=utf-8";
    let reply = post(SET)
        .token("xoxp-1")
        .body(media_type, parts.end())
        .send(&server);
    reply.assert_refused("bad_image");
    assert_eq!(reply.json()["warning"], "superfluous_charset");
}

#[test]
fn wrong_options_are_said() {
    let lines = [
        ("--host 0.0.0.0", "--public-url"),
        ("--public-url photos.example", "http://"),
        ("--timeout 0", "seconds"),
        ("--timeout=-1", "--timeout"),
        ("--rate-per-minute 0", "--rate-per-minute"),
        ("--jobs 0", "--jobs"),
    ];
    for (line, words) in lines {
        let mut command = Command::new(env!("CARGO_BIN_EXE_endpoint"));
        let output = command.args(line.split(' ')).output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{line}: {message}");
        assert!(message.contains(words), "{line}: {message}");
    }
}
