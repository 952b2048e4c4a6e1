//! Everything that will be done to a source, decided by arithmetic before any pixel is touched.

use codecs::jpeg::Scale;
use contract::color::Color;
use contract::format::{Content, Format, FormatChoice, negotiate};
use contract::variant::{Fit, Side, Variant};

use crate::geometry::{Framing, Rect, frame};
use crate::orient::Orientation;
use crate::pipeline::Settings;
use crate::pixels::Size;
use crate::planar::Planar;
use crate::source::{SourceFormat, SourceInfo};

/// A JPEG is decoded at the smallest scale that leaves this many decoded pixels for each pixel shown, a side:
/// less shows in the result (SSIMULACRA2 88 to 90 at 1.1, 92 to 95 at 1.5 against a full decode).
const DECODED_PER_SHOWN: f64 = 1.5;

/// What will be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The size in which a JPEG is decoded; full for other formats.
    pub scale: Scale,
    /// The size that comes out of the decoder.
    pub decoded: Size,
    /// The part of the decoded picture that is shown; edges may lie between pixels.
    pub shown: Rect,
    /// The size that it is resampled to, before orientation.
    pub resampled: Size,
    /// How it is turned then.
    pub orientation: Orientation,
    /// How it goes by way of planes of luma and chroma, if it does.
    pub planar: Option<Planar>,
    /// What goes under transparency.
    pub background: Option<Color>,
    /// What comes out.
    pub format: Format,
    /// The encoder's quality, 1 to 100.
    pub quality: u8,
    /// The content is flat and sharp: worth a slower lossless compression.
    pub is_graphic: bool,
    /// The source's own bytes would do as well, if they are fewer.
    pub may_serve_source: bool,
    decoded_bytes: u64,
    resampled_bytes: u64,
}

impl Plan {
    /// The plan for a variant of a source.
    pub fn new(source: &SourceInfo, variant: &Variant, settings: &Settings) -> Self {
        let content = source.content();
        let format = match variant.format() {
            FormatChoice::Fixed(format) => format,
            FormatChoice::Auto(class) => negotiate(class, content),
            // What is known of a source needs a picture that is never encoded.
            FormatChoice::Info => Format::Png,
        };
        let upright = drawn_size(source, variant, settings.limits.output_side);
        let Framing { shown, output } = frame(upright, variant, settings.limits.output_side);
        let shown = source.orientation.stored_rect(shown, upright);
        let resampled = source.orientation.upright_size(output);
        let scale = match source.format {
            SourceFormat::Jpeg { header, .. } if header.is_lossless => Scale::Full,
            SourceFormat::Jpeg { .. } => jpeg_scale(shown, resampled),
            SourceFormat::Png
            | SourceFormat::Webp(_)
            | SourceFormat::Tiff
            | SourceFormat::Bmp
            | SourceFormat::Ico
            | SourceFormat::Svg
            | SourceFormat::Jxl => Scale::Full,
        };
        let (decoded, shown) = if source.format == SourceFormat::Svg {
            drawing(upright, shown, resampled)
        } else {
            (decoded_size(source.size, scale), shown.scaled(f64::from(scale.eighths()) / 8.0))
        };
        let is_untouched = variant.fit() != Fit::Clip && output == upright && variant.background().is_none();
        let planar = Planar::new(source, format);
        let bytes_a_pixel = u64::from(source.channels.count());
        Self {
            scale,
            decoded,
            shown,
            resampled,
            orientation: source.orientation,
            planar,
            background: background(variant, format, content),
            format,
            quality: variant.quality().unwrap_or(settings.qualities.of(format)).get(),
            is_graphic: source.is_lossless,
            may_serve_source: is_untouched
                && source.format.as_output() == Some(format)
                && source.orientation == Orientation::UPRIGHT
                && !source.has_metadata,
            decoded_bytes: planar
                .map_or(decoded.pixels() * (bytes_a_pixel + source.working_bytes_a_pixel()), |planar| {
                    planar.decoded_bytes(decoded)
                }),
            resampled_bytes: resampled.pixels() * bytes_a_pixel.max(4),
        }
    }

    /// Whether the decoder's pixels are shown as they are.
    pub fn is_resampled(&self) -> bool {
        self.shown != Rect::whole(self.decoded) || self.resampled != self.decoded
    }

