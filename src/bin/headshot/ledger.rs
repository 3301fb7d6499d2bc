//! What is finished, kept in a file beside the photos: no content is prepared twice with the
//! same options, neither in one run nor, with `--resume`, in two. Whoever doesn't resume finds
//! it only after a run that didn't come to its end: photos are published by the folder, and
//! it knows what uploads were called.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use blake3::{Hash, Hasher};
use headshot::Options;
use serde_json::{Value, json};

use crate::console::Printable;
use crate::facts::Facts;
use crate::json;
use crate::status::Failure;

/// Its name in the folder of the photos.
const NAME: &str = ".headshot-finished";

/// Which photos are finished. A line of the file is an entry of it; in memory is no more than
/// where each line begins.
pub(crate) struct Ledger {
    folder: PathBuf,
    state: Mutex<State>,
    /// Whenever an entry changes that somebody may wait for.
    changed: Condvar,
}

struct State {
    file: File,
    end: u64,
    entries: HashMap<Hash, Entry>,
}

#[derive(Clone, Copy)]
enum Entry {
    InWork,
    /// Where its line begins.
    Finished(u64),
}

/// A photo that is finished.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finished {
    /// What it was made of, as it was called.
    pub(crate) input: String,
    /// Below the folder of the photos.
    pub(crate) output: PathBuf,
    /// Of its bytes.
    pub(crate) hash: Hash,
    pub(crate) facts: Facts,
}

/// What becomes of a content.
pub(crate) enum Claim<'a> {
    /// It is to be prepared by whoever has this.
    Mine(Ticket<'a>),
    /// There is a photo of it, or was when it was finished.
    Finished(Finished),
}

/// The right to prepare a content. Who else wants it waits until this is dropped.
pub(crate) struct Ticket<'a> {
    ledger: &'a Ledger,
    key: Hash,
}

impl Ledger {
    /// The ledger in `folder`: with `resume`, that of the runs before; without, a new one.
    pub(crate) fn open(folder: &Path, resume: bool) -> Result<Self, Failure> {
        let path = folder.join(NAME);
        let fail = |error: io::Error| {
            let path = Printable::path(&path);
            Failure::Other(format!("cannot keep {path}: {error}"))
        };
        // Whatever a link leads to is nothing to write to.
        if fs::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(fail(io::Error::other("it is no file")));
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(&path).map_err(fail)?;
        match file.try_lock() {
            // Where files can't be locked, nothing keeps two runs apart.
            Ok(()) | Err(TryLockError::Error(_)) => {}
            Err(TryLockError::WouldBlock) => {
                let folder = Printable::path(folder);
                return Err(Failure::Usage(format!(
                    "another run is writing photos to {folder} already"
                )));
            }
        }
        if !resume {
            file.set_len(0).map_err(fail)?;
        }
        Ok(Self {
            folder: folder.to_owned(),
            state: Mutex::new(State::read(file).map_err(fail)?),
            changed: Condvar::new(),
        })
    }

