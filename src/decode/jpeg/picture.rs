//! Puts a picture together from its scans.

use super::built::{Built, ac_tables, dc_tables};
use super::canvas::Canvas;
use super::entropy::Entropy;
use super::error::Error;
use super::layout::Part;
use super::progressive::{AcScan, DcMember, DcScan, First};
use super::refine::Later;
use super::scan::{Grid, Scan, chosen};
use super::sequential::{Coding, Sequential};
use super::source::Source;
use super::split::Split;
use super::store::Store;
use super::tables::{Quantisation, Tables};
use super::transcription::{Transcription, Work};
use super::{Decoded, Settings};
use crate::container::frame::{Coding as FrameCoding, Frame, Member};
use crate::geometry::{Rect, Size};
use crate::memory;
use crate::plan::Plan;
use crate::raster::Plane;

/// What is known of a picture so far.
pub(super) struct Picture<'a> {
    frame: &'a Frame,
    parts: Vec<Part>,
    canvases: Vec<Canvas>,
    /// One for each component of a progressive picture.
    stores: Vec<Store>,
    source: Source<'a>,
    threads: usize,
    /// The steps of each component, which are those in force at its first scan.
    steps: Vec<Option<Quantisation>>,
    /// For each component the lowest bit known of each coefficient, or [`UNKNOWN`].
    precision: Vec<[u32; 64]>,
    /// What is coded, if that is kept, and nothing is drawn.
    transcription: Option<Transcription>,
}

/// The precision of a coefficient that no scan has coded.
const UNKNOWN: u32 = u32::MAX;

/// Where a scan stands in the file.
#[derive(Clone, Copy)]
pub(super) struct Offsets {
    pub(super) header: usize,
    pub(super) data: usize,
}

impl<'a> Picture<'a> {
    /// Takes the memory for all of the picture.
    pub(super) fn new(
        bytes: &'a [u8],
        frame: &'a Frame,
        parts: Vec<Part>,
        plan: &'a Plan,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let transcription = if settings.transcribe {
            Some(Transcription::new(frame.coding(), &parts)?)
        } else {
            None
        };
        let stores = match frame.coding() {
            FrameCoding::Sequential => Vec::new(),
            FrameCoding::Progressive if settings.transcribe => Vec::new(),
            FrameCoding::Progressive => parts
                .iter()
                .cloned()
                .map(Store::new)
                .collect::<Result<_, _>>()?,
        };
        let drawn = if settings.transcribe { 0 } else { parts.len() };
        let canvases = (parts.iter().cloned().zip(&frame.components).enumerate())
            .take(drawn)
            .map(|(number, (part, component))| Canvas::new(number, part, component.vertical, plan))
            .collect::<Result<_, _>>()?;
        let source = Source {
            bytes,
            entropy: Entropy::new(bytes)?,
            tolerate: settings.tolerate,
            cancel: &plan.cancel,
            fault: None,
        };
        let steps = vec![None; parts.len()];
        let precision = vec![[UNKNOWN; 64]; parts.len()];
        Ok(Self {
            frame,
            parts,
            canvases,
            stores,
            source,
            threads: settings.threads,
            steps,
            precision,
            transcription,
        })
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Where the data of the last scan ends, or somewhere before.
    pub(super) fn offset(&self) -> usize {
        self.source.entropy.offset()
    }

    /// Puts up with an error, or returns it.
    pub(super) fn tolerate(&mut self, error: Error) -> Result<(), Error> {
        self.source.tolerate(error)
    }

    /// Whether every coefficient is known to the last bit.
    pub(super) fn is_exact(&self) -> bool {
        self.precision.iter().flatten().all(|&low| low == 0)
    }

    /// At the end of the image: every component must have been in a scan.
    pub(super) fn check(&mut self, offset: usize) -> Result<(), Error> {
        let missing = self
            .precision
            .iter()
            .any(|bits| bits.iter().all(|&low| low == UNKNOWN));
        if missing {
            self.tolerate(Error::truncated("component without a scan", offset))?;
        }
        Ok(())
    }

    /// Decodes a scan.
    ///
    /// What is known to the last bit can't be completed any more. If a scan behind that is
    /// broken, decoding ends there, whether damage is tolerated or not: there is none.
    pub(super) fn scan(
        &mut self,
        tables: &mut Tables,
        scan: &Scan,
        grid: &Grid,
        at: Offsets,
    ) -> Result<(), Error> {
        let tolerate = self.source.tolerate;
        self.source.tolerate = tolerate && !self.is_exact();
        let result = self.decode(tables, scan, grid, at);
        self.source.tolerate = tolerate;
        result
    }

    fn decode(
        &mut self,
        tables: &mut Tables,
        scan: &Scan,
        grid: &Grid,
        at: Offsets,
    ) -> Result<(), Error> {
        self.source.entropy.start(at.data);
        for member in &scan.members {
            self.latch(tables, member, at.header)?;
        }
        match self.frame.coding() {
            _ if self.transcription.is_some() => self.transcribe(tables, scan, grid, at.header)?,
            FrameCoding::Sequential => self.sequential(tables, scan, grid, at.header)?,
            FrameCoding::Progressive if self.wants(scan) => {
                self.progressive(tables, scan, grid, at.header)?;
            }
            FrameCoding::Progressive if !self.source.entropy.is_closed() => {
                self.tolerate(Error::truncated("scan without an end", at.data))?;
            }
            FrameCoding::Progressive => {}
        }
        for member in &scan.members {
            let known = self.precision.get_mut(member.component);
            let band = known.and_then(|known| known.get_mut(scan.band.0..=scan.band.1));
            band.unwrap_or_default().fill(scan.low);
        }
        Ok(())
    }

