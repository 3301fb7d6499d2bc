//! `headshot inspect`.

use std::fmt::{self, Write as _};
use std::path::Path;

use headshot::{ColorModel, Format, Info, Loops, Metadata, probe};
use serde_json::Value;

use crate::args::InspectArgs;
use crate::console::{Printable, Stream, complain};
use crate::input;
use crate::json;
use crate::refusal::Refusal;
use crate::status::{Failure, Status};

pub(crate) fn run(args: &InspectArgs) -> Result<Status, Failure> {
    input::one_stdin_at_most(&args.inputs)?;
    let mut status = Status::Fine;
    for input in &args.inputs {
        let path = input.path();
        let bytes = input.read(args.max_file_bytes.0);
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
            Stream::Stdout.line(sheet(path, info))?;
        }
    }
    Ok(status)
}

/// A line for the name, and an aligned one for each thing worth knowing.
fn sheet(path: &Path, info: &Info) -> String {
    let mut sheet = Printable::path(path).to_string();
    let mut row = |name: &str, value: &dyn fmt::Display| {
        // Writing to a `String` can't fail.
        let _ = write!(sheet, "\n  {name:<9} {value}");
    };
    row("format", &format_row(info));
    row("size", &size_row(info));
    row("frames", &frames_row(info));
    row("colour", &color_row(info));
    if let Some(profile) = &info.color.profile {
        let name = profile.name.as_deref().unwrap_or("without a name");
        let name = Printable::text(name);
        row("profile", &format_args!("{name} ({} bytes)", profile.bytes));
    }
    row("metadata", &metadata_row(&info.metadata));
    row("file", &file_row(info));
    if let Some(feature) = info.unsupported {
        row("problem", &format_args!("{feature} is not supported"));
    }
    sheet
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
    if !info.is_animated() {
        return info.frames.to_string();
    }
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
        1 => "1 bit".to_owned(),
        bits => format!("{bits} bits"),
    };
    format!("{model}, {bits}{alpha}{gain_map}")
}

fn metadata_row(metadata: &Metadata) -> String {
    let kinds = [
        (metadata.gps, "GPS position"),
        (metadata.exif, "EXIF"),
        (metadata.xmp, "XMP"),
        (metadata.iptc, "IPTC"),
        (metadata.text, "text"),
        (metadata.other, "other"),
    ];
    let kinds: Vec<&str> = kinds
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|k| k.1)
        .collect();
    match kinds.as_slice() {
        [] => "none".to_owned(),
        kinds => format!("{} ({} bytes)", kinds.join(", "), metadata.bytes),
    }
}

fn file_row(info: &Info) -> String {
    let mut row = format!("{} bytes", info.file_bytes);
    if !info.terminated {
        row.push_str(", without an end marker");
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
    fn sheet_is_aligned() {
        let info = probe(GIF).unwrap();
        assert_eq!(
            sheet(Path::new("a.gif"), &info),
            "a.gif\n  \
               format    GIF\n  \
               size      1x1\n  \
               frames    1\n  \
               colour    palette, 1 bit\n  \
               metadata  none\n  \
               file      35 bytes"
        );
    }

    #[test]
    fn rows_tell_what_is_unusual() {
        let mut info = probe(GIF).unwrap();
        info.frames = 12;
        info.short_delays = 3;
        info.loops = Loops::Forever;
        info.duration = std::time::Duration::from_millis(1_234);
        info.interlaced = true;
        info.metadata.gps = true;
        info.metadata.bytes = 5;
        info.trailing_bytes = 7;
        info.terminated = false;
        assert_eq!(format_row(&info), "GIF, interlaced");
        assert_eq!(
            frames_row(&info),
            "12, 1.23 s, played without end, 3 shown too shortly"
        );
        assert_eq!(metadata_row(&info.metadata), "GPS position (5 bytes)");
        assert_eq!(
            file_row(&info),
            "35 bytes, without an end marker, 7 of them after the end of the picture"
        );
    }
}
