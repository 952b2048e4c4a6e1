use crate::error::Error;
use crate::file::header::Header;
use crate::file::markers::{Cursor, DHT, DQT, DRI, EOI, SOS, stands_alone};
use crate::file::scan::Scan;
use crate::file::tables::Tables;
use crate::input::Input;

/// Bytes that are awaited before the next scan's header is searched. It is in them, unless large metadata precede it.
const AHEAD: usize = 64 * 1024;

/// Reads the segments of a file one after another, and keeps the tables that they define.
#[derive(Debug)]
pub(crate) struct Segments {
    position: usize,
    tables: Tables,
    has_end: bool,
}

/// The reason why the search for a scan ended.
enum Found {
    Scan(Scan),
    End,
    /// The last of the bytes, which may not be the file's last.
    LastByte,
}

impl Segments {
    /// Starts after the file's first marker.
    pub(crate) fn new() -> Self {
        Self { position: 2, tables: Tables::new(), has_end: false }
    }

    /// Advances to the next scan and reads its header. `None` at the end of the file.
    pub(crate) fn next_scan(
        &mut self,
        input: &mut dyn Input,
        header: &Header,
    ) -> Result<Option<Scan>, Error> {
        let start = self.position;
        let found = match self.search(input.prefix(start.saturating_add(AHEAD)), header)? {
            Found::LastByte => {
                self.position = start;
                self.search(input.prefix(usize::MAX), header)?
            }
            found @ (Found::Scan(_) | Found::End) => found,
        };
        match found {
            Found::Scan(scan) => Ok(Some(scan)),
            Found::End => {
                self.has_end = true;
                Ok(None)
            }
            Found::LastByte => Ok(None),
        }
    }

    fn search(&mut self, bytes: &[u8], header: &Header) -> Result<Found, Error> {
        let mut cursor = Cursor::new(bytes, self.position);
        while let Some(marker) = cursor.marker() {
            if marker == EOI {
                return Ok(Found::End);
            }
            if stands_alone(marker) {
                continue;
            }
            let Some(content) = cursor.segment() else { break };
            self.position = cursor.position();
            match marker {
                DQT => self.tables.read_steps(content)?,
                DHT => self.tables.read_codes(content)?,
                DRI => self.tables.read_interval(content)?,
                SOS => return Scan::read(content, header).map(Found::Scan),
                _ => {}
            }
        }
        Ok(Found::LastByte)
    }

    /// The tables that were defined so far.
    pub(crate) const fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The position after the segment that was read last.
    pub(crate) const fn position(&self) -> usize {
        self.position
    }

    /// Continues at `position`, which is after a scan's data.
    pub(crate) const fn go_to(&mut self, position: usize) {
        self.position = position;
    }

    /// `true` if the end marker was read.
    pub(crate) const fn has_end(&self) -> bool {
        self.has_end
    }
}
