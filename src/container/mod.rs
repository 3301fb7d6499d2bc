//! The containers around compressed pixels: segments of JPEG, chunks of PNG,
//! blocks of GIF. Read (and those of GIF written) in one place, for whoever
//! needs them.

#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

pub(crate) mod frame;
pub(crate) mod gif;
pub(crate) mod jpeg;
pub(crate) mod png;
pub(crate) mod reader;
