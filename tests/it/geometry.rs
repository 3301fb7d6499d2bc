//! Properties of the plan: where a picture of any size ends up.

use headshot::{
    Animation, CropBox, Error, Limits, Options, Orientation, Plan, Rect, Side, Size, Step, Upscale,
    plan, probe,
};
use proptest::prelude::*;

use crate::claim;

/// Limits that let any size through.
const UNLIMITED: Limits = Limits {
    file_bytes: u64::MAX,
    edge: u32::MAX,
    pixels: u64::MAX,
    frames: u32::MAX,
    animation_pixels: u64::MAX,
    metadata_bytes: u64::MAX,
    memory_bytes: u64::MAX,
    work: u64::MAX,
};

fn options() -> Options {
    Options::default().with_limits(UNLIMITED)
}

fn planned(size: Size, orientation: Orientation, options: &Options) -> Result<Plan, Error> {
    let info = probe(&claim::png(size.width(), size.height(), orientation)).unwrap();
    assert_eq!((info.stored, info.orientation), (size, orientation));
    plan(&info, options)
}

fn letterboxed(size: Size) -> Plan {
    planned(size, Orientation::Upright, &options()).unwrap()
}

fn edges() -> impl Strategy<Value = u32> {
    prop_oneof![
        1..=Size::MAX_EDGE,
        1..=2200_u32, // around the rule of 512 to 1024
        511..=514_u32,
        1022..=1026_u32,
        Just(1),
        Just(Size::MAX_EDGE),
    ]
}

fn sizes() -> impl Strategy<Value = Size> {
    (edges(), edges()).prop_map(|(width, height)| Size::new(width, height).unwrap())
}

fn orientations() -> impl Strategy<Value = Orientation> {
    prop::sample::select(&Orientation::ALL[..])
}

/// A size and a rectangle in it.
fn sizes_with_rects() -> impl Strategy<Value = (Size, Rect)> {
    sizes().prop_flat_map(|size| {
        let part = |edge: u32| (0..edge).prop_flat_map(move |at| (Just(at), 1..=edge - at));
        (part(size.width()), part(size.height())).prop_map(move |((x, width), (y, height))| {
            let rect = Rect {
                x,
                y,
                width,
                height,
            };
            (size, rect)
        })
    })
}

fn transposed(rect: Rect) -> Rect {
    Rect {
        x: rect.y,
        y: rect.x,
        width: rect.height,
        height: rect.width,
    }
}

