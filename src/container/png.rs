//! PNG chunks (W3C PNG, third edition, section 5).

use std::time::Duration;

use super::reader::Reader;
use crate::error::Error;
use crate::geometry::Size;
use crate::memory::append;
use crate::probe::Loops;

/// Length of the signature before the first chunk.
pub(crate) const SIGNATURE_LEN: usize = 8;

/// A chunk. Its checksum is the decoder's to check.
pub(crate) struct Chunk<'a> {
    pub(crate) name: [u8; 4],
    pub(crate) data: &'a [u8],
    /// As it stands in the file, if it does.
    checksum: Option<u32>,
}

impl<'a> Chunk<'a> {
    /// The next chunk, or `None` where the file ends in or before it. Pixels
    /// that are cut short are pixels all the same.
    pub(crate) fn next(reader: &mut Reader<'a>) -> Option<Self> {
        let mut ahead = *reader;
        let len = usize::try_from(ahead.u32_be()?).ok()?;
        let name = ahead.array()?;
        let data = match ahead.take(len) {
            Some(data) => data,
            None if matches!(&name, b"IDAT" | b"fdAT") => ahead.take(ahead.rest().len())?,
            None => return None,
        };
        let checksum = ahead.u32_be();
        if checksum.is_none() {
            ahead.take(ahead.rest().len());
        }
        *reader = ahead;
        Some(Self {
            name,
            data,
            checksum,
        })
    }

    /// Whether the file ends before the checksum does.
    pub(crate) const fn is_cut(&self) -> bool {
        self.checksum.is_none()
    }

    /// Whether the checksum is there, and right.
    pub(crate) fn is_intact(&self) -> bool {
        self.checksum == Some(checksum(self.name, self.data))
    }
}

/// The checksum behind a chunk (section 5.3).
fn checksum(name: [u8; 4], data: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&name);
    crc.update(data);
    crc.finalize()
}

/// Writes a chunk whose data are `first` and then `parts`.
pub(crate) fn write<'d>(
    png: &mut Vec<u8>,
    name: [u8; 4],
    first: &[u8],
    parts: impl IntoIterator<Item = &'d [u8], IntoIter: Clone>,
) -> Result<(), Error> {
    let parts = parts.into_iter();
    let len = parts.clone().map(<[u8]>::len).sum::<usize>();
    let len = len.saturating_add(first.len());
    let len = u32::try_from(len).map_err(Error::internal("encode"))?;
    let mut crc = crc32fast::Hasher::new();
    append(png, &len.to_be_bytes())?;
    for part in [&name[..], first] {
        crc.update(part);
        append(png, part)?;
    }
    for part in parts {
        crc.update(part);
        append(png, part)?;
    }
    append(png, &crc.finalize().to_be_bytes())?;
    Ok(())
}

/// Bytes that a PNG begins with.
const SIGNATURE: [u8; SIGNATURE_LEN] = *b"\x89PNG\r\n\x1a\n";

/// The color type and the bits of a sample, as IHDR has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) color: u8,
    pub(crate) depth: u8,
}

/// What is written before the pixels, and before the control of a first frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) size: Size,
    pub(crate) kind: Kind,
    pub(crate) interlaced: bool,
    /// PLTE and tRNS, which are left out if they are empty.
    pub(crate) palette: Vec<u8>,
    pub(crate) transparency: Vec<u8>,
}

impl Head {
    /// A file in which samples mean what they are.
    pub(crate) const fn plain(size: Size, kind: Kind) -> Self {
        Self {
            size,
            kind,
            interlaced: false,
            palette: Vec::new(),
            transparency: Vec::new(),
        }
    }

    /// Begins a file, which is an animation if it has several frames.
    pub(crate) fn write(&self, frames: u32, loops: Loops) -> Result<Vec<u8>, Error> {
        let mut png = SIGNATURE.to_vec();
        let edges = [self.size.width(), self.size.height()].map(u32::to_be_bytes);
        let Kind { color, depth } = self.kind;
        let rest = [depth, color, 0, 0, self.interlaced.into()];
        write(&mut png, *b"IHDR", edges.as_flattened(), [&rest[..]])?;
        if frames > 1 {
            let numbers = [frames, plays(loops)].map(u32::to_be_bytes);
            write(&mut png, *b"acTL", numbers.as_flattened(), [])?;
        }
        for (name, data) in [(b"PLTE", &self.palette), (b"tRNS", &self.transparency)] {
            if !data.is_empty() {
                write(&mut png, *name, data, [])?;
            }
        }
        Ok(png)
    }
}

