//! Everything but the entropy-coded segment (T.81, B.2).

use super::component::Component;
use crate::container::jpeg::quantization::{steps, zigzag};
use crate::container::jpeg::write::{self, Class, Colors, FrameComponent, ScanMember};
use crate::container::jpeg::{Channel, marker};
use crate::error::Error;
use crate::huffman::TableSet;
use crate::options::Quality;

/// More than any header has: SOI 2, APP0 18, two DQT of 69, SOF0 19, two DHT of 33 for DC and two
/// of 183 for AC (optimised tables hold no symbol that the typical ones lack), SOS 14.
pub(super) const HEADER_BYTES: usize = 1024;

/// All 64 coefficients in one go, at full precision: baseline knows nothing else.
const SPECTRUM: [u8; 3] = [0, 63, 0];

/// Writes all segments up to the scan's data.
pub(super) fn write_headers(
    file: &mut Vec<u8>,
    components: &[Component<'_>],
    quality: Quality,
    tables: &TableSet,
) -> Result<(), Error> {
    let channels: &[Channel] = match components {
        [_] => &[Channel::Luma],
        _ => &[Channel::Luma, Channel::Chroma],
    };
    write::start(file, Colors::Jfif)?;
    for &channel in channels {
        let steps = zigzag(&steps(quality, channel));
        write::quantization(file, channel as u8, &steps)?;
    }
    let of_frame: Vec<_> = (components.iter())
        .map(|component| FrameComponent {
            horizontal: component.factor,
            vertical: component.factor,
            quantization: component.channel as u8,
        })
        .collect();
    let luma = &components[0].plane;
    let size = [luma.width(), luma.height()];
    write::frame(file, marker::SOF0, size, &of_frame)?;
    tables.write(file, channels, &[Class::Dc, Class::Ac])?;
    let members: Vec<_> = (components.iter().zip(0..))
        .map(|(component, place)| ScanMember {
            component: place,
            dc: component.channel as u8,
            ac: component.channel as u8,
        })
        .collect();
    write::scan(file, &members, SPECTRUM)
}
