//! Files that are refused. A name starts with the reason, up to the dash.

use super::{File, file};
use crate::picture::gif::{self, Frame, Loops};
use crate::picture::indexed::{indexed, palette};
use crate::picture::png::{self, Png};
use crate::picture::{Picture, apng, jpeg, noise};

pub(super) fn files() -> Vec<File> {
    [strangers(), jpegs(), pngs(), gifs(), too_much()].concat()
}

/// Bytes that are none of the three formats.
fn strangers() -> Vec<File> {
    vec![
        file("unknown_format-empty.jpg", []),
        file("unknown_format-two_bytes.jpg", jpeg::SOI),
        file(
            "unknown_format-document.pdf",
            *b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n",
        ),
        file(
            "unknown_format-drawing.svg",
            *b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>\n",
        ),
        file(
            "unknown_format-webp.png",
            *b"RIFF\x1A\0\0\0WEBPVP8L\x0D\0\0\0\x2F\0\0\0\x10\x07\x10\x11\x11\x88\x88\xFE\x07\0",
        ),
        file(
            "unknown_format-heic.jpg",
            *b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        ),
        file(
            "unknown_format-avif.jpg",
            *b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
        ),
        file(
            "unknown_format-bitmap.gif",
            *b"BM\x3A\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0",
        ),
        file("unknown_format-tiff.jpg", *b"II\x2A\0\x08\0\0\0\0\0"),
        file(
            "unknown_format-page.png",
            *b"<!DOCTYPE html><title>404</title>\n",
        ),
        file(
            "unknown_format-line_ends.png",
            *b"\x89PNG\n\x1A\n\0\0\0\x0DIHDR",
        ),
        file("unknown_format-gif_90a.gif", *b"GIF90a\x01\0\x01\0\0\0\0;"),
    ]
}

fn jpegs() -> Vec<File> {
    let whole = jpeg::photo(&noise::photo(64, 48, 1), 70);
    let frame = jpeg::frame_at(&whole);
    let patched = |at: usize, byte: u8| {
        let mut jpeg = whole.clone();
        jpeg[at] = byte;
        jpeg
    };
    let claimed = |width, height| jpeg::with_size(&whole, width, height);
    vec![
        file("truncated-after_signature.jpg", &whole[..3]),
        file("truncated-in_segment.jpg", &whole[..12]),
        file("truncated-in_frame_header.jpg", &whole[..frame + 6]),
        file("truncated-before_scan.jpg", &whole[..frame + 19]),
        file(
            "malformed-only_end.jpg",
            [&jpeg::SOI[..], &[0xFF, 0xD9]].concat(),
        ),
        file("malformed-segment_length_1.jpg", {
            [&jpeg::SOI[..], b"\xFF\xE1\0\x01", &whole[2..]].concat()
        }),
        file("malformed-frame_header_short.jpg", {
            [
                &whole[..frame],
                &jpeg::segment(0xC0, &[8, 0, 48, 0]),
                &whole[frame + 19..],
            ]
            .concat()
        }),
        file("malformed-scan_before_frame.jpg", {
            [&whole[..frame], &whole[frame + 19..]].concat()
        }),
        file("malformed-width_0.jpg", claimed(0, 48)),
        file("malformed-quantization_table_9.jpg", patched(frame + 12, 9)),
        file("unsupported-height_later.jpg", claimed(64, 0)),
        file("unsupported-lossless.jpg", patched(frame + 1, 0xC3)),
        file("unsupported-hierarchical.jpg", patched(frame + 1, 0xC5)),
        file("unsupported-arithmetic.jpg", patched(frame + 1, 0xC9)),
        file(
            "unsupported-arithmetic_progressive.jpg",
            patched(frame + 1, 0xCA),
        ),
        file("unsupported-12_bits.jpg", patched(frame + 4, 12)),
    ]
}

fn pngs() -> Vec<File> {
    let picture = noise::photo(40, 30, 1);
    let whole = png::photo(&picture);
    let kind = Png::default();
    let start = kind.start(&picture);
    let pixels_at = start.len();
    let made = |chunks: &[([u8; 4], &[u8])]| {
        let mut png = start.clone();
        for (name, data) in chunks {
            png::chunk(&mut png, *name, data);
        }
        png
    };
    let with_header = |header: &[u8]| {
        let mut png = png::SIGNATURE.to_vec();
        png::chunk(&mut png, *b"IHDR", header);
        [&png, &whole[pixels_at..]].concat()
    };
    let pixels = kind.pixels(&picture);
    let flipped = |at: usize| {
        let mut png = whole.clone();
        png[at] ^= 0x20;
        png
    };
    let few = kind.pixels(&picture.part(0, 0, 40, 15));
    let frame = apng::Frame::new(picture.clone());
    let animation = apng::write(0, None, &[frame.clone(), frame.clone()]);
    let outside = apng::write(0, None, &[frame.clone(), frame.at(1, 0)]);
    vec![
        file("truncated-after_signature.png", *png::SIGNATURE),
        file("truncated-in_header.png", &whole[..20]),
        file("truncated-before_pixels.png", &whole[..pixels_at]),
        file("truncated-in_pixels.png", &whole[..whole.len() / 2]),
        file(
            "truncated-in_second_frame.png",
            &animation[..animation.len() - 400],
        ),
        file(
            "malformed-no_header.png",
            [&whole[..8], &whole[33..]].concat(),
        ),
        file(
            "malformed-header_short.png",
            with_header(&[0, 0, 0, 40, 0, 0, 0, 30]),
        ),
        file(
            "malformed-width_0.png",
            with_header(&png::header(0, 30, [8, 2, 0, 0, 0])),
        ),
        file(
            "malformed-depth_3.png",
            with_header(&png::header(40, 30, [3, 2, 0, 0, 0])),
        ),
        file(
            "malformed-color_type_5.png",
            with_header(&png::header(40, 30, [8, 5, 0, 0, 0])),
        ),
        file(
            "malformed-interlace_2.png",
            with_header(&png::header(40, 30, [8, 2, 0, 0, 2])),
        ),
        file("malformed-no_pixels.png", made(&[(*b"IEND", &[])])),
        file("malformed-header_checksum.png", flipped(30)),
        file("malformed-pixels_checksum.png", flipped(whole.len() - 14)),
        file("malformed-pixels_flipped.png", flipped(whole.len() / 2)),
        file(
            "malformed-pixels_not_deflated.png",
            made(&[(*b"IDAT", &[0xAA; 64]), (*b"IEND", &[])]),
        ),
        file(
            "malformed-pixels_few.png",
            made(&[(*b"IDAT", &few), (*b"IEND", &[])]),
        ),
        file("malformed-palette_missing.png", {
            with_header(&png::header(40, 30, [8, 3, 0, 0, 0]))
        }),
        file("malformed-filter_7.png", {
            let rows = vec![7; 30 * (1 + 3 * 40)];
            let pixels = miniz_oxide::deflate::compress_to_vec_zlib(&rows, 6);
            made(&[(*b"IDAT", &pixels), (*b"IEND", &[])])
        }),
        file("malformed-frame_outside.png", outside),
        file("metadata-profile_of_5_mib.png", {
            let profile = png::profile(&vec![0; 5 << 20]);
            made(&[(*b"iCCP", &profile), (*b"IDAT", &pixels), (*b"IEND", &[])])
        }),
    ]
}

