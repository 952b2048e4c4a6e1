pub(crate) mod component;

pub(crate) mod color;

pub(crate) mod frame;

mod coarseness;

use coarseness::{Coarseness, LargestSteps};
use color::{ColorMarkers, ColorModel};
use component::{Component, Components};
use frame::{Coding, Frame};

use crate::coefficients::stored_slots;
use crate::error::Error;
use crate::file::markers::{
    APP0, APP14, APP15, COM, Cursor, DAC, DHT, DNL, DQT, DRI, EOI, SOF0, SOI, SOS, stands_alone,
};
use crate::scale::{Scale, Scales};

/// The header of a supported file: everything before its first scan that decides size, memory and colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    width: u16,
    height: u16,
    coding: Coding,
    color: ColorModel,
    components: Components,
    /// The largest steps of the first component's quantisation table.
    largest_steps: Option<LargestSteps>,
}

impl Header {
    /// Reads a file up to its first scan. Fails with [`Error::Unsupported`] for a file that another decoder may accept,
    /// with [`Error::Damaged`] for one that no decoder accepts.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        if !bytes.starts_with(&[0xff, SOI]) {
            return Err(Error::Damaged("it doesn't begin with the start marker of a JPEG"));
        }
        let mut cursor = Cursor::new(bytes, 2);
        let mut frame = None;
        let (mut markers, mut coarseness) = (ColorMarkers::default(), Coarseness::default());
        loop {
            let Some(marker) = cursor.marker() else {
                return Err(Error::Damaged("it ends before its first scan"));
            };
            match marker {
                SOI => return Err(Error::Damaged("it has a second start marker")),
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
                APP0 => markers.has_jfif |= content.starts_with(b"JFIF\0") && content.len() >= 14,
                DQT => coarseness.read(content),
                APP14 => markers.read_adobe(content),
                0xc0..=0xcf | DRI | DNL | APP0..=APP15 | COM => {}
                _ => return Err(Error::Damaged("it has an unknown marker")),
            }
        }
        let Frame { width, height, coding, components } =
            frame.ok_or(Error::Damaged("it has a scan before its frame"))?;
        let color = markers.color_of(components.as_slice());
        let luma = components.as_slice().first();
        let largest_steps = luma.and_then(|component| coarseness.of_table(component.quantisation));
        Ok(Self { width, height, coding, color, components, largest_steps })
    }

    /// Width in pixels, 1 to 65,535.
    pub fn width(&self) -> u32 {
        self.width.into()
    }

    /// Height in pixels, 1 to 65,535.
    pub fn height(&self) -> u32 {
        self.height.into()
    }

    /// The order in which coefficients are stored.
    pub fn coding(&self) -> Coding {
        self.coding
    }

    /// The colour space of the components.
    pub fn color(&self) -> ColorModel {
        self.color
    }

    /// One, three or four components.
    pub fn components(&self) -> &[Component] {
        self.components.as_slice()
    }

    /// The largest quantisation step of the first component's AC coefficients that `scale` needs: 0 at 1/8. `None` if
    /// the file does not define that component's table before the first scan.
    pub fn coarsest_step(&self, scale: Scale) -> Option<u16> {
        self.largest_steps.as_ref()?.get(scale.eighths() as usize - 1).copied()
    }

    /// The most memory in bytes that a decode takes: planes, coefficients of progressive files, and tables. The rest of
    /// the file cannot increase it.
    pub fn memory(&self, scales: Scales) -> u64 {
        const TABLES: u64 = 512 * 1024;
        const COEFFICIENT: u64 = 2;
        const HISTORY: u64 = 8;
        let coefficients = match self.coding {
            Coding::Sequential => 0,
            Coding::Progressive => self.sum_over_blocks(|component| {
                COEFFICIENT * stored_slots(scales.of_component(component)) as u64 + HISTORY
            }),
        };
        self.plane_memory(scales) + coefficients + TABLES
    }

    /// The part of [`Self::memory`] in bytes that the planes take. The rest is freed at the end of the decode.
    pub fn plane_memory(&self, scales: Scales) -> u64 {
        self.sum_over_blocks(|component| u64::from(scales.of_component(component).eighths().pow(2)))
    }

    /// The sum of `value` over all blocks. `value` takes the index of the block's component.
    fn sum_over_blocks(&self, value: impl Fn(usize) -> u64) -> u64 {
        let each = self.components().iter().enumerate().map(|(index, component)| {
            let (across, down) = self.blocks(*component);
            u64::from(across) * u64::from(down) * value(index)
        });
        each.sum()
    }

    /// The largest horizontal and the largest vertical sampling factor of all components, each 1 to 4.
    pub fn largest_factors(&self) -> (u32, u32) {
        let largest = |factor: fn(&Component) -> u8| self.components().iter().map(factor).max().unwrap_or(1);
        (largest(|component| component.across).into(), largest(|component| component.down).into())
    }

    /// Number of MCUs (minimum coded units) of an interleaved scan, across and down.
    pub(crate) fn mcus(&self) -> (u32, u32) {
        let (across, down) = self.largest_factors();
        (self.width().div_ceil(across * 8), self.height().div_ceil(down * 8))
    }

    /// Number of a component's blocks in an interleaved scan, across and down: whole MCUs.
    pub(crate) fn blocks(&self, component: Component) -> (u32, u32) {
        let (across, down) = self.mcus();
        (across * u32::from(component.across), down * u32::from(component.down))
    }

    /// Width and height of a component's plane at `scale`, rounded up to whole samples.
    pub(crate) fn plane_size(&self, component: Component, scale: Scale) -> (u32, u32) {
        let (across, down) = self.largest_factors();
        let side = |pixels: u32, own: u8, largest: u32| {
            (u64::from(pixels) * u64::from(own) * u64::from(scale.eighths())).div_ceil(u64::from(largest) * 8)
                as u32
        };
        (side(self.width(), component.across, across), side(self.height(), component.down, down))
    }

    /// Width and height of a component's plane at `scale`, in fractional samples.
    pub(crate) fn exact_plane_size(&self, component: Component, scale: Scale) -> (f64, f64) {
        let (across, down) = self.largest_factors();
        let side = |pixels: u32, own: u8, largest: u32| {
            f64::from(pixels) * f64::from(own) * f64::from(scale.eighths()) / (f64::from(largest) * 8.0)
        };
        (side(self.width(), component.across, across), side(self.height(), component.down, down))
    }

    /// Number of a component's blocks in a scan of only this component, across and down.
    pub(crate) fn own_blocks(&self, component: Component) -> (u32, u32) {
        let (width, height) = self.plane_size(component, Scale::FULL);
        (width.div_ceil(8), height.div_ceil(8))
    }
}
