//! The service's words for no.

use std::time::Duration;

use headshot::upload::{Client, Code, Error, Remedy, Retry, Verify};

use super::server::{Act, Server};
use super::{Fake, Script, client, no, photo, reply, token};

/// What each word asks for.
const CODES: [(&str, Remedy); 37] = [
    ("bad_image", Remedy::FixPicture),
    ("too_large", Remedy::FixPicture),
    ("too_many_frames", Remedy::FixPicture),
    ("internal_error", Remedy::FindOut),
    ("fatal_error", Remedy::FindOut),
    ("access_denied", Remedy::AskAdministrator),
    ("accesslimited", Remedy::AskAdministrator),
    ("account_inactive", Remedy::FixToken),
    ("deprecated_endpoint", Remedy::FixCall),
    ("ekm_access_denied", Remedy::AskAdministrator),
    ("enterprise_is_restricted", Remedy::AskAdministrator),
    ("invalid_auth", Remedy::FixToken),
    ("is_bot", Remedy::FixToken),
    ("method_deprecated", Remedy::FixCall),
    ("missing_scope", Remedy::FixToken),
    ("not_allowed_token_type", Remedy::FixToken),
    ("not_authed", Remedy::FixToken),
    ("no_permission", Remedy::AskAdministrator),
    ("org_login_required", Remedy::AskAdministrator),
    ("token_expired", Remedy::FixToken),
    ("token_revoked", Remedy::FixToken),
    ("two_factor_setup_required", Remedy::AskAdministrator),
    ("team_access_not_granted", Remedy::AskAdministrator),
    ("invalid_arg_name", Remedy::FixCall),
    ("invalid_arguments", Remedy::FixCall),
    ("invalid_array_arg", Remedy::FixCall),
    ("invalid_charset", Remedy::FixCall),
    ("invalid_form_data", Remedy::FixCall),
    ("invalid_post_type", Remedy::FixCall),
    ("missing_post_type", Remedy::FixCall),
    ("ratelimited", Remedy::WaitAndRetry),
    ("request_timeout", Remedy::WaitAndRetry),
    ("service_unavailable", Remedy::WaitAndRetry),
    ("team_added_to_org", Remedy::WaitAndRetry),
    // Nobody knows these.
    ("unknown_method", Remedy::FixCall),
    ("on_strike", Remedy::FixCall),
    ("BAD_IMAGE", Remedy::FixCall),
];

#[test]
fn table_has_every_code_that_is_known() {
    let known: Vec<&str> = Code::KNOWN.iter().map(Code::as_str).collect();
    let in_table = CODES.map(|(word, _)| word);
    assert_eq!(known, in_table[..34]);
    assert!(
        in_table[34..]
            .iter()
            .all(|word| matches!(Code::new(word), Code::Other(_)))
    );
}

#[test]
fn each_word_comes_over_the_wire_with_what_to_do() {
    let server = Server::new(CODES.map(|(word, _)| Act::no(word)));
    let client = Client::new(server.base(), token())
        .with_retry(Retry::NEVER)
        .with_clock(Fake::new())
        .with_verify(Verify::Never);
    let photo = photo();
    for (word, remedy) in CODES {
        let error = client.set_photo(&photo).unwrap_err();
        assert_eq!((error.code(), error.remedy()), (word, remedy));
        assert_eq!(error.leaves_unknown(), remedy == Remedy::FindOut);
        assert_eq!(error.to_string(), format!("the service refused: {word}"));
        assert!(matches!(error, Error::Refused { code, .. } if code == Code::new(word)));
    }
    assert_eq!(server.seen().len(), CODES.len());
}

#[test]
fn scopes_are_told() {
    let body = r#"{"ok":false,"error":"missing_scope","needed":"users.profile:write",
                   "provided":"identify,users:read"}"#;
    let script = Script::new([reply(200, body)]);
    let error = client(&script, &Fake::new()).delete_photo().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the service refused: missing_scope, needs the scope users.profile:write, has \
         identify,users:read"
    );
    match error {
        Error::Refused {
            needed,
            provided,
            status,
            ..
        } => {
            assert_eq!(needed.as_deref(), Some("users.profile:write"));
            assert_eq!(provided.as_deref(), Some("identify,users:read"));
            assert_eq!(status, 200);
        }
        error => panic!("{error}"),
    }
}

#[test]
fn word_counts_with_any_status_and_429_without_one() {
    for status in [200, 400, 403, 404] {
        let script = Script::new([reply(status, r#"{"ok":false,"error":"bad_image"}"#)]);
        let error = client(&script, &Fake::new()).delete_photo().unwrap_err();
        assert_eq!(error.code(), "bad_image", "{status}");
    }
    for body in [
        "",
        "<html>",
        r#"{"ok":true}"#,
        r#"{"ok":false,"error":"bad_image"}"#,
    ] {
        let script = Script::new([reply(429, body)]);
        let client = client(&script, &Fake::new()).with_retry(Retry::NEVER);
        let error = client.delete_photo().unwrap_err();
        assert_eq!(error.code(), "ratelimited", "{body}");
        assert_eq!(error.retry_after(), None);
    }
}

#[test]
fn time_that_the_service_asks_for_is_told() {
    let script = Script::new([super::reply_with(429, &[("retry-after", "3600")], "")]);
    let error = client(&script, &Fake::new()).delete_photo().unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_hours(1)));
    let end = "ratelimited, and wants to be left alone for 3600 s";
    assert!(error.to_string().ends_with(end), "{error}");
}

#[test]
fn long_word_is_cut() {
    let script = Script::new([no(&"x".repeat(1 << 20))]);
    let error = client(&script, &Fake::new()).delete_photo().unwrap_err();
    assert!((100..5000).contains(&error.code().len()));
}

#[test]
fn remedies_have_names_and_advice_of_their_own() {
    let mut texts: Vec<_> = Remedy::ALL
        .map(|remedy| (remedy.name(), remedy.advice()))
        .into();
    texts.sort_unstable();
    texts.dedup_by(|a, b| a.0 == b.0 || a.1 == b.1);
    assert_eq!(texts.len(), Remedy::ALL.len());
}
