//! `headshot inspect`.

use std::fmt::{self, Write as _};

use headshot::{
    ColorModel, Format, Info, Limits, Loops, Metadata, Options, Violation, check, plan, probe,
};
use serde_json::Value;

use crate::args::InspectArgs;
use crate::console::{Printable, Stream, complain};
use crate::facts::{names, picture};
use crate::input::{self, Input};
use crate::json;
use crate::refusal::Refusal;
use crate::status::{Failure, Status};

pub(crate) fn run(args: &InspectArgs) -> Result<Status, Failure> {
    input::one_stdin_at_most(&args.inputs)?;
    let limits = Limits {
        file_bytes: args.max_file_bytes.0,
        ..Limits::default()
    };
    let mut status = Status::Fine;
    for input in &args.inputs {
        let path = input.path();
        let bytes = input.read(limits.file_bytes);
        let result = bytes.and_then(|bytes| probe(&bytes).map_err(Refusal::from));
        status = status.and(Status::of(&result));
        if let Err(refusal) = &result {
            complain(refusal.line(path));
        }
        if args.json {
            let mut object = json::object(path, result.as_ref().ok(), result.as_ref().err());
            object.extend(json::info(result.as_ref().ok()));
            Stream::Stdout.line(Value::Object(object))?;
        } else if let Ok(info) = &result {
            Stream::Stdout.line(sheet(input, info, limits))?;
        }
    }
    Ok(status)
}

/// A line for the name, and an aligned one for each thing worth knowing. What is as
/// usual is not told: one frame, upright, 8 bits, no metadata.
fn sheet(input: &Input, info: &Info, limits: Limits) -> String {
    let mut sheet = Printable::path(input.path()).to_string();
    let mut row = |name: &str, value: &dyn fmt::Display| {
        // Writing to a `String` can't fail.
        let _ = write!(sheet, "\n  {name:<9} {value}");
    };
    row("format", &format_row(info));
    row("size", &size_row(info));
    if info.is_animated() {
        row("frames", &frames_row(info));
    }
    row("colour", &color_row(info));
    if let Some(profile) = &info.color.profile {
        let name = profile.name.as_deref().unwrap_or("without a name");
        let name = Printable::text(name);
        row("profile", &format_args!("{name} ({} bytes)", profile.bytes));
    }
    if info.metadata.gps {
        row("GPS", &"IT TELLS WHERE IT WAS TAKEN");
    }
    if let Some(kinds) = metadata_row(&info.metadata) {
        row("metadata", &kinds);
    }
    row("file", &file_row(info));
    for (index, line) in service_rows(input, info, &limits).iter().enumerate() {
        row(if index == 0 { "service" } else { "" }, line);
    }
    row("prepare", &prepare_row(info, limits));
    sheet
}

/// Whether the service would take it as it is; if not, a line for each rule that is broken.
fn service_rows(input: &Input, info: &Info, limits: &Limits) -> Vec<String> {
    let violations = check(info, limits, input.extension());
    if violations.is_empty() {
        return vec!["would take it as it is".to_owned()];
    }
    let line = |violation: &Violation| {
        let text = violation.to_string();
        format!("{}: {}", violation.code(), Printable::text(&text))
    };
    violations.iter().map(line).collect()
}

/// What would come of it, as far as headers tell.
fn prepare_row(info: &Info, limits: Limits) -> String {
    match plan(info, &Options::default().with_limits(limits)) {
        Ok(plan) => format!(
            "{} ({})",
            picture(plan.format, plan.side.size(), plan.frames),
            names(&plan.steps)
        ),
        Err(error) => format!("{}: {error}", error.code()),
    }
}

fn format_row(info: &Info) -> String {
    match (info.format, info.interlaced) {
        (format, false) => format.to_string(),
        (Format::Jpeg, true) => format!("{}, progressive", info.format),
        (Format::Png | Format::Gif, true) => format!("{}, interlaced", info.format),
    }
}

fn size_row(info: &Info) -> String {
    let displayed = info.displayed();
    match info.orientation.exif() {
        1 => displayed.to_string(),
        exif => format!(
            "{displayed}, stored as {} (orientation {exif})",
            info.stored
        ),
    }
}

