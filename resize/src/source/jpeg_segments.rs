//! Reads the marker segments before a JPEG's scans: EXIF, ICC profile (ITU-T T.81, annex B).

/// The facts in the marker segments.
#[derive(Debug, Default)]
pub(crate) struct JpegSegments<'a> {
    /// The EXIF block, beginning with `Exif\0\0`.
    pub(crate) exif: Option<&'a [u8]>,
    /// The ICC profile, joined from its parts.
    pub(crate) profile: Option<Vec<u8>>,
    /// `true` if there is EXIF, XMP, a profile, a comment or other metadata.
    pub(crate) has_metadata: bool,
    /// `true` if the picture is stored in several scans, progressively or one per component. A decoder then keeps the
    /// coefficients of the whole picture until it has read the last scan.
    pub(crate) has_scans: bool,
}

const BASELINE_FRAME: u8 = 0xc0;
const EXTENDED_FRAME: u8 = 0xc1;
const PROGRESSIVE_FRAME: u8 = 0xc2;
const START_OF_SCAN: u8 = 0xda;
const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP14: u8 = 0xee;
const APP15: u8 = 0xef;
const COMMENT: u8 = 0xfe;

/// Reads the segments up to the first scan or to the end of a truncated file.
pub(crate) fn read(bytes: &[u8]) -> JpegSegments<'_> {
    let mut segments = JpegSegments::default();
    let mut profile_parts = Vec::new();
    let mut components = None;
    let mut markers = Markers(bytes.get(2..).unwrap_or_default());
    for (marker, content) in markers.by_ref() {
        match marker {
            PROGRESSIVE_FRAME => segments.has_scans = true,
            BASELINE_FRAME | EXTENDED_FRAME => components = content.get(5),
            APP1 if content.starts_with(b"Exif\0\0") && segments.exif.is_none() => {
                segments.exif = Some(content);
            }
            APP2 => profile_parts.extend(profile_part(content)),
            _ => {}
        }
        segments.has_metadata |= matches!(marker, APP1..=APP15 | COMMENT) && marker != APP14;
    }
    segments.profile = join_profile(profile_parts);
    segments.has_scans |=
        components.is_some() && first_scan(markers.0).and_then(|scan| scan.get(2)) != components;
    segments
}

/// `true` if a progressive file ends within its first scan, so that its lower part is missing even at a coarse level. (A
/// truncated file with one scan is complete down to its end.)
pub(crate) fn ends_in_first_progressive_scan(bytes: &[u8]) -> bool {
    let mut markers = Markers(bytes.get(2..).unwrap_or_default());
    let is_progressive = markers.any(|(marker, _)| marker == PROGRESSIVE_FRAME);
    markers.by_ref().for_each(drop);
    let Some(scan) = first_scan(markers.0) else { return is_progressive };
    let is_marker = |pair: &[u8]| matches!(pair, [0xff, 0x01..=0xcf | 0xd8..=0xfe]);
    is_progressive && !scan.windows(2).any(is_marker)
}

/// The part of a file before its first scan.
pub(crate) fn before_scans(bytes: &[u8]) -> &[u8] {
    let mut markers = Markers(bytes.get(2..).unwrap_or_default());
    markers.by_ref().for_each(drop);
    bytes.get(..bytes.len() - markers.0.len()).unwrap_or(bytes)
}

/// `true` if a marker of the end follows the first scan.
pub(crate) fn has_end(bytes: &[u8]) -> bool {
    const END: [u8; 2] = [0xff, 0xd9];
    let mut markers = Markers(bytes.get(2..).unwrap_or_default());
    markers.by_ref().for_each(drop);
    first_scan(markers.0).is_some_and(|scan| scan.windows(2).any(|pair| pair == END))
}

/// `true` if the file's first bytes have the frame of a progressive JPEG.
#[cfg(feature = "edge")]
pub(crate) fn is_progressive(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xd8])
        && Markers(bytes.get(2..).unwrap_or_default()).any(|(marker, _)| marker == PROGRESSIVE_FRAME)
}

/// The bytes from the length of the first scan's header on.
fn first_scan(bytes: &[u8]) -> Option<&[u8]> {
    let start = bytes.windows(2).position(|pair| pair == [0xff, START_OF_SCAN])?;
    bytes.get(start + 2..)
}

/// The index, the total count and the content of a part of an ICC profile (ICC.1:2022, annex B.4).
fn profile_part(content: &[u8]) -> Option<(u8, u8, &[u8])> {
    match content.strip_prefix(b"ICC_PROFILE\0")? {
        [number, count, part @ ..] => Some((*number, *count, part)),
        _ => None,
    }
}

