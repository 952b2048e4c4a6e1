//! Which layers of an AV1 picture are shown (AV1 Image File Format, section 2.3). Without a choice of the file it is the last one,
//! as in browsers.

use std::borrow::Cow;

use super::av1;
use super::boxes::Reader;
use super::container::Container;
use super::picture::PictureHeader;
use crate::error::Error;

/// A choice of the file.
#[derive(Clone, Copy)]
pub(super) struct Layers {
    /// The number of the set of layers: the property `a1op`.
    pub(super) operating_point: u8,
    /// The spatial layer that is shown: the property `lsel`.
    spatial: Option<u8>,
    /// Width and height of the chosen layer.
    size: Option<(u32, u32)>,
}

impl Layers {
    /// The choice for an item. `None` if all of its layers are decoded, and the last one is shown.
    pub(super) fn of(container: &Container<'_>, id: u32) -> Option<Self> {
        /// The value of `lsel` that stands for all layers, one after the other.
        const ALL: u16 = u16::MAX;
        let property = |name| container.properties(id, name).next();
        let operating_point = property(*b"a1op").and_then(|content| content.first()).copied().unwrap_or(0);
        let spatial = property(*b"lsel").and_then(|content| Reader { rest: content }.u16());
        let spatial = spatial.filter(|layer| *layer != ALL).map(|layer| layer.min(u16::from(u8::MAX)) as u8);
        let is_chosen = operating_point != 0 || spatial.is_some();
        is_chosen.then(|| Self { operating_point, spatial, size: container.declared_size(id) })
    }

    /// The units of the chosen layer and of those below, and their header with the size of the chosen layer.
    pub(super) fn choose(self, data: Cow<'_, [u8]>) -> Result<(PictureHeader, Cow<'_, [u8]>), Error> {
        let header = av1::read_header(&data)?;
        let data = match self.spatial {
            Some(highest) => Cow::Owned(av1::without_layers_above(highest, &data)),
            None => data,
        };
        let (width, height) = self.size.unwrap_or((header.width, header.height));
        if width > header.width || height > header.height {
            return Err(Error::Damaged("a layer is larger than its picture".to_owned()));
        }
        Ok((PictureHeader { width, height, ..header }, data))
    }
}
