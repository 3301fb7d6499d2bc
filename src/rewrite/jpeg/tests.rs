//! Small files through the stages, as if their pixels passed through.

use super::*;
use crate::container::jpeg::Segment;
use crate::container::reader::Reader;
use crate::decode::decode;
use crate::options::Options;
use crate::plan::{Plan, plan};
use crate::probe::{Info, probe};
use crate::raster::Plane;

const SEQUENTIAL: &[u8] = include_bytes!("../../../tests/it/picture/sequential_35x27.jpg");
/// The same coefficients in ten scans, without restarts and with.
const REFINED: [&[u8]; 2] = [
    include_bytes!("../../../tests/it/picture/refined_35x27.jpg"),
    include_bytes!("../../../tests/it/picture/refined_restarts_35x27.jpg"),
];

fn planned(file: &[u8]) -> Result<(Info, Plan), Error> {
    let info = probe(file)?;
    let mut plan = plan(&info, &Options::default())?;
    plan.streamed = false;
    plan.request.at_least = info.stored;
    plan.request.chroma_at_least = info.stored;
    Ok((info, plan))
}

fn planes(file: &[u8]) -> Result<Vec<Plane>, Error> {
    let (info, plan) = planned(file)?;
    let mut frames = decode(file, &info, &plan)?;
    let frame = frames.next()?.unwrap();
    Ok(frame.raster.planes.clone())
}

fn rewritten(file: &[u8]) -> Result<Vec<u8>, Error> {
    let (info, mut plan) = planned(file)?;
    plan.pass_through = true;
    rewrite(&decode(file, &info, &plan)?.prove()?)
}

/// A file without some of its scans, which are numbered from 0.
fn without(file: &[u8], left_out: impl Fn(usize) -> bool) -> Vec<u8> {
    let mut kept = vec![0xFF, marker::SOI];
    let mut reader = Reader::new(file);
    reader.take(2);
    let mut scans = 0..;
    let mut is_kept = true;
    let mut from = 2;
    while let Ok(segment) = Segment::next(&mut reader) {
        if is_kept {
            kept.extend(&file[from..segment.offset]);
        }
        from = segment.offset;
        if !matches!(segment.marker, marker::RST0..=marker::RST7) {
            let number = (segment.marker == marker::SOS).then(|| scans.next().unwrap());
            is_kept = number.is_none_or(|number| !left_out(number));
        }
    }
    kept.extend(&file[from..]);
    kept
}

fn assert_same(file: &[u8], name: &str) {
    let photo = rewritten(file).unwrap();
    assert!(
        planes(&photo).unwrap() == planes(file).unwrap(),
        "{name}: another picture"
    );
    assert!(
        rewritten(&photo).unwrap() == photo,
        "{name}: another file the second time"
    );
}

#[test]
fn refined_coefficients_stay() {
    assert_same(SEQUENTIAL, "sequential");
    for file in REFINED {
        assert_same(file, "refined");
        let photo = rewritten(file).unwrap();
        // libjpeg codes as many blocks together as we do, and has the best tables, too.
        assert_eq!(photo.len(), rewritten(REFINED[0]).unwrap().len());
        assert!(planes(&photo).unwrap() == planes(SEQUENTIAL).unwrap());
    }
}

/// Where later bits are sent before earlier ones, or not at all.
#[test]
fn scans_that_are_missing_stay_so() {
    let (mut due, mut others) = (0, 0);
    for file in REFINED {
        for first in 0..10 {
            for last in first..10 {
                let short = without(file, |number| (first..=last).contains(&number));
                if planes(&short).is_err() {
                    continue;
                }
                if probe(&short).unwrap().scans_are_due {
                    assert_same(&short, &format!("without {first} to {last}"));
                    due += 1;
                } else {
                    others += 1;
                }
            }
        }
    }
    assert!(due > 10 && others > 0, "{due} and {others}");
}

#[test]
fn changed_files_stay_as_they_are_or_are_refused() {
    let message = |error: Error| error.to_string();
    for file in [SEQUENTIAL, REFINED[0], REFINED[1]] {
        let mut passed = 0;
        for at in 0..file.len() {
            let mut changed = file.to_vec();
            changed[at] ^= 1 << (at % 8);
            let photo = rewritten(&changed);
            let result = photo.as_ref().map(|_| ()).map_err(ToString::to_string);
            let expected = planes(&changed).map(|_| ()).map_err(message);
            assert_eq!(result, expected, "changed at {at}");
            if photo.is_ok() && probe(&changed).unwrap().scans_are_due {
                assert_same(&changed, &format!("{} bytes, changed at {at}", file.len()));
                passed += 1;
            }
            let cut = &file[..at];
            assert_eq!(
                rewritten(cut).map(|_| ()).map_err(message),
                planes(cut).map(|_| ()).map_err(message),
                "cut at {at}"
            );
        }
        assert!(passed > 20, "{passed}");
    }
}
