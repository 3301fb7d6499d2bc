//! Profiles: one that has a name and nothing that could be computed with, and a
//! real one.

/// Display P3, which differs from sRGB.
pub(crate) fn display_p3() -> Vec<u8> {
    moxcms::ColorProfile::new_display_p3().encode().unwrap()
}

/// An ICC profile of version 2 whose only tag is its description.
pub(crate) fn profile(name: &str) -> Vec<u8> {
    let len = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let mut description = b"desc\0\0\0\0".to_vec();
    description.extend((len(name.as_bytes()) + 1).to_be_bytes());
    description.extend(name.as_bytes());
    // The NUL, no Unicode text and no Macintosh text (ICC.1:2001, 6.5.17).
    description.resize(description.len() + 1 + 8 + 3 + 67, 0);
    description.resize(description.len().next_multiple_of(4), 0);

    let mut profile = vec![0; 128];
    let tag_at = 128 + 4 + 12;
    profile[8..12].copy_from_slice(&[2, 0x40, 0, 0]); // version 2.4
    profile[12..24].copy_from_slice(b"mntrRGB XYZ ");
    profile[36..40].copy_from_slice(b"acsp");
    // The illuminant D50 (ICC.1:2022, section 7.2.16).
    for (at, value) in [(68, 0xF6D6_u32), (72, 0x1_0000), (76, 0xD32D)] {
        profile[at..at + 4].copy_from_slice(&value.to_be_bytes());
    }
    profile.extend(1_u32.to_be_bytes());
    profile.extend(b"desc");
    profile.extend(u32::try_from(tag_at).unwrap_or(u32::MAX).to_be_bytes());
    profile.extend(len(&description).to_be_bytes());
    profile.extend(description);
    let whole = len(&profile).to_be_bytes();
    profile[..4].copy_from_slice(&whole);
    profile
}
