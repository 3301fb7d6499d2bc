//! The crop box that a call asks for.

use headshot::CropBox;

use crate::answer::{Code, Refusal};
use crate::form::Form;

/// All of it, or none. Whether it fits the picture is the library's to say.
pub(crate) fn read(form: &Form) -> Result<Option<CropBox>, Refusal> {
    let names = ["crop_x", "crop_y", "crop_w"];
    let missing: Vec<_> = names
        .iter()
        .filter(|name| form.text(name).is_none())
        .copied()
        .collect();
    if missing.len() == names.len() {
        return Ok(None);
    }
    if !missing.is_empty() {
        let missing = missing.join(" and ");
        return Err(Code::InvalidArguments.because(format_args!(
            "missing beside the rest of the crop box: {missing}"
        )));
    }
    let [x, y, width] = names.map(|name| number(form, name));
    Ok(Some(CropBox {
        x: x?,
        y: y?,
        width: width?,
    }))
}

fn number(form: &Form, name: &str) -> Result<u32, Refusal> {
    let text = form.text(name).unwrap_or_default();
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| is_plain);
    number.ok_or_else(|| {
        Code::InvalidArguments.because(format_args!("{name} has to be a whole number of pixels"))
    })
}
