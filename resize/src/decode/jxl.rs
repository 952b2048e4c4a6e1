//! Decodes the first frame of a JPEG XL file.

use std::io::Cursor;

use jxl_oxide::frame::Encoding;
use jxl_oxide::image::ExtraChannelInfo;
use jxl_oxide::{AllocTracker, FrameBufferSample, JxlImage, JxlThreadPool, Render};

use super::samples::unpremultiply;
use crate::error::Error;
use crate::pixels::Pixels;
use crate::plan::memory::JXL_WORKING_BYTES_PER_PIXEL;
use crate::source::info::{Depth, SourceInfo};
use crate::source::jxl::{damaged, request_colors};
use crate::steps::deep;

/// Decodes the first frame. The decoder turns it upright.
pub(super) fn decode(bytes: &[u8], source: &SourceInfo) -> Result<Pixels, Error> {
    let mut image = read(bytes, source)?;
    request_colors(&mut image);
    // Of a file that is cut off there is a part of the first frame.
    let is_whole = image.num_loaded_keyframes() > 0;
    let frame = if is_whole { image.render_frame(0) } else { image.render_loading_frame() };
    let frame = frame.map_err(|error| damaged(&*error))?;
    let alpha = image.image_header().metadata.ec_info.iter().find(|extra| extra.is_alpha());
    let is_premultiplied = alpha.and_then(ExtraChannelInfo::alpha_associated) == Some(true);
    match source.depth {
        Depth::Eight => {
            let mut samples = samples(&frame, source)?;
            if is_premultiplied {
                unpremultiply(&mut samples, source.channels, u8::MAX);
            }
            Ok(Pixels { samples, size: source.size, channels: source.channels })
        }
        Depth::Sixteen => {
            let mut samples = samples(&frame, source)?;
            if is_premultiplied {
                unpremultiply(&mut samples, source.channels, u16::MAX);
            }
            Ok(deep::to_srgb(&samples, source.size, source.channels, source.profile.as_deref()))
        }
    }
}

/// How often the end of a cut file is looked for. In a container, the headers of boxes may lie among the bytes of a section, so that a
/// part of it is left after the first time. What follows a codestream that is cut is no picture of a cut file.
const ATTEMPTS: usize = 4;

/// Reads a file, without decoding its pixels. Of a file that is cut off, the section in which it ends is left out: the channels of a section
/// follow each other, so a part of it would have false colours.
fn read(bytes: &[u8], source: &SourceInfo) -> Result<JxlImage, Error> {
    let memory = source.size.pixels().saturating_mul(JXL_WORKING_BYTES_PER_PIXEL).saturating_add(64 << 20);
    let limit = usize::try_from(memory).unwrap_or(usize::MAX);
    let mut bytes = bytes;
    for _ in 0..ATTEMPTS {
        let tracker = AllocTracker::with_limit(limit);
        let builder = JxlImage::builder().pool(JxlThreadPool::none()).alloc_tracker(tracker);
        let image = builder.read(Cursor::new(bytes)).map_err(|error| damaged(&*error))?;
        let part = bytes_of_part(&image);
        if part == 0 {
            return Ok(image);
        }
        bytes = bytes.get(..bytes.len().saturating_sub(part)).unwrap_or_default();
    }
    Err(Error::Damaged("it ends within a section, and other data follows".to_owned()))
}

/// The number of bytes of a section that isn't whole, in a frame whose sections have one channel after another.
fn bytes_of_part(image: &JxlImage) -> usize {
    let Some(frame) = image.frame(image.num_loaded_frames()) else { return 0 };
    if frame.header().encoding != Encoding::Modular {
        return 0;
    }
    let section = frame.current_loading_group().and_then(|section| frame.data(section.kind));
    section.map_or(0, <[u8]>::len)
}

