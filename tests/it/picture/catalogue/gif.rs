//! GIF files that are prepared.

use super::{File, file};
use crate::picture::gif::{self, Dispose, Frame, Loops};
use crate::picture::indexed::{Indexed, Palette, indexed};
use crate::picture::{Picture, exif, icc, noise};

pub(super) fn files() -> Vec<File> {
    [stills(), disposals(), animations(), containers()].concat()
}

fn stills() -> Vec<File> {
    let mut files: Vec<File> = [1, 2, 4, 6, 8]
        .into_iter()
        .map(|bits| {
            let picture = indexed(&noise::photo(120, 90, 1), bits);
            file(
                format!("still_{}_colors_120x90.gif", picture.palette.len()),
                gif::still(&picture),
            )
        })
        .collect();
    let picture = indexed(&noise::photo(161, 121, 2), 4);
    let frame = Frame::new(picture.indices).with_delay(0);
    let one = |screen, palette: Option<&Palette>, frame: Frame| {
        gif::write(screen, palette, Loops::Once, &[frame])
    };
    let palette = Some(&picture.palette);
    files.extend([
        file("1x1.gif", gif::still(&indexed(&noise::photo(1, 1, 1), 1))),
        file(
            "still_interlaced_161x121.gif",
            one((161, 121), palette, frame.clone().interlaced()),
        ),
        file(
            "still_transparent_161x121.gif",
            one((161, 121), palette, frame.clone().with_transparent(5)),
        ),
        file("still_partial_200x150.gif", {
            one((200, 150), palette, frame.clone().at(20, 10))
        }),
        // Viewers enlarge a screen that the first frame does not fit into.
        file("still_outside_191x141.gif", {
            one((140, 100), palette, frame.clone().at(30, 20))
        }),
        file("still_local_palette_161x121.gif", {
            let local = frame.clone().with_palette(picture.palette.clone());
            one((161, 121), None, local)
        }),
        file("still_no_palette_161x121.gif", {
            let gray = frame.indices.map(|index| [index[0] * 17]);
            one((161, 121), None, Frame::new(gray))
        }),
        file("still_87a_161x121.gif", {
            // The older version knows no control before the image.
            let whole = one((161, 121), palette, frame);
            let control = 13 + 3 * picture.palette.len();
            [b"GIF87a", &whole[6..control], &whole[control + 8..]].concat()
        }),
        file("square_512x512.gif", {
            gif::still(&indexed(&noise::photo(512, 512, 3), 1))
        }),
    ]);
    files
}

/// A ground, and a ball that moves over it.
struct Scene {
    ground: Indexed,
}

impl Scene {
    const WIDTH: u32 = 160;
    const HEIGHT: u32 = 120;
    const BALL: u32 = 40;
    /// The index that balls leave out.
    const CLEAR: u8 = 0;

    fn new(bits: u8) -> Self {
        Self {
            ground: indexed(&noise::photo(Self::WIDTH, Self::HEIGHT, 4), bits),
        }
    }

    fn ball(color: u8) -> Picture {
        Picture::from_fn(Self::BALL, Self::BALL, |x, y| {
            let offset = |at: u32| (2 * at + 1).abs_diff(Self::BALL);
            let inside = offset(x).pow(2) + offset(y).pow(2) < Self::BALL.pow(2);
            [if inside { color } else { Self::CLEAR }]
        })
    }

    fn frames(&self, count: u16, dispose: Dispose) -> Vec<Frame> {
        let ground = Frame::new(self.ground.indices.clone());
        let balls = (1..count).map(|step| {
            let color = u8::try_from(step % 7).unwrap_or(0) * 2 + 1;
            Frame::new(Self::ball(color))
                .at(step * 110 / count, step * 70 / count)
                .with_transparent(Self::CLEAR)
                .disposed(dispose)
        });
        std::iter::once(ground).chain(balls).collect()
    }

    fn write(&self, loops: Loops, frames: &[Frame]) -> Vec<u8> {
        gif::write((160, 120), Some(&self.ground.palette), loops, frames)
    }
}

fn disposals() -> Vec<File> {
    let scene = Scene::new(4);
    [
        (Dispose::Unspecified, "unspecified"),
        (Dispose::Keep, "keep"),
        (Dispose::Background, "background"),
        (Dispose::Previous, "previous"),
    ]
    .into_iter()
    .map(|(dispose, name)| {
        file(
            format!("anim_f6_{name}_160x120_loop0.gif"),
            scene.write(Loops::Forever, &scene.frames(6, dispose)),
        )
    })
    .collect()
}

