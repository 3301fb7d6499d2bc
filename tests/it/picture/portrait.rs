//! A picture that is nice to look at: somebody before hills in the evening.

use super::noise::{self, hash, mix, ridge};
use super::{Picture, byte};

type Color = [i32; 3];

/// The picture is designed in these units, four to a pixel of 900x1200.
const WIDTH: u32 = 3600;
const HEIGHT: u32 = 4800;

/// Somebody before hills in the evening. Meant for a ratio of 3 to 4.
pub(crate) fn portrait(width: u32, height: u32) -> Picture {
    let grain = noise::plane(width, height, 11, 2);
    let row = width as usize;
    Picture::from_fn(width, height, |x, y| {
        // Four places in each pixel, so that edges come out smooth.
        let mut sum = [0; 3];
        for (right, down) in [(1, 1), (3, 1), (1, 3), (3, 3)] {
            let u = i32::try_from((4 * x + right) * WIDTH / (4 * width)).unwrap_or(0);
            let v = i32::try_from((4 * y + down) * HEIGHT / (4 * height)).unwrap_or(0);
            let color = place(u, v, grain[y as usize * row + x as usize]);
            for (sum, sample) in sum.iter_mut().zip(color) {
                *sum += sample;
            }
        }
        let dust = i32::try_from(hash(5, x, y) >> 29).unwrap_or(0) - 3;
        sum.map(|sum| byte(sum / 4 + dust))
    })
}

/// The colour at a place, nearest things first.
fn place(u: i32, v: i32, grain: i32) -> Color {
    face(u, v)
        .or_else(|| hair(u, v, grain))
        .or_else(|| body(u, v, grain))
        .or_else(|| hill(u, v, grain))
        .unwrap_or_else(|| sky(u, v, grain))
}

fn sky(u: i32, v: i32, grain: i32) -> Color {
    const STOPS: [(i32, Color); 4] = [
        (0, [58, 84, 140]),
        (1300, [150, 140, 170]),
        (2200, [246, 178, 130]),
        (3000, [255, 222, 160]),
    ];
    let stop = STOPS.windows(2).find(|stops| v < stops[1].0);
    let sky = stop.map_or(STOPS[3].1, |stops| {
        let part = (v - stops[0].0) * 256 / (stops[1].0 - stops[0].0);
        blend(stops[0].1, stops[1].1, part)
    });
    // Thin clouds where the coarse noise is high.
    let cloudy = blend(sky, [255, 226, 206], (grain - 60).clamp(0, 300) / 3);
    // The sun, and its glow fading with the distance.
    let distance = distance_squared(u - 2880, v - 1500);
    if distance < 300 * 300 {
        return [255, 244, 214];
    }
    let glow = 256 - (distance / 9000).min(256);
    blend(cloudy, [255, 224, 170], glow * 3 / 4)
}

/// Four ranges, the nearer the darker.
fn hill(u: i32, v: i32, grain: i32) -> Option<Color> {
    const RANGES: [(i32, i32, u32, Color); 4] = [
        (4100, 160, 500, [44, 74, 62]),
        (3550, 240, 800, [66, 98, 88]),
        (3050, 330, 900, [118, 118, 132]),
        (2700, 380, 700, [176, 146, 150]),
    ];
    let along = u32::try_from(u).unwrap_or(0);
    RANGES
        .iter()
        .zip(0..)
        .find(|&(&(top, rise, cell, _), range)| {
            let coarse = ridge(along, cell, 40 + range) * rise / 256;
            let fine = ridge(along, cell / 9, 50 + range) * rise / 2600;
            v > top - coarse - fine
        })
        .map(|(&(top, .., color), _)| {
            let haze = ((v - top + 500) / 16).clamp(0, 60);
            color.map(|sample| sample + grain / 14 + haze / 3)
        })
}

/// A knitted pullover and the neck.
fn body(u: i32, v: i32, grain: i32) -> Option<Color> {
    let collar = ellipse(u, v, [1800, 3650], [560, 300]);
    if ellipse(u, v, [1800, 3480], [360, 460]) {
        let shade = ((v - 3050) / 9).clamp(0, 34);
        return Some([222 - shade, 166 - shade, 132 - shade]);
    }
    if !collar && !ellipse(u, v, [1800, 5000], [1420, 1350]) {
        return None;
    }
    let stitch = ((u / 14 + (v / 22) % 2 * 2) % 4 - 1) * 5 + (v / 22 % 2) * 6;
    let light = (u - 1800) / 60 + grain / 22 + stitch;
    let stripe = !collar && (4180..4420).contains(&(v + distance_squared(u - 1800, 0) / 9000));
    let yarn = if stripe {
        [232, 214, 184]
    } else {
        [178, 66, 58]
    };
    Some(yarn.map(|sample: i32| sample + light))
}

fn hair(u: i32, v: i32, grain: i32) -> Option<Color> {
    let around = ellipse(u, v, [1800, 2180], [850, 950]);
    let sides = ellipse(u, v, [1800, 2650], [830, 760]) && v < 3120;
    (around || sides).then(|| {
        let strand = (u * 3 / 40 + (v - u / 3) / 130) % 7 - 3;
        let shine = 24 - ((v - 1700).abs() / 18).min(24);
        [74, 48, 38].map(|sample: i32| sample + strand * 2 + shine + grain / 40)
    })
}

fn face(u: i32, v: i32) -> Option<Color> {
    // The fringe hangs in front.
    let fringe = v < 1960 + (u - 1450).abs() / 5 && ellipse(u, v, [1800, 2180], [850, 950]);
    let skin = ellipse(u, v, [1800, 2480], [650, 830]);
    if fringe || !skin {
        return None;
    }
    let side = (u - 1800).abs();
    if ellipse(side, v, [262, 2440], [62, 78]) {
        let glint = ellipse(u, v, [1800 - 262 + 24, 2414], [20, 22])
            || ellipse(u, v, [1800 + 262 + 24, 2414], [20, 22]);
        return Some(if glint { [250, 250, 250] } else { [52, 36, 34] });
    }
    let brow =
        ellipse(side, v, [272, 2300], [130, 60]) && !ellipse(side, v, [272, 2336], [150, 66]);
    if brow {
        return Some([92, 60, 46]);
    }
    let smile = ellipse(u, v, [1800, 2800], [260, 200])
        && !ellipse(u, v, [1800, 2752], [290, 196])
        && v > 2800;
    if smile {
        return Some([168, 74, 66]);
    }
    // Light comes from the sun at the right; cheeks are red, the nose has a
    // shadow.
    let light = (u - 1800) / 34 - (v - 2480).abs() / 60;
    let blush = |center| 40 - (distance_squared(u - center, v - 2680) / 900).min(40);
    let red = blush(1800 - 390).max(blush(1800 + 390));
    let nose = ellipse(u, v, [1800, 2640], [84, 52]) && !ellipse(u, v, [1806, 2618], [90, 52]);
    let shade = light - if nose { 34 } else { 0 };
    Some([236 + shade, 186 + shade - red, 150 + shade - red])
}

fn ellipse(u: i32, v: i32, center: [i32; 2], radii: [i32; 2]) -> bool {
    let part = |at: i32, axis: usize| {
        let part = i64::from(at - center[axis]) * 4096 / i64::from(radii[axis]);
        part * part
    };
    part(u, 0) + part(v, 1) < 4096 * 4096
}

const fn distance_squared(du: i32, dv: i32) -> i32 {
    du * du + dv * dv
}

fn blend(from: Color, to: Color, part_of_256: i32) -> Color {
    [0, 1, 2].map(|channel| mix(from[channel], to[channel], part_of_256))
}
