//! Every refusal, each by a request that asks for it.

use std::io::Write as _;

use headshot::{Limits, Options, prepare};

use crate::client::{DELETE, PROFILE, Parts, Reply, Request, SET, get, post, set};
use crate::picture::{bad, cells, encode, testdata};
use crate::server::Server;

#[test]
fn no_token_or_a_wrong_one() {
    let server = Server::start();
    for path in [SET, DELETE, PROFILE] {
        post(path).send(&server).assert_refused("not_authed");
        get(path).send(&server).assert_refused("not_authed");
        // Addresses are logged, so that nobody's token should be in one.
        post(&format!("{path}?token=xoxp-1"))
            .send(&server)
            .assert_refused("not_authed");
        for token in [
            "",
            "x",
            "xoxe-1",
            "xoxp",
            &format!("xoxp-{}", "1".repeat(300)),
        ] {
            post(path)
                .token(token)
                .send(&server)
                .assert_refused("invalid_auth");
            let form = format!("token={token}");
            post(path)
                .form(&form)
                .send(&server)
                .assert_refused("invalid_auth");
        }
        let basic = post(path).header("Authorization", "Basic eG94cC0x");
        basic.send(&server).assert_refused("invalid_auth");
        for token in ["xoxb-1", "xapp-1"] {
            post(path)
                .token(token)
                .send(&server)
                .assert_refused("not_allowed_token_type");
        }
    }
}

#[test]
fn token_that_is_not_listed() {
    let server = Server::start_with("--token xoxp-1 --token secret");
    for token in ["xoxp-1", "secret"] {
        post(DELETE).token(token).send(&server).json()["ok"]
            .as_bool()
            .filter(|&ok| ok)
            .unwrap();
    }
    post(DELETE)
        .token("xoxp-2")
        .send(&server)
        .assert_refused("invalid_auth");
}

#[test]
fn wrong_types_of_body() {
    let server = Server::start();
    for path in [SET, DELETE, PROFILE] {
        let post = || post(path).token("xoxp-1");
        post()
            .body("application/json", "{}")
            .send(&server)
            .assert_refused("invalid_post_type");
        post()
            .body("image/png", "x")
            .send(&server)
            .assert_refused("invalid_post_type");
        post()
            .body("text/plain; charset=koi8-r", "x")
            .send(&server)
            .assert_refused("invalid_charset");
        let bytes = [&post().bytes_with("Content-Length: 1")[..], b"x"].concat();
        raw(&server, &bytes).assert_refused("missing_post_type");
        let bytes = [
            &post().bytes_with("Transfer-Encoding: chunked")[..],
            b"1\r\nx\r\n0\r\n\r\n",
        ]
        .concat();
        raw(&server, &bytes).assert_refused("missing_post_type");
    }
    post("/api/users.setPhotos")
        .send(&server)
        .assert_refused("unknown_method");
}

#[test]
fn forms_that_are_none() {
    let server = Server::start_with("--rate-per-minute 1000");
    let multipart = "multipart/form-data; boundary=edge";
    let parts = Parts::default().image("image/png", &testdata("good/1x1.png"));
    let bodies = [
        ("multipart/form-data", parts.end()),
        (multipart, Vec::new()),
        (multipart, b"nothing of the kind".to_vec()),
        (multipart, parts.cut()),
        ("multipart/form-data; boundary=other", parts.end()),
        (
            multipart,
            b"--edge\r\nContent-Disposition form-data\r\n\r\nx\r\n--edge--\r\n".to_vec(),
        ),
        (
            multipart,
            Parts::default().text("crop_x", &"1".repeat(5000)).end(),
        ),
        ("application/x-www-form-urlencoded", vec![b'x'; 100_000]),
    ];
    for (media_type, body) in bodies {
        let request = post(SET).token("xoxp-1").body(media_type, body);
        request.send(&server).assert_refused("invalid_form_data");
        raw(&server, &request.bytes_in_chunks()).assert_refused("invalid_form_data");
    }
}

#[test]
fn names_that_are_none() {
    let server = Server::start_with("--rate-per-minute 1000");
    let long = "x".repeat(65);
    for name in ["crop-x", "", "ä", "crop x", &long] {
        let parts = Parts::default().text(name, "1");
        post(SET)
            .token("xoxp-1")
            .parts(&parts)
            .send(&server)
            .assert_refused("invalid_arg_name");
    }
    for form in ["crop_x[]=1", "crop_x%5B7%5D=1"] {
        post(DELETE)
            .token("xoxp-1")
            .form(form)
            .send(&server)
            .assert_refused("invalid_array_arg");
    }
    // One that is not known does no harm.
    let answer = post(DELETE)
        .token("xoxp-1")
        .form("as_user=true")
        .send(&server)
        .json();
    assert_eq!(answer["ok"], true);
}