fn animations() -> Vec<File> {
    let scene = Scene::new(4);
    let keep = |count| scene.frames(count, Dispose::Keep);
    let large = indexed(&noise::photo(320, 240, 5), 4);
    let mut twelve = keep(12);
    twelve[0].indices = large.indices;
    let delayed: Vec<Frame> = keep(5)
        .into_iter()
        .zip([0, 1, 2, 10, 300])
        .map(|(frame, delay)| frame.with_delay(delay))
        .collect();
    let local: Vec<Frame> = [2, 3, 8]
        .into_iter()
        .map(|bits| {
            let picture = indexed(&noise::photo(80, 60, bits.into()), bits);
            Frame::new(picture.indices).with_palette(picture.palette)
        })
        .collect();
    let mut outside = keep(4);
    outside[1] = outside[1].clone().at(140, 100);
    outside[2] = outside[2].clone().at(400, 10);
    let mut interlaced = keep(3);
    interlaced[0] = interlaced[0].clone().interlaced();
    // The ground is transparent: what disposal leaves shows.
    let mut bare = scene.frames(4, Dispose::Background);
    bare[0] = Frame::new(Scene::ball(9))
        .with_transparent(Scene::CLEAR)
        .at(8, 8);
    vec![
        file("anim_f12_320x240_loop0.gif", {
            gif::write((320, 240), Some(&large.palette), Loops::Forever, &twelve)
        }),
        file(
            "anim_f3_160x120_once.gif",
            scene.write(Loops::Once, &keep(3)),
        ),
        file(
            "anim_f3_160x120_loop3.gif",
            scene.write(Loops::Repeats(2), &keep(3)),
        ),
        file(
            "anim_f5_delays_160x120_loop0.gif",
            scene.write(Loops::Forever, &delayed),
        ),
        file(
            "anim_f3_local_palettes_80x60_loop0.gif",
            gif::write((80, 60), None, Loops::Forever, &local),
        ),
        file(
            "anim_f4_outside_160x120_loop0.gif",
            scene.write(Loops::Forever, &outside),
        ),
        file(
            "anim_f3_interlaced_160x120_loop0.gif",
            scene.write(Loops::Forever, &interlaced),
        ),
        file(
            "anim_f4_bare_160x120_loop0.gif",
            scene.write(Loops::Forever, &bare),
        ),
        file("anim_f100_2x2_loop0.gif", {
            let dots = (0..16).cycle().take(100).map(|dot| Frame::new(dots(dot)));
            let dots: Vec<Frame> = dots.collect();
            gif::write((2, 2), Some(&scene.ground.palette), Loops::Forever, &dots)
        }),
    ]
}

/// Two by two pixels of a colour and the next one.
fn dots(color: u8) -> Picture {
    Picture::from_fn(2, 2, |x, y| [if x == y { color } else { (color + 1) % 16 }])
}

fn containers() -> Vec<File> {
    let scene = Scene::new(3);
    let whole = scene.write(Loops::Forever, &scene.frames(3, Dispose::Keep));
    let no_trailer = &whole[..whole.len() - 1];
    // Behind the screen and a palette of eight colours.
    let (start, rest) = whole.split_at(13 + 3 * 8);
    let with = |extension: Vec<u8>| [start, &extension, rest].concat();
    let profile = icc::profile("Display P3");
    let packet = exif::xmp("<rdf:RDF/>");
    // Unlike other blocks, XMP stands in the open: a tail of all lengths leads
    // out of it, whatever its bytes are taken for.
    let mut xmp = b"\x21\xFF\x0BXMP DataXMP".to_vec();
    xmp.extend(packet);
    xmp.push(1);
    xmp.extend((0..=255).rev());
    xmp.push(0);
    vec![
        file("anim_f3_no_trailer_160x120_loop0.gif", no_trailer),
        file(
            "anim_f3_trailing_500_160x120_loop0.gif",
            [&whole[..], &[0x2C; 500]].concat(),
        ),
        file(
            "anim_f3_comment_160x120_loop0.gif",
            with(gif::extension(0xFE, &[b"made for a test"])),
        ),
        file("anim_f3_xmp_160x120_loop0.gif", with(xmp)),
        file("anim_f3_icc_160x120_loop0.gif", {
            let parts: Vec<&[u8]> = profile.chunks(255).collect();
            let blocks = [&[&b"ICCRGBG1012"[..]], &parts[..]].concat();
            with(gif::extension(0xFF, &blocks))
        }),
        file(
            "anim_f3_unknown_extension_160x120_loop0.gif",
            with(gif::extension(0x42, &[b"nobody knows"])),
        ),
    ]
}
