//! What is told of a photo.

use std::fmt;

use headshot::{Format, Photo, Side, Size, Step};
use serde_json::{Value, json};

use crate::json::{self, Object};

/// What is left of a photo when its bytes are written. It is kept as JSON, too.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Facts {
    pub(crate) format: Format,
    side: Side,
    frames: u32,
    bytes: u64,
    /// As in JSON.
    steps: Vec<Value>,
}

impl From<&Photo> for Facts {
    fn from(photo: &Photo) -> Self {
        Self {
            format: photo.format,
            side: photo.side,
            frames: photo.frames,
            bytes: photo.bytes.len() as u64,
            steps: photo.steps.iter().map(json::step).collect(),
        }
    }
}

impl Facts {
    /// Without a photo, the same keys.
    pub(crate) fn object(facts: Option<&Self>) -> Object {
        json::members(json!({
            "media_type": facts.map(|facts| facts.format.media_type()),
            "side": facts.map(|facts| facts.side.px()),
            "output_frames": facts.map(|facts| facts.frames),
            "bytes": facts.map(|facts| facts.bytes),
            "steps": facts.map(|facts| &facts.steps),
        }))
    }

    /// `None` if it is no object of this kind.
    pub(crate) fn read(object: &Object) -> Option<Self> {
        let number = |name: &str| object.get(name)?.as_u64();
        let media_type = object.get("media_type")?.as_str()?;
        let side = number("side")?.try_into().ok()?;
        let mut formats = [Format::Jpeg, Format::Png, Format::Gif].into_iter();
        Some(Self {
            format: formats.find(|format| format.media_type() == media_type)?,
            side: Some(Side::clamped(side)).filter(|clamped| clamped.px() == side)?,
            frames: number("output_frames")?.try_into().ok()?,
            bytes: number("bytes")?,
            steps: object.get("steps")?.as_array()?.clone(),
        })
    }
}

/// Such as "GIF 512x512, 3 frames, 23456 bytes (scaled, letterboxed)".
impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let picture = picture(self.format, self.side.size(), self.frames);
        let steps = self.steps.iter().filter_map(|step| step["step"].as_str());
        write!(f, "{picture}, {} bytes ({})", self.bytes, words(steps))
    }
}

/// Such as "GIF 512x512, 3 frames".
pub(crate) fn picture(format: Format, size: Size, frames: u32) -> String {
    match frames {
        1 => format!("{format} {size}"),
        frames => format!("{format} {size}, {frames} frames"),
    }
}

/// Such as "scaled, letterboxed".
pub(crate) fn names(steps: &[Step]) -> String {
    words(steps.iter().map(Step::name))
}

fn words<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| name.replace('_', " ")).collect();
    match names.as_slice() {
        [] => "nothing to do".to_owned(),
        names => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            format: Format::Gif,
            side: Side::MIN,
            frames: 3,
            bytes: 99,
            steps: [
                Step::MetadataRemoved { bytes: 1 },
                Step::DelaysRaised { frames: 2 },
            ]
            .iter()
            .map(json::step)
            .collect(),
        }
    }

    #[test]
    fn text_tells_what_it_is_and_the_steps() {
        assert_eq!(
            facts().to_string(),
            "GIF 512x512, 3 frames, 99 bytes (metadata removed, delays raised)"
        );
    }

    #[test]
    fn object_is_read_as_it_was() {
        let object = Facts::object(Some(&facts()));
        assert_eq!(Facts::read(&object), Some(facts()));
        assert!(Facts::object(None).keys().eq(object.keys()));
        for name in object.keys() {
            let mut less = object.clone();
            less.insert(name.clone(), Value::Null);
            assert_eq!(Facts::read(&less), None, "{name}");
        }
    }
}
