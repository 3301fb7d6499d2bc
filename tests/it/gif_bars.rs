//! Bars beside frames that keep their pixels, where hardly a color is left for them.

use headshot::{Background, Options, Photo, Step, prepare};

use crate::picture::Picture;
use crate::picture::gif::{self, Dispose, Frame, Loops};
use crate::picture::indexed::Palette;
use crate::viewer::{Pixel, frames, read_strictly};

const WIDTH: usize = 520;
const HEIGHT: usize = 40;
const TOP: usize = (WIDTH - HEIGHT) / 2;

const BAR: [u8; 3] = [250, 3, 130];

/// 256 colors, none of which is that of bars.
fn colors() -> Palette {
    let channel = |n: u32, factor| u8::try_from(n * factor % 240).unwrap();
    (0..256)
        .map(|n| [channel(n, 7), u8::try_from(n).unwrap(), channel(n, 11)])
        .collect()
}

/// A frame of so many columns in all indices up to one.
fn frame(width: u32, last: u32) -> Frame {
    Frame::new(Picture::from_fn(width, 40, |x, y| {
        [u8::try_from((x * 3 + y * 7 + x * y / 9) % (last + 1)).unwrap()]
    }))
}

fn photo(palette: &Palette, frames: &[Frame]) -> (Vec<u8>, Photo) {
    let file = gif::write((520, 40), Some(palette), Loops::Once, frames);
    let options = Options::default().with_background(Background::Color(BAR));
    let photo = prepare(&file, &options).unwrap();
    assert!(photo.steps.contains(&Step::IndicesKept));
    read_strictly(&photo.bytes);
    // What comes out needs nothing more.
    let again = prepare(&photo.bytes, &options).unwrap();
    assert!(again.bytes == photo.bytes);
    (file, photo)
}

/// How many pixels of each frame's picture are other ones, and the color of its bars.
fn compared(file: &[u8], photo: &Photo) -> Vec<(usize, Pixel)> {
    let wanted = frames((WIDTH, HEIGHT), file);
    let shown = frames((WIDTH, WIDTH), &photo.bytes);
    assert_eq!(shown.len(), wanted.len());
    let frames = shown.iter().zip(&wanted);
    frames
        .map(|(shown, wanted)| {
            let places = (0..WIDTH).flat_map(|x| (0..HEIGHT).map(move |y| (x, y)));
            let others = places.filter(|&(x, y)| shown.pixel(x, y + TOP) != wanted.pixel(x, y));
            let bar = shown.pixel(0, 0);
            let bars = (0..WIDTH).flat_map(|x| [(x, 0), (x, TOP - 1), (x, TOP + HEIGHT)]);
            assert!(bars.into_iter().all(|(x, y)| shown.pixel(x, y) == bar));
            (others.count(), bar)
        })
        .collect()
}

const fn opaque([r, g, b]: [u8; 3]) -> Pixel {
    [r, g, b, 255]
}

fn unforeseen(photo: &Photo) -> Vec<&Step> {
    let is_unforeseen =
        |step: &&Step| matches!(step.name(), "bars_approximated" | "color_replaced");
    photo.steps.iter().filter(is_unforeseen).collect()
}

#[test]
fn bars_get_the_nearest_color_of_a_full_palette() {
    let (file, photo) = photo(&colors(), &[frame(520, 255), frame(520, 30)]);
    let squared = |color: &[u8; 3]| -> u32 {
        let channels = color.iter().zip(BAR);
        channels.map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
    };
    let used = colors().into_iter().min_by_key(squared).unwrap();
    assert_eq!(compared(&file, &photo), [(0, opaque(used)); 2]);
    let wanted = BAR;
    assert_eq!(
        unforeseen(&photo),
        [&Step::BarsApproximated { wanted, used }]
    );
}

#[test]
fn bars_have_their_color_where_there_is_an_index_for_it() {
    let with_bar = |at| {
        let mut colors = colors();
        colors[at] = BAR;
        colors
    };
    let mut with_twins = colors();
    with_twins[200] = with_twins[7];
    let cases = [
        ("the palette has it", with_bar(99), frame(520, 255)),
        ("an index is free", colors(), frame(520, 254)),
        (
            "the transparent index is free",
            colors(),
            frame(520, 254).with_transparent(255),
        ),
        ("a color is there twice", with_twins, frame(520, 255)),
    ];
    for (name, palette, frame) in cases {
        let (file, photo) = photo(&palette, &[frame.clone(), frame]);
        assert_eq!(compared(&file, &photo), [(0, opaque(BAR)); 2], "{name}");
        assert!(unforeseen(&photo).is_empty(), "{name}");
    }
}

#[test]
fn transparent_pixels_stay_beside_a_full_palette() {
    let first = frame(520, 255).with_transparent(9);
    let (file, photo) = photo(&colors(), &[first, frame(520, 255)]);
    let found = compared(&file, &photo);
    assert_eq!(found.iter().map(|(others, _)| others).sum::<usize>(), 0);
    assert_eq!(unforeseen(&photo).len(), 1);
}

#[test]
fn bars_that_are_cleared_are_drawn_again() {
    let cleared = frame(520, 255).disposed(Dispose::Background);
    let (file, photo) = photo(&colors(), &[cleared, frame(520, 100)]);
    let found = compared(&file, &photo);
    assert_eq!(found[0].0, 0);
    assert_eq!(found[1], (0, opaque(BAR)), "this one has room");
    assert_eq!(unforeseen(&photo).len(), 1);
}

#[test]
fn one_color_gives_way_to_pixels_that_nothing_covers() {
    // One that is nearly another one.
    let mut palette = colors();
    let [r, g, b] = palette[7];
    palette[200] = [r, g + 1, b];
    let (file, photo) = photo(&palette, &[frame(500, 255), frame(520, 255)]);
    let replaced = unforeseen(&photo)
        .into_iter()
        .find_map(|step| match step {
            Step::ColorReplaced { color, by } => Some([*color, *by]),
            _ => None,
        })
        .unwrap();
    let mut pair = [palette[7], palette[200]];
    pair.sort_unstable();
    let mut sorted = replaced;
    sorted.sort_unstable();
    assert_eq!(sorted, pair);
    let count = |index: u8| {
        let indices = frame(500, 255).indices;
        let same = indices.samples.iter().filter(|&&it| it == index);
        same.count()
    };
    let found = compared(&file, &photo);
    assert_eq!(found[0].0, count(7).min(count(200)));
    // A transparent index that is there already does.
    let with_clear = frame(500, 254).with_transparent(255);
    let (file, photo) = self::photo(&palette, &[with_clear, frame(520, 255)]);
    assert_eq!(compared(&file, &photo)[0].0, 0);
}
