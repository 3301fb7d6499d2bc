//! What is coded in a picture whose compressed pixels pass through: all that is needed to show it,
//! and nothing else of the file.

use super::scan::Scan;
use super::store::Store;
use super::tables::Quantisation;
use crate::container::frame::Frame;
use crate::container::jpeg::quantization::NATURAL;
use crate::huffman::{Frequencies, Token};

/// The contents of a JPEG.
#[derive(Debug)]
pub(crate) struct Transcript {
    pub(crate) frame: Frame,
    /// In the order of the frame.
    pub(crate) components: Vec<Quantized>,
    pub(crate) scans: Scans,
}

/// How a component is quantized.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quantized {
    /// In zigzag order.
    pub(crate) steps: Quantisation,
    /// The coefficients that are not zero in some block, as bits in zigzag order.
    pub(crate) nonzero: u64,
}

/// The contents of all scans.
#[derive(Debug)]
pub(crate) enum Scans {
    /// Each component is in one scan.
    Sequential(Vec<SequentialScan>),
    /// Coefficients, and the scans that send them.
    Progressive {
        scans: Vec<ProgressiveScan>,
        /// Component by component.
        coefficients: Vec<Coefficients>,
    },
}

/// A scan of whole coefficients.
#[derive(Debug)]
pub(crate) struct SequentialScan {
    /// The components by their places in the frame.
    pub(crate) members: Vec<usize>,
    /// What is coded, without restarts.
    pub(crate) tokens: Vec<Token>,
    pub(crate) frequencies: Frequencies,
}

/// A scan of a part of the coefficients (T.81, G.1.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProgressiveScan {
    /// The components by their places in the frame.
    pub(crate) members: Vec<usize>,
    /// The first and last coefficient, in zigzag order.
    pub(crate) band: (usize, usize),
    /// Whether an earlier scan coded the higher bits.
    pub(crate) refines: bool,
    /// The lowest bit that this scan codes.
    pub(crate) low: u32,
}

/// The quantized coefficients of a component.
#[derive(Debug)]
pub(crate) struct Coefficients {
    /// Blocks in a row.
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// CoefficientBlock by block, each in natural order, with one more value that means nothing.
    values: Vec<i16>,
    /// Which AC coefficients of each block are not zero, as bits in zigzag order.
    nonzero: Vec<u64>,
}

/// The coefficients of a block.
#[derive(Clone, Copy)]
pub(crate) struct CoefficientBlock<'a> {
    values: &'a [i16],
    /// Which AC coefficients are not zero, as bits in zigzag order.
    pub(crate) nonzero: u64,
}

impl Coefficients {
    /// Values of a block in [`Self::values`].
    const STRIDE: usize = 65;

    pub(super) fn new(store: Store) -> Self {
        let size = store.part.size_in_blocks;
        let mut coefficients = Self {
            width: size.width,
            height: size.height,
            values: store.coefficients,
            nonzero: store.history,
        };
        coefficients.forget_zeros();
        coefficients
    }

    /// Takes out of the sets those that were not zero at some time, but are now.
    fn forget_zeros(&mut self) {
        let blocks = self.values.chunks_exact(Self::STRIDE);
        for (values, nonzero) in blocks.zip(&mut self.nonzero) {
            let block = CoefficientBlock {
                values,
                nonzero: *nonzero,
            };
            let zeros = block.indices(*nonzero).filter(|&(_, value)| value == 0);
            *nonzero = zeros.fold(*nonzero, |set, (index, _)| set & !(1 << index));
        }
    }

    /// All blocks, row by row.
    #[inline(always)]
    pub(crate) fn blocks(&self) -> impl Iterator<Item = CoefficientBlock<'_>> {
        let blocks = self.values.chunks_exact(Self::STRIDE);
        (blocks.zip(&self.nonzero)).map(|(values, &nonzero)| CoefficientBlock { values, nonzero })
    }

    /// The DC coefficient of a block, if it is not beyond the picture.
    pub(crate) fn dc(&self, x: u32, y: u32) -> Option<i16> {
        let row = usize::try_from(u64::from(y).checked_mul(self.width.into())?).ok()?;
        let place = row.checked_add(usize::try_from(x).ok()?)?;
        let is_inside = x < self.width && y < self.height;
        let dc = self.values.get(place.checked_mul(Self::STRIDE)?);
        dc.copied().filter(|_| is_inside)
    }

    /// The coefficients that are not zero in some block.
    fn union(&self) -> u64 {
        self.blocks().fold(0, |set, block| {
            set | block.nonzero | u64::from(block.values.first() != Some(&0))
        })
    }
}

