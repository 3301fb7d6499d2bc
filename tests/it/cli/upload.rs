//! `headshot upload` and `headshot delete`, against a server of this machine.

use super::*;
use crate::upload::TOKEN;
use crate::upload::server::{Act, Seen, Server};

/// What the service tells of a photo.
const PROFILE: &str = r#"{"ok":true,"warning":"superfluous_charset","profile":{"avatar_hash":"ab",
    "image_24":"https://p.example/24","image_512":"https://p.example/512"}}"#;

const KEYS: [&str; 11] = [
    "remedy",
    "advice",
    "needed",
    "provided",
    "retry_after",
    "avatar_hash",
    "images",
    "warnings",
    "tries",
    "known_by",
    "request",
];

impl Desk {
    /// Runs it with a token in the environment.
    fn call(&self, line: &str) -> Ran {
        self.call_with(line, Some(TOKEN))
    }

    fn call_with(&self, line: &str, token: Option<&str>) -> Ran {
        let mut command = assert_cmd::Command::cargo_bin("headshot").unwrap();
        command
            .current_dir(self.0.path())
            .args(line.split_whitespace());
        command.env_remove("SLACK_TOKEN");
        if let Some(token) = token {
            command.env("SLACK_TOKEN", token);
        }
        let ran = Ran(command.output().unwrap());
        for text in [ran.stdout(), ran.stderr()] {
            assert!(!text.contains(TOKEN), "{text}");
        }
        ran
    }
}

/// The profile that is asked for before, and then this.
fn server(act: Act) -> Server {
    Server::new([Act::no("missing_scope"), act])
}

#[test]
fn photo_is_prepared_and_its_address_printed() {
    let desk = Desk::new();
    desk.put("me.jpg", jpeg(600, 300));
    let server = server(Act::json("200 OK", "", PROFILE));
    let ran = desk.call(&format!("upload me.jpg --base {}", server.url()));
    ran.assert(0, "warning of the service: superfluous_charset\n");
    assert_eq!(ran.stdout(), "me.jpg -> https://p.example/512\n");
    let photo = headshot::prepare(&desk.bytes("me.jpg"), &Options::default()).unwrap();
    let seen = server.seen();
    let paths: Vec<&str> = seen.iter().map(Seen::path).collect();
    assert_eq!(paths, ["/api/users.profile.get", "/api/users.setPhoto"]);
    assert_eq!(
        seen[1].header("Authorization"),
        Some(&*format!("Bearer {TOKEN}"))
    );
    let body = String::from_utf8_lossy(&seen[1].body);
    assert!(
        seen[1]
            .body
            .windows(photo.bytes.len())
            .any(|bytes| bytes == photo.bytes)
    );
    assert!(!body.contains("me.jpg") && !body.contains("crop_"));
}

#[test]
fn file_as_it_is_goes_with_its_square_and_without_its_name() {
    let desk = Desk::new();
    let file = png(700, 600);
    desk.put("secret-name.png", &file);
    let server = server(Act::yes());
    let base = server.url();
    let ran = desk.call(&format!(
        "upload secret-name.png --as-is --crop 1,2,598 --base {base}"
    ));
    ran.assert(0, "");
    assert_eq!(
        ran.stdout(),
        "secret-name.png -> uploaded; the service names no address\n"
    );
    let seen = server.seen();
    assert!(seen[1].body.windows(file.len()).any(|bytes| bytes == file));
    let body = String::from_utf8_lossy(&seen[1].body);
    for part in [
        "\"crop_x\"\r\n\r\n1\r\n",
        "\"crop_y\"\r\n\r\n2\r\n",
        "\"crop_w\"\r\n\r\n598\r\n",
    ] {
        assert!(body.contains(part), "{part}");
    }
    assert!(!body.contains("secret"));
}

