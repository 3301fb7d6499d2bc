//! Where photos go, and how they get there whole.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use headshot::{Format, Options, plan, probe};
use tempfile::NamedTempFile;

use crate::args::DestinationArgs;
use crate::console::Printable;
use crate::input::Input;
use crate::sources::Source;
use crate::status::Failure;

/// Where the photos go.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    Stdout,
    File(PathBuf),
    Directory(PathBuf),
}

impl Destination {
    /// What was asked for, if photos of `inputs` can go there. `listed` tells that there are
    /// more of them in a list.
    pub(crate) fn new(
        typed: &DestinationArgs,
        inputs: &[Input],
        listed: bool,
    ) -> Result<Self, Failure> {
        let usage = |message: &str| Err(Failure::Usage(message.to_owned()));
        let several = listed || inputs.len() > 1 || inputs.iter().any(|i| i.path().is_dir());
        match (&typed.output, &typed.out_dir, inputs) {
            (None, Some(_), inputs) if inputs.contains(&Input::Stdin) => {
                usage("standard input has no name for --out-dir to use; add `-o FILE` instead")
            }
            (None, Some(directory), _) => Ok(Self::Directory(directory.clone())),
            (Some(_), _, _) if several => {
                usage("-o takes the photo of one INPUT; use `--out-dir DIR` for several")
            }
            (Some(file), _, _) if file.as_os_str() == "-" => Ok(Self::Stdout),
            (Some(file), _, _) if file.is_dir() => {
                usage("-o takes the name of a file, and this is a directory; use `--out-dir DIR`")
            }
            (Some(file), _, _) => Ok(Self::File(file.clone())),
            (None, None, [Input::Stdin]) if io::stdout().is_terminal() => {
                usage("a photo would only garble the terminal; add `-o FILE`, or `-o -` to do so")
            }
            (None, None, [Input::Stdin]) => Ok(Self::Stdout),
            (None, None, _) => usage("the photo needs a place: add `-o FILE` or `--out-dir DIR`"),
        }
    }

    /// The file that a photo goes to; `None` is standard output.
    pub(crate) fn file(&self, source: &Source, format: Format) -> Option<PathBuf> {
        match self {
            Self::Stdout => None,
            Self::File(file) => Some(file.clone()),
            Self::Directory(directory) => {
                // Not `with_extension`, which would take `.b` from `a.b`.
                let mut path = OsString::from(directory.join(source.mirrored_stem()));
                path.push(".");
                path.push(format.extension());
                Some(path.into())
            }
        }
    }

    /// Writes a photo to what `file` said, in a folder that is made if need be.
    pub(crate) fn write(
        &self,
        file: Option<&Path>,
        photo: &[u8],
        written: &Written,
    ) -> io::Result<()> {
        let Some(file) = file else {
            return write_stdout(photo);
        };
        if let (Self::Directory(_), Some(folder)) = (self, file.parent()) {
            fs::create_dir_all(folder)?;
        }
        written.add(file)?;
        write_file(file, photo)
    }

    /// Makes sure, before anything is written, that each photo gets a file of
    /// its own which is none of the inputs and none of the `others`.
    ///
    /// A photo's extension is known only when its picture's headers have been
    /// read. That is done here for those alone whose names could clash.
    pub(crate) fn refuse_clashes(
        &self,
        sources: &[Source],
        others: &Others<'_>,
        options_of: impl Fn(&Source) -> Options,
    ) -> Result<(), Failure> {
        let mut inputs: HashSet<PathBuf> = (sources.iter())
            .filter_map(|source| real(source.input.path()))
            .collect();
        inputs.extend(others.lists.iter().filter_map(|list| real(list)));
        let is_input = |file: &Path| real(file).is_some_and(|file| inputs.contains(&file));
        let mut taken = others.places(is_input)?;
        let mut namesakes: HashMap<PathBuf, u32> = HashMap::new();
        for source in sources {
            *namesakes.entry(key(&source.mirrored_stem())).or_default() += 1;
        }
        let could_clash = |source: &Source| {
            namesakes.get(&key(&source.mirrored_stem())) != Some(&1)
                || [Format::Jpeg, Format::Png, Format::Gif]
                    .into_iter()
                    .filter_map(|format| self.file(source, format))
                    .any(|file| is_input(&file) || taken.contains_key(&place(&file)))
        };
        let could_clash: Vec<&Source> = sources.iter().filter(|s| could_clash(s)).collect();
        for source in could_clash {
            // What is refused gets no file.
            let format = format_of_photo(&source.input, &options_of(source));
            let Some(file) = format.and_then(|format| self.file(source, format)) else {
                continue;
            };
            let (path, shown) = (Printable::path(source.input.path()), Printable::path(&file));
            if is_input(&file) {
                return Err(Failure::Usage(format!(
                    "the photo of {path} would overwrite the input {shown}; choose another output"
                )));
            }
            if let Some(other) = taken.insert(place(&file), source.input.path()) {
                let other = Printable::path(other);
                return Err(Failure::Usage(format!(
                    "what becomes of {other} and {path} would both be {shown}; prepare one of \
                     them alone"
                )));
            }
        }
        Ok(())
    }
}

