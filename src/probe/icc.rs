//! The name of an ICC profile.

use super::Profile;
use crate::container::reader::Reader;

/// The longest profile that is read for its name. The longest of practice, for
/// CMYK presses, have some 2 MB.
pub(super) const MAX_BYTES: usize = 4 << 20;

/// A profile of `bytes` bytes that is too long to be read.
pub(super) fn unread(bytes: usize) -> Profile {
    Profile {
        name: None,
        bytes: bytes as u64,
    }
}

/// Describes `profile`, the whole of an ICC profile.
pub(super) fn describe(profile: &[u8]) -> Profile {
    Profile {
        name: name(profile).filter(|name| !name.is_empty()),
        bytes: profile.len() as u64,
    }
}

/// The text of the tag `desc` (ICC.1:2022, sections 7.3 and 9.2.41).
fn name(profile: &[u8]) -> Option<String> {
    let mut tags = Reader::new(profile.get(128..)?);
    let count = tags.u32_be()?;
    // A profile has a dozen or two; the bytes bound the walk all the same.
    for _ in 0..count {
        let [signature, offset, len] = [tags.array::<4>()?, tags.array()?, tags.array()?];
        if &signature == b"desc" {
            let offset = usize::try_from(u32::from_be_bytes(offset)).ok()?;
            let len = usize::try_from(u32::from_be_bytes(len)).ok()?;
            return text(profile.get(offset..offset.checked_add(len)?)?);
        }
    }
    None
}

/// A description in the type of version 2 (`desc`, ASCII) or 4 (`mluc`, UTF-16).
fn text(tag: &[u8]) -> Option<String> {
    let mut reader = Reader::new(tag);
    let kind = reader.array::<4>()?;
    reader.take(4)?;
    match &kind {
        b"desc" => {
            let len = usize::try_from(reader.u32_be()?).ok()?;
            let ascii = reader.take(len)?;
            Some(clean(&String::from_utf8_lossy(ascii)))
        }
        b"mluc" => {
            // The first record, whatever its language.
            let _records = reader.u32_be()?;
            let _record_len = reader.u32_be()?;
            let _language = reader.u32_be()?;
            let len = usize::try_from(reader.u32_be()?).ok()?;
            let offset = usize::try_from(reader.u32_be()?).ok()?;
            let utf16: Vec<u16> = tag
                .get(offset..offset.checked_add(len)?)?
                .as_chunks()
                .0
                .iter()
                .map(|&pair| u16::from_be_bytes(pair))
                .collect();
            Some(clean(&String::from_utf16_lossy(&utf16)))
        }
        _ => None,
    }
}

/// The text up to its NUL, with nothing that could play tricks on a terminal.
fn clean(text: &str) -> String {
    text.chars()
        .take_while(|&c| c != '\0')
        .filter(|c| !c.is_control())
        .take(200)
        .collect::<String>()
        .trim()
        .to_owned()
}
