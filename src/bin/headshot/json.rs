//! The objects that `--json` prints. A key is always there, `null` where its
//! value is unknown or there is none.

use std::path::Path;

use headshot::{CropBox, Format, Info, Loops, Rect, Size, Step, Violation};
use serde_json::{Map, Value, json};

use crate::refusal::Refusal;

pub(crate) type Object = Map<String, Value>;

/// What the objects of all commands begin with.
pub(crate) fn object(path: &Path, info: Option<&Info>, refusal: Option<&Refusal>) -> Object {
    let picture = refusal.and_then(Refusal::picture);
    let numbers = refusal.and_then(Refusal::measured_and_limit);
    let size = info.map(Info::displayed);
    members(json!({
        "path": path.to_string_lossy(),
        "ok": refusal.is_none(),
        "code": refusal.map(Refusal::code),
        "reason": refusal.map(Refusal::reason),
        "message": refusal.map(ToString::to_string),
        "format": info.map(|info| format(info.format)),
        "width": size.map(Size::width),
        "height": size.map(Size::height),
        "frames": info.map(|info| info.frames),
        "measured": numbers.map(|(measured, _)| measured),
        "limit": numbers.map(|(_, limit)| limit),
        "offset": picture.and_then(headshot::Error::offset),
    }))
}

/// The members of an object that stands in the code.
pub(crate) fn members(value: Value) -> Object {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

pub(crate) const fn format(format: Format) -> &'static str {
    match format {
        Format::Jpeg => "jpeg",
        Format::Png => "png",
        Format::Gif => "gif",
    }
}

/// What `inspect` adds. Without `info`, the same keys.
pub(crate) fn info(info: Option<&Info>) -> Object {
    let color = info.map(|info| &info.color);
    let metadata = info.map(|info| &info.metadata);
    members(json!({
        "file_bytes": info.map(|info| info.file_bytes),
        "stored_width": info.map(|info| info.stored.width()),
        "stored_height": info.map(|info| info.stored.height()),
        "orientation": info.map(|info| info.orientation.exif()),
        "interlaced": info.map(|info| info.interlaced),
        "color": color.map(|color| json!({
            "model": color.model.name(),
            "bit_depth": color.bit_depth,
            "alpha": color.alpha,
            "profile": color.profile.as_ref().map(|profile| json!({
                "name": profile.name,
                "bytes": profile.bytes,
            })),
        })),
        "animated": info.map(Info::is_animated),
        "duration_ms": info.map(|info| u64::try_from(info.duration.as_millis()).ok()),
        "short_delays": info.map(|info| info.short_delays),
        // As the formats themselves have it.
        "loops": info.map(|info| match info.loops {
            Loops::Forever => 0,
            Loops::Times(times) => times.get(),
        }),
        "pixels": info.map(Info::pixels),
        "metadata": metadata.map(|metadata| json!({
            "bytes": metadata.bytes,
            "exif": metadata.exif,
            "gps": metadata.gps,
            "xmp": metadata.xmp,
            "iptc": metadata.iptc,
            "text": metadata.text,
            "other": metadata.other,
        })),
        "extra_images": info.map(|info| info.extra_images),
        "gain_map": info.map(|info| info.gain_map),
        "terminated": info.map(|info| info.terminated),
        "unsent_coefficients": info.map(|info| info.unsent_coefficients),
        "trailing_bytes": info.map(|info| info.trailing_bytes),
        "default_image_apart": info.map(|info| info.default_image_apart),
        "unsupported": info.map(|info| info.unsupported),
    }))
}

/// A step with its name and its data.
pub(crate) fn step(step: &Step) -> Value {
    let data = match step {
        Step::Oriented { orientation } => json!({ "orientation": orientation.exif() }),
        Step::Cropped { crop } => self::crop(*crop),
        Step::Scaled { from, to } => json!({ "from": size(*from), "to": size(*to) }),
        Step::Letterboxed { picture, side } => {
            json!({ "picture": rect(*picture), "side": side.px() })
        }
        Step::Flattened { color } => json!({ "color": color }),
        Step::Thinned { from, to } => json!({ "from": from, "to": to }),
        Step::Stilled { frames } | Step::DelaysRaised { frames } => json!({ "frames": frames }),
        Step::ScansMissing { coefficients } => json!({ "coefficients": coefficients }),
        Step::MetadataRemoved { bytes } => json!({ "bytes": bytes }),
        Step::ColorsConverted { from } => json!({ "from": from }),
        Step::DamageAccepted { offset } => json!({ "offset": offset }),
        Step::BarsApproximated { wanted, used } => json!({ "wanted": wanted, "used": used }),
        Step::ColorReplaced { color, by } => json!({ "color": color, "by": by }),
        Step::Converted { from, to } => json!({ "from": format(*from), "to": format(*to) }),
        Step::EffortRaised { from, to } => json!({ "from": from.name(), "to": to.name() }),
        Step::QualityLowered { from, to } => json!({ "from": from.get(), "to": to.get() }),
        Step::ColorsReduced { to } => json!({ "to": to }),
        Step::ChangesIgnored { tolerance } => json!({ "tolerance": tolerance }),
        Step::SideReduced { from, to } => json!({ "from": from.px(), "to": to.px() }),
        // `Step` may grow; its name says at least what was done.
        _ => Value::Null,
    };
    let mut object = members(json!({ "step": step.name() }));
    object.extend(members(data));
    Value::Object(object)
}

fn size(size: Size) -> Value {
    json!({ "width": size.width(), "height": size.height() })
}

fn rect(rect: Rect) -> Value {
    json!({ "x": rect.x, "y": rect.y, "width": rect.width, "height": rect.height })
}

fn crop(crop: CropBox) -> Value {
    json!({ "x": crop.x, "y": crop.y, "width": crop.width })
}

pub(crate) fn violation(violation: &Violation) -> Object {
    let (measured, limit) = violation.measured_and_limit().unzip();
    members(json!({
        "code": violation.code(),
        "reason": violation.reason(),
        "message": violation.to_string(),
        "measured": measured,
        "limit": limit,
    }))
}

/// What keeps a file from being checked, as one more rule that it breaks.
pub(crate) fn refusal(refusal: &Refusal) -> Object {
    members(json!({
        "code": refusal.code(),
        "reason": refusal.reason(),
        "message": refusal.to_string(),
    }))
}

#[cfg(test)]
mod tests {
    use headshot::Error;

    use super::*;

    #[test]
    fn refusal_has_the_numbers_that_are_known() {
        let refusal = Refusal::from(Error::TooManyFrames {
            frames: 7,
            limit: 5,
        });
        let object = object(Path::new("a.gif"), None, Some(&refusal));
        assert_eq!(object["ok"], false);
        assert_eq!(object["code"], "too_many_frames");
        assert_eq!(object["reason"], "frames");
        assert_eq!(object["measured"], 7);
        assert_eq!(object["limit"], 5);
        assert_eq!(object["offset"], Value::Null);
        assert_eq!(object["width"], Value::Null);
    }

    #[test]
    fn step_has_its_name_before_its_data() {
        let scaled = Step::Scaled {
            from: Size::new(4, 2).unwrap(),
            to: Size::new(512, 256).unwrap(),
        };
        assert_eq!(
            step(&scaled).to_string(),
            r#"{"step":"scaled","from":{"width":4,"height":2},"to":{"width":512,"height":256}}"#
        );
    }

    #[test]
    fn unknown_picture_has_the_same_keys() {
        let unknown = info(None);
        assert_eq!(unknown.len(), 19);
        assert!(unknown.values().all(Value::is_null));
    }
}
