//! Huffman coding of JPEG scans (ITU-T T.81, annexes C, F.1.2, G.1.2 and K.2): tokens, the best
//! tables for them, and the bits of the file. The encoder and the rewriting of compressed pixels
//! share it.

#![expect(
    clippy::inline_always,
    reason = "run-time dispatch compiles only what is inlined into it for the wider instructions"
)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "coefficients and codes have known ranges"
)]
#![expect(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "what is indexed are arrays of fixed length, by what this module itself has computed"
)]

mod bits;
mod table;
mod token;
mod tree;

pub(crate) use bits::BitWriter;
pub(crate) use table::{Frequencies, TableSet};
pub(crate) use token::{BLOCK_TOKENS, TableIndex, Token, dc_difference, empty_block};