#[test]
fn crop_boxes_that_are_none() {
    let server = Server::start_with("--rate-per-minute 1000");
    let picture = encode(&cells(400, 300), image::ImageFormat::Png);
    let with = |texts: &[(&str, &str)]| {
        let parts = Parts::default().image("image/png", &picture);
        let parts = texts
            .iter()
            .fold(parts, |parts, (name, text)| parts.text(name, text));
        post(SET).token("xoxp-1").parts(&parts).send(&server)
    };
    let crop = |x, y, w| with(&[("crop_x", x), ("crop_y", y), ("crop_w", w)]);
    for wrong in [
        "",
        "x",
        "-1",
        "+1",
        "1.5",
        "1e2",
        " 1",
        "4294967296",
        "0x10",
    ] {
        crop(wrong, "0", "100").assert_refused_for("invalid_arguments", "crop_x");
        crop("0", wrong, "100").assert_refused_for("invalid_arguments", "crop_y");
        crop("0", "0", wrong).assert_refused_for("invalid_arguments", "crop_w");
    }
    with(&[("crop_x", "1")]).assert_refused_for("invalid_arguments", "crop_y and crop_w");
    with(&[("crop_w", "1"), ("crop_y", "1")]).assert_refused_for("invalid_arguments", "crop_x");
    let twice = with(&[("crop_x", "1"), ("crop_x", "1")]);
    twice.assert_refused_for("invalid_arguments", "twice");
    crop("0", "0", "0").assert_refused_for("invalid_arguments", "crop_empty");
    for (x, y, w) in [
        ("301", "0", "100"),
        ("0", "201", "100"),
        ("0", "0", "301"),
        ("4294967295", "0", "1"),
    ] {
        crop(x, y, w).assert_refused_for("invalid_arguments", "crop_outside");
    }
    crop("300", "200", "100").profile();
}

#[test]
fn no_picture() {
    let server = Server::start();
    let requests = [
        post(SET).token("xoxp-1"),
        get(SET).token("xoxp-1"),
        post(SET).token("xoxp-1").form("image=abc"),
        post(SET)
            .token("xoxp-1")
            .parts(&Parts::default().text("crop_no", "1")),
    ];
    for request in requests {
        request
            .send(&server)
            .assert_refused_for("invalid_arguments", "image is missing");
    }
    let parts = Parts::default()
        .image("image/png", b"x")
        .image("image/png", b"x");
    let twice = post(SET).token("xoxp-1").parts(&parts).send(&server);
    twice.assert_refused_for("invalid_arguments", "twice");
    set("xoxp-1", b"")
        .send(&server)
        .assert_refused_for("bad_image", "unknown_format");
}

#[test]
fn pictures_that_the_library_refuses() {
    let server = Server::start_with("--rate-per-minute 1000");
    let bad = bad();
    assert!(bad.len() > 50);
    for (name, picture) in bad {
        let error = prepare(&picture, &Options::default()).unwrap_err();
        let reply = set("xoxp-1", &picture).send(&server);
        reply.assert_refused_for(error.code(), &format!("[ERROR] {}: ", error.reason()));
        assert!(name.starts_with(error.reason()), "{name}: {error}");
    }
}

#[test]
fn too_many_frames() {
    let server = Server::start_with("--max-frames 11");
    let picture = testdata("good/anim_f12_320x240_loop0.gif");
    let reply = set("xoxp-1", &picture).send(&server);
    reply.assert_refused_for("too_many_frames", "12 frames exceeds the limit of 11");
    set("xoxp-1", &testdata("good/anim_f3_160x120_loop3.gif"))
        .send(&server)
        .profile();
}

/// Only the head is sent, so that this can't have been read.
#[test]
fn too_large_by_its_head() {
    let server = Server::start();
    let request = post(SET)
        .token("xoxp-1")
        .body("multipart/form-data; boundary=edge", "");
    for length in ["33619969", "9999999999999", "9223372036854775807"] {
        let bytes = request.bytes_with(&format!("Content-Length: {length}"));
        raw(&server, &bytes).assert_refused_for("too_large", "33554432");
    }
}

#[test]
fn too_large_by_what_comes() {
    let server = Server::start();
    let limit = usize::try_from(Limits::default().file_bytes).unwrap();
    // The body fits, and the picture in it doesn't.
    let reply = set("xoxp-1", &vec![0; limit + 1]).send(&server);
    reply.assert_refused_for("too_large", "33554432");
    set("xoxp-1", &vec![0; limit])
        .send(&server)
        .assert_refused("bad_image");

    // A body that doesn't say how long it is.
    let bytes = set("xoxp-1", &vec![0; limit + 1]).bytes_in_chunks();
    raw(&server, &bytes).assert_refused_for("too_large", "33554432");
}

/// A client that reads nothing before it has sent all of it must get the answer, too.
#[test]
fn too_large_and_sent_to_its_end() {
    let server = Server::start();
    let much = vec![0; 96 << 20];
    raw(&server, &set("xoxp-1", &much).bytes()).assert_refused("too_large");
    raw(&server, &set("xoxp-1", &much).bytes_in_chunks()).assert_refused("too_large");
    raw(&server, &set("xoxb-1", &much).bytes()).assert_refused("not_allowed_token_type");
}

#[test]
fn too_often() {
    let server = Server::start_with("--rate-per-minute 2");
    for path in [SET, DELETE] {
        for _ in 0..2 {
            assert_eq!(post(path).token("xoxp-1").send(&server).status, 200);
        }
        let reply = post(path).token("xoxp-1").send(&server);
        reply.assert_refused("ratelimited");
        let seconds: u64 = reply.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&seconds), "{seconds}");
        assert_eq!(post(path).token("xoxp-2").send(&server).status, 200);
        // Of a token in the body as well, which is no way around it.
        post(path)
            .form("token=xoxp-1")
            .send(&server)
            .assert_refused("ratelimited");
    }
}

#[track_caller]
fn raw(server: &Server, bytes: &[u8]) -> Reply {
    let mut stream = server.connect();
    stream.write_all(bytes).unwrap();
    Reply::read(&mut stream)
}

#[test]
fn other_methods_of_http() {
    let server = Server::start();
    for method in ["PUT", "DELETE", "PATCH"] {
        let reply = Request::new(method, SET).token("xoxp-1").send(&server);
        assert_eq!(reply.status, 405, "{method}");
    }
}
