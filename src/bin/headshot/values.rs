//! How values are spelled on the command line. Each parser is a pure function
//! and reads what the help shows as a default.

use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use headshot::{Animation, Background, CropBox, Effort, Filter, Format, Quality};

/// A value of the library that has a spelling here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value<T>(pub(crate) T);

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) u64);

const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = |&&(_, size): &&(&str, u64)| self.0 > 0 && self.0.is_multiple_of(size);
        match UNITS.iter().find(whole) {
            Some((unit, size)) => write!(f, "{}{unit}", self.0 / size),
            None => write!(f, "{}", self.0),
        }
    }
}

impl FromStr for Bytes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = &text[digits.len()..];
        let size = UNITS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(unit))
            .map(|&(_, size)| size)
            .or(unit.is_empty().then_some(1));
        let number = digits.parse::<u64>().ok();
        number
            .zip(size)
            .and_then(|(number, size)| number.checked_mul(size))
            .map(Self)
            .ok_or_else(|| "expected bytes, such as 500000, 512KiB, 32MiB or 1GiB".to_owned())
    }
}

/// Reads `X,Y,W`.
pub(crate) fn crop(text: &str) -> Result<CropBox, String> {
    let numbers: Option<Vec<u32>> = text.split(',').map(|part| part.parse().ok()).collect();
    match numbers.as_deref() {
        Some(&[x, y, width]) => Ok(CropBox { x, y, width }),
        _ => Err("expected X,Y,W: left, top and width in whole pixels, such as 100,0,640".into()),
    }
}

/// What can be called by a name.
const COLOURS: [(&str, Background); 3] = [
    ("black", Background::Color([0; 3])),
    ("white", Background::Color([255; 3])),
    ("transparent", Background::Transparent),
];

impl fmt::Display for Value<Background> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((name, _)) = COLOURS.iter().find(|(_, value)| *value == self.0) {
            return f.write_str(name);
        }
        let [r, g, b] = self.0.opaque();
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

impl FromStr for Value<Background> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, value)) = COLOURS.iter().find(|(name, _)| *name == text) {
            return Ok(Self(*value));
        }
        // A shell takes `#` for the start of a comment, so it may be left out.
        let digits = text.strip_prefix('#').unwrap_or(text);
        let is_hex = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        match u32::from_str_radix(digits, 16) {
            Ok(color) if is_hex => {
                let [_, r, g, b] = color.to_be_bytes();
                Ok(Self(Background::Color([r, g, b])))
            }
            _ => Err("expected black, white, transparent or #rrggbb".to_owned()),
        }
    }
}

impl fmt::Display for Value<Quality> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.get().fmt(f)
    }
}

impl FromStr for Value<Quality> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let quality = text.parse().ok().and_then(Quality::new);
        quality.map(Self).ok_or_else(|| {
            let (min, max) = (Quality::MIN.get(), Quality::MAX.get());
            format!("expected a whole number from {min} to {max}")
        })
    }
}

/// The range stands in the library alone.
pub(crate) fn quality_help() -> String {
    let (min, max) = (Quality::MIN.get(), Quality::MAX.get());
    format!("Quality of a JPEG, from {min} (smallest) to {max} (best)")
}

impl ValueEnum for Value<Option<Format>> {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self(None),
            Self(Some(Format::Jpeg)),
            Self(Some(Format::Png)),
            Self(Some(Format::Gif)),
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self.0 {
            None => PossibleValue::new("auto").help("That of the picture; PNG for a still GIF"),
            Some(Format::Jpeg) => PossibleValue::new("jpeg").help("Holds no animation"),
            Some(Format::Png) => PossibleValue::new("png").help("Animated if the picture is"),
            Some(Format::Gif) => PossibleValue::new("gif").help("At most 256 colours a frame"),
        })
    }
}

impl ValueEnum for Value<Filter> {
    fn value_variants<'a>() -> &'a [Self] {
        const { &filters() }
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()))
    }
}

const fn filters() -> [Value<Filter>; Filter::ALL.len()] {
    let mut values = [Value(Filter::Nearest); Filter::ALL.len()];
    let mut index = 0;
    while index < values.len() {
        values[index] = Value(Filter::ALL[index]);
        index += 1;
    }
    values
}

