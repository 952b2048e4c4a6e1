//! The canvas on which the frames of a GIF or APNG are drawn.

use contract::color::Color;

use crate::pixels::{Channels, Pixels, Size};

/// A stored frame, which covers a part of the canvas.
#[derive(Clone, Copy)]
pub(super) struct Layer {
    /// Distance from the left edge of the canvas in pixels. Pixels outside the canvas aren't drawn.
    pub(super) left: usize,
    /// Distance from the upper edge of the canvas in pixels.
    pub(super) top: usize,
    /// Width in pixels.
    pub(super) width: usize,
    /// Height in pixels.
    pub(super) height: usize,
    /// The combination with the pixels below.
    pub(super) blend: Blend,
    /// The treatment of the layer before the next one is drawn.
    pub(super) disposal: Disposal,
}

/// The combination of a layer with the pixels below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blend {
    /// The layer replaces them, transparent pixels included.
    Replace,
    /// The layer is composited over them.
    Over,
}

/// The treatment of a layer before the next one is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disposal {
    /// The layer stays.
    Keep,
    /// Its area becomes transparent.
    Clear,
    /// Its area gets the pixels from before the layer.
    Restore,
}

/// The visible pixels.
pub(super) struct Canvas {
    pixels: Pixels,
    undo: Undo,
    is_new: bool,
}

enum Undo {
    None,
    Clear(Area),
    Restore(Area, Vec<u8>),
}

/// A rectangle inside the canvas.
#[derive(Clone, Copy)]
struct Area {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

const BYTES: usize = 4;

impl Canvas {
    /// A transparent canvas.
    pub(super) fn new(size: Size) -> Self {
        Self { pixels: Pixels::black(size, Channels::Rgba), undo: Undo::None, is_new: true }
    }

    /// Width and height of the part of a layer that is inside the canvas.
    pub(super) fn kept(&self, left: usize, top: usize, width: usize, height: usize) -> (usize, usize) {
        let size = self.pixels.size;
        (
            width.min((size.width() as usize).saturating_sub(left)),
            height.min((size.height() as usize).saturating_sub(top)),
        )
    }

    /// Number of pixels.
    pub(super) fn pixels(&self) -> usize {
        self.pixels.size.pixels() as usize
    }

    /// `true` until the first layer is drawn.
    pub(super) const fn is_new(&self) -> bool {
        self.is_new
    }

    /// Disposes of the previous layer, draws this one and returns the visible pixels. `rows` gives the layer's pixels in RGBA,
    /// from the top. Pixels and rows that are missing are not drawn.
    pub(super) fn draw<Row: IntoIterator<Item = [u8; 4]>>(
        &mut self,
        layer: Layer,
        rows: impl IntoIterator<Item = Row>,
    ) -> Pixels {
        self.undo();
        self.is_new = false;
        let area = self.area_of(layer);
        self.undo = match layer.disposal {
            Disposal::Keep => Undo::None,
            Disposal::Clear => Undo::Clear(area),
            Disposal::Restore => Undo::Restore(area, self.rows(area).flatten().copied().collect()),
        };
        for (row, source) in self.rows_mut(area).zip(rows) {
            let (row, _) = row.as_chunks_mut::<BYTES>();
            for (to, from) in row.iter_mut().zip(source) {
                *to = match layer.blend {
                    Blend::Replace => from,
                    Blend::Over => over(from, *to),
                };
            }
        }
        self.pixels.clone()
    }

    fn undo(&mut self) {
        match std::mem::replace(&mut self.undo, Undo::None) {
            Undo::None => {}
            Undo::Clear(area) => self.rows_mut(area).for_each(|row| row.fill(0)),
            Undo::Restore(area, saved) => {
                let saved_rows = saved.chunks((area.width * BYTES).max(1));
                self.rows_mut(area).zip(saved_rows).for_each(|(row, saved)| row.copy_from_slice(saved));
            }
        }
    }

    fn area_of(&self, layer: Layer) -> Area {
        let (width, height) = (self.pixels.size.width() as usize, self.pixels.size.height() as usize);
        Area {
            left: layer.left.min(width),
            top: layer.top.min(height),
            width: layer.width.min(width.saturating_sub(layer.left)),
            height: layer.height.min(height.saturating_sub(layer.top)),
        }
    }