proptest! {
    #[test]
    fn letterbox_fills_one_edge_and_is_centred(size in sizes()) {
        let Plan { picture, side, .. } = letterboxed(size);
        prop_assert!((Side::MIN..=Side::MAX).contains(&side));
        prop_assert_eq!(picture.width.max(picture.height), side.px());
        for (before, len) in [(picture.x, picture.width), (picture.y, picture.height)] {
            let after = side.px() - before - len; // and no underflow
            prop_assert!(after == before || after == before + 1, "{} and {}", before, after);
        }
    }

    #[test]
    fn aspect_is_kept_to_half_a_pixel(size in sizes()) {
        let picture = letterboxed(size).picture;
        let side = u64::from(picture.width.max(picture.height));
        let longest = u64::from(size.longest());
        for (edge, source) in [(picture.width, size.width()), (picture.height, size.height())] {
            // |edge - source * side / longest| <= 1/2, or the edge is 1.
            let (scaled, exact) = (u64::from(edge) * longest * 2, u64::from(source) * side * 2);
            prop_assert!(edge == 1 || scaled.abs_diff(exact) <= longest);
        }
    }

    #[test]
    fn a_picture_in_the_window_is_not_resampled(width in 1..=1024_u32, height in 512..=1024_u32) {
        let size = Size::new(width, height).unwrap();
        let plan = letterboxed(size);
        prop_assert_eq!(plan.side.px(), size.longest());
        // Of a square, which passes through, no pixel is of use.
        prop_assert!(plan.request.at_least == size || plan.pass_through);
        let scaled = plan.steps.iter().any(|step| matches!(step, Step::Scaled { .. }));
        prop_assert!(!scaled);
    }

    #[test]
    fn turning_the_picture_turns_the_plan(size in sizes()) {
        let sideways = letterboxed(size.transposed());
        prop_assert_eq!(transposed(letterboxed(size).picture), sideways.picture);
    }

    #[test]
    fn orientation_changes_nothing_that_is_seen(size in sizes(), orientation in orientations()) {
        let upright = letterboxed(size);
        let turned = planned(orientation.displayed(size), orientation, &options()).unwrap();
        prop_assert_eq!(turned.picture, upright.picture);
        prop_assert_eq!(turned.side, upright.side);
        // Of what passes through, no pixel is of use.
        if !upright.pass_through {
            let at_least = orientation.displayed(turned.request.at_least);
            prop_assert_eq!(at_least, upright.request.at_least);
        }
    }

    #[test]
    fn rectangles_go_there_and_back(
        (stored, rect) in sizes_with_rects(),
        orientation in orientations(),
    ) {
        let displayed = orientation.rect_to_displayed(rect, stored);
        prop_assert!(displayed.lies_in(orientation.displayed(stored)));
        prop_assert_eq!(orientation.rect_to_stored(displayed, stored), rect);
    }

    #[test]
    fn a_crop_is_used_whole_or_refused(
        size in sizes(),
        x in edges(),
        y in edges(),
        width in prop_oneof![Just(0), edges()],
        orientation in orientations(),
    ) {
        let crop = CropBox { x, y, width };
        let seen = orientation.displayed(size);
        match planned(size, orientation, &options().with_crop(crop)) {
            Ok(plan) => {
                prop_assert!(x + width <= seen.width() && y + width <= seen.height());
                let shown = orientation.rect_to_displayed(plan.request.region, size);
                prop_assert_eq!(shown, crop.rect());
                prop_assert_eq!(plan.side, Side::clamped(width));
                prop_assert_eq!(plan.picture, Rect::covering(plan.side.size()));
            }
            Err(Error::CropEmpty { .. }) => prop_assert_eq!(width, 0),
            Err(Error::CropOutside { .. }) => {
                prop_assert!(x + width > seen.width() || y + width > seen.height());
            }
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn small_pictures_are_refused_where_enlarging_is_forbidden(size in sizes()) {
        let strict = options().with_upscale(Upscale::Forbid);
        match planned(size, Orientation::Upright, &strict) {
            Ok(_) => prop_assert!(size.longest() >= 512),
            Err(error) => {
                prop_assert_eq!(error.reason(), "too_small");
                prop_assert!(size.longest() < 512);
            }
        }
    }

    #[test]
    fn memory_covers_what_a_decoder_holds(size in sizes()) {
        let plan = letterboxed(size);
        let strict = Limits { memory_bytes: plan.memory_bytes - 1, ..UNLIMITED };
        let refused = planned(size, Orientation::Upright, &Options::default().with_limits(strict));
        // The picture, unless it is never there as a whole; then rows of it.
        let rows = if plan.streamed { 1 } else { u64::from(size.height()) };
        let canvas = plan.side.size().pixels();
        prop_assert!(plan.memory_bytes >= 3 * (u64::from(size.width()) * rows + canvas));
        prop_assert_eq!(refused.unwrap_err().reason(), "memory");
    }
}

#[test]
fn rounding_is_half_up_and_never_to_nothing() {
    let picture = |width, height| {
        let plan = letterboxed(Size::new(width, height).unwrap());
        (plan.picture.width, plan.picture.height)
    };
    assert_eq!(picture(2048, 1001), (1024, 501)); // 500.5
    assert_eq!(picture(2048, 999), (1024, 500)); // 499.5
    assert_eq!(picture(16_384, 1), (1024, 1)); // 0.06
    assert_eq!(picture(1, 1), (512, 512));
    assert_eq!(picture(513, 1), (513, 1));
}

/// The odd pixel goes to the right and to the bottom.
#[test]
fn an_odd_pixel_goes_right_and_below() {
    let plan = letterboxed(Size::new(601, 800).unwrap());
    assert_eq!((plan.picture.x, plan.picture.width), (99, 601));
    let plan = letterboxed(Size::new(800, 601).unwrap());
    assert_eq!((plan.picture.y, plan.picture.height), (99, 601));
}

/// What a limit allows, at the limit and one over.
#[test]
fn every_limit_at_the_limit_and_one_over() {
    let still = claim::png(700, 600, Orientation::Upright);
    let animation = claim::gif(70, 60, 5);
    let default = Limits::default();
    let still_at = |limits| {
        plan(
            &probe(&still).unwrap(),
            &Options::default().with_limits(limits),
        )
    };
    let animation_at = |limits| {
        plan(
            &probe(&animation).unwrap(),
            &Options::default().with_limits(limits),
        )
    };
    let memory_bytes = still_at(default).unwrap().memory_bytes;
    let file_bytes = still.len() as u64;

    let cases = [
        (
            "edge",
            still_at(Limits {
                edge: 700,
                ..default
            }),
            still_at(Limits {
                edge: 699,
                ..default
            }),
        ),
        (
            "pixels",
            still_at(Limits {
                pixels: 420_000,
                ..default
            }),
            still_at(Limits {
                pixels: 419_999,
                ..default
            }),
        ),
        (
            "file_bytes",
            still_at(Limits {
                file_bytes,
                ..default
            }),
            still_at(Limits {
                file_bytes: file_bytes - 1,
                ..default
            }),
        ),
        (
            "memory",
            still_at(Limits {
                memory_bytes,
                ..default
            }),
            still_at(Limits {
                memory_bytes: memory_bytes - 1,
                ..default
            }),
        ),
        (
            "frames",
            animation_at(Limits {
                frames: 5,
                ..default
            }),
            animation_at(Limits {
                frames: 4,
                ..default
            }),
        ),
        (
            "animation_pixels",
            animation_at(Limits {
                animation_pixels: 21_000,
                ..default
            }),
            animation_at(Limits {
                animation_pixels: 20_999,
                ..default
            }),
        ),
    ];
    for (reason, at, over) in cases {
        assert!(at.is_ok(), "{reason}: {at:?}");
        let error = over.unwrap_err();
        assert_eq!(error.reason(), reason);
        let (measured, limit) = error.measured_and_limit().unwrap();
        assert_eq!(measured, limit + 1, "{error}");
        assert!(error.to_string().contains(&measured.to_string()), "{error}");
        assert!(error.to_string().contains(&limit.to_string()), "{error}");
    }
}

#[test]
fn animations_are_kept_stilled_or_rejected() {
    let info = probe(&claim::gif(70, 60, 5)).unwrap();
    let with = |animation| plan(&info, &Options::default().with_animation(animation));
    assert_eq!(with(Animation::Keep).unwrap().frames, 5);
    let still = with(Animation::Still).unwrap();
    assert_eq!(still.frames, 1);
    assert_eq!(still.steps[0], Step::Stilled { frames: 5 });
    assert_eq!(with(Animation::Reject).unwrap_err().reason(), "animated");
}
