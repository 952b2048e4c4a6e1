use crate::error::Error;
use crate::file::codes::{Codes, standard};

/// Quantisation steps in zig-zag order.
pub(crate) type Steps = [u16; 64];

/// Reads one quantisation table of a segment. Returns its number, its steps and the bytes after it.
pub(crate) fn read_steps(content: &[u8]) -> Result<(u8, Box<Steps>, &[u8]), Error> {
    let damaged = Error::Damaged("a quantisation table is malformed");
    let (kind, rest) = content.split_first().ok_or(damaged.clone())?;
    let mut steps = Box::new([0; 64]);
    let rest = match kind >> 4 {
        0 => {
            let (bytes, rest) = rest.split_first_chunk::<64>().ok_or(damaged)?;
            *steps = bytes.map(u16::from);
            rest
        }
        1 => {
            let (bytes, rest) = rest.split_first_chunk::<128>().ok_or(damaged)?;
            for (step, bytes) in steps.iter_mut().zip(bytes.as_chunks::<2>().0) {
                *step = u16::from_be_bytes(*bytes);
            }
            rest
        }
        _ => return Err(damaged),
    };
    Ok((kind & 15, steps, rest))
}

/// The tables and the restart interval. Segments between scans may redefine each of them.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    steps: [Option<Box<Steps>>; 4],
    dc: [Option<Box<Codes>>; 4],
    ac: [Option<Box<Codes>>; 4],
    /// Number of MCUs between restart markers, 0 for no markers.
    pub(crate) restart_interval: u16,
}

impl Tables {
    /// No quantisation tables, and the standard Huffman tables, which motion JPEG files omit.
    pub(crate) fn new() -> Self {
        let codes = |codes: &Codes| Some(Box::new(codes.clone()));
        Self {
            steps: [const { None }; 4],
            dc: [codes(&standard::DC_LUMA), codes(&standard::DC_CHROMA), None, None],
            ac: [codes(&standard::AC_LUMA), codes(&standard::AC_CHROMA), None, None],
            restart_interval: 0,
        }
    }

    pub(crate) fn steps(&self, number: u8) -> Result<&Steps, Error> {
        let steps = self.steps.get(usize::from(number)).and_then(Option::as_deref);
        steps.ok_or(Error::Damaged("a quantisation table is missing"))
    }

    pub(crate) fn dc(&self, number: u8) -> Result<&Codes, Error> {
        let codes = self.dc.get(usize::from(number)).and_then(Option::as_deref);
        codes.ok_or(Error::Damaged("a Huffman table is missing"))
    }

    pub(crate) fn ac(&self, number: u8) -> Result<&Codes, Error> {
        let codes = self.ac.get(usize::from(number)).and_then(Option::as_deref);
        codes.ok_or(Error::Damaged("a Huffman table is missing"))
    }

    /// Reads a segment of quantisation tables.
    pub(crate) fn read_steps(&mut self, mut content: &[u8]) -> Result<(), Error> {
        while !content.is_empty() {
            let (number, steps, rest) = read_steps(content)?;
            let table = self.steps.get_mut(usize::from(number));
            *table.ok_or(Error::Damaged("a quantisation table has an unknown number"))? = Some(steps);
            content = rest;
        }
        Ok(())
    }

    /// Reads a segment of Huffman tables.
    pub(crate) fn read_codes(&mut self, mut content: &[u8]) -> Result<(), Error> {
        while let Some((kind, rest)) = content.split_first() {
            let (codes, rest) = Codes::read(rest)?;
            content = rest;
            let tables = match kind >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return Err(Error::Damaged("a Huffman table is of an unknown kind")),
            };
            let table = tables.get_mut(usize::from(kind & 15));
            *table.ok_or(Error::Damaged("a Huffman table has an unknown number"))? = Some(Box::new(codes));
        }
        Ok(())
    }

    /// Reads a segment that defines the restart interval.
    pub(crate) fn read_interval(&mut self, content: &[u8]) -> Result<(), Error> {
        let interval = <[u8; 2]>::try_from(content);
        let interval = interval.map_err(|_| Error::Damaged("its restart interval is malformed"))?;
        self.restart_interval = u16::from_be_bytes(interval);
        Ok(())
    }
}
