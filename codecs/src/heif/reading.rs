//! The choice of what is decoded.

/// A choice of what is decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// `true` to decode the thumbnail instead of the picture.
    pub is_thumbnail: bool,
    /// The number of times that the picture is halved: the mean of 1, 2, 4 or 8 samples, across and down, becomes one. At most
    /// `Header::max_halvings`, and 0 for the thumbnail.
    pub halvings: u32,
    /// The part of the cropped picture that is needed. Tiles outside it are left as they are. `None` means all.
    pub part: Option<Part>,
}

/// A part of a picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The first column.
    pub left: u32,
    /// The first row.
    pub top: u32,
    /// The column after the last one.
    pub right: u32,
    /// The row after the last one.
    pub bottom: u32,
}

impl Part {
    /// `true` if a tile with its upper left corner at `corner` has pixels of the part.
    pub(super) fn overlaps(&self, corner: (i64, i64), (width, height): (u32, u32)) -> bool {
        let along = |from: i64, length: u32, first: u32, end: u32| {
            from < i64::from(end) && from + i64::from(length) > i64::from(first)
        };
        along(corner.0, width, self.left, self.right) && along(corner.1, height, self.top, self.bottom)
    }
}
