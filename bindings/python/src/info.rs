//! `inspect` and `check`.

use headshot::{Color, Info, Loops, Metadata, Profile, Violation, probe};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::dict::dict;
use crate::error::without_lock;
use crate::options::{Options, format_name};

/// The fields of `headshot.Info`.
#[pyfunction]
pub(crate) fn inspect<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyBytes>,
) -> PyResult<Bound<'py, PyDict>> {
    let bytes = data.as_bytes();
    let info = without_lock(py, || probe(bytes))?;
    let size = info.displayed();
    Ok(dict!(py, {
        "format": format_name(info.format),
        "media_type": info.format.media_type(),
        "width": size.width(),
        "height": size.height(),
        "frames": info.frames,
        "file_bytes": info.file_bytes,
        "stored_width": info.stored.width(),
        "stored_height": info.stored.height(),
        "orientation": info.orientation.exif(),
        "interlaced": info.interlaced,
        "color": color(py, &info.color)?,
        "animated": info.is_animated(),
        "duration_ms": info.duration.as_millis(),
        "short_delays": info.short_delays,
        "loops": loops(&info),
        "pixels": info.pixels(),
        "metadata": metadata(py, &info.metadata)?,
        "extra_images": info.extra_images,
        "gain_map": info.gain_map,
        "terminated": info.terminated,
        "unsent_coefficients": info.unsent_coefficients,
        "trailing_bytes": info.trailing_bytes,
        "default_image_apart": info.default_image_apart,
        "unsupported": info.unsupported,
    }))
}

/// As the formats themselves have it: 0 is without end.
const fn loops(info: &Info) -> u32 {
    match info.loops {
        Loops::Forever => 0,
        Loops::Times(times) => times.get(),
    }
}

fn color<'py>(py: Python<'py>, color: &Color) -> PyResult<Bound<'py, PyDict>> {
    let profile = color.profile.as_ref();
    let profile = profile.map(|one| profile_dict(py, one)).transpose()?;
    Ok(dict!(py, {
        "model": color.model.name(),
        "bit_depth": color.bit_depth,
        "alpha": color.alpha,
        "profile": profile,
    }))
}

fn profile_dict<'py>(py: Python<'py>, profile: &Profile) -> PyResult<Bound<'py, PyDict>> {
    Ok(dict!(py, { "name": profile.name.as_deref(), "bytes": profile.bytes }))
}

fn metadata<'py>(py: Python<'py>, metadata: &Metadata) -> PyResult<Bound<'py, PyDict>> {
    Ok(dict!(py, {
        "bytes": metadata.bytes,
        "exif": metadata.exif,
        "gps": metadata.gps,
        "xmp": metadata.xmp,
        "iptc": metadata.iptc,
        "text": metadata.text,
        "other": metadata.other,
    }))
}

/// The fields of each `headshot.Violation`.
#[pyfunction]
pub(crate) fn check<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyBytes>,
    options: &Options,
    declared: Option<&str>,
) -> PyResult<Vec<Bound<'py, PyDict>>> {
    let bytes = data.as_bytes();
    let violations = without_lock(py, || {
        Ok(headshot::check(
            &probe(bytes)?,
            options.picture.limits(),
            declared,
        ))
    })?;
    violations.iter().map(|one| violation(py, one)).collect()
}

fn violation<'py>(py: Python<'py>, violation: &Violation) -> PyResult<Bound<'py, PyDict>> {
    let (measured, limit) = violation.measured_and_limit().unzip();
    Ok(dict!(py, {
        "code": violation.code(),
        "reason": violation.reason(),
        "message": violation.to_string(),
        "measured": measured,
        "limit": limit,
    }))
}