/// The profile; `None` if a part is missing.
fn join_profile(mut parts: Vec<(u8, u8, &[u8])>) -> Option<Vec<u8>> {
    parts.sort_by_key(|(number, _, _)| *number);
    let is_whole = parts
        .iter()
        .zip(1..)
        .all(|((number, count, _), expected)| *number == expected && usize::from(*count) == parts.len());
    (is_whole && !parts.is_empty())
        .then(|| parts.iter().flat_map(|(_, _, part)| part.iter().copied()).collect())
}

/// Iterates over markers with the content of their segments, up to the first scan.
struct Markers<'a>(&'a [u8]);

impl<'a> Iterator for Markers<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        const END_OF_IMAGE: u8 = 0xd9;
        // Decoders skip bytes between segments and any number of fill bytes before a marker.
        let start = self
            .0
            .windows(2)
            .position(|pair| matches!(pair, [0xff, APP0..=APP15 | 0x01..=0xdf | 0xf0..=COMMENT]))?;
        let (marker, rest) = self.0.get(start + 1..)?.split_first()?;
        if matches!(*marker, START_OF_SCAN | END_OF_IMAGE) {
            return None;
        }
        if matches!(*marker, 0x01 | 0xd0..=0xd8) {
            self.0 = rest;
            return self.next();
        }
        let (length, _) = rest.split_first_chunk::<2>()?;
        // Lengths of 0 and 1 are read as 2, as libjpeg does.
        let length = usize::from(u16::from_be_bytes(*length)).max(2);
        let content = rest.get(2..length)?;
        self.0 = rest.get(length..)?;
        Some((*marker, content))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], content].concat()
    }

    fn jpeg(segments: &[Vec<u8>]) -> Vec<u8> {
        [&[0xff, 0xd8][..], &segments.concat(), &[0xff, 0xda, 0, 2, 0xff, 0xe1]].concat()
    }

    #[test]
    fn segments_are_read_up_to_the_first_scan() {
        let file = jpeg(&[
            segment(APP0, b"JFIF\0"),
            segment(APP1, b"Exif\0\0MM"),
            segment(APP2, b"ICC_PROFILE\0\x02\x02cd"),
            segment(APP2, b"ICC_PROFILE\0\x01\x02ab"),
            segment(APP14, b"Adobe\0"),
        ]);
        let segments = read(&file);
        assert_eq!(segments.exif, Some(&b"Exif\0\0MM"[..]));
        assert_eq!(segments.profile.as_deref(), Some(&b"abcd"[..]));
        assert!(segments.has_metadata);
    }

    #[test]
    fn an_incomplete_profile_is_ignored_and_plain_files_have_no_metadata() {
        assert_eq!(read(&jpeg(&[segment(APP2, b"ICC_PROFILE\0\x02\x02cd")])).profile, None);
        assert!(!read(&jpeg(&[segment(APP0, b"JFIF\0"), segment(APP14, b"Adobe\0")])).has_metadata);
        assert!(read(&jpeg(&[segment(COMMENT, b"hello")])).has_metadata);
    }

    #[test]
    fn a_file_with_several_scans_is_recognised_by_its_frame_or_its_first_scan() {
        let check = |frame: u8, components: u8, in_first_scan: u8, expected: bool| {
            let frame = segment(frame, &[8, 0, 1, 0, 1, components]);
            let file = [&[0xff, 0xd8][..], &frame, &segment(START_OF_SCAN, &[in_first_scan])].concat();
            assert_eq!(read(&file).has_scans, expected, "{components} {in_first_scan}");
        };
        check(BASELINE_FRAME, 3, 3, false);
        check(BASELINE_FRAME, 1, 1, false);
        check(BASELINE_FRAME, 3, 1, true);
        check(EXTENDED_FRAME, 4, 3, true);
        check(PROGRESSIVE_FRAME, 3, 3, true);
        check(PROGRESSIVE_FRAME, 1, 1, true);
    }

    #[test]
    fn a_progressive_file_that_ends_in_its_first_scan_is_recognised() {
        let file = |frame: u8, scans: &[u8]| {
            [&[0xff, 0xd8][..], &segment(frame, b"frame"), &segment(0xda, b"scan"), scans].concat()
        };
        let check = |frame, scans: &[u8], expected| {
            assert_eq!(ends_in_first_progressive_scan(&file(frame, scans)), expected, "{frame:x} {scans:x?}");
        };
        check(0xc2, &[1, 2, 0xff, 0, 0xff, 0xd0, 3], true);
        check(0xc2, &[1, 2, 0xff, 0, 3, 0xff, 0xc4, 0, 2], false);
        check(0xc0, &[1, 2, 3], false);
    }

    #[test]
    fn a_file_that_ends_at_any_byte_is_read() {
        let file = jpeg(&[segment(APP1, b"Exif\0\0MM"), segment(APP2, b"ICC_PROFILE\0\x01\x01ab")]);
        for end in 0..file.len() {
            let _ = read(&file[..end]);
        }
        assert!(read(&[0xff, 0xd8, 0xff, 0xff, 0xff, 0xe1, 0, 3, 7]).has_metadata);
    }
}
