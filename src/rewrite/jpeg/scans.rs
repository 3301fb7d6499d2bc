//! Writes scans with their Huffman tables.

use crate::container::jpeg::Channel;
use crate::container::jpeg::write::{self, Class, ScanMember};
use crate::decode::ProgressiveScan;
use crate::error::Error;
use crate::huffman::{BitWriter, Frequencies, TableSet, Token};

/// What stands before the data of a scan.
pub(super) struct Header<'s> {
    /// The components by their places in the frame.
    pub(super) members: &'s [usize],
    /// Which tables the scan uses.
    pub(super) classes: &'s [Class],
    /// See [`write::scan`].
    pub(super) spectrum: [u8; 3],
}

impl<'s> Header<'s> {
    pub(super) fn of(scan: &'s ProgressiveScan) -> Self {
        let narrow = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
        let low = u8::try_from(scan.low).unwrap_or(u8::MAX);
        let high = if scan.refines {
            low.saturating_add(1)
        } else {
            0
        };
        Self {
            members: &scan.members,
            classes: match (scan.band, scan.refines) {
                ((0, _), true) => &[],
                ((0, _), false) => &[Class::Dc],
                _ => &[Class::Ac],
            },
            spectrum: [narrow(scan.band.0), narrow(scan.band.1), high << 4 | low],
        }
    }

    fn channels(&self) -> Vec<Channel> {
        let mut channels = vec![Channel::Luma, Channel::Chroma];
        channels.retain(|&channel| {
            self.members
                .iter()
                .any(|&place| Channel::of(place) == channel)
        });
        channels
    }

    /// Tables that aren't used have the number 0 (T.81, B.2.3).
    fn member(&self, place: usize) -> Result<ScanMember, Error> {
        let number = |class| match self.classes.contains(&class) {
            true => Channel::of(place) as u8,
            false => 0,
        };
        Ok(ScanMember {
            component: u8::try_from(place).map_err(Error::internal("encode"))?,
            dc: number(Class::Dc),
            ac: number(Class::Ac),
        })
    }
}

/// Appends a scan to the file.
pub(super) fn write_scan(
    mut file: Vec<u8>,
    header: &Header<'_>,
    tokens: &[Token],
    frequencies: &Frequencies,
) -> Result<Vec<u8>, Error> {
    let tables = TableSet::optimised(frequencies);
    tables.write(&mut file, &header.channels(), header.classes)?;
    let members = header.members.iter().map(|&place| header.member(place));
    let members: Vec<_> = members.collect::<Result<_, Error>>()?;
    write::scan(&mut file, &members, header.spectrum)?;
    let mut bits = BitWriter::new(file);
    bits.write(tokens, &tables.codes())?;
    bits.finish()
}
