//! GIF: screen, palettes, controls and images (`GIF89a` specification), and the
//! block that says how often to play.

use std::time::Duration;

use crate::container::gif::{
    Block, Control, Disposal, Image, Palette, Screen, SubBlocks, hundredths, introducer, label,
    repeats,
};
use crate::container::reader::Reader;
use crate::error::Error;
use crate::geometry::Side;
use crate::plan::Plan;
use crate::probe::{Format, played};

pub(super) fn rewrite(file: &[u8], plan: &Plan) -> Result<Vec<u8>, Error> {
    let mut reader = Reader::new(file);
    let screen =
        Screen::read(&mut reader).ok_or_else(|| Error::truncated(Format::Gif, file.len()))?;
    let mut gif = Vec::new();
    write_screen(&mut gif, plan.side, screen.palette);
    if plan.frames > 1
        && let Some(repeats) = repeats(plan.loops)
    {
        write_loop(&mut gif, repeats);
    }
    let mut control = Control::default();
    while let Some(block) = Block::next(&mut reader) {
        match block {
            Block::Control(found) => control = found,
            Block::Image(image) => {
                write_control(&mut gif, &std::mem::take(&mut control), plan);
                write_image(&mut gif, &image);
            }
            Block::Application(_) | Block::Text(_) | Block::Unknown(_) => {}
            Block::Trailer => break,
        }
    }
    gif.push(introducer::TRAILER);
    Ok(gif)
}

/// The size is that of the canvas, whatever the source says (see
/// `probe::gif::canvas`). Background and aspect ratio are 0: nobody heeds them.
fn write_screen(gif: &mut Vec<u8>, side: Side, palette: Palette<'_>) {
    let [low, high] = u16_le(side.px());
    let bits = bits(palette);
    // The bits of the original colours are said to be those of the palette.
    let flags = palette_flag(palette) | bits << 4 | bits;
    gif.extend_from_slice(b"GIF89a");
    gif.extend_from_slice(&[low, high, low, high, flags, 0, 0]);
    gif.extend_from_slice(palette);
}

fn write_loop(gif: &mut Vec<u8>, repeats: u16) {
    let [low, high] = repeats.to_le_bytes();
    gif.extend_from_slice(&[introducer::EXTENSION, label::APPLICATION, 11]);
    gif.extend_from_slice(b"NETSCAPE2.0");
    gif.extend_from_slice(&[3, 1, low, high, 0]);
}

/// Every image gets a control, with the time as it is played; a still has none.
fn write_control(gif: &mut Vec<u8>, control: &Control, plan: &Plan) {
    let delay = match plan.frames {
        1 => Duration::ZERO,
        _ => played(control.delay),
    };
    let [low, high] = hundredths(delay).to_le_bytes();
    let disposal: u8 = match control.disposal {
        Disposal::Keep => 1,
        Disposal::Background => 2,
        Disposal::Previous => 3,
    };
    let flags = disposal << 2 | u8::from(control.transparent.is_some());
    let transparent = control.transparent.unwrap_or(0);
    gif.extend_from_slice(&[introducer::EXTENSION, label::GRAPHIC_CONTROL, 4]);
    gif.extend_from_slice(&[flags, low, high, transparent, 0]);
}

fn write_image(gif: &mut Vec<u8>, image: &Image<'_>) {
    let rect = image.rect;
    let place = [rect.x, rect.y, rect.width, rect.height].map(u16_le);
    let palette = image.palette;
    let flags = palette_flag(palette) | u8::from(image.interlaced) << 6 | bits(palette);
    gif.push(introducer::IMAGE);
    gif.extend_from_slice(place.as_flattened());
    gif.push(flags);
    gif.extend_from_slice(palette);
    gif.push(image.code_size);
    write_sub_blocks(gif, image.data);
}

fn write_sub_blocks(gif: &mut Vec<u8>, data: SubBlocks<'_>) {
    for block in data.iter() {
        gif.push(u8::try_from(block.len()).unwrap_or(u8::MAX));
        gif.extend_from_slice(block);
    }
    gif.push(0);
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
