//! Which pictures are prepared: those that were typed, those of a list, and all that are
//! below a folder.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::console::Printable;
use crate::input::Input;
use crate::output;
use crate::status::Failure;

/// A picture to prepare, and what of its path an output folder mirrors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) input: Input,
    /// Components of its path that come before that.
    outer: usize,
}

impl Source {
    /// One that was typed by itself: only its name is mirrored.
    fn alone(input: Input) -> Self {
        let outer = input.path().components().count().saturating_sub(1);
        Self { input, outer }
    }

    /// One of a list: its folders are mirrored, as far as they lead down. So nothing of a list
    /// can lead out of the output folder.
    fn listed(path: PathBuf) -> Self {
        let down = path.components().rev();
        let down = down.take_while(|component| matches!(component, Component::Normal(_)));
        let outer = path.components().count() - down.count();
        let input = Input::File(path);
        Self { input, outer }
    }

    /// The path below an output folder.
    pub(crate) fn mirrored(&self) -> PathBuf {
        let path = self.input.path();
        path.components().skip(self.outer).collect()
    }

    /// The same without the name's extension.
    pub(crate) fn mirrored_stem(&self) -> PathBuf {
        // Not `with_extension`, which would make `..` of a name such as `...jpg`.
        let folder = self.mirrored();
        let folder = folder.parent().unwrap_or(Path::new(""));
        folder.join(self.input.stem())
    }
}

/// The pictures of `typed` and of the list `files_from`, in that order. Folders stand for all
/// files below them, but for hidden ones and for `others`, which are no pictures wherever
/// they are.
pub(crate) fn list(
    typed: &[Input],
    files_from: Option<&Input>,
    others: &[&Path],
) -> Result<Vec<Source>, Failure> {
    let others: Vec<PathBuf> = others
        .iter()
        .filter_map(|path| output::real(path))
        .collect();
    let mut sources = Vec::new();
    for input in typed {
        match input {
            Input::File(path) if path.is_dir() => {
                refuse_other(path, &others)?;
                let above = path.components().count();
                sources.extend(walk(path, &others).map(|path| Source {
                    input: Input::File(path),
                    outer: above,
                }));
            }
            _ => sources.push(Source::alone(input.clone())),
        }
    }
    for path in files_from.map(read_list).transpose()?.unwrap_or_default() {
        if path.is_dir() {
            refuse_other(&path, &others)?;
            sources.extend(walk(&path, &others).map(Source::listed));
        } else {
            sources.push(Source::listed(path));
        }
    }
    Ok(drop_repeated(sources))
}

/// What a run writes can't be told from what it reads where both are in one folder.
fn refuse_other(folder: &Path, others: &[PathBuf]) -> Result<(), Failure> {
    if output::real(folder).is_some_and(|folder| others.contains(&folder)) {
        let folder = Printable::path(folder);
        return Err(Failure::Usage(format!(
            "{folder} is a folder of pictures; choose another one for the photos, in it if you like"
        )));
    }
    Ok(())
}

/// The same path with the same place below the output folder is one picture.
fn drop_repeated(mut sources: Vec<Source>) -> Vec<Source> {
    let mut seen = HashSet::with_capacity(sources.len());
    sources.retain(|source| match &source.input {
        Input::Stdin => true,
        Input::File(path) => seen.insert((path.clone(), source.outer)),
    });
    sources
}

/// All files below a folder, by name, each folder in one piece. Links to files are followed,
/// those to folders are not: they may lead anywhere, and back. A folder that can't be read
/// stands for itself, so that it is told of when its turn comes.
fn walk(folder: &Path, others: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    let is_other = move |path: &Path| {
        let mut namesakes = others
            .iter()
            .filter(|other| other.file_name() == path.file_name());
        namesakes.any(|other| output::real(path).as_ref() == Some(other))
    };
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter();
    let entries = entries.filter_entry(move |entry| {
        entry.depth() == 0 || !is_hidden(entry.file_name()) && !is_other(entry.path())
    });
    entries.filter_map(|entry| match entry {
        Ok(entry) => is_worth_reading(&entry).then(|| entry.into_path()),
        Err(error) => error.path().map(Path::to_owned),
    })
}

/// Whether it is a file, or a link that leads to one or nowhere. Pipes may keep a reader
/// waiting without end.
fn is_worth_reading(entry: &DirEntry) -> bool {
    if !entry.path_is_symlink() {
        return entry.file_type().is_file();
    }
    match fs::metadata(entry.path()) {
        Ok(metadata) => metadata.is_file(),
        Err(_) => true,
    }
}

/// Such as `.DS_Store` and `.git`.
fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// The paths of a list: each ends with a zero byte, if there is any in the list, or else with
/// its line.
fn read_list(list: &Input) -> Result<Vec<PathBuf>, Failure> {
    let mut bytes = Vec::new();
    let read = match list {
        Input::Stdin => io::stdin().lock().read_to_end(&mut bytes),
        Input::File(path) => File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)),
    };
    read.map_err(|error| {
        let list = Printable::path(list.path());
        Failure::Other(format!("cannot read the list {list}: {error}"))
    })?;
    // Editors begin files with it, and no name does.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let end = if bytes.contains(&0) { 0 } else { b'\n' };
    let paths = bytes.split(|&byte| byte == end);
    let paths = paths.map(|path| match path {
        // Lists from elsewhere; a name that ends so would have to come with zero bytes.
        [path @ .., b'\r'] if end == b'\n' => path,
        path => path,
    });
    paths.filter(|path| !path.is_empty()).map(path).collect()
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn path(bytes: &[u8]) -> Result<PathBuf, Failure> {
    use std::os::unix::ffi::OsStringExt;
    Ok(OsString::from_vec(bytes.to_vec()).into())
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> Result<PathBuf, Failure> {
    match str::from_utf8(bytes) {
        Ok(path) => Ok(OsString::from(path).into()),
        Err(error) => Err(Failure::Usage(format!("the list is not in UTF-8: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_path_is_mirrored_as_far_as_it_leads_down() {
        for (path, mirrored) in [
            ("a.jpg", "a.jpg"),
            ("2016/a.jpg", "2016/a.jpg"),
            ("./2016/./a.jpg", "2016/a.jpg"),
            ("/srv/2016/a.jpg", "srv/2016/a.jpg"),
            ("../a.jpg", "a.jpg"),
            ("x/../../2016/a.jpg", "2016/a.jpg"),
            ("..", ""),
        ] {
            let source = Source::listed(path.into());
            assert_eq!(source.mirrored(), Path::new(mirrored), "{path}");
        }
    }

    #[test]
    fn typed_path_is_mirrored_by_its_name() {
        let source = Source::alone(Input::File("2016/../a.b.jpg".into()));
        assert_eq!(source.mirrored(), Path::new("a.b.jpg"));
        assert_eq!(source.mirrored_stem(), Path::new("a.b"));
    }

    #[test]
    fn stem_keeps_the_folders() {
        let source = Source::listed("2016/x.y/a.jpg".into());
        assert_eq!(source.mirrored_stem(), Path::new("2016/x.y/a"));
    }
}
