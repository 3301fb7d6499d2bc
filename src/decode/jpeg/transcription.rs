//! Decodes scans only to note what is coded.

use super::bands::{AcTranscriber, BandMember, DcTranscriber, FirstTranscriber, LaterTranscriber};
use super::built::{Built, dc_tables, token_tables};
use super::error::Error;
use super::layout::{Blocks, Part};
use super::scan::{Grid, Scan, chosen};
use super::source::Source;
use super::tables::{Quantisation, Tables};
use super::transcribe::{self, Transcriber};
use super::transcript::{Contents, ScanTranscript, Transcript};
use crate::container::frame::{Coding, Frame};
use crate::memory;

/// What is known of the contents of a picture so far.
pub(super) struct Transcription {
    scans: Vec<ScanTranscript>,
    /// Of the components: which coefficients are not zero, as bits in zigzag order.
    nonzero: [u64; 4],
    /// The same for each block, of the components of a progressive picture.
    histories: Vec<Vec<u64>>,
}

/// A scan to be decoded.
pub(super) struct Work<'w> {
    pub(super) coding: Coding,
    pub(super) parts: &'w [Part],
    pub(super) tables: &'w Tables,
    pub(super) scan: &'w Scan,
    pub(super) grid: &'w Grid,
    /// Where its header stands.
    pub(super) offset: usize,
}

impl Transcription {
    pub(super) fn new(coding: Coding, parts: &[Part]) -> Result<Self, Error> {
        let histories = match coding {
            Coding::Sequential => Vec::new(),
            Coding::Progressive => (parts.iter())
                .map(|part| memory::filled(0, history_len(part)))
                .collect::<Result<_, _>>()?,
        };
        Ok(Self {
            scans: Vec::new(),
            nonzero: [0; 4],
            histories,
        })
    }

    /// Decodes a scan.
    pub(super) fn add(&mut self, work: &Work<'_>, source: &mut Source<'_>) -> Result<(), Error> {
        let contents = match work.coding {
            Coding::Sequential => blocks(work, source)?,
            Coding::Progressive if work.scan.band == (0, 0) => dc(work, source)?,
            Coding::Progressive => self.ac(work, source)?,
        };
        let scan = work.scan;
        let members = scan.members.iter().map(|member| member.component);
        for (place, set) in members.zip(&contents.nonzero) {
            if let Some(nonzero) = self.nonzero.get_mut(place) {
                *nonzero |= set;
            }
        }
        self.scans
            .push(ScanTranscript::new(work.coding, scan, contents));
        Ok(())
    }

    /// A scan of AC coefficients of a progressive picture.
    fn ac(&mut self, work: &Work<'_>, source: &mut Source<'_>) -> Result<Contents, Error> {
        let tables = token_tables(work.tables, work.scan, work.offset)?;
        let mut members = chosen(&mut self.histories, work.scan).zip(&work.scan.members);
        let member = members.find_map(|(history, member)| {
            Some((history, member.component, tables.get(member.ac)?))
        });
        let Some((history, component, symbols)) = member else {
            let problem = "scan of an unknown component";
            return Err(Error::malformed(problem, work.offset));
        };
        let bytes = source.scan_bytes();
        let band = AcTranscriber::new(
            component,
            symbols,
            work.scan.band,
            work.grid,
            history,
            bytes,
        )?;
        let interval = work.tables.interval;
        if work.scan.refines {
            let mut coder = LaterTranscriber(band);
            source.drive(work.grid, interval, |drive| drive.run(&mut coder))?;
            Ok(coder.0.finish())
        } else {
            let mut coder = FirstTranscriber(band);
            source.drive(work.grid, interval, |drive| drive.run(&mut coder))?;
            Ok(coder.0.finish())
        }
    }

    /// Puts all together. `steps` are of the components.
    pub(super) fn finish(self, frame: &Frame, steps: &[Option<Quantisation>]) -> Transcript {
        Transcript::new(frame, steps, &self.nonzero, self.scans)
    }
}

/// A scan of a sequential picture.
fn blocks(work: &Work<'_>, source: &mut Source<'_>) -> Result<Contents, Error> {
    let (dc, ac) = (
        dc_tables(work.tables, work.scan, work.offset)?,
        token_tables(work.tables, work.scan, work.offset)?,
    );
    let members = work.scan.members.iter().filter_map(|member| {
        Some(transcribe::Source {
            component: member.component,
            size: work.parts.get(member.component)?.size_in_blocks,
            dc: dc.get(member.dc)?,
            ac: ac.get(member.ac)?,
        })
    });
    let mut coder = Transcriber::new(work.grid, members, source.scan_bytes())?;
    source.drive(work.grid, work.tables.interval, |drive| {
        drive.run(&mut coder)
    })?;
    Ok(coder.finish())
}

/// A scan of DC coefficients of a progressive picture.
fn dc(work: &Work<'_>, source: &mut Source<'_>) -> Result<Contents, Error> {
    let tables = if work.scan.refines {
        Built::none()
    } else {
        dc_tables(work.tables, work.scan, work.offset)?
    };
    let members = work.scan.members.iter().filter_map(|member| {
        let size = work.parts.get(member.component)?.size_in_blocks;
        let table = tables.get(member.dc);
        Some(BandMember::new(member.component, size, table))
    });
    let mut coder = DcTranscriber::new(work.grid, members.collect(), source.scan_bytes())?;
    source.drive(work.grid, work.tables.interval, |drive| {
        drive.run(&mut coder)
    })?;
    coder.finish()
}

/// Blocks of a component in a history.
pub(super) fn history_len(part: &Part) -> usize {
    let Blocks { width, height } = part.size_in_blocks;
    usize::try_from(u64::from(width).saturating_mul(height.into())).unwrap_or(usize::MAX)
}
