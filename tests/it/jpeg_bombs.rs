//! JPEG files of few bytes that would cost much work.

use headshot::{Damage, Error, Options, prepare};

use crate::picture::jpeg::{SOI, segment};

/// A gray progressive file whose blocks have one bit each: a scan of DC, and
/// `scans` further ones that bring next to nothing.
fn bomb(edge: u16, scans: usize) -> Vec<u8> {
    let [high, low] = edge.to_be_bytes();
    // One code of one bit each: DC without a difference, and a run of 16384 empty
    // blocks and more, of which 14 further bits tell the number.
    let mut lengths = [0; 16];
    lengths[0] = 1;
    let table = |class: u8, symbol| segment(0xC4, &[&[class], &lengths[..], &[symbol]].concat());
    let blocks = usize::from(edge.div_ceil(8)).pow(2);
    let dc = [segment(0xDA, &[1, 1, 0, 0, 0, 0]), vec![0; blocks / 8 + 1]].concat();
    let mut bits = Vec::new();
    for start in (0..blocks).step_by(0x7FFF) {
        let run = (blocks - start).min(0x7FFF);
        // Shorter runs would need other codes: the last one may reach too far.
        let more = run.saturating_sub(0x4000);
        bits.push(false);
        bits.extend((0..14).rev().map(|bit| more >> bit & 1 == 1));
    }
    let data: Vec<u8> = bits
        .chunks(8)
        .map(|bits| {
            (0..8).fold(0, |byte, at| {
                byte << 1 | u8::from(*bits.get(at).unwrap_or(&true))
            })
        })
        .flat_map(|byte| {
            if byte == 0xFF {
                vec![0xFF, 0]
            } else {
                vec![byte]
            }
        })
        .collect();
    let ac = [segment(0xDA, &[1, 1, 0, 1, 63, 0]), data].concat();
    [
        SOI.to_vec(),
        segment(0xDB, &[&[0][..], &[1; 64]].concat()),
        segment(0xC2, &[8, high, low, high, low, 1, 1, 0x11, 0]),
        table(0, 0),
        table(0x10, 0xE0),
        dc,
        ac.repeat(scans),
        vec![0xFF, 0xD9],
    ]
    .concat()
}

#[track_caller]
fn refused(bytes: &[u8], damage: Damage) -> Error {
    let options = Options::default().with_damage(damage);
    match prepare(bytes, &options) {
        Ok(photo) => panic!("prepared: {:?}", photo.steps),
        Err(error) => error,
    }
}

#[test]
fn many_scans_are_refused() {
    assert!(prepare(&bomb(1040, 99), &Options::default()).is_ok());
    for damage in [Damage::Refuse, Damage::Accept] {
        let error = refused(&bomb(1040, 100), damage);
        assert_eq!((error.code(), error.reason()), ("too_large", "scans"));
        assert_eq!(error.measured_and_limit(), Some((101, 100)));
    }
}

#[test]
fn many_blocks_in_scans_are_refused() {
    // 1250 by 1250 blocks: 86 scans of all of them are too many.
    let bytes = bomb(10_000, 90);
    for damage in [Damage::Refuse, Damage::Accept] {
        let error = refused(&bytes, damage);
        assert_eq!((error.code(), error.reason()), ("too_large", "scan_blocks"));
        assert_eq!(
            error.measured_and_limit(),
            Some((86 * 1250 * 1250, 1 << 27))
        );
    }
}
