use super::component::Component;

/// The colour space of the components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorModel {
    /// Only luma.
    Gray,
    /// Luma and two chroma components, full range (ITU-T T.871).
    YCbCr,
    /// Red, green, blue.
    Rgb,
    /// Four inks, inverted in files with Adobe's marker.
    Cmyk,
    /// Four inks, three of them stored as luma and chroma, inverted in files with Adobe's marker.
    Ycck,
}

/// The contents of the JFIF and Adobe markers that decide the colour model.
#[derive(Default)]
pub(super) struct ColorMarkers {
    pub(super) has_jfif: bool,
    /// Adobe's transform flag.
    adobe: Option<u8>,
}

impl ColorMarkers {
    pub(super) fn read_adobe(&mut self, content: &[u8]) {
        const TRANSFORM: usize = 11;
        if content.starts_with(b"Adobe")
            && let Some(transform) = content.get(TRANSFORM)
        {
            self.adobe = Some(*transform);
        }
    }

    /// The colour model by libjpeg's rules: the markers first, then the components' ids.
    pub(super) fn color_of(&self, components: &[Component]) -> ColorModel {
        let ids = components.iter().map(|component| component.id);
        match (components.len(), self.has_jfif, self.adobe) {
            (1, _, _) => ColorModel::Gray,
            (4, _, None | Some(0)) => ColorModel::Cmyk,
            (4, _, Some(_)) => ColorModel::Ycck,
            (_, false, Some(0)) => ColorModel::Rgb,
            (_, false, None) if ids.eq(*b"RGB") => ColorModel::Rgb,
            _ => ColorModel::YCbCr,
        }
    }
}
