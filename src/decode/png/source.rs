//! The chunks of a file, and the compressed data that lie in them.

use crate::cancel::Cancel;
use crate::container::png::{Chunk, SIGNATURE_LEN};
use crate::container::reader::Reader;
use crate::error::Error;
use crate::options::Damage;
use crate::plan::Plan;
use crate::probe::Format;

/// Goes through a file, chunk by chunk; through the data of a picture, as if they
/// lay in one piece.
pub(super) struct Source<'a> {
    /// Behind the last chunk that was taken.
    reader: Reader<'a>,
    damage: Damage,
    cancel: Cancel,
    /// The first damage that was passed over.
    fault: Option<Error>,
    /// The chunks that the data in work lie in.
    name: [u8; 4],
    /// The number of the last chunk of an animation.
    sequence: Option<u32>,
    /// What was not taken yet of the last chunk's data, and where they end.
    data: &'a [u8],
    data_end: usize,
}

/// Where the compressed data of a frame begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    at: usize,
    sequence: Option<u32>,
    pub(super) name: [u8; 4],
}

impl<'a> Source<'a> {
    pub(super) fn new(bytes: &'a [u8], plan: &Plan) -> Self {
        let mut reader = Reader::new(bytes);
        reader.take(SIGNATURE_LEN);
        Self {
            reader,
            damage: plan.damage,
            cancel: plan.cancel.clone(),
            fault: None,
            name: *b"IDAT",
            sequence: None,
            data: &[],
            data_end: SIGNATURE_LEN,
        }
    }

    /// What becomes of damage.
    pub(super) const fn damage(&self) -> Damage {
        self.damage
    }

    /// Looks whether to go on.
    pub(super) fn look(&self) -> Result<(), Error> {
        self.cancel.look()
    }

    /// The chunk ahead. A file that ends in it or before it is cut short.
    pub(super) fn peek(&self) -> Result<Chunk<'a>, Error> {
        let mut ahead = self.reader;
        Chunk::next(&mut ahead).ok_or_else(|| self.truncated())
    }

    /// Passes over the chunk ahead.
    pub(super) fn skip(&mut self) {
        Chunk::next(&mut self.reader);
    }

    /// Takes the number that stands at the start of `chunk`, which is ahead: they
    /// must be consecutive.
    pub(super) fn number(&mut self, chunk: &[u8]) -> Result<(), Error> {
        let number = chunk.first_chunk().copied().map(u32::from_be_bytes);
        let expected = self.sequence.map_or(Some(0), |last| last.checked_add(1));
        if number.is_none() || number != expected {
            return Err(self.malformed("animation out of sequence"));
        }
        self.sequence = number;
        Ok(())
    }

    /// The next data will be those of the chunks of this name, the first of which
    /// is ahead.
    pub(super) fn begin(&mut self, name: [u8; 4]) {
        self.name = name;
        self.data = &[];
    }

    /// Where the data are that [`Self::begin`] was called for, before any are taken.
    pub(super) const fn place(&self) -> Place {
        Place {
            at: self.reader.at(),
            sequence: self.sequence,
            name: self.name,
        }
    }

    /// The next data will be those at a place once more.
    pub(super) fn resume(&mut self, place: Place) {
        self.reader.resume(place.at);
        self.sequence = place.sequence;
        self.begin(place.name);
    }

    /// The data at a place, piece by piece. Checksums were right when they were read
    /// first. Pieces may be empty.
    pub(super) fn pieces(&self, place: Place) -> Pieces<'a> {
        let mut reader = self.reader;
        reader.resume(place.at);
        Pieces {
            reader,
            name: place.name,
        }
    }

    /// Data that were not taken yet, none of them only at their end.
    pub(super) fn data(&mut self) -> Result<&'a [u8], Error> {
        while self.data.is_empty() {
            let mut ahead = self.reader;
            match Chunk::next(&mut ahead) {
                Some(chunk) if chunk.name == self.name => self.open(&chunk, ahead)?,
                _ => break,
            }
        }
        Ok(self.data)
    }

    fn open(&mut self, chunk: &Chunk<'a>, behind: Reader<'a>) -> Result<(), Error> {
        if !chunk.is_cut() && !chunk.is_intact() {
            let fault = self.malformed("wrong checksum of pixels");
            match self.damage {
                Damage::Refuse => return Err(fault),
                Damage::Accept => _ = self.fault.get_or_insert(fault),
            }
        }
        let mut data = chunk.data;
        if &chunk.name == b"fdAT" {
            self.number(data)?;
            data = data.get(4..).unwrap_or_default();
        }
        // Name and length, before what the chunk has as a whole.
        self.data_end = self.reader.at() + 8 + chunk.data.len();
        self.data = data;
        self.reader = behind;
        Ok(())
    }

    /// Takes some of the data.
    pub(super) fn take(&mut self, len: usize) {
        self.data = self.data.get(len..).unwrap_or_default();
    }

    /// Passes over what is left of the data; says what damage was passed over.
    pub(super) fn end(&mut self) -> Result<(), Error> {
        while !self.data()?.is_empty() {
            self.data = &[];
        }
        self.fault.take().map_or(Ok(()), Err)
    }

    /// Passes over what is left of data that turned out to be damaged.
    pub(super) fn abandon(&mut self) {
        self.data = &[];
        while let Ok(chunk) = self.peek()
            && chunk.name == self.name
        {
            if let (b"fdAT", Some(number)) = (&self.name, chunk.data.first_chunk()) {
                self.sequence = Some(u32::from_be_bytes(*number));
            }
            self.skip();
        }
        self.fault = None;
    }

    /// Why there are no more data, where there should be some.
    pub(super) fn missing(&self) -> Error {
        match self.peek() {
            Ok(_) => self.malformed("pixels end too soon"),
            Err(truncated) => truncated,
        }
    }

    /// A rule that is broken about here.
    #[cold]
    pub(super) fn malformed(&self, problem: &'static str) -> Error {
        Error::malformed(Format::Png, problem, self.at())
    }

    #[cold]
    fn truncated(&self) -> Error {
        let end = self.reader.at() + self.reader.rest().len();
        Error::truncated(Format::Png, end)
    }

    /// Bytes of the file that were taken so far.
    pub(super) fn at(&self) -> usize {
        match self.data {
            [] => self.reader.at(),
            data => self.data_end - data.len(),
        }
    }
}

/// The contents of consecutive chunks of one name.
#[derive(Clone)]
pub(super) struct Pieces<'a> {
    reader: Reader<'a>,
    name: [u8; 4],
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let chunk = Chunk::next(&mut self.reader)?;
        let numbers = if &self.name == b"fdAT" { 4 } else { 0 };
        (chunk.name == self.name).then(|| chunk.data.get(numbers..).unwrap_or_default())
    }
}