#[test]
fn what_breaks_a_rule_is_not_sent_as_it_is() {
    let desk = Desk::new();
    desk.put("large.png", png(1030, 1030));
    desk.put("small.png", png(20, 10));
    desk.put("text.png", b"text");
    desk.put("fine.png", png(512, 600));
    let server = Server::new([]);
    for (words, line) in [
        (
            "large.png",
            "large.png: too_large (edge): size of 1030x1030 is above 1024x1024\n",
        ),
        (
            "small.png",
            "small.png: bad_image (too_small): size of 20x10 is below 512x512\n",
        ),
        (
            "text.png",
            "text.png: bad_image (unknown_format): not a JPEG, PNG or GIF file\n",
        ),
        (
            "fine.png --crop 0,0,600",
            "fine.png: invalid_arguments (crop_outside): crop box 0,0,600 reaches outside the \
             picture of 512x600\n",
        ),
    ] {
        let ran = desk.call(&format!(
            "upload {words} --as-is --json --base {}",
            server.url()
        ));
        ran.assert(1, line);
        let report = &ran.json()[0];
        assert_eq!(report["ok"], false);
        assert_eq!(report["remedy"], Value::Null);
    }
    let ran = desk.call(&format!("upload text.png --base {}", server.url()));
    ran.assert(
        1,
        "text.png: bad_image (unknown_format): not a JPEG, PNG or GIF file\n",
    );
    assert!(server.seen().is_empty());
}

#[test]
fn refusal_of_the_service_has_its_code_and_what_to_do() {
    let desk = Desk::new();
    desk.put("me.png", png(512, 512));
    let no =
        r#"{"ok":false,"error":"missing_scope","needed":"users.profile:write","provided":"a,b"}"#;
    let message = "the service refused: missing_scope, needs the scope users.profile:write, has \
                   a,b; use a user's token with the scope users.profile:write";
    let server1 = server(Act::json("200 OK", "", no));
    let ran = desk.call(&format!("upload me.png --json --base {}", server1.url()));
    ran.assert(
        3,
        &format!("me.png: missing_scope (fix_token): {message}\n"),
    );
    let report = &ran.json()[0];
    let own = ["media_type", "side", "output_frames", "bytes", "steps"];
    assert_eq!(keys(report)[12..], [&own[..], &KEYS].concat());
    assert_eq!(
        (&report["ok"], &report["path"]),
        (&false.into(), &"me.png".into())
    );
    assert_eq!(report["code"], "missing_scope");
    assert_eq!(
        (&report["reason"], &report["remedy"]),
        (&"fix_token".into(), &"fix_token".into())
    );
    assert_eq!(report["message"], message);
    assert_eq!(
        (&report["needed"], &report["provided"]),
        (&"users.profile:write".into(), &"a,b".into())
    );
    // What would have been uploaded.
    assert_eq!(
        (&report["side"], &report["format"]),
        (&512.into(), &"png".into())
    );
    assert_eq!(report["images"], Value::Null);
    assert_eq!(server1.seen().len(), 2);

    let server2 = Server::new([Act::no("token_revoked")]);
    let ran = desk.call(&format!("delete --base {}", server2.url()));
    ran.assert(
        3,
        "photo: token_revoked (fix_token): the service refused: token_revoked; use a user's \
         token with the scope users.profile:write\n",
    );
    assert_eq!(ran.stdout(), "");
}

#[test]
fn service_that_fails_or_is_away_ends_with_three() {
    let desk = Desk::new();
    for (act, code, remedy) in [
        (Act::html("503 Busy"), "http_status", "find_out"),
        (Act::html("200 OK"), "unexpected_answer", "find_out"),
        (Act::Send(vec![]), "connection_lost", "find_out"),
        (Act::no("fatal_error"), "fatal_error", "find_out"),
        (Act::no("\\u001b[2Jx"), "\u{1b}[2Jx", "fix_call"),
        (
            Act::answer("302 x", "Location: http://h.example/?a\r\n", ""),
            "redirected",
            "fix_call",
        ),
        (
            Act::answer("429 x", "Retry-After: 999\r\n", ""),
            "ratelimited",
            "wait_and_retry",
        ),
        (Act::Stall(vec![]), "timed_out", "find_out"),
    ] {
        let server = Server::new([act]);
        let line = format!(
            "delete --json --tries 1 --timeout 0.5 --base {}",
            server.url()
        );
        let ran = desk.call(&line);
        assert_eq!(ran.code(), 3, "{code}");
        let report = &ran.json()[0];
        assert_eq!(
            (&report["code"], &report["remedy"]),
            (&code.into(), &remedy.into())
        );
        assert!(!ran.stderr().contains('\u{1b}'));
        assert_eq!(ran.stderr().lines().count(), 1);
        assert_eq!(server.seen().len(), 1);
    }
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let ran = desk.call(&format!("delete --json --tries 1 --base http://{free}/"));
    assert_eq!(
        (ran.code(), &ran.json()[0]["code"]),
        (3, &"unreachable".into())
    );
}

