//! What is made of the service's yes, and of answers that are neither yes nor no.

use headshot::upload::{Answer, Error, KnownBy, Remedy, Retry, Warning};

use super::{Fake, Script, client, reply, reply_with};

/// One try, answered in this way.
fn said(status: u16, body: &str) -> Result<Answer, Error> {
    let script = Script::new([reply(status, body)]);
    client(&script, &Fake::new())
        .with_retry(Retry::NEVER)
        .delete_photo()
}

#[test]
fn yes_is_enough() {
    let answer = said(200, r#"{"ok":true}"#).unwrap();
    assert_eq!((answer.tries, answer.known_by), (1, KnownBy::Answer));
    assert_eq!(answer.profile.images().count(), 0);
    assert_eq!(
        (answer.profile.avatar_hash, answer.warnings),
        (None, vec![])
    );
}

#[test]
fn profile_is_typed_and_what_is_unknown_is_left_out() {
    let body = r#"{
        "ok": true,
        "profile": {
            "avatar_hash": "0123456789ab", "image_24": "https://a.example/24.jpg",
            "image_32": "b", "image_48": "c", "image_72": "d", "image_192": "e",
            "image_512": "f", "image_1024": "g", "image_original": "h",
            "image_2048": "i", "real_name": {"deep": ["er"]}
        },
        "callstack": 7
    }"#;
    let profile = said(200, body).unwrap().profile;
    assert_eq!(profile.avatar_hash.as_deref(), Some("0123456789ab"));
    let images: Vec<_> = profile.images().collect();
    assert_eq!(
        images,
        [
            ("image_24", "https://a.example/24.jpg"),
            ("image_32", "b"),
            ("image_48", "c"),
            ("image_72", "d"),
            ("image_192", "e"),
            ("image_512", "f"),
            ("image_1024", "g"),
            ("image_original", "h"),
        ]
    );
}

#[test]
fn fields_that_are_missing_or_of_another_type_are_none() {
    for profile in [
        "null",
        "7",
        "[]",
        "{}",
        r#"{"avatar_hash":7,"image_24":null,"image_512":""}"#,
    ] {
        let body = format!(r#"{{"ok":true,"profile":{profile},"warning":{{}}}}"#);
        let answer = said(200, &body).unwrap();
        assert_eq!(
            answer.profile,
            headshot::upload::Profile::default(),
            "{profile}"
        );
        assert!(answer.warnings.is_empty());
    }
    let some = said(
        200,
        r#"{"ok":true,"profile":{"image_512":"f","image_24":7}}"#,
    )
    .unwrap();
    assert_eq!(
        some.profile.images().collect::<Vec<_>>(),
        [("image_512", "f")]
    );
}

#[test]
fn warnings_are_typed_and_come_once() {
    let warnings = |rest: &str| {
        said(200, &format!(r#"{{"ok":true,{rest}}}"#))
            .unwrap()
            .warnings
    };
    assert_eq!(
        warnings(r#""warning":"missing_charset""#),
        [Warning::MissingCharset]
    );
    let both = warnings(
        r#""warning":"superfluous_charset, new_one",
           "response_metadata":{"warnings":["superfluous_charset","missing_charset",7]}"#,
    );
    let expected = [
        Warning::SuperfluousCharset,
        Warning::Other("new_one".to_owned()),
        Warning::MissingCharset,
    ];
    assert_eq!(both, expected);
    let words: Vec<&str> = both.iter().map(Warning::as_str).collect();
    assert_eq!(words, ["superfluous_charset", "new_one", "missing_charset"]);
    let many: Vec<String> = (0..1000).map(|n| n.to_string()).collect();
    assert!(warnings(&format!(r#""warning":"{}""#, many.join(","))).len() < 100);
}

#[test]
fn success_that_is_no_answer_leaves_it_unknown() {
    let deep = "[".repeat(100_000);
    let deep_object = r#"{"ok":"#.repeat(10_000);
    let html = "<html><body>Log in to the Wi-Fi</body></html>";
    for (body, problem) in [
        ("", "is no JSON object"),
        ("null", "is no JSON object"),
        ("true", "is no JSON object"),
        ("[{\"ok\":true}]", "is no JSON object"),
        ("{\"ok\":true", "is no JSON object"),
        ("{\"ok\":true}}", "is no JSON object"),
        ("\u{feff}{\"ok\":true}", "is no JSON object"),
        (html, "is no JSON object"),
        (&deep, "is no JSON object"),
        (&deep_object, "is no JSON object"),
        ("{}", "doesn't say whether all is well"),
        (r#"{"ok":1}"#, "doesn't say whether all is well"),
        (r#"{"ok":"true"}"#, "doesn't say whether all is well"),
        (
            r#"{"ok":null,"error":"bad_image"}"#,
            "doesn't say whether all is well",
        ),
        (r#"{"ok":false}"#, "says no, and not why"),
        (r#"{"ok":false,"error":""}"#, "says no, and not why"),
        (r#"{"ok":false,"error":7}"#, "says no, and not why"),
    ] {
        let start: String = body.chars().take(40).collect();
        let error = said(200, body).expect_err(&start);
        assert_eq!(
            error.to_string(),
            format!("the service's answer {problem}"),
            "{start}"
        );
        assert_eq!(
            (error.code(), error.remedy()),
            ("unexpected_answer", Remedy::FindOut)
        );
        assert!(error.leaves_unknown());
    }
    let script = Script::new([Ok(headshot::upload::Reply {
        status: 200,
        headers: vec![],
        body: b"{\"ok\":true,\"profile\":\"\xFF\"}".to_vec(),
    })]);
    let error = client(&script, &Fake::new()).delete_photo().unwrap_err();
    assert_eq!(error.code(), "unexpected_answer");
}

#[test]
fn yes_counts_only_with_a_status_of_success() {
    for (status, remedy) in [
        (400, Remedy::FixCall),
        (404, Remedy::FixCall),
        (413, Remedy::FixCall),
        (500, Remedy::FindOut),
        (503, Remedy::FindOut),
    ] {
        for body in [r#"{"ok":true}"#, "<html>"] {
            let error = said(status, body).unwrap_err();
            assert!(matches!(error, Error::Status { status: of, .. } if of == status));
            assert_eq!(
                (error.code(), error.remedy()),
                ("http_status", remedy),
                "{status}"
            );
        }
    }
    assert!(said(201, r#"{"ok":true}"#).is_ok());
}

#[test]
fn redirection_tells_no_more_than_where_to() {
    for (location, origin) in [
        (
            Some("https://user:pass@example.org:8443/x?token=y#z"),
            Some("https://example.org:8443"),
        ),
        (Some("http://example.org"), Some("http://example.org")),
        (Some("/elsewhere?token=y"), None),
        (Some("//example.org/"), None),
        (Some("\u{1b}[2J"), None),
        (Some(""), None),
        (None, None),
    ] {
        for status in [300, 301, 302, 303, 307, 308] {
            let headers: Vec<_> = location
                .map(|location| ("LOCATION", location))
                .into_iter()
                .collect();
            let script = Script::new([reply_with(status, &headers, r#"{"ok":true}"#)]);
            match client(&script, &Fake::new()).delete_photo().unwrap_err() {
                Error::Redirected {
                    status: of,
                    origin: to,
                } => {
                    assert_eq!((of, to.as_deref()), (status, origin), "{location:?}");
                }
                error => panic!("{error}"),
            }
            assert_eq!(script.methods().len(), 1);
        }
    }
}