/// The samples of a frame of the picture's size.
fn samples<T: FrameBufferSample + Clone + Default>(
    frame: &Render,
    source: &SourceInfo,
) -> Result<Vec<T>, Error> {
    let (width, height) = (source.size.width(), source.size.height());
    let channels = source.channels.count();
    let mut samples = vec![T::default(); source.size.pixels() as usize * channels as usize];
    let mut stream = frame.stream();
    if (stream.width(), stream.height(), stream.channels()) != (width, height, channels)
        || stream.write_to_buffer(&mut samples) != samples.len()
    {
        return Err(Error::Damaged("the JPEG XL's first frame is not of the picture's size".to_owned()));
    }
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::Channels;
    use crate::source::info::size;
    use crate::source::jxl::{is_complete, probe};
    use zune_core::bit_depth::BitDepth;
    use zune_core::colorspace::ColorSpace;
    use zune_core::options::EncoderOptions;

    fn encoded(samples: &[u8], color: ColorSpace) -> Vec<u8> {
        let options = EncoderOptions::new(8, 4, color, BitDepth::Eight);
        let mut bytes = Vec::new();
        zune_jpegxl::JxlSimpleEncoder::new(samples, options).encode(&mut bytes).unwrap();
        bytes
    }

    fn encoded_square(samples: &[u8], side: usize) -> Vec<u8> {
        let options = EncoderOptions::new(side, side, ColorSpace::RGB, BitDepth::Eight);
        let mut bytes = Vec::new();
        zune_jpegxl::JxlSimpleEncoder::new(samples, options).encode(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn lossless_samples_are_decoded_exactly() {
        let check = |channels: Channels, color| {
            let samples: Vec<u8> = (0..32 * channels.count()).map(|n| (n * 37 % 251) as u8).collect();
            let bytes = encoded(&samples, color);
            let info = probe(&bytes).unwrap();
            assert_eq!((info.size, info.channels), (size(8, 4).unwrap(), channels));
            assert_eq!(decode(&bytes, &info).unwrap().samples, samples);
        };
        check(Channels::Rgb, ColorSpace::RGB);
        check(Channels::Rgba, ColorSpace::RGBA);
    }

    #[test]
    fn a_file_that_is_cut_off_shows_the_groups_that_are_there() {
        const SIDE: usize = 600;
        let samples: Vec<u8> =
            (0..SIDE * SIDE * 3).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let bytes = encoded_square(&samples, SIDE);
        let info = probe(&bytes).unwrap();
        assert!(is_complete(&bytes));
        let part = &bytes[..bytes.len() * 2 / 3];
        assert!(!is_complete(part));
        let shown = decode(part, &info).unwrap().samples;
        // A group has 256 pixels a side; a third of the file is missing.
        let rows = SIDE * 3 * 200;
        assert!(shown[..rows] == samples[..rows] && shown != samples);
    }

    #[test]
    fn no_part_of_a_file_that_is_cut_off_shows_false_colours() {
        const SIDE: usize = 600;
        let samples: Vec<u8> = (0..SIDE * SIDE)
            .flat_map(|index| {
                let noise = (index.wrapping_mul(2_654_435_761) >> 24) as u8 % 32;
                [200 + noise, 90 + noise, 30 + noise]
            })
            .collect();
        let bytes = encoded_square(&samples, SIDE);
        let info = probe(&bytes).unwrap();
        let mut shown = 0;
        for end in (1..40).map(|step| bytes.len() * step / 40) {
            let Ok(pixels) = decode(&bytes[..end], &info) else { continue };
            let black = [0; 3];
            let (decoded, _) = pixels.samples.as_chunks::<3>();
            for (pixel, expected) in decoded.iter().zip(samples.as_chunks::<3>().0) {
                assert!(pixel == expected || *pixel == black, "{end} of {} bytes: {pixel:?}", bytes.len());
            }
            shown += usize::from(decoded.iter().any(|pixel| *pixel != black));
        }
        assert!(shown > 20, "{shown} parts show something");
    }

    #[test]
    fn data_behind_a_codestream_that_is_cut_is_searched_a_few_times_only() {
        let samples = vec![77; 600 * 600 * 3];
        let whole = encoded_square(&samples, 600);
        let info = probe(&whole).unwrap();
        let codestream = &whole[..whole.len() * 2 / 3];
        let mut file = b"\0\0\0\x0cJXL \x0d\x0a\x87\x0a\0\0\0\x14ftypjxl \0\0\0\0jxl ".to_vec();
        file.extend(u32::try_from(codestream.len() + 8).unwrap().to_be_bytes());
        file.extend(b"jxlc");
        file.extend(codestream);
        file.extend((1u32 << 22).to_be_bytes());
        file.extend(b"free");
        file.extend(vec![0; (1 << 22) - 8]);
        // It is answered, whatever is shown: each time, the whole file is read.
        assert!(decode(&file, &info).is_err());
    }

    #[test]
    fn a_truncated_file_never_panics() {
        let bytes = encoded(&[99; 96], ColorSpace::RGB);
        for end in 0..bytes.len() {
            if let Ok(info) = probe(&bytes[..end]) {
                let _ = decode(&bytes[..end], &info);
            }
        }
    }
}
