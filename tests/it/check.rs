//! What must hold for any bytes.

use headshot::{Limits, Options, check, prepare, probe};

/// No bytes panic or hang; what comes out is a photo that this crate itself
/// accepts, with the steps that were planned; and no error is a bug of ours.
pub(crate) fn any_bytes(bytes: &[u8]) {
    let limits = Limits {
        pixels: 1 << 20,
        animation_pixels: 1 << 21,
        memory_bytes: 64 << 20,
        frames: 20,
        ..Limits::default()
    };
    let options = Options::default().with_limits(limits);
    let info = probe(bytes);
    match prepare(bytes, &options) {
        Ok(photo) => {
            let planned = headshot::plan(&info.unwrap(), &options).unwrap();
            assert_eq!(photo.steps, planned.steps);
            let info = probe(&photo.bytes).unwrap();
            assert_eq!(check(&info, &limits, Some(photo.format.media_type())), []);
            assert_eq!((info.format, info.frames), (photo.format, photo.frames));
            assert_eq!(info.displayed(), photo.side.size());
            assert_eq!((info.metadata.bytes, info.trailing_bytes), (0, 0));
        }
        Err(error) => assert_ne!(error.reason(), "internal", "{error}: {error:?}"),
    }
}