    fn wants(&self, scan: &Scan) -> bool {
        scan.members.iter().any(|member| {
            let store = self.stores.get(member.component);
            store.is_some_and(|store| store.wants(scan.band))
        })
    }

    /// Fixes the quantisation of a component at its first scan.
    fn latch(&mut self, tables: &Tables, member: &Member, offset: usize) -> Result<(), Error> {
        let component = self.frame.components.get(member.component);
        let (Some(steps), Some(component)) = (self.steps.get_mut(member.component), component)
        else {
            return Err(Error::malformed("scan of an unknown component", offset));
        };
        if steps.is_none() {
            *steps = tables.quantisation(component.quantisation).copied();
        }
        match steps {
            Some(_) => Ok(()),
            None => Err(Error::malformed("quantisation table missing", offset)),
        }
    }

    fn sequential(
        &mut self,
        tables: &mut Tables,
        scan: &Scan,
        grid: &Grid,
        offset: usize,
    ) -> Result<(), Error> {
        self.begin_sequential(tables, scan, offset)?;
        let (dc, ac) = (
            dc_tables(tables, scan, offset)?,
            ac_tables(tables, scan, offset)?,
        );
        let codings = scan.members.iter().filter_map(|member| {
            Some(Coding {
                dc: dc.get(member.dc)?,
                ac: ac.get(member.ac)?,
                quantisation: self.steps.get(member.component)?.as_ref()?,
            })
        });
        let mut coder = Sequential::new(grid, codings, chosen(&mut self.canvases, scan))?;
        let split = Split {
            bytes: self.source.bytes,
            start: self.source.entropy.offset(),
            grid,
            interval: tables.interval,
            threads: self.threads,
        };
        self.source
            .drive(grid, tables.interval, |drive| split.run(drive, &mut coder))
    }

    fn begin_sequential(
        &self,
        tables: &mut Tables,
        scan: &Scan,
        offset: usize,
    ) -> Result<(), Error> {
        // Its rows may be gone by now.
        let is_known =
            |member: &Member| self.precision.get(member.component) != Some(&[UNKNOWN; 64]);
        if scan.members.iter().any(is_known) {
            return Err(Error::malformed("component in a second scan", offset));
        }
        tables.fill_in_typical();
        Ok(())
    }

    /// Decodes a scan only to note what is coded.
    fn transcribe(
        &mut self,
        tables: &mut Tables,
        scan: &Scan,
        grid: &Grid,
        offset: usize,
    ) -> Result<(), Error> {
        if self.frame.coding() == FrameCoding::Sequential {
            self.begin_sequential(tables, scan, offset)?;
        }
        let Some(transcription) = &mut self.transcription else {
            return Ok(());
        };
        let work = Work {
            coding: self.frame.coding(),
            parts: &self.parts,
            tables,
            scan,
            grid,
            offset,
        };
        transcription.add(&work, &mut self.source)
    }

    fn progressive(
        &mut self,
        tables: &Tables,
        scan: &Scan,
        grid: &Grid,
        offset: usize,
    ) -> Result<(), Error> {
        let (low, interval) = (scan.low, tables.interval);
        if scan.band == (0, 0) {
            let tables = if scan.refines {
                Built::none()
            } else {
                dc_tables(tables, scan, offset)?
            };
            let members = chosen(&mut self.stores, scan).zip(&scan.members);
            let members = members.map(|(store, member)| DcMember {
                table: tables.get(member.dc),
                store,
                prediction: 0,
            });
            let mut coder = DcScan {
                grid,
                members: members.collect(),
                low,
            };
            return self
                .source
                .drive(grid, interval, |drive| drive.run(&mut coder));
        }
        let tables = ac_tables(tables, scan, offset)?;
        let numbers = scan.members.iter().map(|member| member.ac);
        let Some((store, table)) = (chosen(&mut self.stores, scan).zip(numbers))
            .find_map(|(store, number)| Some((store, tables.get(number)?)))
        else {
            return Ok(());
        };
        let coder = AcScan::new(table, store, scan.band, low);
        if scan.refines {
            self.source
                .drive(grid, interval, |drive| drive.run(&mut Later(coder)))
        } else {
            self.source
                .drive(grid, interval, |drive| drive.run(&mut First(coder)))
        }
    }

    /// Draws what was only kept so far, and gives the planes; or else what is coded.
    pub(super) fn finish(mut self) -> Result<Decoded, Error> {
        if let Some(transcription) = self.transcription {
            let planes = self.parts.iter().map(|_| nothing());
            return Ok(Decoded {
                planes: planes.collect::<Result<_, _>>()?,
                transform: self.frame.transform,
                fault: self.source.fault,
                transcript: Some(transcription.finish(self.frame, &self.steps)),
            });
        }
        for ((store, canvas), steps) in self.stores.iter().zip(&mut self.canvases).zip(&self.steps)
        {
            if let Some(steps) = steps {
                store.draw(steps, canvas)?;
            }
        }
        let planes = self.canvases.into_iter().map(Canvas::finish);
        Ok(Decoded {
            planes: planes.collect::<Result<_, _>>()?,
            transform: self.frame.transform,
            fault: self.source.fault,
            transcript: None,
        })
    }
}

/// A plane without a picture.
fn nothing() -> Result<Plane, Error> {
    Ok(Plane {
        size: Size::SMALLEST,
        channels: 1,
        samples: memory::filled(0, 1)?,
        region: Rect::covering(Size::SMALLEST).into(),
    })
}