fn frames_row(info: &Info) -> String {
    let played = match info.loops {
        Loops::Forever => "played without end".to_owned(),
        Loops::Times(times) if times.get() == 1 => "played once".to_owned(),
        Loops::Times(times) => format!("played {times} times"),
    };
    let mut row = format!(
        "{}, {:.2} s, {played}",
        info.frames,
        info.duration.as_secs_f64()
    );
    if info.short_delays > 0 {
        let _ = write!(row, ", {} shown too shortly", info.short_delays);
    }
    if info.default_image_apart {
        row.push_str(", and another picture where animations aren't shown");
    }
    row
}

fn color_row(info: &Info) -> String {
    let model = match info.color.model {
        ColorModel::Gray => "grey",
        ColorModel::Rgb => "RGB",
        ColorModel::Palette => "palette",
        ColorModel::YCbCr => "YCbCr",
        ColorModel::Cmyk => "CMYK",
        ColorModel::Ycck => "YCCK",
        model => model.name(),
    };
    let alpha = if info.color.alpha {
        ", transparency"
    } else {
        ""
    };
    let gain_map = if info.gain_map {
        ", gain map (HDR)"
    } else {
        ""
    };
    let bits = match info.color.bit_depth {
        8 => String::new(),
        1 => ", 1 bit".to_owned(),
        bits => format!(", {bits} bits"),
    };
    format!("{model}{bits}{alpha}{gain_map}")
}

/// All but the position, which has a line of its own.
fn metadata_row(metadata: &Metadata) -> Option<String> {
    let kinds = [
        (metadata.exif, "EXIF"),
        (metadata.xmp, "XMP"),
        (metadata.iptc, "IPTC"),
        (metadata.text, "text"),
        (metadata.other, "other"),
    ];
    let kinds: Vec<&str> = (kinds.into_iter())
        .filter_map(|(there, kind)| there.then_some(kind))
        .collect();
    let kinds = kinds.join(", ");
    (!kinds.is_empty()).then(|| format!("{kinds} ({} bytes)", metadata.bytes))
}

fn file_row(info: &Info) -> String {
    let mut row = format!("{} bytes", info.file_bytes);
    if !info.terminated {
        row.push_str(", without an end marker");
    }
    if info.unsent_coefficients > 0 {
        let coefficients = info.unsent_coefficients;
        let _ = write!(
            row,
            ", scans missing ({coefficients} coefficients are incomplete)"
        );
    }
    match (info.trailing_bytes, info.extra_images) {
        (0, _) => {}
        (bytes, 0) => _ = write!(row, ", {bytes} of them after the end of the picture"),
        (bytes, images) => {
            _ = write!(
                row,
                ", {bytes} of them after the end of the picture ({images} more images)"
            );
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest GIF: one pixel.
    const GIF: &[u8] =
        b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

    #[test]
    fn rows_tell_what_is_unusual() {
        let mut info = probe(GIF).unwrap();
        info.frames = 12;
        info.short_delays = 3;
        info.loops = Loops::Forever;
        info.duration = std::time::Duration::from_millis(1_234);
        info.interlaced = true;
        info.color.bit_depth = 16;
        info.color.alpha = true;
        info.gain_map = true;
        info.metadata.xmp = true;
        info.metadata.text = true;
        info.metadata.bytes = 5;
        info.trailing_bytes = 7;
        info.extra_images = 2;
        info.terminated = false;
        info.unsent_coefficients = 70;
        assert_eq!(format_row(&info), "GIF, interlaced");
        assert_eq!(
            frames_row(&info),
            "12, 1.23 s, played without end, 3 shown too shortly"
        );
        assert_eq!(
            color_row(&info),
            "palette, 16 bits, transparency, gain map (HDR)"
        );
        assert_eq!(
            metadata_row(&info.metadata).as_deref(),
            Some("XMP, text (5 bytes)")
        );
        assert_eq!(
            file_row(&info),
            "35 bytes, without an end marker, scans missing (70 coefficients are incomplete), 7 \
             of them after the end of the picture (2 more images)"
        );
    }
}