    /// The most memory that this takes at once, in bytes, next to a source of `source_bytes`.
    ///
    /// While resampling the decoded picture, a picture resampled along one side and the result exist side by
    /// side; afterwards at most two pictures of the result's size and the encoder's own planes.
    pub fn peak_bytes(&self, source_bytes: u64) -> u64 {
        const RESAMPLED_COPIES: u64 = 3;
        let half_way =
            self.decoded_bytes / u64::from(self.decoded.height()) * u64::from(self.resampled.height());
        source_bytes
            + self.decoded_bytes
            + half_way.min(self.decoded_bytes)
            + RESAMPLED_COPIES * self.resampled_bytes
    }
}

/// The smallest scale that leaves enough pixels.
fn jpeg_scale(shown: Rect, resampled: Size) -> Scale {
    let is_enough = |scale: &Scale| {
        let factor = f64::from(scale.eighths()) / 8.0;
        shown.width * factor >= f64::from(resampled.width()) * DECODED_PER_SHOWN
            && shown.height * factor >= f64::from(resampled.height()) * DECODED_PER_SHOWN
    };
    Scale::ALL.into_iter().find(is_enough).unwrap_or(Scale::Full)
}

fn decoded_size(stored: Size, scale: Scale) -> Size {
    Size::new(scale.of(stored.width()), scale.of(stored.height())).unwrap_or(stored)
}

/// The size that the upright picture is taken to have. A drawing has every size: as large as is asked for, and
/// no larger than `limit` a side.
fn drawn_size(source: &SourceInfo, variant: &Variant, limit: Side) -> Size {
    let size = source.upright_size();
    if source.format != SourceFormat::Svg {
        return size;
    }
    let (width, height) = (f64::from(size.width()), f64::from(size.height()));
    let factor = |side: Option<Side>, own: f64| side.map_or(0.0, |side| f64::from(side.pixels()) / own);
    let wanted = factor(variant.width(), width).max(factor(variant.height(), height)).max(1.0);
    let largest = f64::from(limit.pixels()) / width.max(height);
    let factor = wanted.min(largest.max(1.0));
    Size::rounded(width * factor, height * factor)
}

/// The size in which a drawing is drawn so that its shown part needs hardly any resampling, and that part of it.
fn drawing(whole: Size, shown: Rect, resampled: Size) -> (Size, Rect) {
    let (width, height) = (f64::from(whole.width()), f64::from(whole.height()));
    let (across, down) =
        (f64::from(resampled.width()) / shown.width, f64::from(resampled.height()) / shown.height);
    let drawn = Size::rounded(width * across, height * down);
    let (across, down) = (f64::from(drawn.width()) / width, f64::from(drawn.height()) / height);
    if shown == Rect::whole(whole) {
        return (drawn, Rect::whole(drawn));
    }
    let Rect { left, top, width, height } = shown;
    let shown = Rect { left: left * across, top: top * down, width: width * across, height: height * down };
    (drawn, shown)
}

