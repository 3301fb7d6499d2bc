//! Writes scans with their Huffman tables.

use crate::container::frame::Coding;
use crate::container::jpeg::Channel;
use crate::container::jpeg::write::{self, Class, ScanMember};
use crate::decode::ScanTranscript;
use crate::error::Error;
use crate::huffman::{BitWriter, TableSet};

/// Appends a scan to the file.
pub(super) fn write_scan(mut file: Vec<u8>, scan: &ScanTranscript) -> Result<Vec<u8>, Error> {
    let tables = TableSet::optimised(&scan.frequencies);
    let classes = classes(scan);
    tables.write(&mut file, &channels(scan), classes)?;
    let members = scan.members.iter().map(|&place| member(place, classes));
    let members: Vec<_> = members.collect::<Result<_, Error>>()?;
    write::scan(&mut file, &members, spectrum(scan)?)?;
    let mut bits = BitWriter::new(file);
    bits.write(&scan.tokens, &tables.codes())?;
    bits.finish()
}

/// Which tables the scan uses.
const fn classes(scan: &ScanTranscript) -> &'static [Class] {
    match (scan.coding, scan.band, scan.refines) {
        (Coding::Sequential, ..) => &[Class::Dc, Class::Ac],
        (Coding::Progressive, (0, _), true) => &[],
        (Coding::Progressive, (0, _), false) => &[Class::Dc],
        (Coding::Progressive, ..) => &[Class::Ac],
    }
}

fn channels(scan: &ScanTranscript) -> Vec<Channel> {
    let mut channels = vec![Channel::Luma, Channel::Chroma];
    let is_used = |channel| {
        scan.members
            .iter()
            .any(|&place| Channel::of(place) == channel)
    };
    channels.retain(|&channel| is_used(channel));
    channels
}

/// Tables that aren't used have the number 0 (T.81, B.2.3).
fn member(place: usize, classes: &[Class]) -> Result<ScanMember, Error> {
    let number = |class| {
        if classes.contains(&class) {
            Channel::of(place) as u8
        } else {
            0
        }
    };
    Ok(ScanMember {
        component: u8::try_from(place).map_err(Error::internal("encode"))?,
        dc: number(Class::Dc),
        ac: number(Class::Ac),
    })
}

/// See [`write::scan`].
fn spectrum(scan: &ScanTranscript) -> Result<[u8; 3], Error> {
    let narrow = |number: usize| u8::try_from(number).map_err(Error::internal("encode"));
    let low = u8::try_from(scan.low).map_err(Error::internal("encode"))?;
    let high = if scan.refines {
        low.saturating_add(1)
    } else {
        0
    };
    Ok([narrow(scan.band.0)?, narrow(scan.band.1)?, high << 4 | low])
}
