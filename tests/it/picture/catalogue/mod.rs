//! All files of `testdata`. Names state what to expect of them.

mod animated_png;
mod bad;
mod gif;
mod jpeg;
mod png;

/// A name within `testdata`, and the bytes.
pub(crate) type File = (String, Vec<u8>);

/// The files that are made, for the generator to write and for a test to
/// compare.
pub(crate) fn all() -> Vec<File> {
    let good = [
        jpeg::files(),
        png::files(),
        animated_png::files(),
        gif::files(),
    ]
    .concat();
    let into = |folder: &'static str| move |(name, bytes)| (format!("{folder}/{name}"), bytes);
    let good = good.into_iter().map(into("good"));
    good.chain(bad::files().into_iter().map(into("bad")))
        .collect()
}

fn file(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> File {
    (name.into(), bytes.into())
}
