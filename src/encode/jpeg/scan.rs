//! The walk over the picture, MCU by MCU (T.81, A.2.3).

use super::component::{Channel, Component, LANES};
use super::fdct::Fdct;
use super::quantize::{Quantized, Quantizer, steps};
use super::reserve;
use super::token::{BLOCK_TOKENS, Token, empty_block, tokenize};
use crate::error::Error;
use crate::options::Quality;

/// Turns components into tokens, one row of MCUs after the other.
pub(super) struct Scan<'a> {
    components: &'a [Component<'a>],
    quantizers: [Quantizer; 2],
    /// The DC coefficient of each component's last block.
    predictors: [i16; 3],
    columns: usize,
    rows: usize,
    next_row: usize,
    /// The coefficients of a row of MCUs: component by component, each from the top left.
    coefficients: Vec<Quantized>,
    /// Room for as many tokens as a row of MCUs can be.
    tokens: Vec<Token>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(components: &'a [Component<'a>], quality: Quality) -> Result<Self, Error> {
        let (mut columns, mut rows, mut mcu_blocks, mut groups) = (0, 0, 0, 0);
        for component in components {
            let factor = usize::from(component.factor);
            columns = component.blocks_across().div_ceil(factor).max(columns);
            rows = component.blocks_down().div_ceil(factor).max(rows);
            mcu_blocks += factor * factor;
            groups += factor * groups_across(component);
        }
        Ok(Self {
            components,
            quantizers: [Channel::Luma, Channel::Chroma]
                .map(|channel| Quantizer::new(&steps(quality, channel))),
            predictors: [0; 3],
            columns,
            rows,
            next_row: 0,
            coefficients: filled(groups, Quantized::ZERO)?,
            tokens: filled(columns * mcu_blocks * BLOCK_TOKENS, Token::default())?,
        })
    }

    /// The tokens of the next row of MCUs, `None` after the last one.
    pub(super) fn next_row(&mut self) -> Option<&[Token]> {
        if self.next_row == self.rows {
            return None;
        }
        let count = pulp::Arch::new().dispatch(NextRow { scan: self });
        self.next_row += 1;
        Some(&self.tokens[..count])
    }

    #[inline(always)]
    fn transform_row(&mut self) {
        let mut groups = self.coefficients.iter_mut();
        let mut fdct = Fdct::new();
        for component in self.components {
            let quantizer = &self.quantizers[component.channel as usize];
            let factor = usize::from(component.factor);
            for y in self.next_row * factor..(self.next_row + 1) * factor {
                for (x, group) in groups.by_ref().take(groups_across(component)).enumerate() {
                    quantizer.quantize(fdct.transform(&component.samples(x, y)), group);
                }
            }
        }
    }

    #[inline(always)]
    fn tokenize_row(&mut self) -> usize {
        let mut count = 0;
        for column in 0..self.columns {
            let mut groups = self.coefficients.as_slice();
            for (component, predictor) in self.components.iter().zip(&mut self.predictors) {
                let factor = usize::from(component.factor);
                for y in self.next_row * factor..(self.next_row + 1) * factor {
                    let (row, below) = groups.split_at(groups_across(component));
                    groups = below;
                    for x in column * factor..(column + 1) * factor {
                        let room = &mut self.tokens[count..];
                        if x < component.blocks_across() && y < component.blocks_down() {
                            let (blocks, lane) = (&row[x / LANES], x % LANES);
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

fn filled<T: Clone>(count: usize, value: T) -> Result<Vec<T>, Error> {
    let mut items = Vec::new();
    reserve(&mut items, count)?;
    items.resize(count, value);
    Ok(items)
}

struct NextRow<'a, 'b> {
    scan: &'a mut Scan<'b>,
}

impl pulp::NullaryFnOnce for NextRow<'_, '_> {
    type Output = usize;

    #[inline(always)]
    fn call(self) -> usize {
        self.scan.transform_row();
        self.scan.tokenize_row()
    }
}