/// A format without alpha needs something under it.
fn background(variant: &Variant, format: Format, content: Content) -> Option<Color> {
    let needs_one = match format {
        Format::Jpeg => content == Content::Alpha,
        Format::Png | Format::Webp => false,
    };
    let over_white = |color: Color| {
        if needs_one { color.over(Color::WHITE) } else { color }
    };
    match variant.background() {
        Some(color) => Some(over_white(color)),
        None => needs_one.then_some(Color::WHITE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::pixels::Channels;
    use crate::source::Depth;
    use contract::policy::DefaultQualities;
    use contract::variant::Quality;

    fn settings() -> Settings {
        let qualities = DefaultQualities { jpeg: Quality::MAX, webp: Quality::MAX };
        Settings { limits: Limits::default(), qualities }
    }

    fn jpeg(width: u32, height: u32, exif: u8) -> SourceInfo {
        let colors = codecs::jpeg::Colors::Rgb;
        let sampling = Some(codecs::planes::Sampling::Half);
        let header = codecs::jpeg::Header { width, height, colors, sampling, is_lossless: false };
        SourceInfo {
            format: SourceFormat::Jpeg { header, is_inverted: false },
            size: Size::new(width, height).unwrap(),
            orientation: Orientation::from_exif(exif).unwrap(),
            channels: Channels::Rgb,
            depth: Depth::Eight,
            profile: None,
            has_metadata: false,
            is_lossless: false,
        }
    }

    #[test]
    fn a_jpeg_is_decoded_no_larger_than_the_variant_needs() {
        let check = |variant: &str, expected: Scale| {
            let plan = Plan::new(&jpeg(4000, 3000, 1), &variant.parse().unwrap(), &settings());
            assert_eq!(plan.scale, expected, "{variant}");
        };
        check("w=320,fm=jpeg", Scale::Eighth);
        check("w=333,fm=jpeg", Scale::Eighth);
        check("w=334,fm=jpeg", Scale::Quarter);
        check("w=640,fm=jpeg", Scale::Quarter);
        check("w=1280,fm=jpeg", Scale::Half);
        check("w=1920,fm=jpeg", Scale::Full);
        check("w=300,h=300,fit=crop,fm=jpeg", Scale::Quarter);
        check("fm=jpeg", Scale::Full);
    }

    #[test]
    fn a_turned_picture_is_planned_in_the_sides_it_is_seen_with() {
        let plan = Plan::new(&jpeg(4000, 3000, 6), &"w=600,fm=jpeg".parse().unwrap(), &settings());
        assert_eq!(plan.resampled, Size::new(800, 600).unwrap());
        assert_eq!(plan.orientation.upright_size(plan.resampled), Size::new(600, 800).unwrap());
    }

    #[test]
    fn the_cropped_part_has_the_fractional_size_of_the_scaled_picture() {
        let plan = Plan::new(&jpeg(1001, 501, 1), &"w=64,fm=jpeg".parse().unwrap(), &settings());
        assert_eq!(plan.scale, Scale::Eighth);
        assert_eq!(plan.decoded, Size::new(126, 63).unwrap());
        assert_eq!((plan.shown.width, plan.shown.height), (125.125, 62.625));
    }

    #[test]
    fn a_drawing_is_drawn_in_the_size_that_is_asked_for() {
        let svg = SourceInfo { format: SourceFormat::Svg, channels: Channels::Rgba, ..jpeg(24, 12, 1) };
        let check = |variant: &str, decoded: (u32, u32), resampled: (u32, u32)| {
            let plan = Plan::new(&svg, &variant.parse().unwrap(), &settings());
            assert_eq!((plan.decoded.width(), plan.decoded.height()), decoded, "{variant}");
            assert_eq!((plan.resampled.width(), plan.resampled.height()), resampled, "{variant}");
            assert_eq!(plan.is_resampled(), decoded != resampled, "{variant}");
        };
        check("fm=png", (24, 12), (24, 12));
        check("w=640,fm=png", (640, 320), (640, 320));
        check("w=10,fm=png", (10, 5), (10, 5));
        check("w=640,h=640,fm=png", (640, 320), (640, 320));
        check("w=100,h=100,fit=crop,fm=png", (200, 100), (100, 100));
        check("w=8192,h=8192,fm=png", (8192, 4096), (8192, 4096));
    }

    #[test]
    fn only_an_untouched_clean_upright_source_may_be_served_itself() {
        let check = |source: SourceInfo, variant: &str, expected: bool| {
            let plan = Plan::new(&source, &variant.parse().unwrap(), &settings());
            assert_eq!(plan.may_serve_source, expected, "{variant}");
        };
        check(jpeg(300, 200, 1), "w=300,fm=jpeg", true);
        check(jpeg(300, 200, 1), "w=640,fm=auto.base", true);
        check(jpeg(300, 200, 1), "w=299,fm=jpeg", false);
        check(jpeg(300, 200, 1), "w=300,fm=webp", false);
        check(jpeg(300, 200, 1), "bg=ffffff,fm=jpeg", false);
        check(jpeg(300, 200, 3), "w=300,fm=jpeg", false);
        check(SourceInfo { has_metadata: true, ..jpeg(300, 200, 1) }, "w=300,fm=jpeg", false);
    }

    #[test]
    fn a_format_without_alpha_gets_an_opaque_background() {
        let alpha = SourceInfo {
            channels: Channels::Rgba,
            is_lossless: true,
            format: SourceFormat::Png,
            ..jpeg(8, 8, 1)
        };
        let check = |variant: &str, expected: Option<&str>| {
            let plan = Plan::new(&alpha, &variant.parse().unwrap(), &settings());
            assert_eq!(plan.background.map(|color| color.to_string()).as_deref(), expected, "{variant}");
        };
        check("fm=png", None);
        check("fm=auto.base", None);
        check("fm=jpeg", Some("ffffff"));
        check("bg=ff0000,fm=jpeg", Some("ff0000"));
        check("bg=80ff0000,fm=webp", Some("80ff0000"));
        check("bg=80ff0000,fm=jpeg", Some("ff7f7f"));
    }
}