impl<'a> CoefficientBlock<'a> {
    /// The coefficients of a set with their zigzag indices, in order.
    #[inline(always)]
    pub(crate) fn indices(self, mut set: u64) -> impl Iterator<Item = (u32, i16)> + use<'a> {
        std::iter::from_fn(move || {
            let index = set.trailing_zeros();
            let natural = NATURAL.get(index as usize)?;
            set &= set.wrapping_sub(1);
            let value = self.values.get(usize::from(*natural)).copied();
            Some((index, value.unwrap_or_default()))
        })
    }
}

/// The precision of a coefficient that no scan has coded.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// For each component the lowest bit known of each coefficient, or [`UNKNOWN`].
pub(super) type Precision = Vec<[u32; 64]>;

/// Notes what is coded while a picture is decoded.
#[derive(Default)]
pub(super) struct Notes {
    sequential: Vec<SequentialScan>,
    /// Which coefficients are not zero, of components that a sequential scan had.
    nonzero: [u64; 4],
    progressive: Vec<ProgressiveScan>,
    /// Whether a scan before the picture was exact broke a rule of successive approximation.
    is_irregular: bool,
}

impl Notes {
    /// Notes a sequential scan, and the coefficients of each of its members that are not zero.
    pub(super) fn sequential(&mut self, scan: SequentialScan, nonzero: impl Iterator<Item = u64>) {
        for (&member, set) in scan.members.iter().zip(nonzero) {
            if let Some(known) = self.nonzero.get_mut(member) {
                *known = set;
            }
        }
        self.sequential.push(scan);
    }

    /// Notes a scan of a progressive picture of which so much was known before.
    pub(super) fn progressive(&mut self, scan: &Scan, precision: &[[u32; 64]]) {
        let known = || {
            let members = scan.members.iter();
            members.filter_map(|member| precision.get(member.component))
        };
        let band = |known: &[u32; 64], expected: u32| {
            let band = known.get(scan.band.0..=scan.band.1);
            band.unwrap_or_default().iter().all(|&low| low == expected)
        };
        let expected = if scan.refines {
            scan.low.saturating_add(1)
        } else {
            UNKNOWN
        };
        let is_due = known().all(|known| band(known, expected));
        let has_dc = scan.band.0 == 0 || known().all(|[dc, ..]| *dc != UNKNOWN);
        if is_due && has_dc {
            self.progressive.push(ProgressiveScan {
                members: scan.members.iter().map(|member| member.component).collect(),
                band: scan.band,
                refines: scan.refines,
                low: scan.low,
            });
        } else if !known().all(|known| band(known, 0)) {
            self.is_irregular = true;
        }
    }

    /// Puts all together. `steps` and `stores` are of the components, the latter of a progressive
    /// picture.
    pub(super) fn finish(
        self,
        frame: &Frame,
        steps: &[Option<Quantisation>],
        stores: Vec<Store>,
    ) -> Transcript {
        let coefficients: Vec<_> = stores.into_iter().map(Coefficients::new).collect();
        let unions = coefficients.iter().map(Coefficients::union);
        let nonzero = self
            .nonzero
            .into_iter()
            .take(if coefficients.is_empty() { 4 } else { 0 });
        let components = (steps.iter().zip(unions.chain(nonzero)))
            .map(|(steps, nonzero)| Quantized {
                // Without steps, it was in no scan, and damage is accepted.
                steps: steps.unwrap_or([1; 64]),
                nonzero,
            })
            .collect();
        let scans = if coefficients.is_empty() {
            Scans::Sequential(self.sequential)
        } else {
            Scans::Progressive {
                scans: if self.is_irregular {
                    plain_scans(coefficients.len())
                } else {
                    self.progressive
                },
                coefficients,
            }
        };
        Transcript {
            frame: frame.clone(),
            components,
            scans,
        }
    }
}

/// Scans that send all of the coefficients at once, but DC first.
fn plain_scans(components: usize) -> Vec<ProgressiveScan> {
    let bands = [(0, 0), (1, 63)];
    let scan = |band, component| ProgressiveScan {
        members: vec![component],
        band,
        refines: false,
        low: 0,
    };
    (bands.into_iter())
        .flat_map(|band| (0..components).map(move |component| scan(band, component)))
        .collect()
}