fn gifs() -> Vec<File> {
    let picture = indexed(&noise::photo(40, 30, 1), 3);
    let frame = Frame::new(picture.indices.clone());
    let two = [frame.clone(), frame.clone()];
    let whole = gif::write((40, 30), Some(&picture.palette), Loops::Forever, &two);
    let still = gif::still(&picture);
    let start = gif::start((40, 30), Some(&picture.palette));
    // Behind the control (8 bytes) and the image descriptor (10).
    let code_size = start.len() + 8 + 10;
    let patched = |at: usize, bytes: &[u8]| {
        let mut gif = still.clone();
        gif[at..at + bytes.len()].copy_from_slice(bytes);
        gif
    };
    let few = Frame::new(picture.indices.part(0, 0, 40, 15));
    let mut few = gif::write((40, 30), Some(&picture.palette), Loops::Once, &[few]);
    few[code_size - 3] = 30; // the height in the descriptor
    vec![
        file("truncated-after_signature.gif", *b"GIF89a"),
        file("truncated-in_screen.gif", &whole[..10]),
        file("truncated-in_palette.gif", &whole[..20]),
        file("truncated-before_image.gif", &start[..]),
        file("truncated-in_first_frame.gif", &still[..still.len() / 2]),
        file("truncated-in_second_frame.gif", &whole[..whole.len() - 100]),
        file("malformed-no_image.gif", [&start[..], b";"].concat()),
        file("malformed-no_block.gif", [&start[..], &[0xAA; 50]].concat()),
        file("malformed-code_size_0.gif", patched(code_size, &[0])),
        file("malformed-code_size_12.gif", patched(code_size, &[12])),
        file("malformed-codes.gif", patched(code_size + 2, &[0xFF; 40])),
        file("malformed-pixels_few.gif", few),
    ]
}

/// Files that claim more than the default limits allow.
fn too_much() -> Vec<File> {
    let dot = noise::photo(8, 8, 1);
    let jpeg = jpeg::photo(&dot, 70);
    let progressive = jpeg::progressive(&dot, 70);
    let claimed = |width, height, rest| {
        let mut png = png::SIGNATURE.to_vec();
        png::chunk(&mut png, *b"IHDR", &png::header(width, height, rest));
        png::chunk(&mut png, *b"IDAT", &Png::default().pixels(&dot));
        png::chunk(&mut png, *b"IEND", &[]);
        png
    };
    let dots = |screen, count| {
        let dot = Frame::new(Picture::from_fn(1, 1, |_, _| [1]));
        gif::write(screen, Some(&palette(1)), Loops::Forever, &vec![dot; count])
    };
    let frame = apng::Frame::new(noise::photo(1, 1, 1));
    vec![
        file("edge-65535x16.jpg", jpeg::with_size(&jpeg, 65535, 16)),
        file("edge-16385x1.png", claimed(16385, 1, [8, 2, 0, 0, 0])),
        file(
            "edge-1x2147483647.png",
            claimed(1, 0x7FFF_FFFF, [8, 2, 0, 0, 0]),
        ),
        file("edge-65535x65535.gif", dots((65535, 65535), 1)),
        file("pixels-12000x9000.jpg", jpeg::with_size(&jpeg, 12000, 9000)),
        file(
            "pixels-16384x16384.png",
            claimed(16384, 16384, [1, 0, 0, 0, 0]),
        ),
        file("pixels-10001x10000.gif", dots((10001, 10000), 1)),
        file(
            "memory-9999x9999.png",
            claimed(9999, 9999, [16, 6, 0, 0, 1]),
        ),
        file(
            "truncated-claims_9999x9999_progressive.jpg",
            jpeg::with_size(&progressive, 9999, 9999),
        ),
        file("frames-501.gif", dots((1, 1), 501)),
        file("frames-501.png", apng::write(0, None, &vec![frame; 501])),
        file(
            "animation_pixels-101x2000x2000.gif",
            dots((2000, 2000), 101),
        ),
    ]
}
