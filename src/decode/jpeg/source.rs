//! The data of scans, and what was wrong with it.

use super::drive::Drive;
use super::entropy::Entropy;
use super::error::Error;
use super::scan::Grid;
use crate::cancel::Cancel;

/// Where the units of scans come from, and what was wrong with them.
pub(super) struct Source<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) entropy: Entropy<'a>,
    pub(super) tolerate: bool,
    pub(super) cancel: &'a Cancel,
    pub(super) fault: Option<Error>,
}

impl Source<'_> {
    pub(super) fn drive(
        &mut self,
        grid: &Grid,
        interval: u32,
        run: impl FnOnce(&mut Drive<'_, '_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut drive = Drive::new(
            &mut self.entropy,
            grid,
            interval,
            self.tolerate,
            self.cancel,
        );
        run(&mut drive)?;
        self.fault = self.fault.or(drive.fault());
        Ok(())
    }

    /// Bytes of the scan that begins here, with its restart markers.
    pub(super) fn scan_bytes(&self) -> usize {
        self.entropy.len()
    }

    /// Puts up with an error, or returns it.
    pub(super) fn tolerate(&mut self, error: Error) -> Result<(), Error> {
        if !self.tolerate {
            return Err(error);
        }
        self.fault.get_or_insert(error);
        Ok(())
    }
}
