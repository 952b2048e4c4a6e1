//! Makes files of known coefficients, and computes the samples that a decoder must give.

pub(crate) mod chance;

pub(crate) mod encoder;

pub(crate) mod entropy;

pub(crate) mod picture;

pub(crate) mod reference;

pub(crate) mod scripts;

use jpeg::{Damage, Error, Header, LastBits, Options, Planes, Scale, Scales};

/// Decodes with every coefficient at one scale.
pub(crate) fn decode(bytes: &[u8], eighths: u8) -> Result<(Planes, Damage), Error> {
    decode_with(bytes, options(eighths))
}

/// Options for every coefficient at one scale.
pub(crate) fn options(eighths: u8) -> Options {
    Options { scales: Scales::all(Scale::new(eighths).unwrap()), last_bits: LastBits::Read }
}

/// Decodes and never stops early.
pub(crate) fn decode_with(bytes: &[u8], options: Options) -> Result<(Planes, Damage), Error> {
    let header = Header::read(bytes)?;
    let mut planes = Planes::default();
    let damage = jpeg::decode(&header, bytes, options, &mut planes, &mut || true)?;
    Ok((planes, damage))
}
