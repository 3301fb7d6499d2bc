//! When a call is tried again: the exact waits, by a clock that nobody waits for.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use headshot::upload::{Clock, Error, Fault, Method, Pace, Reply, Retry, SystemClock};

use super::{Fake, Script, client, no, photo, reply, reply_with, yes};

type Answered = Result<Reply, Fault>;

/// What fails in a way that passes.
fn passing() -> Vec<Answered> {
    let mut all: Vec<Answered> = Vec::new();
    for code in ["ratelimited", "request_timeout", "service_unavailable"] {
        all.push(no(code));
    }
    for code in ["internal_error", "fatal_error"] {
        all.push(no(code));
    }
    for status in [429, 500, 502, 503, 504] {
        all.push(reply(status, "<html>"));
    }
    all.push(reply(500, r#"{"ok":false,"error":"what_is_this"}"#));
    all.push(Err(Fault::Unreachable("refused".into())));
    all.push(Err(Fault::Lost("reset".into())));
    all.push(Err(Fault::TimedOut));
    all
}

#[test]
fn what_passes_is_tried_again() {
    for index in 0..passing().len() {
        let failure = passing().swap_remove(index);
        let shown = format!("{failure:?}");
        let (script, clock) = (Script::new([failure, yes()]), Fake::new());
        let answer = client(&script, &clock).set_photo(&photo()).expect(&shown);
        assert_eq!(answer.tries, 2, "{shown}");
        assert_eq!(clock.sleeps(), [1.0], "{shown}");
        assert_eq!(script.methods(), ["users.setPhoto"; 2]);
    }
}

#[test]
fn what_stays_is_not_tried_again() {
    for failure in [
        no("bad_image"),
        no("missing_scope"),
        no("team_added_to_org"),
        no("never_heard_of"),
        reply(404, "<html>"),
        reply(400, ""),
        reply(200, "<html>"),
        reply(301, ""),
        Err(Fault::TooLong { limit: 9 }),
    ] {
        let shown = format!("{failure:?}");
        let (script, clock) = (Script::new([failure]), Fake::new());
        client(&script, &clock)
            .set_photo(&photo())
            .expect_err(&shown);
        assert_eq!(
            (script.methods().len(), clock.sleeps().len()),
            (1, 0),
            "{shown}"
        );
    }
}

/// The waits of a call that fails like this every time.
fn schedule(retry: Retry, random: u64, failure: impl Fn() -> Answered) -> (Vec<f64>, Error) {
    let script = Script::new((0..100).map(|_| failure()));
    let clock = Fake::with_random(random);
    let client = client(&script, &clock).with_retry(retry);
    let error = client.delete_photo().unwrap_err();
    let sleeps = clock.sleeps();
    assert_eq!(script.methods().len(), sleeps.len() + 1);
    (sleeps, error)
}

#[test]
fn waits_double_and_end() {
    let (waits, error) = schedule(Retry::default(), u64::MAX, || no("service_unavailable"));
    assert_eq!(waits, [1.0, 2.0, 4.0, 8.0]);
    assert_eq!(error.code(), "service_unavailable");
    // What was said last is what is told.
    let script = Script::new([no("ratelimited"), reply(503, ""), no("bad_image")]);
    let error = client(&script, &Fake::new()).delete_photo().unwrap_err();
    assert_eq!(error.code(), "bad_image");
}

#[test]
fn chance_leaves_out_up_to_half() {
    let halves = schedule(Retry::default(), 0, || no("ratelimited")).0;
    assert_eq!(halves, [0.5, 1.0, 2.0, 4.0]);
    let three_quarters = schedule(Retry::default(), u64::MAX / 2, || no("ratelimited")).0;
    assert_eq!(three_quarters, [0.75, 1.5, 3.0, 6.0]);
}

#[test]
fn no_wait_is_longer_than_the_longest_and_none_begins_too_late() {
    let patient = Retry {
        tries: 100,
        ..Retry::default()
    };
    let (waits, _) = schedule(patient, u64::MAX, || reply(500, ""));
    // 63 s, then 60 s at a time; a third of those would end after 180 s.
    assert_eq!(waits, [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0]);
    let exact = Retry {
        total: Duration::from_secs(183),
        ..patient
    };
    let (waits, _) = schedule(exact, u64::MAX, || reply(500, ""));
    assert_eq!(waits, [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]);
}

#[test]
fn no_numbers_are_too_large() {
    let endless = Retry {
        tries: u32::MAX,
        first_wait: Duration::MAX,
        longest_wait: Duration::MAX,
        total: Duration::MAX,
    };
    for (tries, random) in [(1, 0), (33, u64::MAX), (u32::MAX - 1, 7)] {
        let wait = endless.wait(&Error::TimedOut, tries, Duration::ZERO, random);
        assert!(wait > Some(Duration::MAX / 3), "{tries}");
        let late = endless.wait(&Error::TimedOut, tries, Duration::MAX, random);
        assert_eq!(late, wait, "no sum is more than that");
    }
    assert_eq!(
        endless.wait(&Error::TimedOut, u32::MAX, Duration::ZERO, 0),
        None
    );
}

#[test]
fn time_that_the_service_asks_for_is_kept_to() {
    let after = |seconds: &'static str| {
        schedule(Retry::default(), 0, move || {
            reply_with(429, &[("Retry-After", seconds)], "")
        })
    };
    assert_eq!(after("30").0, [30.0; 4]);
    assert_eq!(after(" 7 ").0, [7.0; 4]);
    let (script, clock) = (
        Script::new([reply_with(429, &[("Retry-After", "0")], ""), yes()]),
        Fake::new(),
    );
    assert_eq!(client(&script, &clock).delete_photo().unwrap().tries, 2);
    assert!(clock.sleeps().is_empty());
}

#[test]
fn longer_than_anybody_waits_is_not_waited_for() {
    for seconds in ["61", "86400", "18446744073709551615"] {
        let (waits, error) = schedule(Retry::default(), 0, move || {
            reply_with(429, &[("Retry-After", seconds)], "")
        });
        assert!(waits.is_empty(), "{seconds}");
        assert_eq!(
            error.retry_after(),
            Some(Duration::from_secs(seconds.parse().unwrap()))
        );
    }
}

#[test]
fn time_that_is_none_is_passed_over() {
    for value in [
        "",
        "soon",
        "-1",
        "1.5",
        "18446744073709551616",
        "Wed, 21 Oct 2015 07:28:00 GMT",
    ] {
        let (waits, _) = schedule(Retry::default(), u64::MAX, move || {
            reply_with(503, &[("Retry-After", value)], "")
        });
        assert_eq!(waits, [1.0, 2.0, 4.0, 8.0], "{value}");
    }
}

#[test]
fn one_try_alone_is_one() {
    for retry in [
        Retry::NEVER,
        Retry {
            tries: 0,
            ..Retry::default()
        },
    ] {
        assert!(schedule(retry, u64::MAX, || reply(500, "")).0.is_empty());
    }
}

#[test]
fn twenty_calls_a_minute_go_and_the_next_waits() {
    let (script, clock) = (Script::new((0..42).map(|_| yes())), Fake::new());
    let client = client(&script, &clock);
    for _ in 0..20 {
        client.delete_photo().unwrap();
    }
    assert!(clock.sleeps().is_empty());
    // Another method has a count of its own.
    client.set_photo(&photo()).unwrap();
    assert!(clock.sleeps().is_empty());
    let delete = |times| {
        (0..times).for_each(|_| drop(client.delete_photo().unwrap()));
        clock.sleeps()
    };
    assert_eq!(delete(1), [60.0]);
    assert_eq!(delete(19), [60.0]);
    assert_eq!(delete(1), [60.0, 60.0]);
}

#[test]
fn tries_again_count_too_and_clients_share_a_pace() {
    let pace = Arc::new(Pace::new(NonZeroU32::new(3).unwrap()));
    let clock = Fake::new();
    let script = Script::new([no("ratelimited"), no("ratelimited"), yes(), yes()]);
    let client = client(&script, &clock).with_pace(Arc::clone(&pace));
    client.delete_photo().unwrap();
    assert_eq!(clock.sleeps(), [1.0, 2.0]);
    // The first try was 3 s ago.
    let other = super::client(&script, &clock).with_pace(pace);
    other.delete_photo().unwrap();
    assert_eq!(clock.sleeps(), [1.0, 2.0, 57.0]);
}

#[test]
fn wait_for_a_free_place_counts_into_the_total() {
    let pace = Arc::new(Pace::new(NonZeroU32::MIN));
    let retry = Retry {
        total: Duration::from_secs(59),
        ..Retry::default()
    };
    let (script, clock) = (Script::new([no("ratelimited")]), Fake::new());
    let client = client(&script, &clock).with_pace(pace).with_retry(retry);
    assert_eq!(client.delete_photo().unwrap_err().code(), "ratelimited");
    assert_eq!(clock.sleeps(), [1.0]);
}

#[test]
fn no_minute_has_more_calls_than_are_allowed_from_any_number_of_threads() {
    let pace = Pace::new(NonZeroU32::new(5).unwrap());
    let start = Instant::now();
    let mut times: Vec<Duration> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    (0..10)
                        .map(|_| pace.take(Method::SetPhoto, start))
                        .collect()
                })
            })
            .collect();
        let times = threads.into_iter().flat_map(|thread| {
            let times: Vec<Duration> = thread.join().unwrap();
            times
        });
        times.collect()
    });
    times.sort();
    let expected: Vec<Duration> = (0..40).map(|n| Duration::from_secs(60 * (n / 5))).collect();
    assert_eq!(times, expected);
}

#[test]
fn clock_of_the_system_goes_on_and_is_random() {
    let clock = SystemClock;
    let before = clock.now();
    clock.sleep(Duration::from_nanos(1));
    assert!(clock.now() > before);
    let mut numbers: Vec<u64> = (0..100).map(|_| clock.random()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert!(numbers.len() > 90);
}
