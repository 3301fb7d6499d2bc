//! The codes of GIF (`GIF89a`, appendix F): indices of colours, packed by LZW.
//!
//! Codes are read and written by what is here, not by `weezl`: it takes 2 to 4
//! times as long for either, and cannot prove codes whole without unpacking them.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "codes have up to 12 bits, strings up to 4096 indices, which stand in memory already, \
              and no more than 64 bits are pending"
)]

mod pack;
mod unpack;
mod used;

pub(crate) use pack::Packer;
pub(crate) use unpack::{Codes, Fault, Unpacker};
pub(crate) use used::Used;

/// The widest code has 12 bits.
const MAX_BITS: u32 = 12;
/// Codes that can be told apart.
const MAX_CODES: usize = 1 << MAX_BITS;

#[cfg(test)]
mod tests;
