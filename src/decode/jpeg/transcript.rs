//! What is coded in a picture whose compressed pixels pass through: all that is needed to show it,
//! and nothing else of the file.

use super::scan::Scan;
use super::tables::Quantisation;
use crate::container::frame::{Coding, Frame};
use crate::huffman::{Frequencies, Token};

/// The contents of a JPEG.
#[derive(Debug)]
pub(crate) struct Transcript {
    pub(crate) frame: Frame,
    /// In the order of the frame.
    pub(crate) components: Vec<Quantized>,
    pub(crate) scans: Vec<ScanTranscript>,
}

/// How a component is quantized.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quantized {
    /// In zigzag order.
    pub(crate) steps: Quantisation,
    /// The coefficients that are not zero in some block, as bits in zigzag order.
    pub(crate) nonzero: u64,
}

/// The contents of a scan.
#[derive(Debug)]
pub(crate) struct ScanTranscript {
    pub(crate) coding: Coding,
    /// The components by their places in the frame.
    pub(crate) members: Vec<usize>,
    /// The first and last coefficient, in zigzag order.
    pub(crate) band: (usize, usize),
    /// Whether an earlier scan coded the higher bits.
    pub(crate) refines: bool,
    /// The lowest bit that this scan codes.
    pub(crate) low: u32,
    /// What is coded, without restarts.
    pub(crate) tokens: Vec<Token>,
    pub(crate) frequencies: Frequencies,
}

/// What a scan codes.
pub(super) struct Contents {
    pub(super) tokens: Vec<Token>,
    /// Which coefficients of each member are not zero in some block, as bits in zigzag order.
    pub(super) nonzero: Vec<u64>,
}

impl ScanTranscript {
    pub(super) fn new(coding: Coding, scan: &Scan, contents: Contents) -> Self {
        let mut frequencies = Frequencies::default();
        frequencies.count(&contents.tokens);
        Self {
            coding,
            members: scan.members.iter().map(|member| member.component).collect(),
            band: scan.band,
            refines: scan.refines,
            low: scan.low,
            tokens: contents.tokens,
            frequencies,
        }
    }
}

impl Transcript {
    /// Steps and sets are of the components.
    pub(super) fn new(
        frame: &Frame,
        steps: &[Option<Quantisation>],
        nonzero: &[u64],
        scans: Vec<ScanTranscript>,
    ) -> Self {
        let components = (steps.iter().zip(nonzero))
            .map(|(steps, &nonzero)| Quantized {
                // Without steps, it was in no scan, and damage is accepted.
                steps: steps.unwrap_or([1; 64]),
                nonzero,
            })
            .collect();
        Self {
            frame: frame.clone(),
            components,
            scans,
        }
    }
}
