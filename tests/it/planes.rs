//! The decoder of JPEG by itself, through the stages of the public API, and files
//! to try it on.

use headshot::{Damage, Error, Info, Limits, Options, Plane, Rect, Size, decode, plan, probe};
use jpeg_encoder::SamplingFactor;
use proptest::prelude::*;

use crate::picture::{Picture, byte, jpeg, noise};

/// What a decoder is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask {
    pub(crate) region: Rect,
    /// So many 64ths of the region's samples are of use, of all components and of
    /// colour differences.
    pub(crate) luma: u32,
    pub(crate) chroma: u32,
    pub(crate) damage: Damage,
}

impl Ask {
    /// All of the picture, at `edge` samples a block of 8 by 8 pixels.
    pub(crate) fn whole(info: &Info, edge: u32) -> Self {
        Self::part(Rect::covering(info.stored), edge)
    }

    pub(crate) const fn part(region: Rect, edge: u32) -> Self {
        Self {
            region,
            luma: 8 * edge,
            chroma: 8 * edge,
            damage: Damage::Refuse,
        }
    }

    pub(crate) const fn tolerant(self) -> Self {
        Self {
            damage: Damage::Accept,
            ..self
        }
    }

    /// The smallest size that will do for a component.
    pub(crate) fn at_least(&self, parts: u32) -> Size {
        let part = |edge: u32| (edge * parts / 64).max(1);
        Size::new(part(self.region.width), part(self.region.height)).expect("no edge is 0")
    }

    /// The planes, one for each component.
    pub(crate) fn planes(&self, bytes: &[u8], info: &Info) -> Result<Vec<Plane>, Error> {
        let mut plan = plan(info, &Options::default().with_limits(LIMITS))?;
        plan.request.region = self.region;
        plan.request.at_least = self.at_least(self.luma);
        plan.request.chroma_at_least = self.at_least(self.chroma);
        plan.damage = self.damage;
        plan.streamed = false;
        plan.pass_through = false;
        let mut frames = decode(bytes, info, &plan)?;
        let planes = frames.next()?.expect("a still").raster.planes.clone();
        assert!(frames.next()?.is_none());
        Ok(planes)
    }
}

/// So that no changed byte makes a picture that takes long.
const LIMITS: Limits = Limits {
    file_bytes: 1 << 25,
    edge: 1 << 14,
    pixels: 1 << 20,
    frames: 1,
    animation_pixels: 0,
    metadata_bytes: 1 << 16,
    memory_bytes: 1 << 26,
    work: 1 << 30,
};

/// The whole picture at `edge` samples a block, or what is wrong with it.
pub(crate) fn planes(bytes: &[u8], edge: u32) -> Result<Vec<Plane>, Error> {
    let info = probe(bytes)?;
    Ask::whole(&info, edge).planes(bytes, &info)
}

/// What a JPEG file is made of.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// 1 gray, 3 luma and differences, 4 inks.
    pub(crate) channels: usize,
    pub(crate) sampling: SamplingFactor,
    pub(crate) quality: u8,
    pub(crate) coding: Coding,
    /// Units between restart markers; 0 for none.
    pub(crate) restart: u16,
    pub(crate) seed: u32,
}

/// How coefficients are written, not what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// One scan, where the sampling allows it.
    Interleaved,
    /// A scan for each component, with tables of its own.
    Apart,
    /// So many scans for each component, the first with DC alone.
    Progressive(u8),
}

impl Recipe {
    /// Small, and nothing special about it.
    pub(crate) const PLAIN: Self = Self {
        width: 35,
        height: 27,
        channels: 3,
        sampling: SamplingFactor::F_2_2,
        quality: 80,
        coding: Coding::Interleaved,
        restart: 0,
        seed: 5,
    };

    /// Smooth noise with some roughness, different in all channels.
    pub(crate) fn picture(&self) -> Picture {
        let seed = |channel: usize| noise::hash(self.seed, 0, u32::try_from(channel).unwrap_or(0));
        let channels: Vec<Vec<i32>> = (0..self.channels)
            .map(|channel| noise::plane(self.width, self.height, seed(channel), 4))
            .collect();
        let rough = |at: usize, channel: usize| {
            let at = u32::try_from(at).unwrap_or(0);
            i32::try_from(noise::hash(seed(channel), at, 9) >> 29).unwrap_or(0)
        };
        let samples = (0..channels[0].len())
            .flat_map(|at| (0..self.channels).map(move |channel| (at, channel)))
            .map(|(at, channel)| byte(128 + channels[channel][at] / 5 + rough(at, channel)))
            .collect();
        Picture {
            width: self.width,
            height: self.height,
            channels: self.channels,
            samples,
        }
    }

    pub(crate) fn file(&self) -> Vec<u8> {
        let settings = |encoder: &mut jpeg_encoder::Encoder<&mut Vec<u8>>| {
            encoder.set_sampling_factor(self.sampling);
            encoder.set_restart_interval(self.restart);
            match self.coding {
                Coding::Interleaved => {}
                // It counts symbols as if there were no restarts, and then lacks codes.
                Coding::Apart => encoder.set_optimized_huffman_tables(self.restart == 0),
                Coding::Progressive(scans) => encoder.set_progressive_scans(scans),
            }
        };
        match self.channels {
            3 => jpeg::ycbcr(&self.picture(), self.quality, settings),
            _ => jpeg::with(&self.picture(), self.quality, settings),
        }
    }
}

/// Any small picture.
pub(crate) fn recipes() -> impl Strategy<Value = Recipe> {
    let size = (1..150_u32, 1..120_u32);
    let channels = prop::sample::select(vec![1, 3, 3, 3, 4]);
    let sampling = prop::sample::select(vec![
        SamplingFactor::F_1_1,
        SamplingFactor::F_2_1,
        SamplingFactor::F_1_2,
        SamplingFactor::F_2_2,
        SamplingFactor::F_4_1,
        SamplingFactor::F_4_2,
        SamplingFactor::F_1_4,
        SamplingFactor::F_2_4,
    ]);
    let restart = prop::sample::select(vec![0, 0, 1, 2, 3, 7, 20]);
    let rest = (50..=100_u8, codings(), restart, any::<u32>());
    (size, channels, sampling, rest).prop_map(
        |((width, height), channels, sampling, (quality, coding, restart, seed))| Recipe {
            width,
            height,
            channels,
            sampling,
            quality,
            coding,
            restart,
            seed,
        },
    )
}

/// With more scans, four components would have more than the 100 that are allowed.
pub(crate) fn codings() -> impl Strategy<Value = Coding> {
    prop_oneof![
        Just(Coding::Interleaved),
        Just(Coding::Apart),
        (2..=24_u8).prop_map(Coding::Progressive),
    ]
}
