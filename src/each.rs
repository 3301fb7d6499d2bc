//! Pictures of a stream, several at once.

use std::collections::VecDeque;
use std::fmt;
use std::iter::{Fuse, FusedIterator};
use std::mem;
use std::num::NonZeroUsize;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvError, Sender, SyncSender, TryRecvError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use crate::cancel::Cancel;
use crate::error::Error;

/// Pictures for each job that may be taken before their results are asked for: one in work,
/// and three that wait, so that a slow one doesn't soon leave the other threads without any.
const AHEAD: usize = 4;

/// Prepares the pictures of a stream on up to `jobs` threads, and hands the results out in
/// the order of the stream.
///
/// What a picture is, and what is done to it, is up to the caller: `work` gets an item of
/// `pictures` and makes a result of it, on one of the threads. Items that are bytes are
/// prepared as they are. Items that are only names are read there, too, so that no more
/// than `jobs` files are in memory at a time.
///
/// This is for more pictures than fit in memory, where
/// [`prepare_batch`](crate::prepare_batch) is for those that do:
///
/// - No more than four items for each of the `jobs` are taken from `pictures` before their
///   results are asked for. Up to `jobs` of those are in work; the others wait for a thread,
///   or their results wait for a slow picture before them.
/// - `pictures` is asked for items by [`next`](Iterator::next), on the thread that calls
///   it, and not before the first call. A result that is there waits for one more item at
///   most.
/// - The threads are the iterator's own, none of a pool: it may be used on a thread of any
///   pool, and `work` may use one. A thread begins when there is an item for it.
///
/// For each item there is one result, whatever happens to the others:
///
/// - Once `cancel` says so, items that aren't begun become [`Error::Cancelled`]. The rest
///   of `pictures` is still asked for, and comes out like this. `work` gets a [`Cancel`]
///   that says the same, and should hand it to [`prepare_until`](crate::prepare_until), so
///   that what is in work stops as well.
/// - A panic of `work` becomes [`Error::Internal`].
///
/// When the iterator is dropped, that `Cancel` is due, too. The drop takes until all threads
/// have ended; what wasn't begun is not.
///
/// # Examples
///
/// Bytes, from any iterator. The results are those of [`prepare`](crate::prepare):
///
/// ```
/// use std::num::NonZeroUsize;
///
/// use headshot::{Cancel, Options, prepare_each, prepare_until};
///
/// let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
/// let uploads = (0..100).map(|number| match number {
///     7 => b"no picture".to_vec(),
///     _ => gif.to_vec(),
/// });
/// let jobs = NonZeroUsize::new(2).unwrap();
/// let options = Options::default();
/// let photos = prepare_each(uploads, jobs, &Cancel::never(), move |bytes, cancel| {
///     prepare_until(&bytes, &options, cancel)
/// });
/// for (number, photo) in photos.enumerate() {
///     assert_eq!(photo.is_err(), number == 7);
/// }
/// ```
///
/// Files, read and written by the threads. The error is one that holds those of both:
///
/// ```no_run
/// use std::num::NonZeroUsize;
/// use std::path::PathBuf;
/// use std::{fs, io, thread};
///
/// use headshot::{Cancel, Options, prepare_each, prepare_until};
///
/// type Error = Box<dyn std::error::Error + Send + Sync>;
///
/// fn prepare_folder(folder: &str) -> io::Result<()> {
///     let entries = fs::read_dir(folder)?.flatten();
///     let options = Options::default();
///     let written = prepare_each(
///         entries.map(|entry| entry.path()),
///         thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
///         &Cancel::never(),
///         move |path: PathBuf, cancel| -> Result<PathBuf, Error> {
///             let photo = prepare_until(&fs::read(&path)?, &options, cancel)?;
///             let output = path.with_extension(format!("photo.{}", photo.format.extension()));
///             fs::write(&output, &photo.bytes)?;
///             Ok(output)
///         },
///     );
///     for output in written {
///         match output {
///             Ok(output) => println!("{}", output.display()),
///             Err(error) => println!("{error}"),
///         }
///     }
///     Ok(())
/// }
/// ```
pub fn prepare_each<I, R, E>(
    pictures: I,
    jobs: NonZeroUsize,
    cancel: &Cancel,
    work: impl Fn(I::Item, &Cancel) -> Result<R, E> + Send + Sync + 'static,
) -> InOrder<I::IntoIter, R, E>
where
    I: IntoIterator<Item: Send + 'static>,
    R: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let dropped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&dropped);
    let cancel = cancel.or(&Cancel::when(move || flag.load(Ordering::Relaxed)));
    let (begin, todo) = mpsc::channel();
    InOrder {
        pictures: pictures.into_iter().fuse(),
        most: jobs.get().saturating_mul(AHEAD),
        jobs,
        waiting: VecDeque::new(),
        begin: Some(begin),
        shop: Arc::new(Shop {
            todo: Mutex::new(todo),
            cancel,
            work: Box::new(work),
        }),
        threads: Vec::new(),
        dropped,
    }
}

