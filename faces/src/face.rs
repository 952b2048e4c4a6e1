//! What is found.

/// A face, in pixels from the picture's left upper corner. The box goes from the forehead to the chin; parts of it may lie outside
/// the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// The left edge.
    pub left: f32,
    /// The upper edge.
    pub top: f32,
    /// The width.
    pub width: f32,
    /// The height.
    pub height: f32,
    /// The network's confidence that this is a face, 0.5 to 1.
    pub score: f32,
}
