//! Python's dictionaries.

/// A dictionary with these keys and values; for functions that return a `PyResult`.
macro_rules! dict {
    ($py:expr, { $($key:literal: $value:expr),* $(,)? }) => {{
        let dict = ::pyo3::types::PyDict::new($py);
        $(dict.set_item($key, $value)?;)*
        dict
    }};
}

pub(crate) use dict;
