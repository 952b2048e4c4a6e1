//! The size of an output, and the filters that scale the source to it.

use super::error::PlanError;
use crate::media::{Colors, VideoTrack};
use crate::settings::{ColorConversion, Rotate, Scaling, VideoDescription};
use crate::size::Size;

/// Width and height that `MediaConvert` accepts, in pixels.
const SIDES: std::ops::RangeInclusive<u32> = 32..=8192;

/// Difference of a side in pixels that is cropped or stretched, since a black line of that width would be worse.
const TOLERANCE: f64 = 2.0;

/// The size of an output, and the filters that rotate, scale and convert the source. Output pixels are square.
pub(super) fn filters(
    video: &VideoDescription,
    source: &VideoTrack,
    rotate: Rotate,
    path: &str,
) -> Result<(Size, String), PlanError> {
    for side in [video.width, video.height].into_iter().flatten() {
        if !SIDES.contains(&side) || side % 2 != 0 {
            return Err(PlanError::at(
                path,
                &format!("a side is an even number of pixels from 32 to 8192, not {side}"),
            ));
        }
    }
    let display = display_size(source, rotate);
    let size = match (video.width, video.height) {
        (Some(width), Some(height)) => Size { width, height },
        (Some(width), None) => Size { width, height: even(f64::from(width) * display.1 / display.0) },
        (None, Some(height)) => Size { width: even(f64::from(height) * display.0 / display.1), height },
        (None, None) => Size { width: even(display.0), height: even(display.1) },
    };
    let (size, scale) = scale_filters(size, display, video.scaling_behavior);
    Ok((size, format!("{}{scale},setsar=1{}", rotation_filters(rotate), color_filters(video, source))))
}

/// Converts to the colours of a JPEG: BT.601 in full range (JFIF), whatever the video has. Without it, a video in BT.709 would get stills
/// that are too dark and too red.
pub(super) const JPEG_COLORS: &str = "scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p";

/// The filters that convert the colours of a source as an output asks, each after a comma.
pub(super) fn color_filters(video: &VideoDescription, source: &VideoTrack) -> String {
    let corrector = video.video_preprocessors.color_corrector.as_ref();
    match corrector.map(|corrector| corrector.color_space_conversion) {
        Some(ColorConversion::Force709) if source.colors.is_hdr() => {
            let input = hdr_input(&source.colors);
            format!(
                ",zscale={input}t=linear:npl=100,format=gbrpf32le,tonemap=hable:desat=0,\
                 zscale=p=bt709:t=bt709:m=bt709:r=tv"
            )
        }
        Some(ColorConversion::Force709 | ColorConversion::None) | None => String::new(),
    }
}

/// The options by which zscale reads an HDR source: what the file doesn't say is BT.2020, the colour space of HDR television. zscale
/// converts no unknown colours, and none of constant luminance with these transfer functions.
fn hdr_input(colors: &Colors) -> String {
    let is_unknown = |name: &str| matches!(name, "" | "unknown" | "reserved");
    let primaries = if is_unknown(&colors.primaries) { "pin=bt2020:p=bt2020:" } else { "" };
    let has_matrix = !is_unknown(&colors.matrix) && colors.matrix != "bt2020c";
    let matrix = if has_matrix { "" } else { "min=2020_ncl:" };
    format!("{primaries}{matrix}")
}

/// The size of a thumbnail. Without a height, the source's aspect ratio determines it.
pub(super) fn thumbnail(width: u32, height: Option<u32>, source: &VideoTrack, rotate: Rotate) -> Size {
    let display = display_size(source, rotate);
    Size { width, height: height.unwrap_or_else(|| even(f64::from(width) * display.1 / display.0)) }
}

/// The filters of a rotation in the settings, each followed by a comma. ffmpeg itself applies the rotation of the file.
pub(super) const fn rotation_filters(rotate: Rotate) -> &'static str {
    match rotate {
        Rotate::Auto | Rotate::None => "",
        Rotate::Clockwise90 => "transpose=clock,",
        Rotate::Clockwise180 => "hflip,vflip,",
        Rotate::Clockwise270 => "transpose=cclock,",
    }
}

/// Width and height of the source for display: after the rotation, in square pixels.
fn display_size(source: &VideoTrack, rotate: Rotate) -> (f64, f64) {
    let width = f64::from(source.width) * source.pixel_aspect.value();
    let height = f64::from(source.height);
    let is_sideways = match rotate {
        Rotate::Auto => !source.rotation.is_multiple_of(180),
        Rotate::None | Rotate::Clockwise180 => false,
        Rotate::Clockwise90 | Rotate::Clockwise270 => true,
    };
    if is_sideways { (height, width) } else { (width, height) }
}

