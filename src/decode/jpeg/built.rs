//! The look-up tables of one scan.

use super::error::Error;
use super::huffman::{BadCode, DcTable};
use super::pairs::AcTable;
use super::scan::Scan;
use super::tables::Tables;
use super::tokens::TokenTable;

/// Tables by number; each is built once, however many components use it.
pub(super) struct Built<T>([Option<Box<T>>; 4]);

impl<T> Built<T> {
    /// No tables at all, for a scan that has no codes.
    pub(super) fn none() -> Self {
        Self([const { None }; 4])
    }

    /// Builds the tables of a scan whose header is at `offset`; `new` knows those of the file.
    pub(super) fn new(
        numbers: impl Iterator<Item = u8>,
        offset: usize,
        new: impl Fn(u8) -> Option<Result<Box<T>, BadCode>>,
    ) -> Result<Self, Error> {
        let malformed = |message| Error::malformed(message, offset);
        let mut tables = Self::none();
        for number in numbers {
            let slot = tables
                .0
                .get_mut(usize::from(number))
                .ok_or(malformed("huffman table number"))?;
            if slot.is_none() {
                let table = new(number).ok_or(malformed("huffman table missing"))?;
                *slot = Some(table.map_err(|BadCode| malformed("bad huffman table"))?);
            }
        }
        Ok(tables)
    }

    pub(super) fn get(&self, number: u8) -> Option<&T> {
        self.0.get(usize::from(number))?.as_deref()
    }
}

pub(super) fn dc_tables(
    tables: &Tables,
    scan: &Scan,
    offset: usize,
) -> Result<Built<DcTable>, Error> {
    Built::new(
        scan.members.iter().map(|member| member.dc),
        offset,
        |number| tables.dc(number).map(DcTable::new),
    )
}

pub(super) fn token_tables(
    tables: &Tables,
    scan: &Scan,
    offset: usize,
) -> Result<Built<TokenTable>, Error> {
    Built::new(
        scan.members.iter().map(|member| member.ac),
        offset,
        |number| tables.ac(number).map(TokenTable::new),
    )
}

pub(super) fn ac_tables(
    tables: &Tables,
    scan: &Scan,
    offset: usize,
) -> Result<Built<AcTable>, Error> {
    Built::new(
        scan.members.iter().map(|member| member.ac),
        offset,
        |number| tables.ac(number).map(AcTable::new),
    )
}
