//! From a file's scans to planes.

use crate::context::Context;
use crate::damage::Damage;
use crate::error::Error;
use crate::feed::{Buffer, Feed};
use crate::header::{Coding, Header};
use crate::masked::filled;
use crate::options::Options;
use crate::planes::Planes;
use crate::progressive::{self, Store};
use crate::scan::Scan;
use crate::schedule::{MAX_SCANS, Schedule, Use};
use crate::segments::Segments;
use crate::sequential;

/// Decodes a file that has `header` to planes. Asks `keep_going` at least once for each row of blocks of a scan, and
/// stops with [`Error::Stopped`] where it says no.
///
/// Damage behind the header leaves a picture, much as it does with libjpeg, and is told. [`Error::Damaged`] is for
/// files of which there is no picture: no scan at all, tables missing or malformed for the first, or more scans than
/// any picture needs. After an error the planes' samples are of no use.
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
    let mut buffer: Box<Buffer> = filled(0);
    let mut damage = Damage::default();
    let mut segments = Segments::new(bytes);
    let mut seen = Seen::default();
    for number in 0..=MAX_SCANS {
        let scan = next_scan(&mut segments, header).and_then(|scan| {
            let Some(scan) = scan else { return Ok(None) };
            refuse_more(number)?;
            let mut feed = Feed::new(bytes, segments.at(), &mut buffer);
            let mut context = Context { header, tables: segments.tables(), options, keep_going };
            damage.add(sequential::decode(&mut context, &scan, &mut feed, planes)?);
            segments.go_to(feed.place());
            Ok(Some(scan))
        });
        let Some(scan) = mended(scan, number, &mut damage)? else { break };
        seen.add(&scan);
    }
    for (place, plane) in planes.iter_mut().enumerate() {
        if !seen.has(place) {
            plane.clear();
        }
    }
    damage.has_holes = damage.is_short || !seen.has_all(header);
    damage.has_no_end = !segments.has_end();
    Ok(damage)
}

fn decode_progressive(
    header: &Header,
    bytes: &[u8],
    options: Options,
    planes: &mut Planes,
    keep_going: &mut dyn FnMut() -> bool,
) -> Result<Damage, Error> {
    let schedule = Schedule::new(header, bytes, options)?;
    let mut buffer: Box<Buffer> = filled(0);
    let mut store = Store::new(header, options.scales, &schedule);
    let mut damage = Damage { has_no_end: !schedule.has_end(), ..Damage::default() };
    let mut segments = Segments::new(bytes);
    let mut seen = Seen::default();
    for number in 0..=MAX_SCANS {
        if number > 0 && schedule.is_done(number) {
            break;
        }
        let scan = next_scan(&mut segments, header).and_then(|scan| {
            let Some(scan) = scan else { return Ok(None) };
            store.latch(&scan, header, segments.tables())?;
            let end = match schedule.of_scan(number) {
                Use::Pass(end) => end,
                Use::Decode => {
                    let mut feed = Feed::new(bytes, segments.at(), &mut buffer);
                    let mut context = Context { header, tables: segments.tables(), options, keep_going };
                    damage.add(progressive::decode(&mut context, &scan, &mut feed, &mut store)?);
                    feed.place()
                }
            };
            segments.go_to(end);
            Ok(Some(scan))
        });
        let Some(scan) = mended(scan, number, &mut damage)? else { break };
        if scan.is_dc() {
            seen.add(&scan);
        }
    }
    damage.has_holes |= !seen.has_all(header);
    progressive::output(&store, planes, keep_going)?;
    Ok(damage)
}

fn next_scan(segments: &mut Segments<'_>, header: &Header) -> Result<Option<Scan>, Error> {
    segments.next_scan()?.map(|content| Scan::read(content, header)).transpose()
}

/// Takes an error behind the first scan for the file's end.
fn mended(
    scan: Result<Option<Scan>, Error>,
    number: usize,
    damage: &mut Damage,
) -> Result<Option<Scan>, Error> {
    match scan {
        Ok(None) if number == 0 => Err(Error::Damaged("it ends before its first scan")),
        Err(Error::Damaged(_)) if (1..MAX_SCANS).contains(&number) => {
            damage.has_bad_scan = true;
            Ok(None)
        }
        scan => scan,
    }
}

/// Refuses files of more scans than any picture needs.
pub(crate) fn refuse_more(scans: usize) -> Result<(), Error> {
    if scans < MAX_SCANS { Ok(()) } else { Err(Error::Damaged("it has more scans than any picture needs")) }
}

/// The components that there is something of, a bit each.
#[derive(Clone, Copy, Debug, Default)]
struct Seen(u8);

impl Seen {
    fn add(&mut self, scan: &Scan) {
        for member in &scan.members {
            self.0 |= 1 << member.component;
        }
    }

    fn has(self, component: usize) -> bool {
        self.0 >> component & 1 == 1
    }

    fn has_all(self, header: &Header) -> bool {
        (0..header.components().len()).all(|component| self.has(component))
    }
}
