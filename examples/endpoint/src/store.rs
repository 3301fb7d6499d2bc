//! Photos by the hash of what is in them, and who has which. All of it is in memory.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use headshot::{Cancel, Error, Options};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::recent::Recent;
use crate::token::Token;
use crate::work::{self, EDGES, Made};

/// People whose photo is remembered.
const PEOPLE: usize = 10_000;

/// Twelve hexadecimal digits, as the service's `avatar_hash` has: the first 48 bits of
/// SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Hash([u8; 6]);

impl Hash {
    fn first_of(digest: &[u8]) -> Self {
        let mut hash = [0; 6];
        hash.iter_mut()
            .zip(digest)
            .for_each(|(byte, &from)| *byte = from);
        Self(hash)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Hash {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let is_hash = text.len() == 12
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let number = u64::from_str_radix(text, 16).ok().filter(|_| is_hash);
        let [_, _, hash @ ..] = number.ok_or(())?.to_be_bytes();
        Ok(Self(hash))
    }
}

/// One file of a photo.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) bytes: Bytes,
    pub(crate) media_type: &'static str,
}

/// A photo, and squares in the sizes of [`EDGES`].
#[derive(Debug)]
pub(crate) struct Kept {
    hash: Hash,
    original: File,
    squares: Vec<File>,
}

impl From<Made> for Kept {
    fn from(made: Made) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(&made.photo.bytes);
        for square in &made.squares {
            hasher.update(&square.bytes);
        }
        let squares = made.squares.into_iter().map(|square| File {
            bytes: square.bytes.into(),
            media_type: square.format.media_type(),
        });
        Self {
            hash: Hash::first_of(&hasher.finalize()),
            squares: squares.collect(),
            original: File {
                bytes: made.photo.bytes.into(),
                media_type: made.photo.format.media_type(),
            },
        }
    }
}

impl Kept {
    fn weight(&self) -> usize {
        let squares = self.squares.iter().map(|square| square.bytes.len());
        self.original.bytes.len() + squares.sum::<usize>()
    }

    /// The file of `24` and so on, or of `original`.
    pub(crate) fn file(&self, size: &str) -> Option<&File> {
        if size == "original" {
            return Some(&self.original);
        }
        let mut sizes = EDGES.iter().zip(&self.squares);
        sizes
            .find(|(edge, _)| edge.to_string() == size)
            .map(|(_, square)| square)
    }

    /// What a profile says of it.
    fn profile(&self, base: &str, is_own: bool) -> Value {
        let hash = self.hash.to_string();
        let mut profile = Map::new();
        let mut name = |size: &str| {
            profile.insert(
                format!("image_{size}"),
                format!("{base}/photos/{hash}/{size}").into(),
            );
        };
        for edge in EDGES {
            name(&edge.to_string());
        }
        if is_own {
            name("original");
        }
        profile.insert("avatar_hash".to_owned(), hash.into());
        Value::Object(profile)
    }
}

/// Photos of no more than so many bytes in all.
#[derive(Debug)]
pub(crate) struct Store {
    base: String,
    /// What those have who have no photo.
    nobody: Kept,
    photos: Mutex<Photos>,
}

#[derive(Debug)]
struct Photos {
    kept: Recent<Hash, Arc<Kept>>,
    of: Recent<Token, Hash>,
}

impl Store {
    pub(crate) fn new(base: String, bytes: usize) -> Result<Self, Error> {
        // One gray pixel.
        const GRAY: &[u8] =
            b"GIF89a\x01\0\x01\0\x80\0\0\x9a\x9d\xa3\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
        let nobody = work::make(GRAY, &Options::default(), &Cancel::never())?;
        let photos = Photos {
            kept: Recent::new(bytes),
            of: Recent::new(PEOPLE),
        };
        Ok(Self {
            base,
            nobody: nobody.into(),
            photos: Mutex::new(photos),
        })
    }

    /// Gives somebody a photo, and tells the new profile.
    pub(crate) fn set(&self, token: Token, kept: Kept) -> Value {
        let profile = kept.profile(&self.base, true);
        let (hash, weight) = (kept.hash, kept.weight());
        let mut photos = self.photos.lock().unwrap_or_else(PoisonError::into_inner);
        photos.kept.insert(hash, Arc::new(kept), weight);
        photos.of.insert(token, hash, 1);
        profile
    }

    pub(crate) fn delete(&self, token: Token) {
        let mut photos = self.photos.lock().unwrap_or_else(PoisonError::into_inner);
        photos.of.remove(&token);
    }

    /// Somebody's profile. A photo that had to go is as good as deleted.
    pub(crate) fn profile(&self, token: Token) -> Value {
        let photos = self.photos.lock().unwrap_or_else(PoisonError::into_inner);
        match photos.of.get(&token).and_then(|hash| photos.kept.get(hash)) {
            Some(kept) => kept.profile(&self.base, true),
            None => self.nobody.profile(&self.base, false),
        }
    }

    pub(crate) fn file(&self, hash: Hash, size: &str) -> Option<File> {
        if hash == self.nobody.hash {
            return self.nobody.file(size).cloned();
        }
        let photos = self.photos.lock().unwrap_or_else(PoisonError::into_inner);
        photos.kept.get(&hash)?.file(size).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_is_read_as_it_is_written() {
        for text in ["000000000000", "0123456789ab", "ffffffffffff"] {
            assert_eq!(text.parse::<Hash>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "0123456789a",
            "0123456789abc",
            "0123456789AB",
            "+123456789ab",
            "0123456789ag",
        ] {
            assert!(text.parse::<Hash>().is_err(), "{text}");
        }
    }
}
