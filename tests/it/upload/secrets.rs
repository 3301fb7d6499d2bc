//! That the token is shown nowhere, whatever the service does with it.

use std::error::Error as _;
use std::fmt::Debug;
use std::sync::{Mutex, Once};

use headshot::Format;
use headshot::upload::{
    Answer, Client, Error, Fault, Http, Image, Pace, Request, Retry, TokenPlace, Transport, Verify,
};

use super::server::{Act, Server};
use super::{Fake, GIF, photo};

/// One that no other test has, since the log is everybody's.
const TOKEN: &str = "xoxp-99-Rumpelstiltskin";

fn token() -> headshot::upload::Token {
    headshot::upload::Token::new(TOKEN).unwrap()
}

#[track_caller]
fn assert_hidden(text: &str) {
    assert!(!text.to_lowercase().contains("rumpel"), "{text}");
}

/// What is shown of an error, its sources included.
fn shown(error: &Error) -> String {
    let sources = std::iter::successors(error.source(), |&error| error.source());
    let sources: Vec<String> = sources.map(|error| format!("{error:?} {error}")).collect();
    format!("{error:?} {error:#?} {error} {} {sources:?}", error.code())
}

/// All that is logged, down to the finest level, but for what `ureq_proto` logs at that: the
/// bytes that are sent. That is told where `Http` is documented.
struct Log(Mutex<Vec<String>>);

static LOG: Log = Log(Mutex::new(Vec::new()));

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let dumps = record.level() == log::Level::Trace && record.target() == "ureq_proto::util";
        if !dumps {
            self.0.lock().unwrap().push(record.args().to_string());
        }
    }

    fn flush(&self) {}
}

fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&LOG).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
}

#[test]
fn no_type_shows_it() {
    let photo = photo();
    let image = Image::from(&photo);
    let base = headshot::upload::Base::default();
    let debug: [&dyn Debug; 6] = [
        &token(),
        &Client::new(base.clone(), token()).with_token_place(TokenPlace::Body),
        &Request::set_photo(&base, TokenPlace::Body, &image),
        &Request::set_photo(&base, TokenPlace::Header, &image).with_token(&token()),
        &Request::set_photo(&base, TokenPlace::Body, &image).with_token(&token()),
        &(Http::default(), Pace::default(), image),
    ];
    for value in debug {
        assert_hidden(&format!("{value:?} {value:#?}"));
        // Nor the bytes of a picture.
        assert!(format!("{value:#?}").len() < 1000, "{value:#?}");
    }
}

/// Answers that repeat the token in every place that is read.
fn echoes() -> Vec<Act> {
    let escaped: Vec<String> = (TOKEN.bytes())
        .map(|byte| format!("\\u{:04x}", u16::from(byte)))
        .collect();
    let escaped = escaped.concat();
    let mut acts = Vec::new();
    for text in [TOKEN, &escaped] {
        acts.push(Act::json(
            "200 OK",
            "",
            &format!(
                r#"{{"ok":false,"error":"x_{text}","needed":"{text}","provided":"a,{text}"}}"#
            ),
        ));
        acts.push(Act::json(
            "400 No",
            "",
            &format!(r#"{{"ok":false,"error":"{text}"}}"#),
        ));
        acts.push(Act::json(
            "200 OK",
            "",
            &format!(
                r#"{{"ok":true,"warning":"{text}","response_metadata":{{"warnings":["{text}!"]}},
                     "profile":{{"avatar_hash":"{text}","image_512":"https://x/{text}/"}}}}"#
            ),
        ));
    }
    for location in [
        "https://HOST/?TOKEN",
        "https://TOKEN@HOST/",
        "https://TOKEN.example/",
        "/TOKEN",
    ] {
        let location = location
            .replace("TOKEN", TOKEN)
            .replace("HOST", "h.example");
        acts.push(Act::answer(
            "302 x",
            &format!("Location: {location}\r\n"),
            TOKEN,
        ));
    }
    acts.push(Act::answer("200 OK", &format!("X: {TOKEN}\r\n"), TOKEN));
    acts.push(Act::answer("500 Oops", &format!("X: {TOKEN}\r\n"), TOKEN));
    acts.push(Act::answer(
        "429 x",
        &format!("Retry-After: {TOKEN}\r\n"),
        TOKEN,
    ));
    acts.push(Act::Send(TOKEN.into()));
    acts.push(Act::Send(
        format!("HTTP/1.1 {TOKEN} {TOKEN}\r\n{TOKEN}\r\n\r\n").into(),
    ));
    acts.push(Act::Send(
        format!("HTTP/1.1 200 OK\r\nContent-Length: {TOKEN}\r\n\r\n").into(),
    ));
    acts.push(Act::Send(
        format!("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{TOKEN}").into(),
    ));
    acts.push(Act::Send(
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{TOKEN}").into(),
    ));
    acts
}

#[test]
fn nothing_that_the_service_answers_shows_it() {
    for place in [TokenPlace::Header, TokenPlace::Body] {
        let count = echoes().len();
        let server = Server::new(echoes());
        let client = Client::new(server.base(), token())
            .with_token_place(place)
            .with_retry(Retry::NEVER)
            .with_clock(Fake::new())
            .with_verify(Verify::Never);
        let photo = photo();
        let mut answers = 0;
        for _ in 0..count {
            match client.set_photo(&photo) {
                Ok(answer) => {
                    answers += 1;
                    let Answer {
                        profile, warnings, ..
                    } = &answer;
                    assert!(profile.image_512.is_some() && warnings.len() == 2);
                    assert_hidden(&format!("{answer:?}"));
                }
                Err(error) => assert_hidden(&shown(&error)),
            }
        }
        assert_eq!(answers, 2);
        let seen = server.seen();
        assert_eq!(seen.len(), count);
        // It was sent, each time.
        assert!(seen.iter().all(|one| {
            one.head.contains(TOKEN) || String::from_utf8_lossy(&one.body).contains(TOKEN)
        }));
    }
}

#[test]
fn refusals_of_our_own_do_not_show_it() {
    for text in [
        format!("{TOKEN}\n"),
        format!(" {TOKEN}"),
        format!("xoxb-{TOKEN}"),
        format!("-{TOKEN}"),
    ] {
        assert_hidden(&shown(&headshot::upload::Token::new(text).unwrap_err()));
    }
    for text in [
        format!("https://{TOKEN}@slack.com/"),
        format!("https://slack.com/?token={TOKEN}"),
        format!("{TOKEN}://slack.com/"),
        format!("http://{TOKEN}.example/"),
    ] {
        assert_hidden(&shown(&headshot::upload::Base::new(&text).unwrap_err()));
    }
}

#[test]
fn nothing_that_is_logged_shows_it() {
    listen();
    for place in [TokenPlace::Header, TokenPlace::Body] {
        let server = Server::new([
            Act::yes(),
            Act::html("500 Oops"),
            Act::Send(Vec::new()),
            Act::answer("302 x", "Location: https://h.example/\r\n", ""),
        ]);
        let image = Image::as_is(GIF, Format::Gif, None).unwrap();
        let sealed = Request::set_photo(&server.base(), place, &image).with_token(&token());
        let http = Http::default();
        let said = [(); 4].map(|()| http.send(&sealed));
        assert!(
            matches!(said, [Ok(_), Ok(_), Err(Fault::Lost(_)), Ok(_)]),
            "{said:?}"
        );
        let url = server.url();
        server.seen();
        // The requests themselves were logged.
        let log = LOG.0.lock().unwrap().join("\n");
        assert!(log.contains(&format!("{url}users.setPhoto")), "{log}");
        assert_hidden(&log);
    }
}
