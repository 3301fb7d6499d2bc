//! A GIF as it is written: image by image, and with no more of its color tables than the
//! images use.
//!
//! A color table has as many entries as it takes to hold the last index that occurs, and
//! those that no pixel shows are black. An image whose colors all stand in the global color
//! table at the same indices has no local one. So nothing is left in tables that isn't seen
//! in the picture, and a file that is written once more stays as it is.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "lengths and places of what stands in memory, and small sums of them"
)]

use std::time::Duration;

use super::{Disposal, Palette, write};
use crate::error::Error;
use crate::geometry::{Edge, Rect};
use crate::lzw::Used;
use crate::memory::{append, reserve, reserve_exact};
use crate::probe::Loops;

/// An image that is written.
pub(crate) struct Picture<'a> {
    pub(crate) rect: Rect,
    pub(crate) interlaced: bool,
    pub(crate) disposal: Disposal,
    pub(crate) delay: Duration,
    pub(crate) transparent: Option<u8>,
    /// Its own palette; an empty one for the global palette.
    pub(crate) palette: Palette<'a>,
    /// The indices that occur.
    pub(crate) used: Used,
    pub(crate) code_size: u8,
    /// Up to the end code.
    pub(crate) codes: &'a [u8],
}

/// The blocks of the images so far, and what the global color table has to hold for them.
#[derive(Default)]
pub(crate) struct File {
    blocks: Vec<u8>,
    global: Needs,
    /// Images with a local color table.
    locals: Vec<Local>,
}

/// What is needed of a color table.
#[derive(Clone, Copy)]
struct Needs {
    /// Entries whose colors are seen.
    colors: Used,
    /// Entries up to the last index that occurs, be it the transparent one.
    len: usize,
}

impl Default for Needs {
    fn default() -> Self {
        Self {
            colors: Used::NONE,
            len: 0,
        }
    }
}

impl Needs {
    fn of(picture: &Picture<'_>) -> Self {
        Self {
            colors: picture.used.without(picture.transparent),
            len: picture.used.end(),
        }
    }

    /// What is needed of a palette, as it stands in the file: its length is a power of 2,
    /// and 2 at least. Indices beyond the palette are black, as decoders show them.
    fn table(&self, palette: Palette<'_>) -> Vec<u8> {
        let mut table = vec![[0; 3]; self.len.next_power_of_two().max(2)];
        for index in self.colors.iter() {
            if let (Some(entry), Some(&color)) = (
                table.get_mut(usize::from(index)),
                palette.as_chunks().0.get(usize::from(index)),
            ) {
                *entry = color;
            }
        }
        table.as_flattened().to_vec()
    }

    /// Whether a table has all of that at the same places as another one.
    fn are_met(&self, table: Palette<'_>, other: Palette<'_>) -> bool {
        let [table, other] = [table, other].map(|table| table.as_chunks::<3>().0);
        self.len <= table.len()
            && (self.colors.iter().map(usize::from)).all(|at| table.get(at) == other.get(at))
    }
}

/// A local color table among the blocks.
struct Local {
    /// Where the flags of its image are. The table comes next.
    at: usize,
    /// Bytes of the table.
    len: usize,
    needs: Needs,
}

impl File {
    /// Bytes of the blocks so far.
    pub(crate) const fn len(&self) -> usize {
        self.blocks.len()
    }

    pub(crate) fn add(&mut self, picture: &Picture<'_>) -> Result<(), Error> {
        let transparent = match picture.transparent {
            Some(index) if picture.used.contains(index) => Some(index),
            // Some viewers, such as Pillow, fill what is cleared with a color, unless the image
            // has a transparent index. Which one it is tells nothing.
            Some(_) if picture.disposal == Disposal::Background => picture.used.first_free(),
            _ => None,
        };
        let needs = Needs::of(picture);
        let table = match picture.palette {
            [] => {
                self.global.colors.insert_all(needs.colors);
                self.global.len = self.global.len.max(needs.len);
                Vec::new()
            }
            local => needs.table(local),
        };
        // For what is not codes, and for lengths of sub-blocks.
        reserve(
            &mut self.blocks,
            picture.codes.len() / 255 + table.len() + 64,
        )?;
        write::control(
            &mut self.blocks,
            picture.disposal,
            picture.delay,
            transparent,
        );
        write::image(&mut self.blocks, picture.rect, picture.interlaced, &table);
        if !table.is_empty() {
            self.locals.push(Local {
                at: self.blocks.len() - table.len() - 1,
                len: table.len(),
                needs,
            });
        }
        self.blocks.push(picture.code_size);
        for block in picture.codes.chunks(255) {
            self.blocks
                .push(u8::try_from(block.len()).unwrap_or(u8::MAX));
            append(&mut self.blocks, block)?;
        }
        self.blocks.push(0);
        Ok(())
    }

    /// The whole file: what comes before the images is known only now. The blocks stay
    /// where they are, since two of them would be the most that is ever held.
    pub(crate) fn finish(
        mut self,
        edge: Edge,
        loops: Option<Loops>,
        global: Palette<'_>,
    ) -> Result<Vec<u8>, Error> {
        let table = match self.global.len {
            0 => Vec::new(),
            _ => self.global.table(global),
        };
        self.drop_locals(&table);
        let mut start = Vec::new();
        write::screen(&mut start, edge, &table);
        if let Some(loops) = loops {
            write::loops(&mut start, loops);
        }
        let mut gif = self.blocks;
        reserve_exact(&mut gif, start.len() + 1)?;
        gif.splice(..0, start);
        write::trailer(&mut gif);
        Ok(gif)
    }

    /// Takes out local color tables in place of which the global one does as well.
    fn drop_locals(&mut self, global: Palette<'_>) {
        let mut kept = 0;
        let mut next = 0;
        for local in &self.locals {
            let end = local.at + 1 + local.len;
            let table = self.blocks.get(local.at + 1..end).unwrap_or_default();
            if !local.needs.are_met(global, table) {
                continue;
            }
            if let Some(flags) = self.blocks.get_mut(local.at) {
                *flags = write::without_table(*flags);
            }
            self.blocks.copy_within(next..=local.at, kept);
            kept += local.at + 1 - next;
            next = end;
        }
        self.blocks.copy_within(next.., kept);
        let len = self.blocks.len();
        self.blocks.truncate(kept + len - next);
    }
}
