//! Many photos at once.

use std::num::NonZeroUsize;

use rayon::prelude::*;

use crate::error::Error;
use crate::options::Options;
use crate::photo::Photo;

/// Prepares many pictures on the threads of the current rayon pool.
///
/// The results are in the order of `pictures`, each the same as
/// [`prepare`](crate::prepare) alone gives, and a bad picture leaves the others
/// alone. Each is worked on by one thread, whatever
/// [`Options::threads`](crate::Options::threads) says, since all are busy
/// anyway. A thread has one picture in work at a time, so the memory is at most
/// [`Limits::memory_bytes`](crate::Limits::memory_bytes) times the threads;
/// install a smaller pool to bound it further.
///
/// # Examples
///
/// ```
/// use headshot::{Options, prepare_batch};
///
/// let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
/// let results = prepare_batch(&[&gif[..], b"no picture"], &Options::default());
/// assert!(results[0].is_ok());
/// assert_eq!(results[1].as_ref().unwrap_err().reason(), "unknown_format");
/// ```
pub fn prepare_batch<T>(pictures: &[T], options: &Options) -> Vec<Result<Photo, Error>>
where
    T: AsRef<[u8]> + Sync,
{
    let options = options.with_threads(NonZeroUsize::MIN);
    pictures
        .par_iter()
        .map(|picture| crate::prepare(picture.as_ref(), &options))
        .collect()
}
