//! Many pictures at once.

use std::num::NonZeroUsize;

use crate::status::Failure;

/// Does `work` on each item, on `jobs` threads, and hands the results to `each`
/// in the order of the items, as they become available.
///
/// `jobs` items are in work at a time, so that their memory is bounded. An error
/// of `each` ends it early; what was begun by then is still finished.
#[cfg(feature = "parallel")]
pub(crate) fn in_order<T: Sync, R: Send>(
    items: &[T],
    jobs: NonZeroUsize,
    work: impl Fn(&T) -> R + Sync,
    mut each: impl FnMut(&T, R) -> Result<(), Failure>,
) -> Result<(), Failure> {
    use std::collections::VecDeque;
    use std::sync::{Mutex, PoisonError, mpsc};
    use std::thread;

    // Results that may wait for a slow picture before them, for each thread. They
    // are small; more would only delay the end after an error of `each`.
    const AHEAD: usize = 4;

    // Threads of our own, not rayon's: one of those would begin another picture
    // while it waits for the parts of one that it has in work.
    let threads = jobs.get().min(items.len());
    let (begin, todo) = mpsc::channel::<(&T, mpsc::SyncSender<R>)>();
    let todo = Mutex::new(todo);
    let next = || todo.lock().unwrap_or_else(PoisonError::into_inner).recv();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Ok((item, sender)) = next() {
                    // Sending fails only after an early end, when nobody listens.
                    drop(sender.send(work(item)));
                }
            });
        }
        let begin = begin; // dropped at the end, which lets the threads end
        let mut left = items.iter();
        let mut waiting = VecDeque::new();
        loop {
            let room = threads * AHEAD - waiting.len();
            waiting.extend(left.by_ref().take(room).map(|item| {
                let (sender, receiver) = mpsc::sync_channel(1);
                drop(begin.send((item, sender)));
                (item, receiver)
            }));
            let Some((item, receiver)) = waiting.pop_front() else {
                return Ok(());
            };
            match receiver.recv() {
                Ok(result) => each(item, result)?,
                // `work` panicked: the scope passes that on once it is left.
                Err(mpsc::RecvError) => return Ok(()),
            }
        }
    })
}

/// The same without threads.
#[cfg(not(feature = "parallel"))]
pub(crate) fn in_order<T, R>(
    items: &[T],
    _jobs: NonZeroUsize,
    work: impl Fn(&T) -> R,
    mut each: impl FnMut(&T, R) -> Result<(), Failure>,
) -> Result<(), Failure> {
    items.iter().try_for_each(|item| each(item, work(item)))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use super::*;

    const JOBS: NonZeroUsize = NonZeroUsize::new(3).unwrap();

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..50).collect();
        let mut seen = Vec::new();
        let slow_first = |&item: &u64| {
            std::thread::sleep(Duration::from_millis(if item % 7 == 0 { 3 } else { 0 }));
            item * 2
        };
        in_order(&items, JOBS, slow_first, |&item, result| {
            seen.push((item, result));
            Ok(())
        })
        .unwrap();
        assert_eq!(
            seen,
            (0..50).map(|item| (item, item * 2)).collect::<Vec<_>>()
        );
    }

    #[test]
    fn no_more_than_jobs_are_in_work() {
        let in_work = Mutex::new((0, 0));
        let work = |_: &u8| {
            let mut counts = in_work.lock().unwrap();
            counts.0 += 1;
            counts.1 = counts.1.max(counts.0);
            drop(counts);
            std::thread::sleep(Duration::from_millis(1));
            in_work.lock().unwrap().0 -= 1;
        };
        in_order(&[0; 40], JOBS, work, |_, ()| Ok(())).unwrap();
        let (left, most) = *in_work.lock().unwrap();
        assert_eq!(left, 0);
        assert!((1..=JOBS.get()).contains(&most), "{most}");
    }

    #[test]
    fn error_ends_it_early() {
        let done = Mutex::new(0);
        let items = [0; 1000];
        let result = in_order(
            &items,
            JOBS,
            |_| *done.lock().unwrap() += 1,
            |_, ()| Err(Failure::Other(String::new())),
        );
        assert!(matches!(result, Err(Failure::Other(_))));
        assert!(*done.lock().unwrap() < items.len());
    }
}
