//! The segments of a file, one after another.

use crate::error::Error;
use crate::markers::{Cursor, DHT, DQT, DRI, EOI, SOS, stands_alone};
use crate::tables::Tables;

/// A place between the segments of a file, with what those before it define.
#[derive(Debug)]
pub(crate) struct Segments<'a> {
    bytes: &'a [u8],
    cursor: Cursor<'a>,
    tables: Tables,
    has_end: bool,
}

impl<'a> Segments<'a> {
    /// Begins behind the marker that a file begins with.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, cursor: Cursor::new(bytes, 2), tables: Tables::new(), has_end: false }
    }

    /// Goes to the next scan, and gives its header's content; none at the end of the file.
    pub(crate) fn next_scan(&mut self) -> Result<Option<&'a [u8]>, Error> {
        while let Some(marker) = self.cursor.marker() {
            if marker == EOI {
                self.has_end = true;
                break;
            }
            if stands_alone(marker) {
                continue;
            }
            let Some(content) = self.cursor.segment() else { break };
            match marker {
                DQT => self.tables.read_steps(content)?,
                DHT => self.tables.read_codes(content)?,
                DRI => self.tables.read_interval(content)?,
                SOS => return Ok(Some(content)),
                _ => {}
            }
        }
        Ok(None)
    }

    /// What has been defined so far.
    pub(crate) const fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The byte behind the segment that was read last.
    pub(crate) const fn at(&self) -> usize {
        self.cursor.at()
    }

    /// Goes behind a scan's data.
    pub(crate) const fn go_to(&mut self, place: usize) {
        self.cursor = Cursor::new(self.bytes, place);
    }

    /// Whether the end marker was met.
    pub(crate) const fn has_end(&self) -> bool {
        self.has_end
    }
}
