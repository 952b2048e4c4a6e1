//! From a file's scans to planes.

use crate::bits::Bits;
use crate::damage::Damage;
use crate::error::Error;
use crate::feed::{BUFFER, Feed};
use crate::header::{Coding, Header};
use crate::markers::{Cursor, DHT, DQT, DRI, EOI, SOS, stands_alone};
use crate::planes::Planes;
use crate::scale::Scales;
use crate::scan::Scan;
use crate::sequential;
use crate::tables::Tables;

/// What is wanted of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The sizes of the planes.
    pub scales: Scales,
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
    let mut tables = Tables::new();
    let mut damage = Damage::default();
    let mut buffer = Box::new([0; BUFFER + 8]);
    let mut cursor = Cursor::new(bytes, 2);
    let _ = Bits::new();
    loop {
        let Some(marker) = cursor.marker() else {
            damage.has_no_end = true;
            return Ok(damage);
        };
        if marker == EOI {
            return Ok(damage);
        }
        if stands_alone(marker) {
            continue;
        }
        let Some(content) = cursor.segment() else {
            damage.has_no_end = true;
            return Ok(damage);
        };
        match marker {
            DQT => tables.read_steps(content)?,
            DHT => tables.read_codes(content)?,
            DRI => tables.read_interval(content)?,
            SOS => {
                let scan = Scan::read(content, header)?;
                let mut feed = Feed::new(bytes, cursor.at(), &mut buffer);
                match header.coding() {
                    Coding::Sequential => {
                        let mut context = sequential::Context { header, tables: &tables, scales: options.scales, keep_going };
                        let scan = sequential::decode(&mut context, &scan, &mut feed, planes)?;
                        damage.add(scan);
                    }
                    Coding::Progressive => todo!(),
                }
                cursor = Cursor::new(bytes, feed.place());
            }
            _ => {}
        }
    }
}
