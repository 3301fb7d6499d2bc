//! What the Python package `headshot` has in Rust: `headshot._native`.
//!
//! Only what has to be here: options are read, the library is called with Python's lock
//! released, and results become dictionaries and Arrow. Everything that a person sees (names,
//! types, documentation, files) is Python's, in `python/headshot/`.

#![warn(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod batch;
mod dict;
mod error;
mod info;
mod options;
mod photo;
#[path = "../../../src/bin/headshot/seconds.rs"]
mod seconds;
#[path = "../../../src/bin/headshot/values.rs"]
#[expect(
    dead_code,
    clippy::indexing_slicing,
    reason = "the command line has help texts, too, and tables that are made when it is compiled"
)]
mod values;

use pyo3::pymodule;

/// The library in Rust. Use `headshot` instead, which has types and documentation.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::batch::prepare_batch;
    #[pymodule_export]
    use super::error::refuse_length;
    #[pymodule_export]
    use super::info::{check, inspect};
    #[pymodule_export]
    use super::options::{Options, defaults};
    #[pymodule_export]
    use super::photo::{plan, prepare};
}
