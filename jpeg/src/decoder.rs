//! From a file's scans to planes.

use crate::damage::Damage;
use crate::error::Error;
use crate::feed::{BUFFER, Buffer, Feed};
use crate::header::{Coding, Header};
use crate::markers::{Cursor, DHT, DQT, DRI, EOI, SOS, stands_alone};
use crate::planes::Planes;
use crate::progressive::{self, Store};
use crate::scale::Scales;
use crate::scan::Scan;
use crate::schedule::{Schedule, Use};
use crate::sequential::{self, Context};
use crate::tables::Tables;

/// What is wanted of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The sizes of the planes.
    pub scales: Scales,
    /// Leaves out the scans of progressive files that add the last bit to AC coefficients: the largest scans, whose
    /// absence hardly shows in a picture that is made much smaller.
    pub drops_last_bit: bool,
}

/// Decodes a file that has `header` to planes. Asks `keep_going` now and then, at least once for each row of blocks
/// of a scan, and stops with [`Error::Stopped`] where it says no.
///
/// Damage behind the header leaves a picture as far as libjpeg would, and is told.
pub fn decode(
    header: &Header,
    bytes: &[u8],
    options: Options,
    planes: &mut Planes,
    keep_going: &mut dyn FnMut() -> bool,
) -> Result<Damage, Error> {
    planes.prepare(header, options.scales);
    match header.coding() {
        Coding::Sequential => decode_sequential(header, bytes, options, planes, keep_going),
        Coding::Progressive => decode_progressive(header, bytes, options, planes, keep_going),
    }
}

fn decode_sequential(
    header: &Header,
    bytes: &[u8],
    options: Options,
    planes: &mut Planes,
    keep_going: &mut dyn FnMut() -> bool,
) -> Result<Damage, Error> {
    let mut buffer: Box<Buffer> = Box::new([0; BUFFER + 8]);
    let mut damage = Damage::default();
    let mut segments = Segments::new(bytes);
    while let Some(content) = segments.next_scan()? {
        let scan = Scan::read(content, header)?;
        let mut feed = Feed::new(bytes, segments.cursor.at(), &mut buffer);
        let mut context = Context { header, tables: &segments.tables, scales: options.scales, keep_going };
        damage.add(sequential::decode(&mut context, &scan, &mut feed, planes)?);
        segments.cursor = Cursor::new(bytes, feed.place());
    }
    damage.has_no_end = !segments.has_end;
    Ok(damage)
}

fn decode_progressive(
    header: &Header,
    bytes: &[u8],
    options: Options,
    planes: &mut Planes,
    keep_going: &mut dyn FnMut() -> bool,
) -> Result<Damage, Error> {
    let mut buffer: Box<Buffer> = Box::new([0; BUFFER + 8]);
    let schedule = Schedule::new(header, bytes, options.scales, options.drops_last_bit)?;
    let mut store = Store::new(header, options.scales, &schedule);
    let mut damage = Damage { has_no_end: !schedule.has_end, ..Damage::default() };
    let mut segments = Segments::new(bytes);
    let mut number = 0;
    while !schedule.is_done(number)
        && let Some(content) = segments.next_scan()?
    {
        let scan = Scan::read(content, header)?;
        for member in &scan.members {
            if let Some(component) = header.components().get(member.component) {
                store.latch(member.component, component.quantisation, &segments.tables)?;
            }
        }
        let end = match schedule.of_scan(number) {
            Use::Pass(end) => end,
            Use::Decode => {
                let mut feed = Feed::new(bytes, segments.cursor.at(), &mut buffer);
                let mut context = Context { header, tables: &segments.tables, scales: options.scales, keep_going };
                damage.add(progressive::decode(&mut context, &scan, &mut feed, &mut store)?);
                feed.place()
            }
        };
        segments.cursor = Cursor::new(bytes, end);
        number += 1;
    }
    progressive::output(&store, planes, keep_going)?;
    Ok(damage)
}

/// The segments of a file, with what they have defined so far.
struct Segments<'a> {
    cursor: Cursor<'a>,
    tables: Tables,
    /// The end marker was met.
    has_end: bool,
}

impl<'a> Segments<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { cursor: Cursor::new(bytes, 2), tables: Tables::new(), has_end: false }
    }

    /// Goes to the next scan, and gives its header's content; none at the end of the file.
    fn next_scan(&mut self) -> Result<Option<&'a [u8]>, Error> {
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
}
