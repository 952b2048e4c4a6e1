//! What a file says of itself before its first scan.

mod coarseness;

mod components;

mod frame;

mod marks;

use std::fmt;

use coarseness::{Coarseness, Coarsest};
use components::Components;
use frame::Frame;
use marks::Marks;

use crate::error::Error;
use crate::markers::{
    APP0, APP14, APP15, COM, Cursor, DAC, DHT, DNL, DQT, DRI, EOI, SOF0, SOI, SOS, stands_alone,
};
use crate::scale::{Scale, Scales};

/// The most components that a file may have here.
pub(crate) const MAX_COMPONENTS: usize = 4;

/// The size, the components and the colours of a file that this crate decodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    width: u16,
    height: u16,
    coding: Coding,
    color: ColorModel,
    components: Components,
    coarsest: Option<Coarsest>,
}

/// The order in which coefficients are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Block after block: baseline and extended.
    Sequential,
    /// In scans that refine each other.
    Progressive,
}

/// What the components stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorModel {
    /// Luma alone.
    Gray,
    /// Luma and two of chroma, full range (ITU-T T.871).
    YCbCr,
    /// Red, green, blue.
    Rgb,
    /// Four inks; where Adobe's mark is there, inverted.
    Cmyk,
    /// Four inks of which three are stored as luma and chroma; where Adobe's mark is there, inverted.
    Ycck,
}

/// A plane of samples as the frame declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    pub(crate) id: u8,
    /// Samples across for each unit of the frame: 1 to 4.
    pub across: u8,
    /// Samples down for each unit of the frame: 1 to 4.
    pub down: u8,
    /// The number of its quantisation table.
    pub(crate) quantisation: u8,
}

/// A kind of JPEG that is not decoded here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Its entropy coding is arithmetic.
    Arithmetic,
    /// Its samples have this many bits, not 8.
    Precision(u8),
    /// It is stored without loss (ITU-T T.81, annex H).
    Lossless,
    /// It is a hierarchy of frames (ITU-T T.81, annex J).
    Hierarchical,
    /// It has this many components: not 1, 3 or 4.
    Components(u8),
    /// Its height follows its first scan.
    LateHeight,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arithmetic => formatter.write_str("JPEGs of arithmetic coding are not decoded here"),
            Self::Precision(bits) => write!(formatter, "JPEGs of {bits} bits a sample are not decoded here"),
            Self::Lossless => formatter.write_str("lossless JPEGs are not decoded here"),
            Self::Hierarchical => formatter.write_str("hierarchical JPEGs are not decoded here"),
            Self::Components(count) => {
                write!(formatter, "JPEGs of {count} components are not decoded here")
            }
            Self::LateHeight => {
                formatter.write_str("JPEGs whose height follows their first scan are not decoded here")
            }
        }
    }
}

