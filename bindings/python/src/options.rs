//! The options of `prepare`, as keywords. They are named as on the command line, and their
//! values are read by the command line's own parsers, from the text that Python shows them as.

use std::fmt::Display;
use std::str::FromStr;
use std::time::Instant;

use clap::ValueEnum;
use headshot::{Cancel, Damage, Dither, Light, Limits, Upscale};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::dict::dict;
use crate::seconds::Seconds;
use crate::values::{self, Bytes, Value};

/// The options, read.
#[pyclass(frozen, module = "headshot._native")]
pub(crate) struct Options {
    pub(crate) picture: headshot::Options,
    timeout: Option<Seconds>,
}

impl Options {
    /// What stops a picture that is begun now once it takes too long.
    pub(crate) fn deadline(&self) -> Cancel {
        match self.timeout {
            Some(Seconds(timeout)) => {
                let start = Instant::now();
                Cancel::when(move || start.elapsed() >= timeout)
            }
            None => Cancel::never(),
        }
    }
}

#[pymethods]
impl Options {
    #[new]
    #[pyo3(signature = (**keywords))]
    fn new(keywords: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut options = Self {
            picture: headshot::Options::default(),
            timeout: None,
        };
        for (name, value) in keywords.into_iter().flatten() {
            let name: String = name.extract()?;
            options.set(&Keyword { name, value })?;
        }
        Ok(options)
    }

    #[getter]
    const fn max_file_bytes(&self) -> u64 {
        self.picture.limits().file_bytes
    }
}

impl Options {
    fn set(&mut self, keyword: &Keyword<'_>) -> PyResult<()> {
        let picture = self.picture;
        let mut limits = *picture.limits();
        self.picture = match keyword.name.as_str() {
            "crop" => match keyword.crop()? {
                Some(crop) => picture.with_crop(crop),
                None => picture,
            },
            "background" => picture.with_background(keyword.read::<Value<_>>()?.0),
            "format" => picture.with_format(keyword.choice()?),
            "quality" => picture.with_quality(keyword.read::<Value<_>>()?.0),
            "effort" => picture.with_effort(keyword.choice()?),
            "max_bytes" => {
                let bytes = keyword.optional(Keyword::read::<Bytes>)?;
                picture.with_max_bytes(bytes.map(|bytes| bytes.0))
            }
            "animation" => picture.with_animation(keyword.choice()?),
            "no_upscale" => picture.with_upscale(keyword.flag(Upscale::Forbid)?),
            "filter" => picture.with_filter(keyword.choice()?),
            "linear_light" => picture.with_light(keyword.flag(Light::Linear)?),
            "dither" => picture.with_dither(keyword.flag(Dither::Ordered)?),
            "accept_damage" => picture.with_damage(keyword.flag(Damage::Accept)?),
            "threads" => picture.with_threads(keyword.number()?),
            "timeout" => {
                self.timeout = keyword.optional(Keyword::read)?;
                picture
            }
            name => {
                match name {
                    "max_file_bytes" => limits.file_bytes = keyword.read::<Bytes>()?.0,
                    "max_edge" => limits.edge = keyword.number()?,
                    "max_pixels" => limits.pixels = keyword.number()?,
                    "max_frames" => limits.frames = keyword.number()?,
                    "max_animation_pixels" => limits.animation_pixels = keyword.number()?,
                    "max_metadata" => limits.metadata_bytes = keyword.read::<Bytes>()?.0,
                    "max_memory" => limits.memory_bytes = keyword.read::<Bytes>()?.0,
                    "max_work" => limits.work = keyword.number()?,
                    _ => return Err(PyTypeError::new_err(format!("{name}: no such option"))),
                }
                picture.with_limits(limits)
            }
        };
        Ok(())
    }
}

/// An option by its name, and what it is to be.
struct Keyword<'py> {
    name: String,
    value: Bound<'py, PyAny>,
}