impl ValueEnum for Value<Effort> {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self(Effort::Fast),
            Self(Effort::Balanced),
            Self(Effort::Smallest),
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let value = PossibleValue::new(self.0.name());
        Some(match self.0 {
            Effort::Fast => value.help("For photos"),
            Effort::Smallest => value.help("Whatever may help is tried"),
            _ => value.help("More where it pays: for drawings and text"),
        })
    }
}

impl ValueEnum for Value<Animation> {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self(Animation::Keep),
            Self(Animation::Thin),
            Self(Animation::Still),
            Self(Animation::Reject),
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self.0 {
            Animation::Keep => PossibleValue::new("keep").help("All frames, where FORMAT can"),
            Animation::Thin => PossibleValue::new("thin")
                .help("The same, but some of them if there are more than --max-frames"),
            Animation::Still => PossibleValue::new("still").help("The first frame"),
            Animation::Reject => PossibleValue::new("reject").help("Refused"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_as_they_are_read() {
        for (text, number) in [
            ("0", 0),
            ("1000", 1000),
            ("1KiB", 1024),
            ("1025", 1025),
            ("32MiB", 32 << 20),
            ("3GiB", 3 << 30),
        ] {
            assert_eq!(text.parse(), Ok(Bytes(number)));
            assert_eq!(Bytes(number).to_string(), text);
        }
        assert_eq!("2mib".parse(), Ok(Bytes(2 << 20)));
        for text in [
            "",
            "MiB",
            "1MB",
            "-1",
            "1.5MiB",
            "1 KiB",
            "99999999999GiB",
            "é",
        ] {
            assert!(text.parse::<Bytes>().is_err(), "{text}");
        }
    }

    #[test]
    fn crop_takes_three_whole_numbers() {
        let expected = CropBox {
            x: 10,
            y: 0,
            width: 640,
        };
        assert_eq!(crop("10,0,640"), Ok(expected));
        for text in [
            "",
            "1",
            "1,2",
            "1,2,3,4",
            "1,2,",
            "-1,2,3",
            "1,2,3.5",
            "1,2,x",
            "1,2,4294967296",
        ] {
            assert!(crop(text).unwrap_err().contains("X,Y,W"), "{text}");
        }
    }

    #[test]
    fn background_is_shown_as_it_is_read() {
        for text in ["black", "white", "transparent", "#0102ff"] {
            assert_eq!(text.parse::<Value<Background>>().unwrap().to_string(), text);
        }
        let orange = Value(Background::Color([0xFF, 0xA5, 0]));
        assert_eq!("#FFa500".parse(), Ok(orange));
        assert_eq!("ffa500".parse(), Ok(orange));
        for text in ["", "#", "red", "#fff", "#+12345", "#1234567", "##12345"] {
            assert!(text.parse::<Value<Background>>().is_err(), "{text}");
        }
    }

    #[test]
    fn quality_keeps_to_the_librarys_range() {
        for text in ["1", "85", "100"] {
            assert_eq!(text.parse::<Value<Quality>>().unwrap().to_string(), text);
        }
        for text in ["0", "101", "256", "-1", "best", ""] {
            let message = text.parse::<Value<Quality>>().unwrap_err();
            assert!(message.contains("1 to 100"), "{text}: {message}");
        }
    }

    #[test]
    fn choices_have_names_of_their_own() {
        let names = |values: Vec<Option<PossibleValue>>| -> Vec<String> {
            let names = values.into_iter().flatten();
            names.map(|value| value.get_name().to_owned()).collect()
        };
        let formats = Value::<Option<Format>>::value_variants();
        let formats = formats.iter().map(ValueEnum::to_possible_value).collect();
        assert_eq!(names(formats), ["auto", "jpeg", "png", "gif"]);
        let animations = Value::<Animation>::value_variants();
        let animations = animations
            .iter()
            .map(ValueEnum::to_possible_value)
            .collect();
        assert_eq!(names(animations), ["keep", "thin", "still", "reject"]);
    }
}
