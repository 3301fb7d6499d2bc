//! Quantization tables without the steps that no coefficient uses.

use crate::container::jpeg::quantization::are_standard;
use crate::decode::Quantized;

/// The tables to write, and the one that each component uses.
pub(super) struct Tables {
    /// By their destinations. Steps are in zigzag order.
    pub(super) steps: Vec<[u16; 64]>,
    /// Of the components, in the order of the frame.
    pub(super) destinations: Vec<u8>,
}

impl Tables {
    /// Makes a table for the first component, and for the others one for each distinct table.
    pub(super) fn of(components: &[Quantized]) -> Self {
        let mut tables = Self {
            steps: Vec::new(),
            destinations: Vec::new(),
        };
        let Some((first, others)) = components.split_first() else {
            return tables;
        };
        tables.steps.push(cleaned(&first.steps, first.nonzero));
        tables.destinations.push(0);
        for component in others {
            let same = others.iter().filter(|other| other.steps == component.steps);
            let nonzero = same.fold(0, |set, other| set | other.nonzero);
            let steps = cleaned(&component.steps, nonzero);
            let known = (1..).zip(tables.steps.iter().skip(1));
            let known = known.clone().find(|(_, known)| **known == steps);
            let destination = known.map_or(tables.steps.len(), |(destination, _)| destination);
            if destination == tables.steps.len() {
                tables.steps.push(steps);
            }
            // A frame has four components at most.
            let destination = u8::try_from(destination).unwrap_or(u8::MAX);
            tables.destinations.push(destination);
        }
        tables
    }
}

/// Replaces the steps of coefficients that are always zero, which could be anything: by the step
/// before, or the first that is needed. A table that most encoders use stays as it is.
fn cleaned(steps: &[u16; 64], nonzero: u64) -> [u16; 64] {
    if are_standard(steps) {
        return *steps;
    }
    let is_needed = |index: u32| nonzero.unbounded_shr(index) & 1 == 1;
    let mut needed = (0..).zip(steps).filter(|&(index, _)| is_needed(index));
    let mut last = needed.next().map_or(1, |(_, &step)| step);
    let mut cleaned = *steps;
    for (index, step) in (0..).zip(&mut cleaned) {
        if is_needed(index) {
            last = *step;
        } else {
            *step = last;
        }
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::array;

    fn counted() -> [u16; 64] {
        array::from_fn(|index| u16::try_from(index).unwrap() + 1000)
    }

    #[test]
    fn steps_that_are_needed_stay_and_others_repeat_them() {
        let steps = cleaned(&counted(), 1 << 2 | 1 << 5);
        assert_eq!(steps[..7], [1002, 1002, 1002, 1002, 1002, 1005, 1005]);
        assert!(steps[7..].iter().all(|&step| step == 1005));
        assert_eq!(cleaned(&counted(), u64::MAX), counted());
        assert_eq!(cleaned(&counted(), 0), [1; 64]);
        assert_eq!(cleaned(&steps, 1 << 2 | 1 << 5), steps);
    }

    #[test]
    fn equal_tables_are_written_once_but_for_the_first() {
        let component = |steps, nonzero| Quantized { steps, nonzero };
        let mut other = counted();
        other[63] = 7;
        let all = |last| {
            [
                component(counted(), 1),
                component(counted(), 1),
                component(other, last),
            ]
        };
        let tables = Tables::of(&all(1));
        assert_eq!(tables.destinations, [0, 1, 1]);
        assert_eq!(tables.steps, [[1000; 64]; 2]);
        assert_eq!(Tables::of(&all(u64::MAX)).destinations, [0, 1, 2]);
    }
}