/// Files that a run reads or writes beside pictures and photos.
pub(crate) struct Others<'a> {
    pub(crate) lists: Vec<&'a Path>,
    pub(crate) reports: Vec<&'a Path>,
}

impl<'a> Others<'a> {
    /// Where the reports go, with their names.
    fn places(
        &self,
        is_input: impl Fn(&Path) -> bool,
    ) -> Result<HashMap<PathBuf, &'a Path>, Failure> {
        let mut taken = HashMap::new();
        for &report in &self.reports {
            let shown = Printable::path(report);
            if is_input(report) {
                return Err(Failure::Usage(format!(
                    "the report would overwrite the input {shown}; choose another name"
                )));
            }
            if taken.insert(place(report), report).is_some() {
                return Err(Failure::Usage(format!("two reports would be {shown}")));
            }
        }
        Ok(taken)
    }
}

/// The photos that a run wrote: links between folders can lead two of them to one file.
#[derive(Debug, Default)]
pub(crate) struct Written(Mutex<HashSet<PathBuf>>);

impl Written {
    /// Fails for a file that was written already.
    fn add(&self, file: &Path) -> io::Result<()> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if files.insert(place(file)) {
            return Ok(());
        }
        let kind = io::ErrorKind::AlreadyExists;
        Err(io::Error::new(kind, "another photo of this run is there"))
    }
}

/// What tells a file from others, be it there or not: its folder, whatever links lead to
/// that, and its name.
fn place(file: &Path) -> PathBuf {
    if let Some(file) = real(file) {
        return key(&file);
    }
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder = real(folder).unwrap_or_else(|| folder.to_owned());
    key(&folder.join(file.file_name().unwrap_or_default()))
}

/// The file itself, whatever links lead to it; `None` if there is none.
pub(crate) fn real(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok()
}

/// What two names have in common that the file system takes for one.
fn key(path: &Path) -> PathBuf {
    if cfg!(any(windows, target_os = "macos")) {
        path.to_string_lossy().to_lowercase().into()
    } else {
        path.to_owned()
    }
}

fn format_of_photo(input: &Input, options: &Options) -> Option<Format> {
    let bytes = input.read(options.limits().file_bytes).ok()?;
    let plan = plan(&probe(&bytes).ok()?, options).ok()?;
    Some(plan.format)
}

/// Writes a file that is either whole or not there: under another name first,
/// and then renamed.
fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link.
    let path = real(path).unwrap_or_else(|| path.to_owned());
    if fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
        // Such as /dev/null: renaming would put a file in its place.
        return fs::OpenOptions::new()
            .write(true)
            .open(&path)?
            .write_all(bytes);
    }
    let mut file = temporary(&path)?;
    file.write_all(bytes).map_err(nameless)?;
    persist(file, &path)
}

/// Gives a temporary file its name, in place of what had it before.
pub(crate) fn persist(file: NamedTempFile, path: &Path) -> io::Result<()> {
    let persisted = file.persist(path);
    persisted.map(drop).map_err(|error| error.error)
}

/// The error without the name of a temporary file, which means nothing to anybody.
pub(crate) fn nameless(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|error| error.source());
    let inner = inner.and_then(|error| error.downcast_ref::<io::Error>());
    match inner.and_then(io::Error::raw_os_error) {
        Some(code) => io::Error::from_raw_os_error(code),
        None => error,
    }
}

/// A file that is to become `path` when it is whole, in the same folder. It is gone if it
/// doesn't get that far.
pub(crate) fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".headshot-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any new file gets, less the umask, instead of tempfile's 0o600.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(directory).map_err(nameless)
}

/// Writes to standard output.
pub(crate) fn write_stdout(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}
