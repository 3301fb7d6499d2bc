//! Streams of pictures: in order, bounded, stopped, and each result as if it were alone.

use std::collections::HashSet;
use std::io;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use headshot::{Cancel, Error, Options, Photo, prepare, prepare_each, prepare_until};

use crate::picture::{noise, png};

/// The smallest GIF: one pixel.
const GIF: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

fn jobs(jobs: usize) -> NonZeroUsize {
    NonZeroUsize::new(jobs).expect("a number of jobs")
}

/// As a thread of `prepare_each` does it with bytes.
#[expect(clippy::needless_pass_by_value, reason = "items are handed over")]
fn whole(bytes: Vec<u8>, cancel: &Cancel) -> Result<Photo, Error> {
    prepare_until(&bytes, &Options::default(), cancel)
}

/// Pictures of all kinds, every fourth of which is none.
fn pictures() -> Vec<Vec<u8>> {
    let picture = |seed: u32| match seed % 4 {
        0 => png::photo(&noise::photo(500 + seed, 300, seed)),
        1 => b"no picture".to_vec(),
        2 => GIF.to_vec(),
        _ => {
            let mut bytes = png::photo(&noise::photo(90, 600, seed));
            bytes.truncate(bytes.len() / 2);
            bytes
        }
    };
    (0..23).map(picture).collect()
}

/// A flag that is waited for.
#[derive(Default)]
struct Gate(Mutex<bool>, Condvar);

impl Gate {
    fn open(&self) {
        *self.0.lock().unwrap() = true;
        self.1.notify_all();
    }

    /// Says whether it was opened: a test that goes wrong must end, too.
    fn pass(&self) -> bool {
        let long = Duration::from_mins(1);
        let shut = self.0.lock().unwrap();
        let (open, _) = (self.1)
            .wait_timeout_while(shut, long, |open| !*open)
            .unwrap();
        *open
    }
}

#[test]
fn every_result_is_that_of_its_picture_alone() {
    let pictures = pictures();
    let alone: Vec<_> = (pictures.iter())
        .map(|bytes| prepare(bytes, &Options::default()))
        .collect();
    assert!(alone.iter().any(Result::is_ok) && alone.iter().any(Result::is_err));
    for count in [1, 2, 5, usize::MAX] {
        let stream = prepare_each(pictures.clone(), jobs(count), &Cancel::never(), whole);
        assert_eq!(stream.size_hint(), (pictures.len(), Some(pictures.len())));
        let results: Vec<_> = stream.collect();
        assert_eq!(results.len(), alone.len(), "{count} jobs");
        for (index, (result, alone)) in results.iter().zip(&alone).enumerate() {
            match (result, alone) {
                (Ok(photo), Ok(alone)) => assert_eq!(photo, alone, "{index}, {count} jobs"),
                (Err(error), Err(alone)) => assert_eq!(error.to_string(), alone.to_string()),
                _ => panic!("picture {index} with {count} jobs: {result:?}"),
            }
        }
    }
}

#[test]
fn a_slow_picture_does_not_change_the_order() {
    let gate = Arc::new(Gate::default());
    let others = Arc::new(AtomicUsize::new(0));
    let results = prepare_each(0..4, jobs(2), &Cancel::never(), {
        let gate = Arc::clone(&gate);
        move |item, _| {
            if item == 0 {
                // Not before all that come after it.
                assert!(gate.pass());
            } else if others.fetch_add(1, Ordering::SeqCst) == 2 {
                gate.open();
            }
            Ok::<_, Error>(item)
        }
    });
    let results: Vec<_> = results.map(Result::unwrap).collect();
    assert_eq!(results, [0, 1, 2, 3]);
}

#[test]
fn four_pictures_a_job_are_taken_ahead_and_no_more() {
    let most = 3 * 4;
    let taken = Arc::new(AtomicUsize::new(0));
    let gate = Arc::new(Gate::default());
    let pictures = (0..100).inspect({
        let (taken, gate) = (Arc::clone(&taken), Arc::clone(&gate));
        move |_| {
            if taken.fetch_add(1, Ordering::SeqCst) + 1 == most {
                gate.open();
            }
        }
    });
    let mut stream = prepare_each(pictures, jobs(3), &Cancel::never(), {
        // Nothing is done before as many are taken as may be.
        move |item, _| Ok::<_, Error>((item, gate.pass()))
    });
    assert_eq!(
        taken.load(Ordering::SeqCst),
        0,
        "taken before a result is asked for"
    );
    let mut given = 0;
    while let Some(result) = stream.next() {
        assert_eq!(result.unwrap(), (given, true));
        let ahead = taken.load(Ordering::SeqCst) - given;
        assert!(ahead <= most, "{ahead} after {given} results");
        given += 1;
        assert_eq!(stream.size_hint(), (100 - given, Some(100 - given)));
    }
    assert_eq!(given, 100);
    assert!(stream.next().is_none());
}

#[test]
fn as_many_are_in_work_as_there_are_jobs_and_no_more() {
    let in_work = AtomicUsize::new(0);
    let gate = Gate::default();
    let stream = prepare_each(0..400, jobs(3), &Cancel::never(), move |_, _| {
        let now = in_work.fetch_add(1, Ordering::SeqCst) + 1;
        if now == 3 {
            gate.open();
        }
        // The first two wait for a third.
        let met = gate.pass();
        thread::yield_now();
        in_work.fetch_sub(1, Ordering::SeqCst);
        Ok::<_, Error>((thread::current().id(), now, met))
    });
    let mut threads = HashSet::new();
    for result in stream {
        let (thread, now, met) = result.unwrap();
        assert!(met && now <= 3, "{now}");
        threads.insert(thread);
    }
    assert_eq!(threads.len(), 3);
}