    fn rows(&self, area: Area) -> impl Iterator<Item = &[u8]> {
        let stride = self.pixels.size.width() as usize * BYTES;
        let (from, to) = (area.left * BYTES, (area.left + area.width) * BYTES);
        let rows = self.pixels.samples.chunks(stride).skip(area.top).take(area.height);
        rows.filter_map(move |row| row.get(from..to))
    }

    fn rows_mut(&mut self, area: Area) -> impl Iterator<Item = &mut [u8]> {
        let stride = self.pixels.size.width() as usize * BYTES;
        let (from, to) = (area.left * BYTES, (area.left + area.width) * BYTES);
        let rows = self.pixels.samples.chunks_mut(stride).skip(area.top).take(area.height);
        rows.filter_map(move |row| row.get_mut(from..to))
    }
}

fn over(above: [u8; 4], below: [u8; 4]) -> [u8; 4] {
    match (above, below) {
        ([.., 0], below) => below,
        (above @ [.., 255], _) | (above, [.., 0]) => above,
        ([red, green, blue, alpha], [below_red, below_green, below_blue, below_alpha]) => {
            let below = Color { red: below_red, green: below_green, blue: below_blue, alpha: below_alpha };
            let Color { red, green, blue, alpha } = Color { red, green, blue, alpha }.over(below);
            [red, green, blue, alpha]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: [u8; 4] = [1, 1, 1, 255];
    const B: [u8; 4] = [2, 2, 2, 255];
    const HOLE: [u8; 4] = [0; 4];

    /// A layer of one row, with its pixels.
    fn layer(left: usize, pixels: &[[u8; 4]], blend: Blend, disposal: Disposal) -> (Layer, &[[u8; 4]]) {
        (Layer { left, top: 0, width: pixels.len(), height: 1, blend, disposal }, pixels)
    }

    fn shown(layers: &[(Layer, &[[u8; 4]])]) -> Vec<[u8; 4]> {
        let mut canvas = Canvas::new(Size::new(3, 1).unwrap());
        let draw = |(layer, pixels): &(Layer, &[[u8; 4]])| canvas.draw(*layer, [pixels.iter().copied()]);
        let last = layers.iter().map(draw).last().unwrap();
        last.samples.as_chunks::<4>().0.to_vec()
    }

    #[test]
    fn a_layer_stays_is_cleared_or_is_replaced_by_the_pixels_before_it() {
        let check = |disposal, expected: [[u8; 4]; 3]| {
            let base = layer(0, &[A, A, A], Blend::Over, Disposal::Keep);
            let middle = layer(1, &[B, HOLE], Blend::Over, disposal);
            let last = layer(0, &[B], Blend::Over, Disposal::Keep);
            assert_eq!(shown(&[base, middle, last]), expected, "{disposal:?}");
        };
        check(Disposal::Keep, [B, B, A]);
        check(Disposal::Clear, [B, HOLE, HOLE]);
        check(Disposal::Restore, [B, A, A]);
    }

    #[test]
    fn a_layer_replaces_the_pixels_below_or_is_composited_over_them() {
        let base = || layer(0, &[A, A, A], Blend::Over, Disposal::Keep);
        let half = [[255, 255, 255, 128], HOLE, B];
        assert_eq!(shown(&[base(), layer(0, &half, Blend::Replace, Disposal::Keep)]), half);
        let over = shown(&[base(), layer(0, &half, Blend::Over, Disposal::Keep)]);
        assert_eq!(over, [[128, 128, 128, 255], A, B]);
    }

    #[test]
    fn pixels_outside_the_canvas_are_not_drawn() {
        assert_eq!(shown(&[layer(2, &[A, B], Blend::Over, Disposal::Restore)]), [HOLE, HOLE, A]);
        assert_eq!(shown(&[layer(9, &[A], Blend::Over, Disposal::Clear)]), [HOLE; 3]);
        assert_eq!(shown(&[layer(0, &[], Blend::Over, Disposal::Restore)]), [HOLE; 3]);
    }
}
