//! Blocks as tokens (T.81, F.1.2).

use super::quantize::Quantized;
use crate::container::jpeg::Channel;
use crate::huffman::{BLOCK_TOKENS, TableIndex, Token};

/// Writes the block of a lane as tokens and says how many they are. `predictor` is the DC of the
/// component's block before.
#[inline(always)]
pub(super) fn tokenize(
    blocks: &Quantized,
    lane: usize,
    predictor: i16,
    channel: Channel,
    tokens: &mut [Token; BLOCK_TOKENS],
) -> usize {
    let table = TableIndex::ac(channel);
    let difference = i32::from(blocks.coefficients[0][lane]) - i32::from(predictor);
    tokens[0] = Token::value(TableIndex::dc(channel), 0, difference);
    let mut count = 1;
    let mut next = 1;
    // The DC coefficient is done.
    let mut nonzero = blocks.nonzero[lane] & !1;
    while nonzero != 0 {
        let index = nonzero.trailing_zeros();
        nonzero &= nonzero - 1;
        let mut run = index - next;
        next = index + 1;
        while run >= 16 {
            tokens[count % BLOCK_TOKENS] = Token::sixteen_zeros(table);
            count += 1;
            run -= 16;
        }
        let value = blocks.coefficients[index as usize % 64][lane];
        tokens[count % BLOCK_TOKENS] = Token::value(table, run, i32::from(value));
        count += 1;
    }
    if next < 64 {
        tokens[count % BLOCK_TOKENS] = Token::end_of_block(table);
        count += 1;
    }
    count
}
