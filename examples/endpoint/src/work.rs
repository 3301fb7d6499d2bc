//! The work on one picture, away from the threads that talk to clients.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use headshot::{Cancel, Edge, Error, Options, Photo, Rendition, prepare_until, renditions};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};

use crate::answer::{Code, Refusal};

/// The squares that a profile names:
/// <https://docs.slack.dev/reference/objects/user-object>
pub(crate) const EDGES: [u32; 7] = [24, 32, 48, 72, 192, 512, 1024];

/// A photo, and squares of the same picture in other sizes.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) photo: Photo,
    pub(crate) squares: Vec<Rendition>,
}

/// The squares are drawn from the upload and not from the photo, so that nothing is
/// compressed twice. They can't be stopped, but that of an animation is a still, and a
/// still takes a second or so at most.
pub(crate) fn make(upload: &[u8], options: &Options, cancel: &Cancel) -> Result<Made, Error> {
    let edges: Vec<_> = EDGES.into_iter().filter_map(Edge::new).collect();
    let photo = prepare_until(upload, options, cancel)?;
    let squares = renditions(upload, &edges, options)?;
    Ok(Made { photo, squares })
}

/// Does `work` on a thread where it may take its time. Once nobody waits for it any
/// more, because the client hung up or the time is over, it is told to stop. `held` is
/// given back when it has, and not before.
pub(crate) async fn run<T: Send + 'static>(
    held: impl Send + 'static,
    deadline: Instant,
    work: impl FnOnce(&Cancel) -> Result<T, Error> + Send + 'static,
) -> Result<T, Refusal> {
    let waiting = Waiting::default();
    let cancel = waiting.cancel();
    let job = spawn_blocking(move || {
        let result = work(&cancel);
        drop(held);
        result
    });
    match timeout_at(deadline, job).await {
        Ok(Ok(result)) => Ok(result?),
        // It panicked: a bug of ours, and nobody else's problem.
        Ok(Err(_)) => {
            Err(Code::InternalError.because("the picture is not to blame; this is a bug"))
        }
        Err(_) => {
            Err(Code::ServiceUnavailable.because("the picture takes too long; try a smaller one"))
        }
    }
}

/// Somebody who waits for the work, until it is dropped.
#[derive(Default)]
struct Waiting(Arc<AtomicBool>);

impl Waiting {
    fn cancel(&self) -> Cancel {
        let gone = Arc::clone(&self.0);
        Cancel::when(move || gone.load(Ordering::Relaxed))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    const GIF: &[u8] =
        b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

    fn soon() -> Instant {
        Instant::now() + Duration::from_mins(1)
    }

    /// What `held` says when it is dropped.
    struct Held(mpsc::Sender<()>);

    impl Drop for Held {
        fn drop(&mut self) {
            self.0.send(()).ok();
        }
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_time().build().unwrap().block_on(future)
    }

    fn until_cancelled(cancel: &Cancel) -> Result<(), Error> {
        loop {
            match make(GIF, &Options::default(), cancel) {
                Err(error @ Error::Cancelled) => return Err(error),
                result => drop(result?),
            }
        }
    }

    #[test]
    fn panic_is_an_internal_error_and_gives_back_what_was_held() {
        let (sender, receiver) = mpsc::channel();
        let result = block_on(run(Held(sender), soon(), |_| -> Result<(), Error> {
            panic!("on purpose")
        }));
        assert!(format!("{:?}", result.unwrap_err()).contains("InternalError"));
        receiver.recv().unwrap();
    }

    #[test]
    fn work_stops_when_the_time_is_over() {
        let (sender, receiver) = mpsc::channel();
        let now = Instant::now();
        let result = block_on(run(Held(sender), now, until_cancelled));
        assert!(format!("{:?}", result.unwrap_err()).contains("ServiceUnavailable"));
        receiver.recv().unwrap();
    }

    #[test]
    fn work_stops_when_nobody_waits() {
        let (sender, receiver) = mpsc::channel();
        let (started, has_started) = mpsc::channel();
        block_on(async {
            let work = run(Held(sender), soon(), move |cancel| {
                started.send(()).unwrap();
                until_cancelled(cancel)
            });
            let mut work = Box::pin(work);
            let first = timeout_at(Instant::now(), work.as_mut()).await;
            assert!(first.is_err());
            has_started.recv().unwrap();
            drop(work);
        });
        receiver.recv().unwrap();
    }
}
