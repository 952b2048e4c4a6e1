use crate::context::ScanContext;
use crate::damage::Damage;
use crate::entropy::buffer::Buffer;
use crate::entropy::feed::Feed;
use crate::error::Error;
use crate::file::header::Header;
use crate::file::header::frame::Coding;
use crate::file::scan::{MAX_SCANS, Scan, ScanBudget, admit_one_more};
use crate::file::segments::Segments;
use crate::input::Input;
use crate::options::Options;
use crate::planes::{Planes, ScaledPlanes};
use crate::progressive::output::output;
use crate::progressive::schedule::{ScanUse, Schedule};
use crate::progressive::store::Store;
use crate::wrapped::filled;
use crate::{progressive, sequential};

/// Decodes the file `bytes` to planes. `header` is the file's own, read by [`Header::read`].
///
/// The decoder calls `keep_going` at least once for each row of blocks of a scan, and stops with [`Error::Stopped`] if it
/// returns `false`.
///
/// If the file is damaged after its header, there is still a picture, mostly the same as libjpeg's, and the damage is
/// returned. [`Error::Damaged`] means that there is no picture: the file has no scan, the first scan's tables are
/// missing or malformed, or there are more scans than any picture needs. After an error the samples are undefined.
pub fn decode(
    header: &Header,
    bytes: &[u8],
    options: Options,
    planes: &mut Planes,
    keep_going: &mut dyn FnMut() -> bool,
) -> Result<Damage, Error> {
    decode_arriving(header, &mut &*bytes, options, planes, keep_going)
}

/// Decodes a file while its bytes arrive. The result is that of [`decode()`]. Of a progressive file, the bytes after the
/// last needed scan are not awaited.
pub fn decode_arriving(
    header: &Header,
    input: &mut dyn Input,
    options: Options,
    planes: &mut Planes,
    keep_going: &mut dyn FnMut() -> bool,
) -> Result<Damage, Error> {
    match header.coding() {
        Coding::Sequential => decode_sequential(header, input, &mut [(options.scales, planes)], keep_going),
        Coding::Progressive => decode_progressive(header, input, options, planes, keep_going),
    }
}

/// Decodes a file to planes at several scales. The planes of each entry are those that [`decode()`] gives for its options. The
/// entropy code of a sequential file, where most of the time goes, is read once; a progressive file is decoded for each entry, since a
/// smaller scale needs fewer of its scans.
///
/// The damage is that which any of the entries found. Of a damaged file the planes may differ from those of [`decode()`], whose smallest
/// scale passes over damage that others read.
pub fn decode_scales(
    header: &Header,
    bytes: &[u8],
    targets: &mut [(Options, Planes)],
    keep_going: &mut dyn FnMut() -> bool,
) -> Result<Damage, Error> {
    match header.coding() {
        Coding::Sequential => {
            let mut targets: Vec<ScaledPlanes<'_>> =
                targets.iter_mut().map(|(options, planes)| (options.scales, planes)).collect();
            decode_sequential(header, &mut &*bytes, &mut targets, keep_going)
        }
        Coding::Progressive => {
            let mut damage = Damage::default();
            for (options, planes) in targets {
                damage.add(decode(header, bytes, *options, planes, keep_going)?);
            }
            Ok(damage)
        }
    }
}

fn decode_sequential(
    header: &Header,
    input: &mut dyn Input,
    targets: &mut [ScaledPlanes<'_>],
    keep_going: &mut dyn FnMut() -> bool,
) -> Result<Damage, Error> {
    for (scales, planes) in &mut *targets {
        planes.prepare(header, *scales);
    }
    let mut buffer: Box<Buffer> = filled(0);
    let mut damage = Damage::default();
    let mut segments = Segments::new();
    let mut decoded = ComponentSet::default();
    let mut budget = ScanBudget::new(header);
    for number in 0..=MAX_SCANS {
        let scan = segments.next_scan(input, header).and_then(|scan| {
            let Some(scan) = scan else { return Ok(None) };
            admit_one_more(number)?;
            budget.spend(&scan, header)?;
            let mut feed = Feed::new(input, segments.position(), &mut buffer);
            let mut context = ScanContext { header, tables: segments.tables(), keep_going };
            damage.add(sequential::decode(&mut context, &scan, &mut feed, targets)?);
            segments.go_to(feed.file_position());
            Ok(Some(scan))
        });
        let Some(scan) = tolerate(scan, number, &mut damage)? else { break };
        decoded.add(&scan);
    }
    for (_, planes) in targets {
        for (component, plane) in planes.iter_mut().enumerate() {
            if !decoded.has(component) {
                plane.clear();
            }
        }
    }
    damage.has_holes = damage.is_short || !decoded.has_all(header);
    damage.has_no_end = !segments.has_end();
    Ok(damage)
}

fn decode_progressive(
    header: &Header,
    input: &mut dyn Input,
    options: Options,
    planes: &mut Planes,
    keep_going: &mut dyn FnMut() -> bool,
) -> Result<Damage, Error> {
    planes.prepare(header, options.scales);
    let schedule = Schedule::read(header, input, options)?;
    let mut bytes = input.prefix(schedule.bytes());
    let mut buffer: Box<Buffer> = filled(0);
    let mut store = Store::new(header, options.scales, &schedule);
    let mut damage = Damage { has_no_end: !schedule.has_end(), ..Damage::default() };
    let mut segments = Segments::new();
    let mut decoded = ComponentSet::default();
    let mut budget = ScanBudget::new(header);
    for number in 0..=MAX_SCANS {
        if number > 0 && schedule.is_done(number) {
            break;
        }
        let scan = segments.next_scan(&mut bytes, header).and_then(|scan| {
            let Some(scan) = scan else { return Ok(None) };
            store.set_steps(&scan, header, segments.tables())?;
            let end = match schedule.scan_use(number) {
                ScanUse::Skip(end) => end,
                ScanUse::Decode => {
                    budget.spend(&scan, header)?;
                    let mut feed = Feed::new(&mut bytes, segments.position(), &mut buffer);
                    let mut context = ScanContext { header, tables: segments.tables(), keep_going };
                    damage.add(progressive::decode(&mut context, &scan, &mut feed, &mut store)?);
                    feed.file_position()
                }
            };
            segments.go_to(end);
            Ok(Some(scan))
        });
        let Some(scan) = tolerate(scan, number, &mut damage)? else { break };
        if scan.is_dc() {
            decoded.add(&scan);
        }
    }
    damage.has_holes |= !decoded.has_all(header);
    output(&store, planes, keep_going)?;
    Ok(damage)
}

/// Treats an error after the first scan as the end of the file.
fn tolerate(
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

/// A set of components, one bit for each.
#[derive(Clone, Copy, Debug, Default)]
struct ComponentSet(u8);

impl ComponentSet {
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
