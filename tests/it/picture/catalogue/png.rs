//! PNG files that are prepared, still ones.

use super::{File, file};
use crate::picture::exif::{self, Order};
use crate::picture::indexed::indexed;
use crate::picture::png::{self, Png};
use crate::picture::{Picture, icc, marked, noise};

pub(super) fn files() -> Vec<File> {
    [
        samples(),
        palettes(),
        keyed(),
        sizes(),
        metadata(),
        files_of_old(),
    ]
    .concat()
}

/// Each colour type at each depth, in order and interlaced.
fn samples() -> Vec<File> {
    let photo = noise::photo(75, 58, 1);
    let gray = photo.gray();
    let kinds: [(&str, Picture, &[u8]); 4] = [
        ("gray", gray.clone(), &[1, 2, 4, 8, 16]),
        ("gray_alpha", gray.with_alpha::<2>(), &[8, 16]),
        ("rgb", photo.clone(), &[8, 16]),
        ("rgba", photo.with_alpha::<4>(), &[8, 16]),
    ];
    let mut files = Vec::new();
    for (name, picture, depths) in kinds {
        for &depth in depths {
            let kind = Png::depth(depth);
            files.push(file(
                format!("{name}_{depth}_75x58.png"),
                kind.write(&picture),
            ));
            files.push(file(
                format!("{name}_{depth}_interlaced_75x58.png"),
                kind.interlaced().write(&picture),
            ));
        }
    }
    files
}

fn palettes() -> Vec<File> {
    let photo = noise::photo(120, 90, 2);
    let mut files = Vec::new();
    for depth in [1, 2, 4, 8] {
        let picture = indexed(&photo, depth);
        files.push(file(
            format!("palette_{depth}_120x90.png"),
            png::indexed(&picture, depth),
        ));
        let kind = Png {
            palette: Some(picture.palette),
            ..Png::depth(depth)
        };
        // Fewer entries than colours: the rest is opaque.
        let kind = kind.with_chunk(*b"tRNS", &[0, 128]);
        files.push(file(
            format!("palette_trns_{depth}_120x90.png"),
            kind.clone().write(&picture.indices),
        ));
        files.push(file(
            format!("palette_trns_{depth}_interlaced_120x90.png"),
            kind.interlaced().write(&picture.indices),
        ));
    }
    files
}

/// Pictures of which one colour is transparent.
fn keyed() -> Vec<File> {
    let gray = noise::photo(75, 58, 3).gray().map(|gray| [gray[0] & 0xF0]);
    let rgb = noise::photo(75, 58, 3).map(|rgb| match rgb[1] {
        0..=110 => [10, 20, 30],
        _ => [rgb[0], rgb[1], rgb[2]],
    });
    let key = |samples: [u8; 3]| samples.map(|sample| [0, sample]).concat();
    vec![
        file(
            "gray_8_trns_75x58.png",
            Png::depth(8).with_chunk(*b"tRNS", &[0, 0x70]).write(&gray),
        ),
        file(
            "gray_2_trns_75x58.png",
            Png::depth(2).with_chunk(*b"tRNS", &[0, 1]).write(&gray),
        ),
        file(
            "rgb_8_trns_75x58.png",
            Png::depth(8)
                .with_chunk(*b"tRNS", &key([10, 20, 30]))
                .write(&rgb),
        ),
        file(
            "rgb_16_trns_75x58.png",
            Png::depth(16)
                .with_chunk(*b"tRNS", &[10, !10, 20, !20, 30, !30])
                .write(&rgb),
        ),
    ]
}

fn sizes() -> Vec<File> {
    let rgb = |width, height| noise::photo(width, height, width + height);
    let gray = |width, height| rgb(width, height).gray();
    vec![
        file("1x1.png", png::photo(&rgb(1, 1))),
        file("1x1_interlaced.png", {
            Png::default()
                .interlaced()
                .write(&rgb(1, 1).with_alpha::<4>())
        }),
        file("2x3_interlaced.png", {
            Png::default().interlaced().write(&rgb(2, 3))
        }),
        file("wide_3000x2.png", png::photo(&rgb(3000, 2))),
        file("tall_2x3000.png", png::photo(&rgb(2, 3000))),
        file("odd_301x223.png", png::photo(&rgb(301, 223))),
        file("portrait_450x600.png", {
            let portrait = crate::picture::portrait::portrait(450, 600);
            png::indexed(&indexed(&portrait, 4), 4)
        }),
        file("square_512x512.png", Png::depth(4).write(&gray(512, 512))),
        file(
            "square_1024x1024.png",
            Png::depth(1).write(&gray(1024, 1024)),
        ),
        file("square_600x600.png", {
            png::indexed(&indexed(&rgb(600, 600), 3), 4)
        }),
        file(
            "large_1500x1100.png",
            Png::depth(1).write(&gray(1500, 1100)),
        ),
    ]
}

fn metadata() -> Vec<File> {
    let photo = png::photo(&noise::photo(64, 48, 4));
    let upright = marked::upright(96, 72, 3);
    let xmp = [b"XML:com.adobe.xmp\0\0\0\0\0", &exif::xmp("<rdf:RDF/>")[..]].concat();
    let profile = png::profile(&icc::profile("Display P3"));
    let gamma = png::insert(&photo, *b"gAMA", &45_455_u32.to_be_bytes());
    let mut files: Vec<File> = [2, 3, 5, 6, 8]
        .into_iter()
        .map(|value| {
            let png = png::photo(&upright.stored_as(value));
            let tiff = exif::orientation(Order::Big, value);
            file(
                format!("orientation_{value}_96x72.png"),
                png::insert(&png, *b"eXIf", &tiff),
            )
        })
        .collect();
    let mut all = png::insert(&gamma, *b"tEXt", b"Comment\0made for a test");
    all = png::insert(&all, *b"iTXt", &xmp);
    all = png::insert(&all, *b"eXIf", &exif::with_gps(Order::Little, 1));
    all = png::insert(&all, *b"tIME", &[7, 232, 2, 29, 12, 0, 0]);
    files.extend([
        file("metadata_all_64x48.png", all),
        file(
            "exif_gps_64x48.png",
            png::insert(&photo, *b"eXIf", &exif::with_gps(Order::Big, 1)),
        ),
        file("icc_64x48.png", png::insert(&photo, *b"iCCP", &profile)),
        file("gamma_64x48.png", gamma),
        file("text_64x48.png", {
            png::insert(&photo, *b"tEXt", b"Author\0nobody")
        }),
        file("xmp_64x48.png", png::insert(&photo, *b"iTXt", &xmp)),
        file("trailing_1000_64x48.png", [&photo[..], &[7; 1000]].concat()),
    ]);
    files
}

/// Files as other writers leave them.
fn files_of_old() -> Vec<File> {
    let picture = noise::photo(64, 48, 5);
    let kind = Png::default();
    let mut split = kind.start(&picture);
    for part in kind.pixels(&picture).chunks(1000) {
        png::chunk(&mut split, *b"IDAT", part);
        png::chunk(&mut split, *b"IDAT", &[]);
    }
    png::chunk(&mut split, *b"IEND", &[]);
    vec![file("many_idat_64x48.png", split)]
}
