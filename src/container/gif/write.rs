//! Blocks as this crate writes them: nothing in them but what a decoder needs.

use std::num::NonZeroU32;
use std::time::Duration;

use super::{Disposal, Palette, introducer, label};
use crate::geometry::{Edge, Rect};
use crate::probe::Loops;

/// Signature, screen and global palette. Background and aspect ratio are 0:
/// nobody heeds them.
pub(super) fn screen(gif: &mut Vec<u8>, edge: Edge, palette: Palette<'_>) {
    let [low, high] = u16_le(edge.px());
    let bits = bits(palette);
    // The bits of the original colours are said to be those of the palette.
    let flags = palette_flag(palette) | bits << 4 | bits;
    gif.extend_from_slice(b"GIF89a");
    gif.extend_from_slice(&[low, high, low, high, flags, 0, 0]);
    gif.extend_from_slice(palette);
}

/// How often an animation is played, where that has to be said.
pub(super) fn loops(gif: &mut Vec<u8>, loops: Loops) {
    // Repeats after the first time, 0 for ever, and nothing for what is played once.
    let repeats = match loops {
        Loops::Forever => 0,
        Loops::Times(NonZeroU32::MIN) => return,
        Loops::Times(times) => u16::try_from(times.get() - 1).unwrap_or(u16::MAX),
    };
    let [low, high] = repeats.to_le_bytes();
    gif.extend_from_slice(&[introducer::EXTENSION, label::APPLICATION, 11]);
    gif.extend_from_slice(b"NETSCAPE2.0");
    gif.extend_from_slice(&[3, 1, low, high, 0]);
}

/// How the next image is shown. Every image gets a control.
pub(super) fn control(
    gif: &mut Vec<u8>,
    disposal: Disposal,
    delay: Duration,
    transparent: Option<u8>,
) {
    let [low, high] = hundredths(delay).to_le_bytes();
    let disposal: u8 = match disposal {
        Disposal::Keep => 1,
        Disposal::Background => 2,
        Disposal::Previous => 3,
    };
    let flags = disposal << 2 | u8::from(transparent.is_some());
    gif.extend_from_slice(&[introducer::EXTENSION, label::GRAPHIC_CONTROL, 4]);
    gif.extend_from_slice(&[flags, low, high, transparent.unwrap_or(0), 0]);
}

/// Where an image lies, and its palette. The bits of its indices and its codes come next.
pub(super) fn image(gif: &mut Vec<u8>, rect: Rect, interlaced: bool, palette: Palette<'_>) {
    let place = [rect.x, rect.y, rect.width, rect.height].map(u16_le);
    let flags = palette_flag(palette) | u8::from(interlaced) << 6 | bits(palette);
    gif.push(introducer::IMAGE);
    gif.extend_from_slice(place.as_flattened());
    gif.push(flags);
    gif.extend_from_slice(palette);
}

/// The flags of an image whose palette is taken out.
pub(super) const fn without_table(flags: u8) -> u8 {
    flags & 0x40
}

pub(super) fn trailer(gif: &mut Vec<u8>) {
    gif.push(introducer::TRAILER);
}

fn palette_flag(palette: Palette<'_>) -> u8 {
    u8::from(!palette.is_empty()) << 7
}

/// How the length of a palette is written: bits of an index, less one.
fn bits(palette: Palette<'_>) -> u8 {
    let colors = palette.len() / 3;
    let bits = colors.checked_ilog2().unwrap_or(1).saturating_sub(1);
    u8::try_from(bits).unwrap_or(0)
}

/// A number that came out of 16 bits.
fn u16_le(number: u32) -> [u8; 2] {
    let [low, high, ..] = number.to_le_bytes();
    [low, high]
}

/// A delay in the unit of GIF, rounded half up.
fn hundredths(delay: Duration) -> u16 {
    u16::try_from(delay.as_millis().saturating_add(5) / 10).unwrap_or(u16::MAX)
}