impl Header {
    /// Reads up to the first scan. [`Error::Unsupported`] tells what another decoder may take;
    /// [`Error::Damaged`] what none would.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        if !bytes.starts_with(&[0xff, SOI]) {
            return Err(Error::Damaged("it doesn't begin as a JPEG"));
        }
        let mut cursor = Cursor::new(bytes, 2);
        let mut frame = None;
        let (mut marks, mut coarseness) = (Marks::default(), Coarseness::default());
        loop {
            let Some(marker) = cursor.marker() else {
                return Err(Error::Damaged("it ends before its first scan"));
            };
            match marker {
                SOI => return Err(Error::Damaged("it begins twice")),
                EOI => return Err(Error::Damaged("it ends before its first scan")),
                _ if stands_alone(marker) => continue,
                _ => {}
            }
            let Some(content) = cursor.segment() else {
                return Err(Error::Damaged("it ends before its first scan"));
            };
            match marker {
                SOF0..=0xcf if !matches!(marker, DHT | DAC) => {
                    if frame.is_some() {
                        return Err(Error::Damaged("it has two frames"));
                    }
                    frame = Some(Frame::read(marker, content)?);
                }
                SOS => break,
                APP0 => marks.jfif |= content.starts_with(b"JFIF\0") && content.len() >= 14,
                DQT => coarseness.read(content),
                APP14 => marks.read_adobe(content),
                0xc0..=0xcf | DRI | DNL | APP0..=APP15 | COM => {}
                _ => return Err(Error::Damaged("it has an unknown marker")),
            }
        }
        let Frame { width, height, coding, components } =
            frame.ok_or(Error::Damaged("it has a scan before its frame"))?;
        let color = marks.color_of(components.as_slice());
        let luma = components.as_slice().first();
        let coarsest = luma.and_then(|component| coarseness.of_table(component.quantisation));
        Ok(Self { width, height, coding, color, components, coarsest })
    }

    /// In pixels, from 1 to 65,535.
    pub fn width(&self) -> u32 {
        self.width.into()
    }

    /// In pixels, from 1 to 65,535.
    pub fn height(&self) -> u32 {
        self.height.into()
    }

    /// How coefficients are stored.
    pub fn coding(&self) -> Coding {
        self.coding
    }

    /// What the components stand for.
    pub fn color(&self) -> ColorModel {
        self.color
    }

    /// One, three or four of them.
    pub fn components(&self) -> &[Component] {
        self.components.as_slice()
    }

    /// The largest quantisation step of the coefficients that `scale` keeps of the first component, their mean aside:
    /// 0 at 1/8. None where its table doesn't come before the first scan.
    pub fn coarsest_step(&self, scale: Scale) -> Option<u16> {
        self.coarsest.as_ref()?.get(scale.eighths() as usize - 1).copied()
    }

    /// The most memory that decoding takes, in bytes: planes, coefficients of progressive files, and tables.
    /// Nothing that follows the header makes it more.
    pub fn memory(&self, scales: Scales) -> u64 {
        const TABLES: u64 = 512 * 1024;
        const COEFFICIENT: u64 = 2;
        const HISTORY: u64 = 8;
        let coefficients = match self.coding {
            Coding::Sequential => 0,
            Coding::Progressive => self.sum_of_blocks(|place| {
                COEFFICIENT * crate::geometry::cells(scales.of_component(place)) as u64 + HISTORY
            }),
        };
        self.plane_memory(scales) + coefficients + TABLES
    }

    /// What of [`Self::memory`] is the planes', in bytes: the rest is free again when they are decoded.
    pub fn plane_memory(&self, scales: Scales) -> u64 {
        self.sum_of_blocks(|place| u64::from(scales.of_component(place).eighths().pow(2)))
    }

    /// The sum over every block of what one of the component at a place counts.
    fn sum_of_blocks(&self, count: impl Fn(usize) -> u64) -> u64 {
        let each = self.components().iter().enumerate().map(|(place, component)| {
            let (across, down) = self.blocks(*component);
            u64::from(across) * u64::from(down) * count(place)
        });
        each.sum()
    }

    /// The largest sampling factors of any component, across and down: 1 to 4.
    pub fn largest_factors(&self) -> (u32, u32) {
        let largest = |factor: fn(&Component) -> u8| self.components().iter().map(factor).max().unwrap_or(1);
        (largest(|component| component.across).into(), largest(|component| component.down).into())
    }

    /// How many units of interleaved scans there are, across and down.
    pub(crate) fn units(&self) -> (u32, u32) {
        let (across, down) = self.largest_factors();
        (self.width().div_ceil(across * 8), self.height().div_ceil(down * 8))
    }

    /// The blocks that are stored of a component in interleaved scans, across and down: whole units.
    pub(crate) fn blocks(&self, component: Component) -> (u32, u32) {
        let (across, down) = self.units();
        (across * u32::from(component.across), down * u32::from(component.down))
    }

    /// The size of a component's plane at `scale`: rounded up to whole samples.
    pub(crate) fn plane_size(&self, component: Component, scale: Scale) -> (u32, u32) {
        let (across, down) = self.largest_factors();
        let side = |pixels: u32, own: u8, largest: u32| {
            (u64::from(pixels) * u64::from(own) * u64::from(scale.eighths())).div_ceil(u64::from(largest) * 8)
                as u32
        };
        (side(self.width(), component.across, across), side(self.height(), component.down, down))
    }

    /// The size of a component's plane at `scale` before it is rounded.
    pub(crate) fn exact_plane_size(&self, component: Component, scale: Scale) -> (f64, f64) {
        let (across, down) = self.largest_factors();
        let side = |pixels: u32, own: u8, largest: u32| {
            f64::from(pixels) * f64::from(own) * f64::from(scale.eighths()) / (f64::from(largest) * 8.0)
        };
        (side(self.width(), component.across, across), side(self.height(), component.down, down))
    }

    /// The blocks that hold a component's samples, across and down: those of a scan of its own.
    pub(crate) fn own_blocks(&self, component: Component) -> (u32, u32) {
        let (width, height) = self.plane_size(component, Scale::FULL);
        (width.div_ceil(8), height.div_ceil(8))
    }
}
