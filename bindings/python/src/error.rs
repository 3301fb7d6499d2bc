//! The library's errors as Python's.

use std::iter;
use std::panic::{self, AssertUnwindSafe};

use headshot::{Error, Quantity};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// `headshot.Error`. It is made in Python, since classes that are made with the stable ABI
/// can't have exceptions as their bases before Python 3.12.
static ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// The same error, to be raised.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let (measured, limit) = error.measured_and_limit().unzip();
    let arguments = (
        message(error),
        error.code(),
        error.reason(),
        measured,
        limit,
        error.offset(),
    );
    match ERROR.import(py, "headshot._error", "Error") {
        Ok(class) => PyErr::from_type(class.clone(), arguments),
        Err(error) => error,
    }
}

/// What the command line says: the message, and what it comes from.
pub(crate) fn message(error: &Error) -> String {
    let sources = iter::successors(std::error::Error::source(error), |&error| error.source());
    let sources = sources.map(|source| format!(": because {source}"));
    iter::once(error.to_string()).chain(sources).collect()
}

/// Works without Python's lock, so that other threads of Python go on. A panic, which would
/// be no exception of ours, becomes an internal error.
pub(crate) fn without_lock<T: Send>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> PyResult<T> {
    let result = py.detach(|| {
        panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
            Err(Error::Internal {
                stage: "prepare",
                source: "a panic".into(),
            })
        })
    });
    result.map_err(|error| raised(py, &error))
}

/// Raises what is said of a file that is longer than it may be, before it is read.
#[pyfunction]
pub(crate) fn refuse_length(py: Python<'_>, measured: u64, limit: u64) -> PyResult<()> {
    let quantity = Quantity::FileBytes;
    let error = Error::TooLarge {
        quantity,
        measured,
        limit,
    };
    Err(raised(py, &error))
}
