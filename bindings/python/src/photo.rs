//! `prepare` and `plan`.

use headshot::{CropBox, Rect, Size, Step, prepare_until, probe};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::dict::dict;
use crate::error::without_lock;
use crate::options::{Options, format_name};

/// The fields of `headshot.Photo`.
#[pyfunction]
pub(crate) fn prepare<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyBytes>,
    options: &Options,
) -> PyResult<Bound<'py, PyDict>> {
    let bytes = data.as_bytes();
    let photo = without_lock(py, || {
        prepare_until(bytes, &options.picture, &options.deadline())
    })?;
    Ok(dict!(py, {
        "bytes": PyBytes::new(py, &photo.bytes),
        "format": format_name(photo.format),
        "media_type": photo.format.media_type(),
        "side": photo.side.px(),
        "frames": photo.frames,
        "steps": steps(py, &photo.steps)?,
    }))
}

/// The fields of `headshot.Plan`.
#[pyfunction]
pub(crate) fn plan<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyBytes>,
    options: &Options,
) -> PyResult<Bound<'py, PyDict>> {
    let bytes = data.as_bytes();
    let plan = without_lock(py, || headshot::plan(&probe(bytes)?, &options.picture))?;
    Ok(dict!(py, {
        "format": format_name(plan.format),
        "media_type": plan.format.media_type(),
        "side": plan.side.px(),
        "frames": plan.frames,
        "picture": rect(py, plan.picture)?,
        "pass_through": plan.pass_through,
        "keep_indices": plan.keep_indices,
        "memory_bytes": plan.memory_bytes,
        "steps": steps(py, &plan.steps)?,
    }))
}

fn steps<'py>(py: Python<'py>, steps: &[Step]) -> PyResult<Vec<Bound<'py, PyDict>>> {
    steps.iter().map(|one| step(py, one)).collect()
}

/// A step with its name and its data: what the command line prints as JSON.
fn step<'py>(py: Python<'py>, step: &Step) -> PyResult<Bound<'py, PyDict>> {
    let data = match step {
        Step::Oriented { orientation } => dict!(py, { "orientation": orientation.exif() }),
        Step::Cropped { crop } => self::crop(py, *crop)?,
        Step::Scaled { from, to } => {
            dict!(py, { "from": size(py, *from)?, "to": size(py, *to)? })
        }
        Step::Letterboxed { picture, side } => {
            dict!(py, { "picture": rect(py, *picture)?, "side": side.px() })
        }
        Step::Flattened { color } => dict!(py, { "color": list(*color) }),
        Step::Thinned { from, to } => dict!(py, { "from": from, "to": to }),
        Step::Stilled { frames } | Step::DelaysRaised { frames } => {
            dict!(py, { "frames": frames })
        }
        Step::ScansMissing { coefficients } => dict!(py, { "coefficients": coefficients }),
        Step::MetadataRemoved { bytes } => dict!(py, { "bytes": bytes }),
        Step::ColorsConverted { from } => dict!(py, { "from": from }),
        Step::DamageAccepted { offset } => dict!(py, { "offset": offset }),
        Step::BarsApproximated { wanted, used } => {
            dict!(py, { "wanted": list(*wanted), "used": list(*used) })
        }
        Step::ColorReplaced { color, by } => {
            dict!(py, { "color": list(*color), "by": list(*by) })
        }
        Step::Converted { from, to } => {
            dict!(py, { "from": format_name(*from), "to": format_name(*to) })
        }
        Step::EffortRaised { from, to } => dict!(py, { "from": from.name(), "to": to.name() }),
        Step::QualityLowered { from, to } => dict!(py, { "from": from.get(), "to": to.get() }),
        Step::ColorsReduced { to } => dict!(py, { "to": to }),
        Step::ChangesIgnored { tolerance } => dict!(py, { "tolerance": tolerance }),
        Step::SideReduced { from, to } => dict!(py, { "from": from.px(), "to": to.px() }),
        // `Step` may grow; its name says at least what was done.
        _ => PyDict::new(py),
    };
    let step = dict!(py, { "step": step.name() });
    step.update(data.as_mapping())?;
    Ok(step)
}

/// A color as a list: a sequence of bytes would become `bytes`.
fn list(color: [u8; 3]) -> Vec<u32> {
    color.map(u32::from).to_vec()
}

fn size(py: Python<'_>, size: Size) -> PyResult<Bound<'_, PyDict>> {
    Ok(dict!(py, { "width": size.width(), "height": size.height() }))
}

fn rect(py: Python<'_>, rect: Rect) -> PyResult<Bound<'_, PyDict>> {
    Ok(dict!(py, { "x": rect.x, "y": rect.y, "width": rect.width, "height": rect.height }))
}

fn crop(py: Python<'_>, crop: CropBox) -> PyResult<Bound<'_, PyDict>> {
    Ok(dict!(py, { "x": crop.x, "y": crop.y, "width": crop.width }))
}