#[test]
fn call_is_tried_again() {
    let desk = Desk::new();
    // No wait, by the server's own word.
    let again = || Act::answer("429 x", "Retry-After: 0\r\n", "");
    let server = Server::new([again(), again(), Act::yes()]);
    let ran = desk.call(&format!("delete --json --base {}", server.url()));
    ran.assert(0, "");
    assert_eq!(
        (&ran.json()[0]["tries"], &ran.json()[0]["known_by"]),
        (&3.into(), &"answer".into())
    );
    assert_eq!(server.seen().len(), 3);
    let server = Server::new([again(), again(), Act::yes()]);
    let ran = desk.call(&format!("delete --tries 2 --base {}", server.url()));
    assert_eq!(ran.code(), 3);
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn success_is_told_in_json() {
    let desk = Desk::new();
    desk.put("me.gif", gif(2));
    let server = server(Act::json("200 OK", "", PROFILE));
    let ran = desk.call(&format!("upload me.gif --json --base {}", server.url()));
    ran.assert(0, "");
    let report = &ran.json()[0];
    assert_eq!((&report["ok"], &report["tries"]), (&true.into(), &1.into()));
    assert_eq!(
        (&report["output_frames"], &report["media_type"]),
        (&2.into(), &"image/gif".into())
    );
    assert_eq!(report["steps"][0]["step"], "scaled");
    assert_eq!(report["images"]["image_512"], "https://p.example/512");
    assert_eq!(report["avatar_hash"], "ab");
    assert_eq!(report["warnings"][0], "superfluous_charset");
    assert_eq!(server.seen().len(), 2);

    let server = Server::new([Act::yes()]);
    let ran = desk.call(&format!(
        "delete --json --token-in-body --base {}",
        server.url()
    ));
    ran.assert(0, "");
    assert_eq!(
        keys(&ran.json()[0]),
        [&["ok", "code", "reason", "message"][..], &KEYS].concat()
    );
    let seen = server.seen();
    assert_eq!(
        seen[0].body,
        format!("token={}", TOKEN.replace('~', "%7E")).as_bytes()
    );
    assert_eq!(seen[0].header("Authorization"), None);
}

#[test]
fn dry_run_prints_what_would_be_sent_and_needs_no_token() {
    let desk = Desk::new();
    let file = png(600, 600);
    desk.put("me.png", &file);
    let version = env!("CARGO_PKG_VERSION");
    let line = "upload me.png --as-is --crop 1,2,590 --dry-run --token-in-body";
    let ran = desk.call_with(line, None);
    ran.assert(0, "");
    let (len, sum) = (file.len(), crc32fast::hash(&file));
    assert_eq!(
        ran.stdout(),
        format!(
            "POST https://slack.com/api/users.setPhoto\n\
             Accept: application/json\n\
             Content-Type: multipart/form-data; boundary=headshot-0000000000000000\n\
             User-Agent: headshot/{version}\n\
             \x20 token: (token)\n\
             \x20 crop_x: 1\n\
             \x20 crop_y: 2\n\
             \x20 crop_w: 590\n\
             \x20 image: file photo.png, image/png, {len} bytes, CRC-32 {sum:08x}\n"
        )
    );
    // With one in reach, it is the same.
    assert_eq!(desk.call(line).stdout(), ran.stdout());

    let ran = desk.call("upload me.png --dry-run --json --base http://127.0.0.1:1/");
    ran.assert(0, "");
    let report = &ran.json()[0];
    let request = &report["request"];
    assert_eq!(
        (&report["ok"], &report["tries"]),
        (&true.into(), &Value::Null)
    );
    assert_eq!(request["url"], "http://127.0.0.1:1/users.setPhoto");
    assert_eq!(request["headers"]["Authorization"], "Bearer (token)");
    assert_eq!(request["parts"][0]["name"], "image");
    assert_eq!(request["parts"][0]["bytes"], report["bytes"]);
    assert_eq!(request["parts"].as_array().unwrap().len(), 1);

    let ran = desk.call_with("delete --dry-run", None);
    ran.assert(0, "");
    let expected = format!(
        "POST https://slack.com/api/users.deletePhoto\nAccept: application/json\n\
         Content-Type: application/x-www-form-urlencoded\nUser-Agent: headshot/{version}\n\
         Authorization: Bearer (token)\n"
    );
    assert_eq!(ran.stdout(), expected);
}

#[test]
fn proxy_sees_nothing_that_is_not_encrypted() {
    let desk = Desk::new();
    let (server, proxy) = (Server::new([Act::yes()]), Server::new([]));
    let mut command = assert_cmd::Command::cargo_bin("headshot").unwrap();
    command.args(["delete", "--tries", "1", "--base", &server.url()]);
    command.current_dir(desk.0.path()).env("SLACK_TOKEN", TOKEN);
    for name in [
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ] {
        command.env(name, proxy.url());
    }
    for name in ["no_proxy", "NO_PROXY"] {
        command.env_remove(name);
    }
    Ran(command.output().unwrap()).assert(0, "");
    assert_eq!(server.seen().len(), 1);
    assert!(proxy.seen().is_empty());
}

#[test]
fn token_comes_from_a_file_or_the_environment() {
    let desk = Desk::new();
    desk.put("token", format!("\n {TOKEN}\r\n"));
    let server = Server::new([Act::yes(), Act::yes()]);
    let line = format!("delete --token-file token --base {}", server.url());
    desk.call_with(&line, None).assert(0, "");
    desk.call_with(&line, Some("xoxp-other")).assert(0, "");
    let seen = server.seen();
    let expected = format!("Bearer {TOKEN}");
    assert!(
        seen.iter()
            .all(|seen| seen.header("Authorization") == Some(&expected))
    );
    assert_eq!(seen.len(), 2);
}

#[test]
fn wrong_usage_sends_nothing() {
    let desk = Desk::new();
    desk.put("me.png", png(512, 512));
    desk.put("bot", "xoxb-1234");
    desk.put("empty", "");
    let server = Server::new([]);
    let base = server.url();
    for (line, token, words) in [
        (
            "upload me.png",
            None,
            &["SLACK_TOKEN", "--token-file FILE"][..],
        ),
        ("delete", None, &["SLACK_TOKEN", "--token-file FILE"]),
        ("delete", Some(""), &["the token is empty"]),
        ("delete", Some("two words"), &["holds what no token holds"]),
        ("delete", Some("xoxb-1234"), &["a bot's", "only a user's"]),
        ("upload me.png --token-file bot", Some(TOKEN), &["a bot's"]),
        ("delete --token-file empty", Some(TOKEN), &["is empty"]),
        (
            "delete --token-file none",
            Some(TOKEN),
            &["cannot read the token from none"],
        ),
        ("upload", Some(TOKEN), &["<FILE>"]),
        (
            "upload me.png me.png",
            Some(TOKEN),
            &["unexpected argument"],
        ),
        (
            "upload me.png --as-is --quality 80",
            Some(TOKEN),
            &["--as-is", "--quality"],
        ),
        ("delete --tries 0", Some(TOKEN), &["--tries"]),
        ("delete --timeout -1", Some(TOKEN), &["expected seconds"]),
        ("delete --token xoxp-1", Some(TOKEN), &["--token"]),
    ] {
        let ran = desk.call_with(&format!("{line} --base {base}"), token);
        ran.assert_usage(words);
    }
    for base in ["http://slack.com/api/", "slack.com", "https://a@b/"] {
        let ran = desk.call(&format!("delete --base {base}"));
        ran.assert_usage(&["--base", "the service's address"]);
    }
    assert!(server.seen().is_empty());
}

#[test]
fn help_tells_about_both() {
    let desk = Desk::new();
    for (line, words) in [
        (
            "upload --help",
            &[
                "--as-is",
                "--crop <X,Y,W>",
                "--quality",
                "--dry-run",
                "[default: 5]",
            ][..],
        ),
        (
            "delete --help",
            &[
                "--token-file <FILE>",
                "[default: https://slack.com/api/]",
                "[default: 60]",
            ],
        ),
    ] {
        let ran = desk.run(line);
        ran.assert(0, "");
        for word in [
            "SLACK_TOKEN",
            "Examples:",
            "Exit status:",
            "  3  the service refused",
        ]
        .iter()
        .chain(words)
        {
            assert!(ran.stdout().contains(word), "{line}: {word}");
        }
    }
}