    /// Leaves nothing for another run.
    pub(crate) fn remove(&self) -> Result<(), Failure> {
        let path = self.folder.join(NAME);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                let path = Printable::path(&path);
                Err(Failure::Other(format!("cannot remove {path}: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Waits while somebody else prepares the same.
    pub(crate) fn claim(&self, key: Hash) -> Claim<'_> {
        let mut state = self.lock();
        loop {
            match state.entries.get(&key) {
                Some(Entry::InWork) => {
                    let changed = self.changed.wait(state);
                    state = changed.unwrap_or_else(PoisonError::into_inner);
                }
                Some(&Entry::Finished(line)) => {
                    if let Some(finished) = state.line(line).ok().and_then(|l| parse(&l)) {
                        return Claim::Finished(finished.1);
                    }
                    state.entries.remove(&key);
                }
                None => {
                    state.entries.insert(key, Entry::InWork);
                    return Claim::Mine(Ticket { ledger: self, key });
                }
            }
        }
    }

    /// Has the photo of `key` prepared again, unless that is under way.
    pub(crate) fn forget(&self, key: Hash) {
        let mut state = self.lock();
        if let Some(Entry::Finished(_)) = state.entries.get(&key) {
            state.entries.remove(&key);
        }
    }

    /// The path of a finished photo.
    pub(crate) fn path(&self, finished: &Finished) -> PathBuf {
        self.folder.join(&finished.output)
    }

    /// What of an output's path is below the folder.
    pub(crate) fn below<'a>(&self, output: &'a Path) -> &'a Path {
        output.strip_prefix(&self.folder).unwrap_or(output)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket<'_> {
    /// Enters the photo. If that can't be written, the photo is there all the same, and made
    /// anew when it is wanted again.
    pub(crate) fn finish(self, finished: &Finished) {
        let mut state = self.ledger.lock();
        let line = state.append(self.key, finished);
        if let Ok(line) = line {
            state.entries.insert(self.key, Entry::Finished(line));
        }
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let mut state = self.ledger.lock();
        if let Some(Entry::InWork) = state.entries.get(&self.key) {
            state.entries.remove(&self.key);
        }
        self.ledger.changed.notify_all();
    }
}

impl State {
    /// Lines that aren't whole, as after a loss of power, count for nothing.
    fn read(file: File) -> io::Result<Self> {
        let mut entries = HashMap::new();
        let mut reader = BufReader::new(file);
        let (mut end, mut whole) = (0, true);
        loop {
            let mut line = Vec::new();
            let bytes = reader.read_until(b'\n', &mut line)?;
            if bytes == 0 {
                break;
            }
            if let Some((key, _)) = parse(&line) {
                entries.insert(key, Entry::Finished(end));
            }
            whole = line.ends_with(b"\n");
            end += bytes as u64;
        }
        let mut state = Self {
            file: reader.into_inner(),
            end,
            entries,
        };
        if !whole {
            state.end += state.write(b"\n")?;
        }
        Ok(state)
    }

    /// Where the line begins.
    fn append(&mut self, key: Hash, finished: &Finished) -> io::Result<u64> {
        // A path as text, or in bytes where it isn't one.
        let output = match finished.output.to_str() {
            Some(text) => json!(text),
            None => json!(finished.output.as_os_str().as_encoded_bytes()),
        };
        let line = json!({
            "content": key.to_hex().as_str(),
            "input": finished.input,
            "output": output,
            "photo": finished.hash.to_hex().as_str(),
            "facts": Facts::object(Some(&finished.facts)),
        });
        let begin = self.end;
        self.end += self.write(format!("{line}\n").as_bytes())?;
        Ok(begin)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<u64> {
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(bytes)?;
        Ok(bytes.len() as u64)
    }

    fn line(&mut self, begin: u64) -> io::Result<Vec<u8>> {
        self.file.seek(SeekFrom::Start(begin))?;
        let mut line = Vec::new();
        BufReader::new(&self.file).read_until(b'\n', &mut line)?;
        Ok(line)
    }
}

fn parse(line: &[u8]) -> Option<(Hash, Finished)> {
    let mut line = json::members(serde_json::from_slice::<Value>(line.strip_suffix(b"\n")?).ok()?);
    let text = |name: &str| line.get(name)?.as_str();
    let hash = |name: &str| Hash::from_hex(text(name)?).ok();
    let (key, photo) = (hash("content")?, hash("photo")?);
    let output = path(line.get("output")?)?;
    // Whoever wrote it: what isn't below the folder is none of our photos.
    let below = |part| matches!(part, Component::Normal(_));
    if !output.components().all(below) {
        return None;
    }
    let finished = Finished {
        input: text("input")?.to_owned(),
        output,
        hash: photo,
        facts: Facts::read(&json::members(line.remove("facts")?))?,
    };
    Some((key, finished))
}

fn path(output: &Value) -> Option<PathBuf> {
    #[cfg(unix)]
    if let Some(bytes) = output.as_array() {
        use std::os::unix::ffi::OsStringExt;
        let bytes = bytes.iter().map(|byte| byte.as_u64()?.try_into().ok());
        let bytes: Option<Vec<u8>> = bytes.collect();
        return Some(std::ffi::OsString::from_vec(bytes?).into());
    }
    output.as_str().map(PathBuf::from)
}

/// What tells a content with its options from every other.
pub(crate) fn key(bytes: &[u8], options: &Options) -> Hash {
    // The photo is the same with any number.
    #[cfg(feature = "parallel")]
    let options = options.with_threads(std::num::NonZeroUsize::MIN);
    let mut hasher = Hasher::new();
    hasher.update(concat!("headshot ", env!("CARGO_PKG_VERSION"), "\n").as_bytes());
    hasher.update(format!("{options:?}\n").as_bytes());
    hasher.update(bytes);
    hasher.finalize()
}
