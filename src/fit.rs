//! The photo that gives up least and has few enough bytes.

use crate::error::{Error, Quantity};
use crate::options::Options;
use crate::photo::Photo;
use crate::plan::{Plan, Savings, plan, plan_saving, savings};
use crate::probe::Info;

/// Makes a photo as planned, and if it is too long, others by plans that give up more
/// and more: see [`Options::with_max_bytes`].
pub(crate) fn fit(
    info: &Info,
    options: &Options,
    make: impl Fn(Plan) -> Result<Photo, Error>,
) -> Result<Photo, Error> {
    let plan = plan(info, options)?;
    let Some(limit) = options.max_bytes() else {
        return make(plan);
    };
    let savings = savings(options, &plan);
    let first = make(plan);
    if !is_too_long(&first) {
        return first;
    }
    let planned = |at: usize| match savings.get(at) {
        Some(savings) => plan_saving(info, options, savings),
        None => Err(Error::internal("fit")("nothing more to give up")),
    };
    // The photo of `long` is too long, that of `short` isn't.
    let mut long = 0;
    let (mut short, mut photo) = shortest(&savings, limit, |at| {
        // It is made to its end in any case, for an error that says how short it is.
        make(Plan {
            max_bytes: None,
            ..planned(at)?
        })
    })?;
    while short - long > 1 {
        let middle = long.midpoint(short);
        let other = make(planned(middle)?);
        if is_too_long(&other) {
            long = middle;
        } else {
            (short, photo) = (middle, other?);
        }
    }
    Ok(photo)
}

/// The photo that gives up most and is short enough, and its number.
fn shortest(
    savings: &[Savings],
    limit: u64,
    make: impl Fn(usize) -> Result<Photo, Error>,
) -> Result<(usize, Photo), Error> {
    let last = savings.len().saturating_sub(1);
    let smaller = make(last)?;
    if smaller.bytes.len() as u64 <= limit {
        return Ok((last, smaller));
    }
    // Drawings of few colours get more of them, and longer, if they get smaller.
    let full = savings.iter().rposition(|one| !one.is_smaller());
    let len = match full.filter(|&full| full < last) {
        Some(full) => {
            let photo = make(full)?;
            if photo.bytes.len() as u64 <= limit {
                return Ok((full, photo));
            }
            photo.bytes.len().min(smaller.bytes.len())
        }
        None => smaller.bytes.len(),
    };
    Err(Error::TooLarge {
        quantity: Quantity::OutputBytes,
        measured: len as u64,
        limit,
    })
}

fn is_too_long(photo: &Result<Photo, Error>) -> bool {
    let quantity = match photo {
        Err(Error::TooLarge { quantity, .. }) => Some(*quantity),
        _ => None,
    };
    quantity == Some(Quantity::OutputBytes)
}
