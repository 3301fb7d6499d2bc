//! Many pictures at once, from and to Arrow.

use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Int32Builder, LargeBinaryBuilder, ListBuilder, StringBuilder,
};
use arrow_array::{Array, ArrayRef, BinaryArray, BinaryViewArray, LargeBinaryArray, RecordBatch};
use arrow_data::ArrayData;
use arrow_pyarrow::{PyArrowType, ToPyArrow};
use arrow_schema::{DataType, Field, Schema};
use headshot::{Cancel, Error, Photo, prepare_each, prepare_until};
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;

use crate::error::message;
use crate::options::Options;

/// A row for each of the pictures in some arrays, `jobs` of them in work at a time.
#[pyfunction]
pub(crate) fn prepare_batch(
    py: Python<'_>,
    pictures: PyArrowType<Vec<ArrayData>>,
    options: Py<Options>,
    jobs: NonZeroUsize,
) -> PyResult<Bound<'_, PyAny>> {
    let pictures = pictures.0.into_iter().map(Pictures::new);
    let pictures = Arc::new(pictures.collect::<PyResult<Vec<Pictures>>>()?);
    let places: Vec<(usize, usize)> = pictures.iter().enumerate().flat_map(places).collect();
    let mut rows = Rows::default();
    let mut photos = prepare_each(places, jobs, &Cancel::never(), {
        let pictures = Arc::clone(&pictures);
        move |(array, row), cancel: &Cancel| {
            let picture = pictures.get(array).map_or(&[][..], |array| array.get(row));
            let options = options.get();
            prepare_until(picture, &options.picture, &options.deadline().or(cancel))
        }
    });
    // The lock is taken for each result, so that Ctrl-C is noticed.
    let done = loop {
        match py.detach(|| photos.next()) {
            Some(photo) => rows.push(photo),
            None => break Ok(()),
        }
        if let Err(interrupted) = py.check_signals() {
            break Err(interrupted);
        }
    };
    // Its threads are waited for, which may want the lock to let go of the arrays.
    py.detach(|| drop(photos));
    done?;
    rows.finish()?.to_pyarrow(py)
}

/// Which array, and which row of it.
fn places((array, pictures): (usize, &Pictures)) -> impl Iterator<Item = (usize, usize)> + use<> {
    (0..pictures.len()).map(move |row| (array, row))
}

/// Files in one of Arrow's layouts for bytes.
enum Pictures {
    Short(BinaryArray),
    Long(LargeBinaryArray),
    View(BinaryViewArray),
}

impl Pictures {
    fn new(data: ArrayData) -> PyResult<Self> {
        match data.data_type() {
            DataType::Binary => Ok(Self::Short(data.into())),
            DataType::LargeBinary => Ok(Self::Long(data.into())),
            DataType::BinaryView => Ok(Self::View(data.into())),
            // Such as a column that is empty, and so has no type.
            DataType::Null => Ok(Self::Short(BinaryArray::new_null(data.len()))),
            other => Err(PyTypeError::new_err(format!(
                "expected an array of binary, large_binary or binary_view, not of {other}"
            ))),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Short(array) => array.len(),
            Self::Long(array) => array.len(),
            Self::View(array) => array.len(),
        }
    }

    /// A null is a file without bytes.
    fn get(&self, row: usize) -> &[u8] {
        match self {
            Self::Short(array) if array.is_valid(row) => array.value(row),
            Self::Long(array) if array.is_valid(row) => array.value(row),
            Self::View(array) if array.is_valid(row) => array.value(row),
            Self::Short(_) | Self::Long(_) | Self::View(_) => &[],
        }
    }
}

/// The result as it grows.
///
/// Photos have 64-bit offsets: a batch of small pictures may become more than 2 GiB. Numbers
/// are signed, since Spark has no others.
#[derive(Default)]
struct Rows {
    photo: LargeBinaryBuilder,
    media_type: StringBuilder,
    side: Int32Builder,
    frames: Int32Builder,
    ok: BooleanBuilder,
    code: StringBuilder,
    reason: StringBuilder,
    message: StringBuilder,
    steps: ListBuilder<StringBuilder>,
}

impl Rows {
    fn push(&mut self, photo: Result<Photo, Error>) {
        let (photo, error) = match photo {
            Ok(photo) => (Some(photo), None),
            Err(error) => (None, Some(error)),
        };
        let photo = photo.as_ref();
        let error = error.as_ref();
        self.photo.append_option(photo.map(|photo| &photo.bytes));
        let media_type = photo.map(|photo| photo.format.media_type());
        self.media_type.append_option(media_type);
        let side = photo.and_then(|photo| i32::try_from(photo.side.px()).ok());
        self.side.append_option(side);
        let frames = photo.and_then(|photo| i32::try_from(photo.frames).ok());
        self.frames.append_option(frames);
        self.ok.append_value(photo.is_some());
        self.code.append_option(error.map(Error::code));
        self.reason.append_option(error.map(Error::reason));
        self.message.append_option(error.map(message));
        let steps = photo.iter().flat_map(|photo| &photo.steps);
        steps.for_each(|step| self.steps.values().append_value(step.name()));
        self.steps.append(photo.is_some());
    }

    fn finish(mut self) -> PyResult<RecordBatch> {
        let columns: [(&str, ArrayRef); 9] = [
            ("photo", Arc::new(self.photo.finish())),
            ("media_type", Arc::new(self.media_type.finish())),
            ("side", Arc::new(self.side.finish())),
            ("frames", Arc::new(self.frames.finish())),
            ("ok", Arc::new(self.ok.finish())),
            ("code", Arc::new(self.code.finish())),
            ("reason", Arc::new(self.reason.finish())),
            ("message", Arc::new(self.message.finish())),
            ("steps", Arc::new(self.steps.finish())),
        ];
        let field = |(name, array): &(&str, ArrayRef)| {
            // Every other one is null where there is no photo, or where there is.
            Field::new(*name, array.data_type().clone(), *name != "ok")
        };
        let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
        let arrays = columns.into_iter().map(|(_, array)| array).collect();
        RecordBatch::try_new(Arc::new(schema), arrays)
            .map_err(|error| PyRuntimeError::new_err(error.to_string()))
    }
}