impl Keyword<'_> {
    /// By the parser that reads what is typed.
    fn read<T: FromStr<Err: Display>>(&self) -> PyResult<T> {
        let text = self.value.str()?;
        let read = text.to_str()?.parse();
        read.map_err(|error: T::Err| self.wrong(error))
    }

    fn number<T: FromStr>(&self) -> PyResult<T> {
        let text = self.value.str()?;
        let read = text.to_str()?.parse();
        read.map_err(|_| self.wrong("expected a whole number that is in range"))
    }

    fn choice<T>(&self) -> PyResult<T>
    where
        Value<T>: ValueEnum,
    {
        let text = self.value.str()?;
        let chosen = <Value<T> as ValueEnum>::from_str(text.to_str()?, false);
        chosen.map(|Value(value)| value).map_err(|_| {
            let names: Vec<String> = Value::<T>::value_variants().iter().map(name).collect();
            self.wrong(format_args!("expected one of {}", names.join(", ")))
        })
    }

    /// What it says if it is set, else what is so by default.
    fn flag<T: Default>(&self, set: T) -> PyResult<T> {
        match self.value.extract() {
            Ok(true) => Ok(set),
            Ok(false) => Ok(T::default()),
            Err(_) => Err(self.wrong("expected True or False")),
        }
    }

    fn optional<T>(&self, read: impl FnOnce(&Self) -> PyResult<T>) -> PyResult<Option<T>> {
        if self.value.is_none() {
            return Ok(None);
        }
        read(self).map(Some)
    }

    /// A tuple or list of numbers is what is typed with commas between them.
    fn crop(&self) -> PyResult<Option<headshot::CropBox>> {
        self.optional(|keyword| {
            let numbers: Vec<Bound<'_, PyAny>> = match keyword.value.extract() {
                Ok(numbers) => numbers,
                Err(_) => return Err(keyword.wrong("expected (x, y, w)")),
            };
            let texts: PyResult<Vec<String>> = numbers
                .iter()
                .map(|number| Ok(number.str()?.to_str()?.to_owned()))
                .collect();
            values::crop(&texts?.join(",")).map_err(|error| keyword.wrong(error))
        })
    }

    fn wrong(&self, problem: impl Display) -> PyErr {
        let shown = self.value.repr();
        let shown = shown.map_or_else(|_| "that".to_owned(), |shown| shown.to_string());
        PyValueError::new_err(format!("{}: {problem}, not {shown}", self.name))
    }
}

/// As typed.
fn name<T: ValueEnum>(value: &T) -> String {
    let value = value.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

/// How a format is called here.
pub(crate) fn format_name(format: headshot::Format) -> String {
    name(&Value(Some(format)))
}

/// All options, each with its default.
#[pyfunction]
pub(crate) fn defaults(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let options = headshot::Options::default();
    let limits = Limits::default();
    Ok(dict!(py, {
        "crop": None::<Bound<'_, PyTuple>>,
        "background": Value(options.background()).to_string(),
        "format": name(&Value(options.format())),
        "quality": options.quality().get(),
        "effort": name(&Value(options.effort())),
        "max_bytes": options.max_bytes(),
        "animation": name(&Value(options.animation())),
        "no_upscale": options.upscale() == Upscale::Forbid,
        "filter": name(&Value(options.filter())),
        "linear_light": options.light() == Light::Linear,
        "dither": options.dither() == Dither::Ordered,
        "accept_damage": options.damage() == Damage::Accept,
        "threads": options.threads().get(),
        "timeout": None::<f64>,
        "max_file_bytes": limits.file_bytes,
        "max_edge": limits.edge,
        "max_pixels": limits.pixels,
        "max_frames": limits.frames,
        "max_animation_pixels": limits.animation_pixels,
        "max_metadata": limits.metadata_bytes,
        "max_memory": limits.memory_bytes,
        "max_work": limits.work,
    }))
}
