//! Forms with files in them: `multipart/form-data` (RFC 7578, RFC 2046 section 5.1).
//!
//! Written here, and not by a crate: `ureq`'s own is outside its promise of stability, takes
//! its boundary from a random generator, so that no test can know the bytes, doesn't escape
//! file names, and is tied to its transport. All that is needed is names that stand in
//! this code, and a boundary that can't be in the data.

use std::collections::BTreeSet;

use memchr::memmem;

use super::request::{Content, Part};

/// What every boundary starts with. A number of 16 digits follows.
const START: &str = "headshot-";
const DIGITS: usize = 16;

/// A boundary that isn't in any of the parts: the same for the same parts.
///
/// One pass over the bytes, whatever is in them: of all numbers, as many are looked at as
/// are there to be avoided. A token needs no look, since no line of it starts with `--`.
pub(super) fn boundary(parts: &[Part<'_>]) -> String {
    let finder = memmem::Finder::new(START);
    let taken: BTreeSet<u64> = (parts.iter())
        .filter_map(|part| part.content.bytes())
        .flat_map(|bytes| {
            let starts = finder.find_iter(bytes);
            starts.filter_map(|start| number(bytes.get(start..)?))
        })
        .collect();
    let mut free = 0;
    for number in taken {
        if number > free {
            break;
        }
        free = number.saturating_add(1);
    }
    format!("{START}{free:0DIGITS$}")
}

/// The number of a boundary that `bytes` start with.
fn number(bytes: &[u8]) -> Option<u64> {
    let digits = bytes.get(START.len()..)?.get(..DIGITS)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    str::from_utf8(digits).ok()?.parse().ok()
}

/// The form. `token` is what the part for it holds.
pub(super) fn body(boundary: &str, parts: &[Part<'_>], token: &str) -> Vec<u8> {
    // At least as much as a part's own lines take.
    const LINES: usize = 256;
    let lengths = parts.iter().map(|part| match &part.content {
        Content::Token => token.len() + LINES,
        content => content.bytes().map_or(0, <[u8]>::len) + LINES,
    });
    let mut body = Vec::with_capacity(lengths.sum::<usize>() + LINES);
    for part in parts {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
            part.name
        );
        body.extend_from_slice(head.as_bytes());
        if let Some(file_name) = part.file_name {
            body.extend_from_slice(format!("; filename=\"{file_name}\"").as_bytes());
        }
        if let Some(media_type) = part.media_type {
            body.extend_from_slice(format!("\r\nContent-Type: {media_type}").as_bytes());
        }
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(part.content.bytes().unwrap_or(token.as_bytes()));
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> String {
        boundary(&[Part::file("image", "photo.jpg", "image/jpeg", bytes)])
    }

    #[test]
    fn boundary_is_the_first_number_that_is_free() {
        let numbered = |number: u64| format!("{START}{number:016}");
        assert_eq!(of(b""), numbered(0));
        assert_eq!(of(numbered(1).as_bytes()), numbered(0));
        let mut data = numbered(1) + &numbered(0) + "x" + &numbered(3);
        assert_eq!(of(data.as_bytes()), numbered(2));
        // Part of one is none, and neither is one that another follows on.
        data.push_str(&numbered(2)[..20]);
        assert_eq!(of(data.as_bytes()), numbered(2));
        data.push_str(&numbered(2));
        assert_eq!(of(data.as_bytes()), numbered(4));
    }

    #[test]
    fn number_that_is_none_is_passed_over() {
        for digits in [
            "+000000000000001",
            "000000000000000",
            "00000000000000\u{e9}",
        ] {
            assert_eq!(
                number(format!("{START}{digits}").as_bytes()),
                None,
                "{digits}"
            );
        }
        assert_eq!(
            number(b"headshot-9999999999999999"),
            Some(9_999_999_999_999_999)
        );
    }
}
