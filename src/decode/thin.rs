//! Which frames of an animation are kept if there are too many.

#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

use std::time::Duration;

use crate::container::gif::{Block, Screen};
use crate::container::png::{Chunk, SIGNATURE_LEN, delay};
use crate::container::reader::Reader;
use crate::probe::{Format, Info, played};

/// Frames of which every so many are dropped. Each that is kept is shown for the
/// time of those that are dropped after it, too.
#[derive(Debug)]
pub(super) struct Thin {
    /// How long each frame of the source is shown.
    delays: Vec<Duration>,
    kept: usize,
    next: usize,
}

impl Thin {
    pub(super) fn new(bytes: &[u8], info: &Info, kept: u32) -> Self {
        let mut delays = match info.format {
            Format::Gif => of_gif(bytes),
            _ => of_png(bytes),
        };
        delays.truncate(info.frames as usize);
        Self {
            delays,
            kept: kept as usize,
            next: 0,
        }
    }

    /// How many frames are dropped before the next one that is kept, and how long
    /// that one is shown.
    pub(super) fn next(&mut self) -> (usize, Duration) {
        // The nth one that is kept.
        let place = |n: usize| {
            let place = (n as u64).saturating_mul(self.delays.len() as u64);
            let place = place.checked_div(self.kept as u64).unwrap_or(0);
            usize::try_from(place).unwrap_or(usize::MAX)
        };
        let last = self.next.checked_sub(1).map(place);
        let (start, end) = (place(self.next), place(self.next.saturating_add(1)));
        let delay = self.delays.get(start..end).unwrap_or_default().iter().sum();
        self.next = self.next.saturating_add(1);
        (
            last.map_or(start, |last| start.saturating_sub(last).saturating_sub(1)),
            delay,
        )
    }
}

fn of_gif(bytes: &[u8]) -> Vec<Duration> {
    let mut reader = Reader::new(bytes);
    let mut delays = Vec::new();
    let mut next = Duration::ZERO;
    if Screen::read(&mut reader).is_none() {
        return delays;
    }
    while let Some(block) = Block::next(&mut reader) {
        match block {
            Block::Control(control) => next = control.delay,
            Block::Image(_) => delays.push(played(std::mem::take(&mut next))),
            Block::Trailer => break,
            _ => {}
        }
    }
    delays
}

fn of_png(bytes: &[u8]) -> Vec<Duration> {
    let mut reader = Reader::new(bytes);
    reader.take(SIGNATURE_LEN);
    let mut delays = Vec::new();
    while let Some(chunk) = Chunk::next(&mut reader) {
        if &chunk.name == b"fcTL" {
            let mut fields = Reader::new(chunk.data);
            fields.take(20); // number, size and place
            if let (Some(numerator), Some(denominator)) = (fields.u16_be(), fields.u16_be()) {
                delays.push(played(delay(numerator, denominator)));
            }
        }
    }
    delays
}
