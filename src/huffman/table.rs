//! The best Huffman tables for a picture.

use super::token::{INDEXES, TableIndex, Token};
use super::tree::{code_sizes, limited_lengths};
use crate::container::jpeg::Channel;
use crate::container::jpeg::write::{self, Class};
use crate::error::Error;

/// The longest code that a table can have (T.81, B.2.4.2).
pub(super) const LONGEST: usize = 16;

/// A table as a DHT segment has it (T.81, B.2.4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
struct Table {
    /// How many codes there are of each length `1..=16`: BITS.
    lengths: [u8; LONGEST],
    /// Symbols in the order of their codes; only as many as there are codes count: HUFFVAL.
    symbols: [u8; 256],
}

/// Bits to be written: a code, and the additional bits of its symbol.
#[derive(Clone, Copy, Debug)]
pub(super) struct Code {
    /// The lowest `length` bits.
    pub(super) value: u64,
    pub(super) length: u32,
}

/// The code of each token.
///
/// From the lowest bit: 5 bits with the code's length; 16 bits with the code.
#[derive(Clone, Debug)]
pub(crate) struct CodeBook([u32; INDEXES]);

/// How often each symbol of each table is used: the sum of both counts.
///
/// Two, as the processor waits where the same one is raised twice in turn. A scan of a photo has
/// fewer than 2^24 tokens: 64 for each of at most 2^18 blocks.
#[derive(Clone, Debug)]
pub(crate) struct Frequencies([[u32; INDEXES]; 2]);

/// The four tables of a scan.
#[derive(Clone, Debug)]
pub(crate) struct TableSet {
    dc: [Table; 2],
    ac: [Table; 2],
}

impl TableSet {
    pub(crate) fn optimised(frequencies: &Frequencies) -> Self {
        let table = |index: TableIndex| Table::optimised(&frequencies.of(index));
        Self {
            dc: [Channel::Luma, Channel::Chroma].map(|channel| table(TableIndex::dc(channel))),
            ac: [Channel::Luma, Channel::Chroma].map(|channel| table(TableIndex::ac(channel))),
        }
    }

    /// Writes the tables of these channels and classes as segments.
    pub(crate) fn write(
        &self,
        file: &mut Vec<u8>,
        channels: &[Channel],
        classes: &[Class],
    ) -> Result<(), Error> {
        for &channel in channels {
            for &class in classes {
                let table = match class {
                    Class::Dc => self.dc(channel),
                    Class::Ac => self.ac(channel),
                };
                write::huffman(file, class, channel as u8, &table.lengths, table.symbols())?;
            }
        }
        Ok(())
    }

    fn dc(&self, channel: Channel) -> &Table {
        &self.dc[channel as usize]
    }

    fn ac(&self, channel: Channel) -> &Table {
        &self.ac[channel as usize]
    }

    pub(crate) fn codes(&self) -> CodeBook {
        let mut codes = [0; INDEXES];
        for channel in [Channel::Luma, Channel::Chroma] {
            self.dc(channel)
                .fill(&mut codes[TableIndex::dc(channel).range()]);
            self.ac(channel)
                .fill(&mut codes[TableIndex::ac(channel).range()]);
        }
        CodeBook(codes)
    }
}

impl CodeBook {
    #[inline(always)]
    pub(super) fn code(&self, token: Token) -> Code {
        let entry = self.0[token.index()];
        Code {
            value: u64::from(entry >> 5) << token.count() | u64::from(token.bits()),
            length: (entry & 31) + token.count(),
        }
    }
}

impl Code {
    /// The most bits of one token: those of a code, and the additional ones of a coefficient.
    pub(super) const LONGEST: u32 = LONGEST as u32 + 15;

    /// This code with another one behind it.
    #[inline(always)]
    pub(super) fn then(self, next: Self) -> Self {
        Self {
            value: self.value << next.length | next.value,
            length: self.length + next.length,
        }
    }
}

impl Frequencies {
    /// Adds those of another part of the scan.
    pub(crate) fn add(&mut self, part: &Self) {
        let counts = self.0.as_flattened_mut().iter_mut();
        for (count, more) in counts.zip(part.0.as_flattened()) {
            *count += more;
        }
    }

    pub(crate) fn count(&mut self, tokens: &[Token]) {
        let [some, others] = &mut self.0;
        let (pairs, odd) = tokens.as_chunks();
        for &[first, second] in pairs {
            some[first.index()] += 1;
            others[second.index()] += 1;
        }
        for token in odd {
            some[token.index()] += 1;
        }
    }

    /// Those of a table's symbols.
    fn of(&self, table: TableIndex) -> [u64; 256] {
        let [some, others] = self.0.each_ref().map(|counts| &counts[table.range()]);
        std::array::from_fn(|symbol| u64::from(some[symbol]) + u64::from(others[symbol]))
    }
}

impl Default for Frequencies {
    fn default() -> Self {
        Self([[0; INDEXES]; 2])
    }
}

