//! JPEG files that are prepared.

use jpeg_encoder::SamplingFactor;

use super::{File, file};
use crate::picture::exif::{self, Order};
use crate::picture::{icc, jpeg, marked, noise, portrait};

pub(super) fn files() -> Vec<File> {
    [codings(), sizes(), orientations(), metadata(), containers()].concat()
}

fn codings() -> Vec<File> {
    let photo = noise::photo(240, 180, 1);
    let sampled = |sampling| jpeg::sampled(&photo, 75, sampling);
    vec![
        file(
            "portrait_900x1200.jpg",
            jpeg::photo(&portrait::portrait(900, 1200), 80),
        ),
        file("sampled_444_240x180.jpg", sampled(SamplingFactor::R_4_4_4)),
        file("sampled_440_240x180.jpg", sampled(SamplingFactor::R_4_4_0)),
        file("sampled_422_240x180.jpg", sampled(SamplingFactor::R_4_2_2)),
        file("sampled_411_240x180.jpg", sampled(SamplingFactor::R_4_1_1)),
        file("progressive_240x180.jpg", jpeg::progressive(&photo, 75)),
        file(
            "restarts_240x180.jpg",
            jpeg::with(&photo, 75, |encoder| encoder.set_restart_interval(7)),
        ),
        file(
            "progressive_restarts_240x180.jpg",
            jpeg::with(&photo, 75, |encoder| {
                encoder.set_progressive(true);
                encoder.set_restart_interval(7);
            }),
        ),
        file("gray_240x180.jpg", jpeg::photo(&photo.gray(), 75)),
        file(
            "gray_progressive_240x180.jpg",
            jpeg::progressive(&photo.gray(), 75),
        ),
        file("cmyk_160x120.jpg", {
            jpeg::with(&noise::photo(160, 120, 2).cmyk(), 75, |_| {})
        }),
        file("ycck_160x120.jpg", {
            jpeg::ycck(&noise::photo(160, 120, 2).cmyk(), 75)
        }),
        file("rgb_untransformed_160x120.jpg", {
            jpeg::untransformed(&noise::photo(160, 120, 2), 75)
        }),
        file("no_jfif_160x120.jpg", {
            jpeg::without_jfif(&jpeg::photo(&noise::photo(160, 120, 2), 75))
        }),
    ]
}

fn sizes() -> Vec<File> {
    [
        ("photo_landscape", 800, 600, 55),
        ("photo_large", 1600, 1200, 20),
        ("odd", 701, 523, 50),
        ("one_more", 513, 511, 40),
        ("1x1", 1, 1, 75),
        ("wide", 1500, 20, 75),
        ("tall", 17, 1200, 75),
        ("narrow", 300, 1, 75),
        ("square", 512, 512, 60),
        ("square", 777, 777, 40),
        ("square", 1024, 1024, 30),
    ]
    .into_iter()
    .map(|(name, width, height, quality)| {
        let name = match (width, height) {
            (1, 1) => "1x1.jpg".to_owned(),
            _ => format!("{name}_{width}x{height}.jpg"),
        };
        file(
            name,
            jpeg::photo(&noise::photo(width, height, width + height), quality),
        )
    })
    .collect()
}

/// All are displayed alike: upright, and of the size in their names.
fn orientations() -> Vec<File> {
    let upright = marked::upright(360, 270, 3);
    let mut files: Vec<File> = (1..=8)
        .map(|value| {
            let order = if value % 2 == 0 {
                Order::Little
            } else {
                Order::Big
            };
            let jpeg = jpeg::photo(&upright.stored_as(value), 60);
            let tiff = exif::orientation(order, value);
            file(
                format!("orientation_{value}_360x270.jpg"),
                jpeg::with_exif(&jpeg, &tiff),
            )
        })
        .collect();
    let small = marked::upright(120, 90, 3);
    let mut add = |name: &str, value, tiff: &[u8]| {
        let jpeg = jpeg::photo(&small.stored_as(value), 70);
        files.push(file(name, jpeg::with_exif(&jpeg, tiff)));
    };
    let out_of_range = exif::orientation(Order::Big, 9);
    add("orientation_out_of_range_120x90.jpg", 1, &out_of_range);
    let cut = &exif::orientation(Order::Little, 6)[..15];
    add("orientation_cut_120x90.jpg", 1, cut);
    files.push(file("orientation_6_progressive_120x90.jpg", {
        let jpeg = jpeg::progressive(&small.stored_as(6), 70);
        jpeg::with_exif(&jpeg, &exif::orientation(Order::Big, 6))
    }));
    files
}

fn metadata() -> Vec<File> {
    let photo = jpeg::photo(&noise::photo(160, 120, 4), 70);
    let gps = jpeg::with_exif(&photo, &exif::with_gps(Order::Little, 1));
    let xmp = jpeg::with_xmp(&photo, &exif::xmp("<rdf:RDF/>"));
    let profile = icc::profile("Display P3");
    let mut all = jpeg::with_icc(&photo, &profile, 100);
    all = jpeg::with_comment(&all, "made for a test");
    all = jpeg::with_iptc(&all, "nobody on a hill");
    all = jpeg::with_xmp(&all, &exif::xmp("<rdf:RDF/>"));
    all = jpeg::with_exif(&all, &exif::with_gps(Order::Big, 1));
    all = jpeg::insert(&all, 0xEA, b"Vendor\0something");
    vec![
        file("exif_gps_160x120.jpg", gps),
        file("xmp_160x120.jpg", xmp),
        file("comment_160x120.jpg", jpeg::with_comment(&photo, "hello")),
        file("iptc_160x120.jpg", jpeg::with_iptc(&photo, "a caption")),
        file(
            "icc_160x120.jpg",
            jpeg::with_icc(&photo, &profile, usize::from(u16::MAX) - 16),
        ),
        file("metadata_all_160x120.jpg", all),
    ]
}

fn containers() -> Vec<File> {
    let photo = jpeg::photo(&noise::photo(160, 120, 5), 70);
    let small = jpeg::photo(&noise::photo(40, 30, 5), 60);
    let gain_map = exif::xmp(
        "<rdf:RDF xmlns:hdrgm=\"http://ns.adobe.com/hdr-gain-map/1.0/\" hdrgm:Version=\"1.0\"/>",
    );
    let two = jpeg::with_second_image(&photo, &small);
    let filled = [&photo[..2], &[0xFF; 5], &photo[2..]].concat();
    vec![
        file("mpo_2_images_160x120.jpg", two.clone()),
        file("gain_map_160x120.jpg", jpeg::with_xmp(&two, &gain_map)),
        file(
            "trailing_4096_160x120.jpg",
            [&photo[..], &[0; 4096]].concat(),
        ),
        file("fill_bytes_160x120.jpg", filled),
    ]
}
