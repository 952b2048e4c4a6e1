//! Sizes: what an output measures, and the filters that bring it there.

use super::super::media::Picture;
use super::super::settings::{ColorConversion, Rotate, Scaling, VideoDescription};
use super::super::size::Size;
use super::error::PlanError;

/// The sides that `MediaConvert` takes, in pixels.
const SIDES: std::ops::RangeInclusive<u32> = 32..=8192;

/// So many pixels of a side are lost or stretched rather than shown as a black line.
const SLACK: f64 = 2.0;

/// What an output measures, and the filters that make it of the source: turned, scaled, with square pixels.
pub(super) fn filters(
    video: &VideoDescription,
    picture: &Picture,
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
    let shown = shown(picture, rotate);
    let size = match (video.width, video.height) {
        (Some(width), Some(height)) => Size { width, height },
        (Some(width), None) => Size { width, height: even(f64::from(width) * shown.1 / shown.0) },
        (None, Some(height)) => Size { width: even(f64::from(height) * shown.0 / shown.1), height },
        (None, None) => Size { width: even(shown.0), height: even(shown.1) },
    };
    let (size, scaled) = scaled(size, shown, video.scaling_behavior);
    let color = match video
        .video_preprocessors
        .color_corrector
        .as_ref()
        .map(|given| given.color_space_conversion)
    {
        Some(ColorConversion::Force709) if picture.colors.is_hdr() => {
            ",zscale=t=linear:npl=100,format=gbrpf32le,tonemap=hable:desat=0,zscale=p=bt709:t=bt709:m=bt709:r=tv"
        }
        Some(ColorConversion::Force709 | ColorConversion::None) | None => "",
    };
    Ok((size, format!("{}{scaled},setsar=1{color}", turn(rotate))))
}

/// What a thumbnail measures: by the picture's aspect where its height isn't given.
pub(super) fn thumbnail(width: u32, height: Option<u32>, picture: &Picture, rotate: Rotate) -> Size {
    let shown = shown(picture, rotate);
    Size { width, height: height.unwrap_or_else(|| even(f64::from(width) * shown.1 / shown.0)) }
}

/// The filters, each with a comma after it, of a turn that the settings fix. ffmpeg itself turns as the file says.
pub(super) const fn turn(rotate: Rotate) -> &'static str {
    match rotate {
        Rotate::Auto | Rotate::No => "",
        Rotate::Quarter => "transpose=clock,",
        Rotate::Half => "hflip,vflip,",
        Rotate::ThreeQuarters => "transpose=cclock,",
    }
}

/// Width and height as the picture is shown: turned, with square pixels.
fn shown(picture: &Picture, rotate: Rotate) -> (f64, f64) {
    let width = f64::from(picture.width) * picture.pixel_aspect.value();
    let height = f64::from(picture.height);
    let is_turned = match rotate {
        Rotate::Auto => !picture.rotation.is_multiple_of(180),
        Rotate::No | Rotate::Half => false,
        Rotate::Quarter | Rotate::ThreeQuarters => true,
    };
    if is_turned { (height, width) } else { (width, height) }
}

/// The filters that fit a picture of some size, as shown, into another.
fn scaled(size: Size, shown: (f64, f64), behavior: Scaling) -> (Size, String) {
    let factors = [f64::from(size.width) / shown.0, f64::from(size.height) / shown.1];
    let (least, most) = (factors[0].min(factors[1]), factors[0].max(factors[1]));
    let by = |factor: f64| Size { width: even(shown.0 * factor), height: even(shown.1 * factor) };
    let to = |size: Size| format!("scale={}:{}", size.width, size.height);
    let exact = |factor: f64| {
        (shown.0 * factor - f64::from(size.width)).abs() <= SLACK
            && (shown.1 * factor - f64::from(size.height)).abs() <= SLACK
    };
    match behavior {
        Scaling::StretchToOutput => (size, to(size)),
        Scaling::Default if exact(least) => (size, to(size)),
        Scaling::Fill if exact(most) => (size, to(size)),
        Scaling::Default => (size, format!("{},pad={}:{}:-1:-1", to(by(least)), size.width, size.height)),
        Scaling::Fill => (size, format!("{},crop={}:{}", to(by(most)), size.width, size.height)),
        Scaling::Fit => (by(least), to(by(least))),
        Scaling::FitNoUpscale => (by(least.min(1.0)), to(by(least.min(1.0)))),
    }
}

/// The nearest even number, at least 2: H.264 stores colour for two pixels together.
fn even(side: f64) -> u32 {
    ((side / 2.0).round().max(1.0) as u32) * 2
}

#[cfg(test)]
mod tests {
    use super::super::super::media::Colors;
    use super::super::super::ratio::Ratio;
    use super::*;

    fn picture(width: u32, height: u32, rotation: u16, pixel_aspect: (u32, u32)) -> Picture {
        let pixel_aspect = Ratio::new(pixel_aspect.0, pixel_aspect.1).unwrap();
        let (frame_rate, bit_depth) = (None, None);
        Picture { width, height, rotation, pixel_aspect, frame_rate, bit_depth, colors: Colors::default() }
    }

    fn filters_of(asked: &str, picture: &Picture, rotate: Rotate) -> Result<((u32, u32), String), String> {
        let description = format!(
            r#"{{"codecSettings": {{"codec": "H_264", "h264Settings": {{}}}}{}{asked}}}"#,
            if asked.is_empty() { "" } else { "," }
        );
        let video: VideoDescription = serde_json::from_str(&description).unwrap();
        let filters = filters(&video, picture, rotate, "o").map_err(|error| error.to_string());
        filters.map(|(size, filters)| ((size.width, size.height), filters))
    }

    #[test]
    fn an_output_measures_what_was_asked_or_what_the_source_shows() {
        let check = |asked: &str, source: &Picture, rotate: Rotate, expected: (u32, u32), text: &str| {
            let (size, filters) = filters_of(asked, source, rotate).unwrap();
            assert_eq!((size, filters.as_str()), (expected, text), "{asked}");
        };
        let wide = picture(1920, 1080, 0, (1, 1));
        let odd = picture(321, 181, 0, (1, 1));
        let phone = picture(1920, 1080, 90, (1, 1));
        let television = picture(720, 576, 0, (64, 45));
        let auto = Rotate::Auto;
        check("", &wide, auto, (1920, 1080), "scale=1920:1080,setsar=1");
        check("", &odd, auto, (322, 182), "scale=322:182,setsar=1");
        check(r#""height": 360"#, &odd, auto, (638, 360), "scale=638:360,setsar=1");
        check(r#""width": 360"#, &phone, auto, (360, 640), "scale=360:640,setsar=1");
        check(r#""width": 640"#, &phone, Rotate::No, (640, 360), "scale=640:360,setsar=1");
        check(
            r#""width": 360"#,
            &wide,
            Rotate::Quarter,
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
        // A line of one pixel isn't worth a black bar.
        check(r#""width": 480, "height": 270"#, &odd, auto, (480, 270), "scale=480:270,setsar=1");
    }

    #[test]
    fn a_side_that_the_service_refuses_is_refused() {
        for asked in [r#""width": 30"#, r#""width": 33"#, r#""height": 8194"#] {
            let error = filters_of(asked, &picture(640, 360, 0, (1, 1)), Rotate::Auto).unwrap_err();
            assert!(error.starts_with("/settings/o: a side is an even number"), "{error}");
        }
        assert!(
            filters_of(r#""width": 32, "height": 8192"#, &picture(640, 360, 0, (1, 1)), Rotate::Auto).is_ok()
        );
    }
}
