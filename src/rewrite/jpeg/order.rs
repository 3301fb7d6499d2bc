//! The order of blocks in scans (T.81, A.2).

use crate::container::frame::Frame;
use crate::error::Error;

/// Goes through the blocks of a scan of these components: calls `each` with the place of the
/// component among them, and the column and row of the block.
pub(super) fn blocks(
    frame: &Frame,
    members: &[usize],
    mut each: impl FnMut(usize, u32, u32) -> Result<(), Error>,
) -> Result<(), Error> {
    let component = |place: usize| {
        let component = frame.components.get(place);
        component.ok_or_else(|| Error::internal("encode")("a scan of an unknown component"))
    };
    if let [place] = members {
        let (columns, rows) = frame.blocks(component(*place)?);
        for y in 0..rows {
            for x in 0..columns {
                each(0, x, y)?;
            }
        }
        return Ok(());
    }
    let mut in_unit = Vec::new();
    for (member, &place) in members.iter().enumerate() {
        let component = component(place)?;
        let (across, down) = (component.horizontal, component.vertical);
        for (y, x) in (0..down).flat_map(|y| (0..across).map(move |x| (y, x))) {
            in_unit.push((member, [across, x], [down, y]));
        }
    }
    let place =
        |unit: u32, [blocks, first]: [u32; 2]| unit.saturating_mul(blocks).saturating_add(first);
    let (columns, rows) = frame.units();
    for row in 0..rows {
        for column in 0..columns {
            for &(member, x, y) in &in_unit {
                each(member, place(column, x), place(row, y))?;
            }
        }
    }
    Ok(())
}
