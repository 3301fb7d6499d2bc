//! JPEG files of few bytes that would cost much work.

use headshot::{Damage, Error, Options, prepare};

use crate::picture::bombs;

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
    assert!(prepare(&bombs::scans(1040, 99), &Options::default()).is_ok());
    for damage in [Damage::Refuse, Damage::Accept] {
        let error = refused(&bombs::scans(1040, 100), damage);
        assert_eq!((error.code(), error.reason()), ("too_large", "scans"));
        assert_eq!(error.measured_and_limit(), Some((101, 100)));
    }
}

#[test]
fn many_blocks_in_scans_are_refused() {
    // 1250 by 1250 blocks: 86 scans of all of them are too many.
    let bytes = bombs::scans(10_000, 90);
    for damage in [Damage::Refuse, Damage::Accept] {
        let error = refused(&bytes, damage);
        assert_eq!((error.code(), error.reason()), ("too_large", "scan_blocks"));
        assert_eq!(
            error.measured_and_limit(),
            Some((91 * 1250 * 1250, 1 << 27))
        );
    }
}