/// The filters that fit a source with a display size into an output, and the size of the result.
fn scale_filters(size: Size, display: (f64, f64), behavior: Scaling) -> (Size, String) {
    let factors = [f64::from(size.width) / display.0, f64::from(size.height) / display.1];
    let (min, max) = (factors[0].min(factors[1]), factors[0].max(factors[1]));
    let scaled = |factor: f64| Size { width: even(display.0 * factor), height: even(display.1 * factor) };
    let to = |size: Size| format!("scale={}:{}", size.width, size.height);
    let is_exact = |factor: f64| {
        (display.0 * factor - f64::from(size.width)).abs() <= TOLERANCE
            && (display.1 * factor - f64::from(size.height)).abs() <= TOLERANCE
    };
    match behavior {
        Scaling::StretchToOutput => (size, to(size)),
        Scaling::Default if is_exact(min) => (size, to(size)),
        Scaling::Fill if is_exact(max) => (size, to(size)),
        Scaling::Default => (size, format!("{},pad={}:{}:-1:-1", to(scaled(min)), size.width, size.height)),
        Scaling::Fill => (size, format!("{},crop={}:{}", to(scaled(max)), size.width, size.height)),
        Scaling::Fit => (scaled(min), to(scaled(min))),
        Scaling::FitNoUpscale => (scaled(min.min(1.0)), to(scaled(min.min(1.0)))),
    }
}

/// The nearest even number, at least 2. H.264 with 4:2:0 subsampling needs even sides.
fn even(side: f64) -> u32 {
    ((side / 2.0).round().max(1.0) as u32) * 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::Colors;
    use crate::ratio::Ratio;

    fn source(width: u32, height: u32, rotation: u16, pixel_aspect: (u32, u32)) -> VideoTrack {
        let pixel_aspect = Ratio::new(pixel_aspect.0, pixel_aspect.1).unwrap();
        let (frame_rate, bit_depth) = (None, None);
        let (is_interlaced, colors) = (false, Colors::default());
        VideoTrack { width, height, rotation, pixel_aspect, frame_rate, is_interlaced, bit_depth, colors }
    }

    fn filters_of(
        settings: &str,
        source: &VideoTrack,
        rotate: Rotate,
    ) -> Result<((u32, u32), String), String> {
        let description = format!(
            r#"{{"codecSettings": {{"codec": "H_264", "h264Settings": {{}}}}{}{settings}}}"#,
            if settings.is_empty() { "" } else { "," }
        );
        let video: VideoDescription = serde_json::from_str(&description).unwrap();
        let filters = filters(&video, source, rotate, "o").map_err(|error| error.to_string());
        filters.map(|(size, filters)| ((size.width, size.height), filters))
    }

    #[test]
    fn the_size_of_an_output_follows_the_settings_and_the_displayed_source() {
        let check =
            |settings: &str, source: &VideoTrack, rotate: Rotate, expected: (u32, u32), text: &str| {
                let (size, filters) = filters_of(settings, source, rotate).unwrap();
                assert_eq!((size, filters.as_str()), (expected, text), "{settings}");
            };
        let wide = source(1920, 1080, 0, (1, 1));
        let odd = source(321, 181, 0, (1, 1));
        let phone = source(1920, 1080, 90, (1, 1));
        let television = source(720, 576, 0, (64, 45));
        let auto = Rotate::Auto;
        check("", &wide, auto, (1920, 1080), "scale=1920:1080,setsar=1");
        check("", &odd, auto, (322, 182), "scale=322:182,setsar=1");
        check(r#""height": 360"#, &odd, auto, (638, 360), "scale=638:360,setsar=1");
        check(r#""width": 360"#, &phone, auto, (360, 640), "scale=360:640,setsar=1");
        check(r#""width": 640"#, &phone, Rotate::None, (640, 360), "scale=640:360,setsar=1");
        check(
            r#""width": 360"#,
            &wide,
            Rotate::Clockwise90,
            (360, 640),
            "transpose=clock,scale=360:640,setsar=1",
        );
        check("", &television, auto, (1024, 576), "scale=1024:576,setsar=1");
        let square = r#""width": 400, "height": 400"#;
        check(square, &wide, auto, (400, 400), "scale=400:226,pad=400:400:-1:-1,setsar=1");
        let with = |behavior: &str| format!(r#"{square}, "scalingBehavior": "{behavior}""#);
        check(&with("STRETCH_TO_OUTPUT"), &wide, auto, (400, 400), "scale=400:400,setsar=1");
        check(&with("FILL"), &wide, auto, (400, 400), "scale=712:400,crop=400:400,setsar=1");
        check(&with("FIT"), &wide, auto, (400, 226), "scale=400:226,setsar=1");
        check(&with("FIT_NO_UPSCALE"), &odd, auto, (322, 182), "scale=322:182,setsar=1");
        // A difference of one pixel gets no black bar.
        check(r#""width": 480, "height": 270"#, &odd, auto, (480, 270), "scale=480:270,setsar=1");
    }

    #[test]
    fn a_side_that_mediaconvert_refuses_is_refused() {
        for settings in [r#""width": 30"#, r#""width": 33"#, r#""height": 8194"#] {
            let error = filters_of(settings, &source(640, 360, 0, (1, 1)), Rotate::Auto).unwrap_err();
            assert!(error.starts_with("/settings/o: a side is an even number"), "{error}");
        }
        assert!(
            filters_of(r#""width": 32, "height": 8192"#, &source(640, 360, 0, (1, 1)), Rotate::Auto).is_ok()
        );
    }
}
