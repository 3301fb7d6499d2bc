//! GIF: screen, palettes, controls and images (`GIF89a` specification), and the
//! block that says how often to play.

use std::time::Duration;

use crate::container::gif::{Block, Control, Screen, write};
use crate::container::reader::Reader;
use crate::error::Error;
use crate::plan::Plan;
use crate::probe::{Format, played};

pub(super) fn rewrite(file: &[u8], plan: &Plan) -> Result<Vec<u8>, Error> {
    let mut reader = Reader::new(file);
    let screen =
        Screen::read(&mut reader).ok_or_else(|| Error::truncated(Format::Gif, file.len()))?;
    let mut gif = Vec::new();
    // The size is that of the canvas, whatever the source says (see
    // `probe::gif::canvas`).
    write::screen(&mut gif, plan.side, screen.palette);
    if plan.frames > 1 {
        write::loops(&mut gif, plan.loops);
    }
    let mut control = Control::default();
    while let Some(block) = Block::next(&mut reader) {
        match block {
            Block::Control(found) => control = found,
            Block::Image(image) => {
                let Control {
                    disposal,
                    delay,
                    transparent,
                } = std::mem::take(&mut control);
                // The time is the one that is played; a still has none.
                let delay = match plan.frames {
                    1 => Duration::ZERO,
                    _ => played(delay),
                };
                write::control(&mut gif, disposal, delay, transparent);
                write::image(
                    &mut gif,
                    image.rect,
                    image.interlaced,
                    image.palette,
                    image.code_size,
                );
                write::sub_blocks(&mut gif, image.data.iter());
            }
            Block::Application(_) | Block::Text(_) | Block::Unknown(_) => {}
            Block::Trailer => break,
        }
    }
    write::trailer(&mut gif);
    Ok(gif)
}
