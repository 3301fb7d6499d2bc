//! Reports of a batch: a file with something of every picture.

mod page;
mod table;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::NamedTempFile;

use crate::console::Printable;
use crate::output;
use crate::status::Failure;
use crate::thumbnails::Thumbnails;

pub(crate) use page::Run;

/// A report that is being written. The file is there when it is whole; until then, what was
/// there before stays.
pub(crate) struct Report {
    path: PathBuf,
    writer: Writer,
}

type File = BufWriter<NamedTempFile>;

enum Writer {
    /// The objects that `--json` prints.
    Lines(File),
    Table(Box<csv::Writer<File>>),
    Page(page::Writer<File>),
}

/// What the name of a report says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Lines,
    Table,
    Page,
}

/// As `clap` has it typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
}

impl std::str::FromStr for Target {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let path = PathBuf::from(typed);
        let extension = path.extension().and_then(|extension| extension.to_str());
        let kind = match extension {
            Some("jsonl") => Kind::Lines,
            Some("csv") => Kind::Table,
            Some("html") => Kind::Page,
            _ => return Err("expected a name that ends in .jsonl, .csv or .html".to_owned()),
        };
        Ok(Self { path, kind })
    }
}

impl Report {
    pub(crate) fn create(target: &Target) -> Result<Self, Failure> {
        Self::begin(target).map_err(|error| failure(&target.path, &error))
    }

    fn begin(target: &Target) -> io::Result<Self> {
        // A link stays a link, and a folder is found out now.
        let path = output::real(&target.path).unwrap_or_else(|| target.path.clone());
        if fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let file = BufWriter::new(output::temporary(&path)?);
        let writer = match target.kind {
            Kind::Lines => Writer::Lines(file),
            Kind::Table => Writer::Table(Box::new(table::begin(file)?)),
            Kind::Page => Writer::Page(page::Writer::begin(file)?),
        };
        Ok(Self { path, writer })
    }

    /// Adds a picture: the object that `--json` prints of it.
    pub(crate) fn add(&mut self, object: &Value, thumbnails: &Thumbnails) -> Result<(), Failure> {
        let added = match &mut self.writer {
            Writer::Lines(file) => writeln!(file, "{object}"),
            Writer::Table(table) => table::add(table, object),
            Writer::Page(page) => page.add(object, thumbnails),
        };
        added.map_err(|error| failure(&self.path, &output::nameless(error)))
    }

    pub(crate) fn finish(self, run: &Run) -> Result<(), Failure> {
        let file = match self.writer {
            Writer::Lines(file) => Ok(file),
            Writer::Table(table) => table.into_inner().map_err(csv::IntoInnerError::into_error),
            Writer::Page(page) => page.finish(run),
        };
        let file = file.and_then(|file| file.into_inner().map_err(io::IntoInnerError::into_error));
        file.map_err(output::nameless)
            .and_then(|file| output::persist(file, &self.path))
            .map_err(|error| failure(&self.path, &error))
    }
}

fn failure(path: &Path, error: &io::Error) -> Failure {
    let path = Printable::path(path);
    Failure::Other(format!("cannot write the report {path}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_says_what_it_is() {
        let kind = |name: &str| name.parse().map(|target: Target| target.kind);
        assert_eq!(kind("a/b.jsonl"), Ok(Kind::Lines));
        assert_eq!(kind("b.x.csv"), Ok(Kind::Table));
        assert_eq!(kind("b.html"), Ok(Kind::Page));
        for name in ["", "html", ".html", "b.htm", "b.json"] {
            assert!(kind(name).is_err(), "{name}");
        }
    }
}