const NANOS: u64 = 1_000_000_000;

/// How long a frame is shown (section 11.3.6.2): a fraction of a second, in
/// hundredths if the denominator is 0. It is rounded to the nearest nanosecond.
pub(crate) fn delay(numerator: u16, denominator: u16) -> Duration {
    let denominator = match denominator {
        0 => 100,
        denominator => u64::from(denominator),
    };
    let nanos = u64::from(numerator).saturating_mul(NANOS);
    let rounded = nanos.saturating_add(denominator / 2);
    Duration::from_nanos(rounded.checked_div(denominator).unwrap_or(0))
}

/// A delay as a fraction of a second: hundredths where they are exact, else the first
/// convergent of its continued fraction that rounds to it, so that a fraction of
/// small numbers which was read by [`delay`] is found again. Delays above 65,535 s
/// become that.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "delays are below 2^46 ns and parts of fractions below 2^16; divisors aren't 0"
)]
pub(crate) fn fraction(delay: Duration) -> (u16, u16) {
    const MOST: u64 = u16::MAX as u64;
    let most = Duration::from_secs(MOST);
    let nanos = u64::try_from(delay.min(most).as_nanos()).unwrap_or(MOST * NANOS);
    let hundredth = NANOS / 100;
    if let (0, Ok(hundredths)) = (nanos % hundredth, u16::try_from(nanos / hundredth)) {
        return (hundredths, 100);
    }
    // How far a fraction is from the delay, times its denominator.
    let off = |[n, d]: [u64; 2]| (n * NANOS).abs_diff(nanos * d);
    let [mut before, mut last] = [[0, 1], [1, 0]];
    let (mut whole, mut part) = (nanos, NANOS);
    while part > 0 {
        let [n, d] = last;
        let fitting = [(n, before[0]), (d, before[1])]
            .map(|(last, before)| (MOST - before).checked_div(last).unwrap_or(u64::MAX));
        let term = whole / part;
        let most = fitting[0].min(fitting[1]);
        let times = term.min(most);
        let next = [times * n + before[0], times * d + before[1]];
        if times < term {
            // The next one is too large. What fits of it may be nearer than the last.
            if times > 0 && off(next) * d < off(last) * next[1] {
                last = next;
            }
            break;
        }
        (before, last) = (last, next);
        // Rounded to a nanosecond, it is the delay.
        if 2 * off(last) <= last[1] {
            break;
        }
        (whole, part) = (part, whole % part);
    }
    let [n, d] = last.map(|part| u16::try_from(part).unwrap_or(u16::MAX));
    (n, d.max(1))
}

/// How the loop count is written: 0 for ever.
pub(crate) fn plays(loops: Loops) -> u32 {
    match loops {
        Loops::Forever => 0,
        Loops::Times(times) => times.get(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_found_again() {
        let fractions = [
            (1, 60),
            (1, 24),
            (1001, 30_000),
            (1001, 24_000),
            (1001, 60_000),
            (1, 3),
            (2, 7),
            (29_999, 30_000),
            (41_667, 1_000),
            (123, 29_989),
            (7, 120),
        ];
        for (numerator, denominator) in fractions {
            let delay = delay(numerator, denominator);
            assert_eq!(fraction(delay), (numerator, denominator), "{delay:?}");
        }
        assert_eq!(fraction(delay(16, 1000)), (2, 125));
        assert_eq!(fraction(10 * delay(1, 60) + 3 * delay(1, 3)), (7, 6));
    }

    #[test]
    fn hundredths_stay_hundredths() {
        for hundredths in [0, 1, 2, 3, 7, 10, 100, 65_535] {
            assert_eq!(fraction(delay(hundredths, 100)), (hundredths, 100));
            assert_eq!(delay(hundredths, 0), delay(hundredths, 100));
        }
    }

    #[test]
    fn what_does_not_fit_is_near() {
        for nanos in [
            10_000_001,
            16_666_000,
            33_366_700,
            999_999_999,
            60_000_000_001_u64,
        ] {
            let delay = Duration::from_nanos(nanos);
            let (numerator, denominator) = fraction(delay);
            let written = super::delay(numerator, denominator);
            assert!(
                written.abs_diff(delay) < Duration::from_micros(1),
                "{delay:?}"
            );
        }
        assert_eq!(fraction(Duration::from_millis(700_333)), (2101, 3));
        assert_eq!(fraction(Duration::from_secs(1 << 40)), (u16::MAX, 1));
        assert_eq!(fraction(Duration::from_millis(65_534_400)), (65_534, 1));
    }
}
