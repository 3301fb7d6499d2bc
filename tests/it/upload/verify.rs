//! Finding out whether a photo was set of which nobody said so.

use headshot::upload::{Client, Error, Fault, KnownBy, Reply, Verify};

use super::{Fake, Script, client, no, photo, profile, reply, yes};

type Answered = Result<Reply, Fault>;

const ASK: &str = "users.profile.get";
const SET: &str = "users.setPhoto";

/// Failures after which nobody knows, and that pass.
fn unknown() -> Vec<Answered> {
    vec![
        no("internal_error"),
        no("fatal_error"),
        reply(500, ""),
        reply(504, "<html>"),
        Err(Fault::Lost("reset".into())),
        Err(Fault::TimedOut),
    ]
}

fn verifying(script: &std::sync::Arc<Script>, clock: &std::sync::Arc<Fake>) -> Client {
    client(script, clock).with_verify(Verify::Hash)
}

#[test]
fn other_hash_than_before_settles_it() {
    let mut failures = unknown();
    // These don't pass, and leave it unknown as well.
    failures.push(reply(200, "<html>"));
    failures.push(Err(Fault::TooLong { limit: 9 }));
    for failure in failures {
        let shown = format!("{failure:?}");
        let (script, clock) = (
            Script::new([profile("old"), failure, profile("new")]),
            Fake::new(),
        );
        let answer = verifying(&script, &clock)
            .set_photo(&photo())
            .expect(&shown);
        assert_eq!(answer.known_by, KnownBy::Hash, "{shown}");
        assert_eq!(answer.tries, 1);
        assert_eq!(answer.profile.avatar_hash.as_deref(), Some("new"));
        assert_eq!(script.methods(), [ASK, SET, ASK]);
        assert!(clock.sleeps().is_empty());
    }
}

#[test]
fn same_hash_sends_the_photo_again() {
    for failure in unknown() {
        let shown = format!("{failure:?}");
        let replies = [profile("old"), failure, profile("old"), yes()];
        let (script, clock) = (Script::new(replies), Fake::new());
        let answer = verifying(&script, &clock)
            .set_photo(&photo())
            .expect(&shown);
        assert_eq!(
            (answer.known_by, answer.tries),
            (KnownBy::Answer, 2),
            "{shown}"
        );
        assert_eq!(script.methods(), [ASK, SET, ASK, SET]);
        assert_eq!(clock.sleeps(), [1.0]);
    }
}

#[test]
fn profile_that_is_not_to_be_had_sends_the_photo_again() {
    for after in [
        reply(200, "{}"),
        no("ratelimited"),
        reply(500, ""),
        Err(Fault::TimedOut),
    ] {
        let replies = [profile("old"), no("internal_error"), after, yes()];
        let (script, clock) = (Script::new(replies), Fake::new());
        let answer = verifying(&script, &clock).set_photo(&photo()).unwrap();
        assert_eq!((answer.known_by, answer.tries), (KnownBy::Answer, 2));
        // Nothing waits for the profile itself.
        assert_eq!(clock.sleeps(), [1.0]);
    }
}

#[test]
fn it_is_found_out_at_the_last_try_too() {
    let mut replies = vec![profile("old")];
    for _ in 0..4 {
        replies.extend([no("internal_error"), profile("old")]);
    }
    replies.extend([no("internal_error"), profile("new")]);
    let script = Script::new(replies);
    let answer = verifying(&script, &Fake::new())
        .set_photo(&photo())
        .unwrap();
    assert_eq!((answer.known_by, answer.tries), (KnownBy::Hash, 5));
}

#[test]
fn without_a_hash_from_before_nothing_is_compared() {
    for before in [
        reply(200, r#"{"ok":true,"profile":{}}"#),
        no("ratelimited"),
        no("missing_scope"),
        reply(404, ""),
        Err(Fault::Unreachable("refused".into())),
    ] {
        let shown = format!("{before:?}");
        let script = Script::new([before, no("internal_error"), yes()]);
        let answer = verifying(&script, &Fake::new())
            .set_photo(&photo())
            .expect(&shown);
        assert_eq!(
            (answer.known_by, answer.tries),
            (KnownBy::Answer, 2),
            "{shown}"
        );
        assert_eq!(script.methods(), [ASK, SET, SET], "{shown}");
    }
}

#[test]
fn profile_that_was_refused_is_not_asked_for_again() {
    for (before, asks_again) in [
        (no("missing_scope"), false),
        (no("unknown_method"), false),
        (reply(404, "<html>"), false),
        (no("ratelimited"), true),
        (reply(503, ""), true),
        (Err(Fault::TimedOut), true),
    ] {
        let shown = format!("{before:?}");
        let mut replies = vec![before, yes()];
        if asks_again {
            replies.push(profile("old"));
        }
        replies.push(yes());
        let script = Script::new(replies);
        let client = verifying(&script, &Fake::new());
        client.set_photo(&photo()).expect(&shown);
        client.set_photo(&photo()).expect(&shown);
        let asked = script
            .methods()
            .iter()
            .filter(|method| *method == ASK)
            .count();
        assert_eq!(asked, 1 + usize::from(asks_again), "{shown}");
    }
}

#[test]
fn what_is_known_not_to_be_done_needs_no_profile() {
    for failure in [
        no("ratelimited"),
        reply(429, ""),
        Err(Fault::Unreachable("refused".into())),
    ] {
        let script = Script::new([profile("old"), failure, yes()]);
        verifying(&script, &Fake::new())
            .set_photo(&photo())
            .unwrap();
        assert_eq!(script.methods(), [ASK, SET, SET]);
    }
    let script = Script::new([profile("old"), no("bad_image")]);
    let error = verifying(&script, &Fake::new())
        .set_photo(&photo())
        .unwrap_err();
    assert!(matches!(error, Error::Refused { .. }));
}

#[test]
fn removal_is_done_again_and_asks_nobody() {
    for failure in unknown() {
        let (script, clock) = (Script::new([failure, yes()]), Fake::new());
        let answer = verifying(&script, &clock).delete_photo().unwrap();
        assert_eq!((answer.known_by, answer.tries), (KnownBy::Answer, 2));
        assert_eq!(script.methods(), ["users.deletePhoto"; 2]);
    }
}

#[test]
fn nobody_is_asked_if_that_is_not_wanted() {
    let script = Script::new([no("internal_error"), yes()]);
    let client = client(&script, &Fake::new()).with_verify(Verify::Never);
    client.set_photo(&photo()).unwrap();
    assert_eq!(script.methods(), [SET, SET]);
}
