//! The lengths of the best Huffman codes (T.81, K.2).

use std::cmp::Reverse;

use super::table::LONGEST;

/// A symbol that no picture uses. It takes the code of ones only, which is forbidden (T.81, K.2).
const RESERVED: usize = 256;

/// The most nodes of a Huffman tree: all symbols, and the pairs that they are joined to.
const NODES: usize = 2 * (RESERVED + 1);

/// A tree of symbols in the making.
#[derive(Clone, Copy, Debug, Default)]
struct Tree {
    frequency: u64,
    /// One of its symbols.
    name: usize,
    root: usize,
}

impl Tree {
    /// Puts the rarest tree last, and of equally rare ones that with the largest name.
    fn order(&self) -> (Reverse<u64>, usize) {
        (Reverse(self.frequency), self.name)
    }
}

/// The length of each symbol's code in a Huffman tree, 0 for unused symbols (T.81, figures K.1 and
/// K.2).
pub(super) fn code_sizes(frequencies: &[u64]) -> [u16; RESERVED + 1] {
    let mut room = [Tree::default(); RESERVED + 1];
    let mut count = 0;
    for (name, &frequency) in frequencies.iter().chain(&[1]).enumerate() {
        if frequency != 0 {
            room[count] = Tree {
                frequency,
                name,
                root: name,
            };
            count += 1;
        }
    }
    let mut trees = &mut room[..count];
    trees.sort_unstable_by_key(Tree::order);
    // A pair is made after its members, so each node's parent has a larger number than the node.
    let mut parents = [0; NODES];
    let mut pair = RESERVED;
    while let [others @ .., second, rarest] = trees {
        pair += 1;
        parents[rarest.root] = pair;
        parents[second.root] = pair;
        let joined = Tree {
            frequency: rarest.frequency.saturating_add(second.frequency),
            name: rarest.name,
            root: pair,
        };
        let place = others.partition_point(|tree| tree.order() < joined.order());
        let kept = others.len() + 1;
        trees = &mut trees[..kept];
        trees.copy_within(place..kept - 1, place + 1);
        trees[place] = joined;
    }
    let mut depths = [0; NODES];
    for node in (0..pair).rev() {
        if parents[node] != 0 {
            depths[node] = depths[parents[node]] + 1;
        }
    }
    *depths.first_chunk().expect("symbols are the first nodes")
}

/// How many codes have each length once none is longer than 16 bits and the reserved one is gone
/// (T.81, figure K.3).
pub(super) fn limited_lengths(sizes: &[u16; RESERVED + 1]) -> [u8; LONGEST] {
    // A tree of 257 symbols is at most 256 deep. No more than 257 codes have a length: 16 bits hold
    // it.
    let mut lengths = [0_u16; RESERVED + 1];
    for &size in sizes.iter().filter(|&&size| size != 0) {
        lengths[usize::from(size)] += 1;
    }
    for length in (LONGEST + 1..lengths.len()).rev() {
        while lengths[length] > 0 {
            // Two of the longest codes go: one takes their common prefix, and the other shares the
            // place of a shorter code, with that code.
            let shorter = (1..length - 1).rfind(|&shorter| lengths[shorter] > 0);
            let shorter = shorter.expect("a tree with codes of one length only is not this deep");
            lengths[length] -= 2;
            lengths[length - 1] += 1;
            lengths[shorter + 1] += 2;
            lengths[shorter] -= 1;
        }
    }
    if let Some(longest) = lengths.iter_mut().rfind(|count| **count > 0) {
        *longest -= 1;
    }
    let mut limited = [0; LONGEST];
    for (limited, count) in limited.iter_mut().zip(&lengths[1..]) {
        *limited = u8::try_from(*count).expect("257 codes minus one do not all have one length");
    }
    limited
}