/// The results of [`prepare_each`], in the order of the pictures.
#[must_use = "no picture is prepared before its result is asked for"]
pub struct InOrder<I: Iterator, R, E> {
    pictures: Fuse<I>,
    jobs: NonZeroUsize,
    most: usize,
    /// Where the results of what was taken come from.
    waiting: VecDeque<Receiver<Result<R, E>>>,
    /// `None` while it is dropped, which lets the threads end.
    begin: Option<Sender<Task<I::Item, R, E>>>,
    shop: Arc<Shop<I::Item, R, E>>,
    threads: Vec<JoinHandle<()>>,
    dropped: Arc<AtomicBool>,
}

/// A picture, and where its result goes.
type Task<T, R, E> = (T, SyncSender<Result<R, E>>);

/// What the threads share.
struct Shop<T, R, E> {
    todo: Mutex<Receiver<Task<T, R, E>>>,
    cancel: Cancel,
    work: Box<Work<T, R, E>>,
}

type Work<T, R, E> = dyn Fn(T, &Cancel) -> Result<R, E> + Send + Sync;

impl<I, R, E> InOrder<I, R, E>
where
    I: Iterator<Item: Send + 'static>,
    R: Send + 'static,
    E: From<Error> + Send + 'static,
{
    /// Takes one more picture, if there is one and it may. Says whether it has.
    fn take_one(&mut self) -> bool {
        if self.waiting.len() >= self.most {
            return false;
        }
        let Some(picture) = self.pictures.next() else {
            return false;
        };
        let (sender, receiver) = mpsc::sync_channel(1);
        self.waiting.push_back(receiver);
        if self.threads.len() < self.jobs.get()
            && let Err(error) = self.hire()
            && self.threads.is_empty()
        {
            let error = Error::internal("threads")(error);
            drop(sender.send(Err(error.into())));
        } else if let Some(begin) = &self.begin {
            // It fails only if no thread is left; then the sender is gone, too, which `next`
            // takes for a panic.
            drop(begin.send((picture, sender)));
        }
        true
    }

    /// Starts one more thread. One of our own and none of rayon's, which would begin
    /// another picture while it waits for the parts of one that it has in work.
    fn hire(&mut self) -> std::io::Result<()> {
        let shop = Arc::clone(&self.shop);
        let thread = thread::Builder::new().name("headshot".to_owned());
        self.threads.push(thread.spawn(move || shop.run())?);
        Ok(())
    }
}

impl<I, R, E> Iterator for InOrder<I, R, E>
where
    I: Iterator<Item: Send + 'static>,
    R: Send + 'static,
    E: From<Error> + Send + 'static,
{
    type Item = Result<R, E>;

    fn next(&mut self) -> Option<Self::Item> {
        // One for the result that leaves; more only while there is time for it.
        let mut more = self.take_one();
        loop {
            let first = self.waiting.front()?;
            let result = if more {
                first.try_recv()
            } else {
                first.recv().map_err(|RecvError| TryRecvError::Disconnected)
            };
            match result {
                Ok(result) => {
                    self.waiting.pop_front();
                    return Some(result);
                }
                Err(TryRecvError::Empty) => more = self.take_one(),
                Err(TryRecvError::Disconnected) => {
                    self.waiting.pop_front();
                    return Some(Err(panicked().into()));
                }
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (least, most) = self.pictures.size_hint();
        let waiting = self.waiting.len();
        (
            least.saturating_add(waiting),
            most.and_then(|most| most.checked_add(waiting)),
        )
    }
}

impl<I, R, E> FusedIterator for InOrder<I, R, E>
where
    I: Iterator<Item: Send + 'static>,
    R: Send + 'static,
    E: From<Error> + Send + 'static,
{
}

impl<I: Iterator, R, E> Drop for InOrder<I, R, E> {
    fn drop(&mut self) {
        self.dropped.store(true, Ordering::Relaxed);
        self.begin = None;
        for thread in self.threads.drain(..) {
            // A panic was told already, by whoever panicked.
            drop(thread.join());
        }
    }
}

impl<I: Iterator, R, E> fmt::Debug for InOrder<I, R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InOrder")
            .field("jobs", &self.jobs)
            .field("waiting", &self.waiting.len())
            .finish_non_exhaustive()
    }
}

impl<T, R, E: From<Error>> Shop<T, R, E> {
    /// What each thread does.
    fn run(&self) {
        while let Some((picture, sender)) = self.next() {
            let result = panic::catch_unwind(AssertUnwindSafe(|| self.result(picture)));
            let result = result.unwrap_or_else(|payload| {
                // To drop it may panic as well, and cost the others their thread.
                mem::forget(payload);
                Err(panicked().into())
            });
            // Nobody listens any more after a drop.
            drop(sender.send(result));
        }
    }

    fn next(&self) -> Option<Task<T, R, E>> {
        let todo = self.todo.lock().unwrap_or_else(PoisonError::into_inner);
        todo.recv().ok()
    }

    fn result(&self, picture: T) -> Result<R, E> {
        self.cancel.look()?;
        (self.work)(picture, &self.cancel)
    }
}

#[cold]
fn panicked() -> Error {
    Error::internal("prepare")("a panic")
}