#[test]
fn a_stream_without_pictures_has_no_result_and_one_has_one() {
    let none = Vec::<Vec<u8>>::new();
    let mut stream = prepare_each(none, jobs(2), &Cancel::never(), whole);
    assert!(stream.next().is_none() && stream.next().is_none());
    let alone = prepare(GIF, &Options::default()).unwrap();
    let results: Vec<_> = prepare_each([GIF.to_vec()], jobs(2), &Cancel::never(), whole).collect();
    assert!(matches!(&results[..], [Ok(photo)] if *photo == alone));
}

#[test]
fn what_is_not_begun_is_cancelled_and_what_is_in_work_stops() {
    let begun = Arc::new(AtomicUsize::new(0));
    let flag = Arc::new(AtomicBool::new(false));
    let cancel = Cancel::when({
        let flag = Arc::clone(&flag);
        move || flag.load(Ordering::SeqCst)
    });
    let results: Vec<_> = prepare_each(0..50, jobs(2), &cancel, {
        let begun = Arc::clone(&begun);
        move |item, cancel| {
            begun.fetch_add(1, Ordering::SeqCst);
            if item < 10 {
                return Ok(item);
            }
            flag.store(true, Ordering::SeqCst);
            // Without end, unless it is stopped.
            loop {
                prepare_until(GIF, &Options::default(), cancel)?;
            }
        }
    })
    .collect();
    assert_eq!(results.len(), 50);
    let (before, after) = results.split_at(10);
    for (item, result) in before.iter().enumerate() {
        // One of the first may be begun after one of the last has stopped it all.
        assert!(matches!(result, Ok(it) if *it == item) || matches!(result, Err(Error::Cancelled)));
    }
    assert!(before.iter().filter(|result| result.is_ok()).count() >= 9);
    assert!((after.iter()).all(|result| matches!(result, Err(Error::Cancelled))));
    assert!(begun.load(Ordering::SeqCst) <= 12);
}

#[test]
fn nothing_is_begun_that_is_cancelled_beforehand() {
    let begun = Arc::new(AtomicUsize::new(0));
    let results: Vec<Result<(), Error>> = prepare_each(0..9, jobs(2), &Cancel::when(|| true), {
        let begun = Arc::clone(&begun);
        move |_, _| {
            begun.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }
    })
    .collect();
    assert_eq!(results.len(), 9);
    assert!((results.iter()).all(|result| matches!(result, Err(Error::Cancelled))));
    assert_eq!(begun.load(Ordering::SeqCst), 0);
}

#[test]
fn a_stream_that_is_dropped_stops_and_leaves_no_thread() {
    let begun = Arc::new(AtomicUsize::new(0));
    let mut stream = prepare_each(0.., jobs(3), &Cancel::never(), {
        let begun = Arc::clone(&begun);
        move |item, cancel| {
            begun.fetch_add(1, Ordering::SeqCst);
            if item == 0 {
                return Ok(());
            }
            loop {
                prepare_until(GIF, &Options::default(), cancel)?;
            }
        }
    });
    let first: Option<Result<(), Error>> = stream.next();
    assert!(matches!(first, Some(Ok(()))));
    drop(stream);
    // The last thread is gone, and `work` with it.
    assert_eq!(Arc::strong_count(&begun), 1);
    assert!(begun.load(Ordering::SeqCst) <= 4);
}

#[test]
fn a_panic_is_an_error_of_its_picture_alone() {
    for count in [1, 3] {
        let results = prepare_each(0..30, jobs(count), &Cancel::never(), |item, _| {
            assert!(item % 10 != 3, "on purpose");
            Ok::<_, Error>(item)
        });
        for (item, result) in results.enumerate() {
            match result {
                Ok(it) => assert!(it == item && item % 10 != 3),
                Err(error) => assert_eq!((item % 10, error.reason()), (3, "internal")),
            }
        }
    }
}

/// What panics once more when it is dropped.
struct Again;

impl Drop for Again {
    fn drop(&mut self) {
        assert!(thread::panicking(), "on purpose");
    }
}

#[test]
fn a_panic_that_goes_on_costs_the_others_no_thread() {
    let results = prepare_each(0..9, jobs(1), &Cancel::never(), |item, _| {
        if item == 2 {
            std::panic::panic_any(Again);
        }
        Ok::<_, Error>(item)
    });
    let failed: Vec<usize> = (results.enumerate())
        .filter_map(|(item, result)| result.is_err().then_some(item))
        .collect();
    assert_eq!(failed, [2]);
}

#[test]
fn errors_are_of_the_callers_kind() {
    #[derive(Debug)]
    enum Why {
        Unreadable(io::Error),
        Picture(Error),
    }

    impl From<Error> for Why {
        fn from(error: Error) -> Self {
            Self::Picture(error)
        }
    }

    let names = ["good/1x1.gif", "good/none.gif", "README.md"];
    let results = prepare_each(names, jobs(2), &Cancel::never(), |name, cancel| {
        let path = format!("{}/testdata/{name}", env!("CARGO_MANIFEST_DIR"));
        let bytes = std::fs::read(path).map_err(Why::Unreadable)?;
        Ok::<_, Why>(prepare_until(&bytes, &Options::default(), cancel)?)
    });
    let results: Vec<_> = results.collect();
    assert!(matches!(
        &results[..],
        [
            Ok(_),
            Err(Why::Unreadable(error)),
            Err(Why::Picture(Error::UnknownFormat))
        ] if error.kind() == io::ErrorKind::NotFound
    ));
}