impl Table {
    /// The best table whose codes have at most 16 bits (T.81, K.2).
    fn optimised(frequencies: &[u64]) -> Self {
        let sizes = code_sizes(frequencies);
        let mut symbols = [0; 256];
        let mut count = 0;
        for symbol in (0..=u8::MAX).filter(|&symbol| sizes[usize::from(symbol)] != 0) {
            symbols[count] = symbol;
            count += 1;
        }
        // By the length of their codes, and then by value (figure K.4).
        symbols[..count].sort_unstable_by_key(|&symbol| (sizes[usize::from(symbol)], symbol));
        Self {
            lengths: limited_lengths(&sizes),
            symbols,
        }
    }

    /// The symbols in the order of their codes.
    fn symbols(&self) -> &[u8] {
        let count = self.lengths.iter().map(|&count| usize::from(count)).sum();
        &self.symbols[..count]
    }

    /// Codes count up, with a zero appended for each bit of length (T.81, annex C).
    fn fill(&self, codes: &mut [u32]) {
        let mut code = 0_u32;
        let mut symbols = self.symbols().iter();
        for (length, &count) in (1..).zip(&self.lengths) {
            for &symbol in symbols.by_ref().take(count.into()) {
                codes[usize::from(symbol)] = code << 5 | length;
                code += 1;
            }
            code <<= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(table: Table) -> TableSet {
        TableSet {
            dc: [table.clone(), table.clone()],
            ac: [table.clone(), table],
        }
    }

    /// The codes of a table's symbols, without additional bits.
    fn codes(table: &Table) -> Vec<(u8, u32, u32)> {
        let mut entries = [0; 256];
        table.fill(&mut entries);
        let code = |&symbol: &u8| {
            let entry = entries[usize::from(symbol)];
            (symbol, entry >> 5, entry & 31)
        };
        table.symbols().iter().map(code).collect()
    }

    fn assert_usable(table: &Table) {
        let codes = codes(table);
        for &(symbol, code, length) in &codes {
            assert!((1..=16).contains(&length));
            assert!(code < (1 << length) - 1, "code of {symbol} is all ones");
            for &(other, longer, its_length) in &codes {
                let prefix = its_length >= length && longer >> (its_length - length) == code;
                assert_eq!(prefix, other == symbol, "{symbol} {other}");
            }
        }
    }

    /// Frequencies of as many AC symbols as there are weights.
    fn frequencies(weights: impl IntoIterator<Item = u64>) -> [u64; 256] {
        let mut frequencies = [0; 256];
        // A run of up to 15 zeros and a size of 1 to 10 bits, EOB and ZRL (T.81, F.1.2.2.1).
        let runs = (0..16_usize).flat_map(|run| (1..=10).map(move |size| run << 4 | size));
        for (symbol, weight) in runs.chain([0x00, 0xF0]).zip(weights) {
            frequencies[symbol] = weight;
        }
        frequencies
    }

    #[test]
    fn deep_trees_are_cut_to_16_bits() {
        let fibonacci =
            std::iter::successors(Some((1, 1)), |&(this, next)| Some((next, this + next)));
        let frequencies = frequencies(fibonacci.map(|(this, _)| this).take(90));
        let table = Table::optimised(&frequencies);
        assert_eq!(table.symbols().len(), 90);
        assert_usable(&table);
    }

    #[test]
    fn degenerate_tables_are_usable() {
        assert!(Table::optimised(&[0; 256]).symbols().is_empty());
        let mut one = [0; 256];
        one[7] = 5;
        assert_eq!(codes(&Table::optimised(&one)), [(7, 0, 1)]);
        assert_usable(&Table::optimised(&frequencies([u64::MAX; 162])));
    }

    #[test]
    fn a_code_precedes_the_additional_bits() {
        let mut one = [0; 256];
        one[3] = 1;
        let book = set(Table::optimised(&one)).codes();
        let code = book.code(Token::value(TableIndex::ac(Channel::Chroma), 0, 5));
        assert_eq!((code.value, code.length), (0b101, 1 + 3));
        let code = book.code(Token::raw(0b10, 2));
        assert_eq!((code.value, code.length), (0b10, 2));
    }

    proptest! {
        #[test]
        fn optimised_tables_are_usable_and_no_longer_than_bytes(
            weights in prop::collection::vec(
                prop_oneof![Just(0), (0..40_u32).prop_map(|bits| 1 << bits)],
                1..=162,
            ),
        ) {
            let frequencies = frequencies(weights);
            let optimised = Table::optimised(&frequencies);
            assert_usable(&optimised);
            let total = |table: &Table| -> u64 {
                codes(table)
                    .iter()
                    .map(|&(symbol, _, length)| {
                        frequencies[usize::from(symbol)] * u64::from(length)
                    })
                    .sum()
            };
            // 162 symbols and the reserved code would fit in codes of 8 bits.
            prop_assert!(total(&optimised) <= 8 * frequencies.iter().sum::<u64>());
        }
    }
}
