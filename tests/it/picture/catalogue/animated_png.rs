//! Animated PNG files that are prepared.

use super::{File, file};
use crate::picture::apng::{self, Blend, Dispose, Frame};
use crate::picture::{Picture, noise};

pub(super) fn files() -> Vec<File> {
    let ground = noise::photo(80, 60, 1).with_alpha::<4>();
    let ball = ball(24);
    let whole = |seed| Frame::new(noise::photo(60, 45, seed));
    let moving = |dispose, blend| -> Vec<Frame> {
        let balls = [4, 20, 36, 50].map(|x| Frame {
            dispose,
            blend,
            ..Frame::new(ball.clone()).at(x, x / 2)
        });
        std::iter::once(Frame::new(ground.clone()))
            .chain(balls)
            .collect()
    };
    let mut files = vec![
        file(
            "anim_f3_whole_60x45_loop0.png",
            apng::write(0, None, &[whole(1), whole(2), whole(3)]),
        ),
        file("anim_f2_default_apart_60x45_loop3.png", {
            let fallback = noise::photo(60, 45, 9);
            apng::write(3, Some(&fallback), &[whole(1), whole(2)])
        }),
        file(
            "anim_f1_default_apart_60x45.png",
            apng::write(1, Some(&noise::photo(60, 45, 9)), &[whole(1)]),
        ),
        file("anim_f4_delays_60x45_loop1.png", {
            let delays = [(0, 100), (1, 100), (1, 0), (1, 10)];
            let frames: Vec<Frame> = delays
                .into_iter()
                .zip(1..)
                .map(|(delay, seed)| Frame {
                    delay,
                    ..whole(seed)
                })
                .collect();
            apng::write(1, None, &frames)
        }),
        file("anim_f3_previous_first_80x60_loop0.png", {
            // Nothing was there before the first frame, so it is cleared.
            let mut frames = moving(Dispose::None, Blend::Over);
            frames[0].dispose = Dispose::Previous;
            apng::write(0, None, &frames[..3])
        }),
    ];
    for (dispose, name) in [
        (Dispose::None, "none"),
        (Dispose::Background, "background"),
        (Dispose::Previous, "previous"),
    ] {
        for (blend, blend_name) in [(Blend::Source, "source"), (Blend::Over, "over")] {
            files.push(file(
                format!("anim_f5_{name}_{blend_name}_80x60_loop0.png"),
                apng::write(0, None, &moving(dispose, blend)),
            ));
        }
    }
    files
}

/// A ball whose rim is half transparent.
fn ball(edge: u32) -> Picture {
    Picture::from_fn(edge, edge, |x, y| {
        let offset = |at: u32| (2 * at + 1).abs_diff(edge);
        let distance = offset(x).pow(2) + offset(y).pow(2);
        match distance * 16 / edge.pow(2) {
            0..=9 => [230, 120, 40, 255],
            10..=15 => [230, 120, 40, 128],
            _ => [0; 4],
        }
    })
}
