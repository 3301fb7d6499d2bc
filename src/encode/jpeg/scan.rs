//! The walk over the picture, MCU by MCU (T.81, A.2.3).

use super::component::{Component, LANES};
use super::fdct::Fdct;
use super::quantize::{Quantized, Quantizer};
use super::token::tokenize;
use crate::container::jpeg::Channel;
use crate::container::jpeg::quantization::steps;
use crate::error::Error;
use crate::huffman::{BLOCK_TOKENS, Token, empty_block};
use crate::memory::filled;
use crate::options::Quality;
use std::ops::Range;

/// Turns components into tokens, one row of MCUs after the other.
pub(super) struct Scan<'a> {
    components: &'a [Component<'a>],
    quantizers: [Quantizer; 2],
    /// The DC coefficient of each component's last block.
    predictors: [i16; 3],
    columns: usize,
    rows: Range<usize>,
    /// The coefficients of a row of MCUs: component by component, each from the top left.
    coefficients: Vec<Quantized>,
    /// Room for as many tokens as a row of MCUs can be.
    tokens: Vec<Token>,
}

impl<'a> Scan<'a> {
    /// Starts at a row of MCUs.
    pub(super) fn new(
        components: &'a [Component<'a>],
        quality: Quality,
        rows: Range<u32>,
    ) -> Result<Self, Error> {
        let (mut columns, mut mcu_blocks, mut groups) = (0, 0, 0);
        for component in components {
            let factor = usize::from(component.factor);
            columns = component.blocks_across().div_ceil(factor).max(columns);
            mcu_blocks += factor * factor;
            groups += factor * groups_across(component);
        }
        let (first, end) = (rows.start as usize, rows.end as usize);
        let mut scan = Self {
            components,
            quantizers: [Channel::Luma, Channel::Chroma]
                .map(|channel| Quantizer::new(&steps(quality, channel))),
            predictors: [0; 3],
            columns,
            rows: first.saturating_sub(1)..end,
            coefficients: filled(Quantized::ZERO, groups)?,
            tokens: filled(Token::default(), columns * mcu_blocks * BLOCK_TOKENS)?,
        };
        if first > 0 {
            // Only for the predictors.
            scan.next_row();
        }
        Ok(scan)
    }

    /// How many rows of MCUs there are in all.
    pub(super) fn rows(components: &[Component<'_>]) -> u32 {
        let rows = |component: &Component<'_>| {
            (component.blocks_down()).div_ceil(usize::from(component.factor))
        };
        components.iter().map(rows).max().unwrap_or(0) as u32
    }

    /// The tokens of the next row of MCUs, `None` after the last one.
    pub(super) fn next_row(&mut self) -> Option<&[Token]> {
        let row = self.rows.next()?;
        let count = pulp::Arch::new().dispatch(NextRow { scan: self, row });
        Some(&self.tokens[..count])
    }

    #[inline(always)]
    fn transform_row(&mut self, row: usize) {
        let mut groups = self.coefficients.iter_mut();
        let mut fdct = Fdct::new();
        for component in self.components {
            let quantizer = &self.quantizers[component.channel as usize];
            let factor = usize::from(component.factor);
            for y in row * factor..(row + 1) * factor {
                for (x, group) in groups.by_ref().take(groups_across(component)).enumerate() {
                    quantizer.quantize(fdct.transform(&component.samples(x, y)), group);
                }
            }
        }
    }

    #[inline(always)]
    fn tokenize_row(&mut self, row: usize) -> usize {
        let mut count = 0;
        for column in 0..self.columns {
            let mut groups = self.coefficients.as_slice();
            for (component, predictor) in self.components.iter().zip(&mut self.predictors) {
                let factor = usize::from(component.factor);
                for y in row * factor..(row + 1) * factor {
                    let (across, below) = groups.split_at(groups_across(component));
                    groups = below;
                    for x in column * factor..(column + 1) * factor {
                        let room = &mut self.tokens[count..];
                        if x < component.blocks_across() && y < component.blocks_down() {
                            let (blocks, lane) = (&across[x / LANES], x % LANES);
                            let room = room.first_chunk_mut().expect("room for each block");
                            count += tokenize(blocks, lane, *predictor, component.channel, room);
                            *predictor = blocks.coefficients[0][lane];
                        } else {
                            let empty = empty_block(component.channel);
                            room[..empty.len()].copy_from_slice(&empty);
                            count += empty.len();
                        }
                    }
                }
            }
        }
        count
    }
}

fn groups_across(component: &Component<'_>) -> usize {
    component.blocks_across().div_ceil(LANES)
}

struct NextRow<'a, 'b> {
    scan: &'a mut Scan<'b>,
    row: usize,
}

impl pulp::NullaryFnOnce for NextRow<'_, '_> {
    type Output = usize;

    #[inline(always)]
    fn call(self) -> usize {
        self.scan.transform_row(self.row);
        self.scan.tokenize_row(self.row)
    }
}
