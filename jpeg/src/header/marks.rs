//! The marks of JFIF and Adobe, and what they say of colours.

use super::{ColorModel, Component};

/// What application segments say of colours.
#[derive(Default)]
pub(super) struct Marks {
    pub(super) jfif: bool,
    adobe: Option<u8>,
}

impl Marks {
    pub(super) fn read_adobe(&mut self, content: &[u8]) {
        const TRANSFORM: usize = 11;
        if content.starts_with(b"Adobe")
            && let Some(transform) = content.get(TRANSFORM)
        {
            self.adobe = Some(*transform);
        }
    }

    /// As libjpeg decides it: marks first, then the components' names.
    pub(super) fn color_of(&self, components: &[Component]) -> ColorModel {
        let ids = components.iter().map(|component| component.id);
        match (components.len(), self.jfif, self.adobe) {
            (1, _, _) => ColorModel::Gray,
            (4, _, None | Some(0)) => ColorModel::Cmyk,
            (4, _, Some(_)) => ColorModel::Ycck,
            (_, false, Some(0)) => ColorModel::Rgb,
            (_, false, None) if ids.eq(*b"RGB") => ColorModel::Rgb,
            _ => ColorModel::YCbCr,
        }
    }
}
