use crate::error::Error;
use crate::file::markers::{Cursor, DHT, DQT, DRI, EOI, SOS, stands_alone};
use crate::file::tables::Tables;

/// Reads the segments of a file one after another, and keeps the tables that they define.
#[derive(Debug)]
pub(crate) struct Segments<'a> {
    bytes: &'a [u8],
    cursor: Cursor<'a>,
    tables: Tables,
    has_end: bool,
}

impl<'a> Segments<'a> {
    /// Starts after the file's first marker.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, cursor: Cursor::new(bytes, 2), tables: Tables::new(), has_end: false }
    }

    /// Advances to the next scan and returns the content of its header, or `None` at the end of the file.
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

    /// The tables that were defined so far.
    pub(crate) const fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The position after the segment that was read last.
    pub(crate) const fn position(&self) -> usize {
        self.cursor.position()
    }

    /// Continues at `position`, which is after a scan's data.
    pub(crate) const fn go_to(&mut self, position: usize) {
        self.cursor = Cursor::new(self.bytes, position);
    }

    /// `true` if the end marker was read.
    pub(crate) const fn has_end(&self) -> bool {
        self.has_end
    }
}
