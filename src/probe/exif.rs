//! The two facts of EXIF that matter here: orientation, and whether a place is
//! told. The rest is skipped, so broken EXIF costs nothing but these facts.

use crate::orientation::Orientation;

/// Tag numbers of the first directory (CIPA DC-008, sections 4.6.4 and 4.6.5).
const ORIENTATION: u16 = 0x0112;
const GPS_DIRECTORY: u16 = 0x8825;

/// The TIFF type "unsigned 16-bit number".
const SHORT: u16 = 3;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Exif {
    pub(super) orientation: Orientation,
    pub(super) gps: bool,
}

/// Reads the first directory of a TIFF structure, as far as it can be read.
/// A value out of range is the same as none.
pub(super) fn parse(tiff: &[u8]) -> Exif {
    let mut exif = Exif::default();
    let _ = read(tiff, &mut exif);
    exif
}

fn read(tiff: &[u8], exif: &mut Exif) -> Option<()> {
    let order = ByteOrder::of(tiff)?;
    let directory = usize::try_from(order.u32(tiff, 4)?).ok()?;
    let entries = order.u16(tiff, directory)?;
    let mut has_orientation = false;
    for entry in 0..usize::from(entries) {
        let at = directory
            .checked_add(12_usize.checked_mul(entry)?)?
            .checked_add(2)?;
        match order.u16(tiff, at)? {
            // The first one counts, as in Chromium, Pillow and libvips.
            ORIENTATION if !has_orientation && order.u16(tiff, at.checked_add(2)?)? == SHORT => {
                let value = order.u16(tiff, at.checked_add(8)?)?;
                exif.orientation = Orientation::from_exif(value).unwrap_or_default();
                has_orientation = true;
            }
            GPS_DIRECTORY => exif.gps = true,
            _ => {}
        }
    }
    Some(())
}

#[derive(Clone, Copy)]
enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    fn of(tiff: &[u8]) -> Option<Self> {
        match tiff {
            [b'I', b'I', 42, 0, ..] => Some(Self::Little),
            [b'M', b'M', 0, 42, ..] => Some(Self::Big),
            _ => None,
        }
    }

    fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let two = bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Little => u16::from_le_bytes(*two),
            Self::Big => u16::from_be_bytes(*two),
        })
    }

    fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let four = bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Little => u32::from_le_bytes(*four),
            Self::Big => u32::from_be_bytes(*four),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One directory with one entry: `tag`, type SHORT, count 1, `value`.
    fn tiff(big: bool, tag: u16, value: u16) -> Vec<u8> {
        let n16 = |n: u16| {
            if big {
                n.to_be_bytes()
            } else {
                n.to_le_bytes()
            }
        };
        let n32 = |n: u32| {
            if big {
                n.to_be_bytes()
            } else {
                n.to_le_bytes()
            }
        };
        let mut bytes = if big { b"MM".to_vec() } else { b"II".to_vec() };
        bytes.extend(n16(42));
        bytes.extend(n32(8));
        bytes.extend(n16(1));
        bytes.extend(n16(tag));
        bytes.extend(n16(SHORT));
        bytes.extend(n32(1));
        bytes.extend(n16(value));
        bytes.extend([0; 6]);
        bytes
    }

    #[test]
    fn orientation_in_either_byte_order() {
        for big in [false, true] {
            for orientation in Orientation::ALL {
                let exif = parse(&tiff(big, ORIENTATION, orientation.exif().into()));
                assert_eq!(exif.orientation, orientation);
            }
        }
    }

    #[test]
    fn the_first_of_two_orientations_counts() {
        for big in [false, true] {
            let [mut both, other] = [6, 1].map(|value| tiff(big, ORIENTATION, value));
            let (count, entries) = (8..10, 10..22);
            both.splice(22..22, other[entries].iter().copied());
            both[count].copy_from_slice(&if big { [0, 2] } else { [2, 0] });
            assert_eq!(parse(&both).orientation.exif(), 6);
        }
    }

    #[test]
    fn values_out_of_range_are_ignored() {
        for value in [0, 9, 256, u16::MAX] {
            assert_eq!(parse(&tiff(true, ORIENTATION, value)), Exif::default());
        }
    }

    #[test]
    fn every_cut_is_tolerated() {
        let whole = tiff(false, ORIENTATION, 6);
        for len in 0..whole.len() {
            let _ = parse(&whole[..len]);
        }
        assert!(parse(&tiff(false, GPS_DIRECTORY, 0)).gps);
    }
}
