//! Reads scan headers (T.81 B.2.3) and lays out the minimum coded units of a scan (T.81 A.2).

use super::error::Error;
use super::layout::Part;
use crate::container::frame::{Coding, Frame, Member};
use crate::container::jpeg::Segment;
use std::ops::Range;

/// Most blocks in a unit of several components (T.81 B.2.3).
const MOST_BLOCKS: u32 = 10;

/// A scan header.
pub(super) struct Scan {
    pub(super) members: Vec<Member>,
    /// The first and last coefficient, in zigzag order.
    pub(super) band: (usize, usize),
    /// Whether an earlier scan coded the higher bits.
    pub(super) refines: bool,
    /// The lowest bit that this scan codes.
    pub(super) low: u32,
}

impl Scan {
    pub(super) fn read(segment: Segment<'_>, frame: &Frame) -> Result<Self, Error> {
        let malformed = |message| Error::malformed(message, segment.offset);
        let Some((&count, list)) = segment.payload.split_first() else {
            return Err(malformed("scan header cut short"));
        };
        let Some((selectors, &[from, to, levels])) = list.split_last_chunk::<3>() else {
            return Err(malformed("scan header cut short"));
        };
        if !(1..=4).contains(&count) || selectors.len() != usize::from(count) * 2 {
            return Err(malformed("scan header of the wrong length"));
        }
        let members =
            (frame.members(selectors)).ok_or(malformed("scan of an unknown component"))?;
        let scan = match frame.coding() {
            // Every decoder ignores what sequential scans say here.
            Coding::Sequential => Self {
                members,
                band: (0, 63),
                refines: false,
                low: 0,
            },
            Coding::Progressive => Self {
                members,
                band: (usize::from(from), usize::from(to)),
                refines: levels >> 4 != 0,
                low: u32::from(levels & 15),
            },
        };
        match frame.coding() {
            Coding::Progressive if !scan.is_progressive(levels >> 4) => {
                Err(malformed("progression parameters out of range"))
            }
            _ => Ok(scan),
        }
    }

    /// The rules of T.81 G.1.1.1: DC by itself, AC of one component, one bit at a time.
    fn is_progressive(&self, high: u8) -> bool {
        let band = match self.band {
            (0, last) => last == 0,
            (first, last) => first <= last && last <= 63 && self.members.len() == 1,
        };
        band && self.low <= 13 && (high == 0 || u32::from(high).checked_sub(1) == Some(self.low))
    }
}

/// What belongs to the members of a scan, in the scan's order.
pub(super) fn chosen<'t, T>(all: &'t mut [T], scan: &Scan) -> impl Iterator<Item = &'t mut T> {
    let mut all: Vec<Option<&mut T>> = all.iter_mut().map(Some).collect();
    let order: Vec<usize> = scan.members.iter().map(|member| member.component).collect();
    order
        .into_iter()
        .filter_map(move |place| all.get_mut(place)?.take())
}

/// Where the blocks of a scan's units lie.
pub(super) struct Grid {
    pub(super) columns: u32,
    pub(super) rows: u32,
    /// Rows of units that hold wanted blocks.
    pub(super) wanted: Range<u32>,
    /// The blocks of a unit, in coding order.
    pub(super) blocks: Vec<Block>,
}

/// One block of a unit.
#[derive(Clone, Copy)]
pub(super) struct Block {
    /// The place of the component in the scan.
    pub(super) member: usize,
    /// Blocks of this component in a unit, in each direction.
    pub(super) across: u32,
    pub(super) down: u32,
    /// The place of this one among them.
    pub(super) x: u32,
    pub(super) y: u32,
}

impl Grid {
    /// The units of the scan.
    pub(super) fn units(&self) -> u64 {
        u64::from(self.columns).saturating_mul(self.rows.into())
    }

    /// Lays out a scan whose header is at `offset`.
    pub(super) fn new(
        frame: &Frame,
        parts: &[Part],
        scan: &Scan,
        offset: usize,
    ) -> Result<Self, Error> {
        let malformed = |message| Error::malformed(message, offset);
        let unknown = malformed("scan of an unknown component");
        if let [member] = &*scan.members {
            // T.81 A.2.2: blocks one by one, without padding.
            let Part {
                size_in_blocks: size,
                blocks,
                ..
            } = parts.get(member.component).ok_or(unknown)?;
            let block = Block {
                member: 0,
                across: 1,
                down: 1,
                x: 0,
                y: 0,
            };
            return Ok(Self {
                columns: size.width,
                rows: size.height,
                wanted: blocks.y.clone(),
                blocks: vec![block],
            });
        }
        let mut blocks = Vec::with_capacity(MOST_BLOCKS as usize);
        let (mut first, mut end) = (u32::MAX, 0);
        for (number, member) in scan.members.iter().enumerate() {
            let component = frame.components.get(member.component).ok_or(unknown)?;
            let rows = &parts.get(member.component).ok_or(unknown)?.blocks.y;
            let (across, down) = (component.horizontal, component.vertical);
            for (y, x) in (0..down).flat_map(|y| (0..across).map(move |x| (y, x))) {
                blocks.push(Block {
                    member: number,
                    across,
                    down,
                    x,
                    y,
                });
            }
            // A factor is 1 to 4: a frame of any other was refused.
            first = first.min(rows.start.checked_div(down).unwrap_or(0));
            end = end.max(rows.end.div_ceil(down));
        }
        if blocks.len() > MOST_BLOCKS as usize {
            return Err(malformed("more than 10 blocks in a unit"));
        }
        let (columns, rows) = frame.units();
        Ok(Self {
            columns,
            rows,
            wanted: first..end,
            blocks,
        })
    }
}
