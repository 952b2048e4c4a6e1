//! The headers of HEVC pictures (ITU-T H.265): the units of an item, and its sequence parameter set.

mod sequence;

use super::boxes::Reader;
use super::container::missing_part;
use super::picture::PictureHeader;
use crate::error::Error;

/// The most slices of a picture: more than the highest level allows.
const MAX_SLICES: usize = 1024;

/// The most parameter sets of a picture. Encoders write three.
const MAX_PARAMETER_SETS: usize = 64;

/// The NAL units (network abstraction layer, section 7.3.1) of one picture that is coded without others.
pub(super) struct Units<'a> {
    pub(super) parameter_sets: Vec<&'a [u8]>,
    pub(super) slices: Vec<&'a [u8]>,
}

/// The type of a unit in the base layer. `None` for those of other layers, which show other pictures.
fn unit_type(unit: &[u8]) -> Option<u8> {
    let [first, second, ..] = *unit else { return None };
    (first & 1 == 0 && second >> 3 == 0).then_some(first >> 1 & 0x3f)
}

const SEQUENCE_PARAMETER_SET: u8 = 33;

impl<'a> Units<'a> {
    /// The units of an item with the decoder configuration `config` (`hvcC`; ISO/IEC 14496-15, section 8.3.3). Fails if the
    /// item has several pictures, or several sizes, which would exceed what was admitted.
    pub(super) fn read(config: &'a [u8], data: &'a [u8]) -> Result<Self, Error> {
        let mut units = Self { parameter_sets: Vec::new(), slices: Vec::new() };
        let length_bytes = units.add_configuration(config).ok_or_else(missing_part)?;
        let mut reader = Reader { rest: data };
        while !reader.rest.is_empty() {
            let length = reader.uint(length_bytes).and_then(|length| usize::try_from(length).ok());
            let unit = length.and_then(|length| reader.take(length)).ok_or_else(missing_part)?;
            units.add(unit)?;
        }
        let is_first = |slice: &&&[u8]| slice.get(2).is_some_and(|byte| byte & 0x80 != 0);
        if units.slices.iter().filter(is_first).count() != 1 {
            return Err(Error::Damaged("the file has not exactly one coded picture".to_owned()));
        }
        Ok(units)
    }

    /// Adds the parameter sets of a decoder configuration. Returns the number of bytes of a unit's length.
    fn add_configuration(&mut self, config: &'a [u8]) -> Option<usize> {
        let mut reader = Reader { rest: config.get(21..)? };
        let length_bytes = usize::from(reader.u8()? & 3) + 1;
        for _ in 0..reader.u8()? {
            let _type = reader.u8()?;
            for _ in 0..reader.u16()? {
                let length = usize::from(reader.u16()?);
                let unit = reader.take(length)?;
                self.add(unit).ok()?;
            }
        }
        Some(length_bytes)
    }

    /// Adds a unit that is needed to decode the picture.
    fn add(&mut self, unit: &'a [u8]) -> Result<(), Error> {
        const RANDOM_ACCESS: std::ops::RangeInclusive<u8> = 16..=21;
        const SLICES: std::ops::RangeInclusive<u8> = 0..=31;
        const PARAMETER_SETS: std::ops::RangeInclusive<u8> = 32..=34;
        match unit_type(unit) {
            Some(kind) if RANDOM_ACCESS.contains(&kind) => self.slices.push(unit),
            Some(kind) if SLICES.contains(&kind) => {
                return Err(Error::Unsupported("the picture is coded as a difference from another picture"));
            }
            Some(kind) if PARAMETER_SETS.contains(&kind) && !self.parameter_sets.contains(&unit) => {
                self.parameter_sets.push(unit);
            }
            Some(_) | None => {}
        }
        if self.slices.len() > MAX_SLICES || self.parameter_sets.len() > MAX_PARAMETER_SETS {
            return Err(Error::Unsupported("the picture has too many parts"));
        }
        Ok(())
    }

    /// The picture's header.
    pub(super) fn header(&self) -> Result<PictureHeader, Error> {
        let is_sequence = |unit: &&&[u8]| unit_type(unit) == Some(SEQUENCE_PARAMETER_SET);
        let mut sets = self.parameter_sets.iter().filter(is_sequence);
        match (sets.next(), sets.next()) {
            (Some(set), None) => sequence::read(set),
            (Some(_), Some(_)) => Err(Error::Damaged("the picture changes its size".to_owned())),
            (None, _) => Err(missing_part()),
        }
    }
}
