//! Boxes of ISO base media files (ISO/IEC 14496-12, section 4.2), as far as ffmpeg's segments contain them.

/// The content of the first box with a path of types.
pub(super) fn find<'a>(bytes: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    let (first, rest) = path.split_first()?;
    let content = boxes(bytes).find_map(|(kind, content)| (kind == *first).then_some(content))?;
    if rest.is_empty() { Some(content) } else { find(content, rest) }
}

/// The position of the type of the first box with a path of types.
pub(super) fn type_position(bytes: &[u8], path: &[&[u8; 4]]) -> Option<usize> {
    let (first, rest) = path.split_first()?;
    let mut at = 0;
    loop {
        let size = usize::try_from(number(bytes, at, 4)?).ok().filter(|size| *size >= 8)?;
        let (kind, content) = (bytes.get(at + 4..at + 8)?, bytes.get(at + 8..at + size)?);
        if kind == *first {
            return match rest {
                [] => Some(at + 4),
                _ => type_position(content, rest).map(|position| at + 8 + position),
            };
        }
        at += size;
    }
}

/// Types and contents of consecutive boxes, up to the first truncated box.
pub(super) fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let size = usize::try_from(number(bytes, 0, 4)?).ok()?;
        let kind = bytes.get(4..8)?.try_into().ok()?;
        let content = bytes.get(8..size)?;
        bytes = bytes.get(size..)?;
        Some((kind, content))
    })
}

/// A big-endian number of up to 8 bytes.
pub(super) fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let digits = bytes.get(at..at.checked_add(length)?)?;
    Some(digits.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_found_by_its_path_and_a_truncated_box_is_not() {
        let bytes = b"\0\0\0\x08free\0\0\0\x15moov\0\0\0\x0dtrakabcde";
        assert_eq!(find(bytes, &[b"moov", b"trak"]), Some(b"abcde".as_slice()));
        assert_eq!(find(bytes, &[b"trak"]), None);
        assert_eq!(find(&bytes[..bytes.len() - 1], &[b"moov"]), None);
        assert_eq!(find(b"\0\0\0\0free", &[b"free"]), None);
        assert_eq!(type_position(bytes, &[b"moov", b"trak"]), Some(20));
        assert_eq!(type_position(bytes, &[b"moov"]), Some(12));
        assert_eq!(type_position(bytes, &[b"moov", b"edts"]), None);
        assert_eq!(type_position(b"\0\0\0\0free", &[b"free"]), None);
        assert_eq!(number(&[1, 2, 3], 1, 2), Some(0x203));
        assert_eq!(number(&[1, 2, 3], 2, 2), None);
    }
}
