//! Reads the chunks of a RIFF file, the container of WebP (WebP Container Specification, section "RIFF File Format").

/// The name and the content of each chunk, up to the end or to a truncated chunk.
pub(crate) fn chunks(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    const FILE_HEADER_BYTES: usize = 12;
    let mut rest = bytes.get(FILE_HEADER_BYTES..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (header, after) = rest.split_first_chunk::<8>()?;
        let [a, b, c, d, size @ ..] = *header;
        let size = u32::from_le_bytes(size) as usize;
        let content = after.get(..size)?;
        rest = after.get(size.checked_add(size % 2)?..).unwrap_or_default();
        Some(([a, b, c, d], content))
    })
}

/// The content of the first chunk called `name`.
pub(crate) fn chunk(bytes: &[u8], name: [u8; 4]) -> Option<&[u8]> {
    chunks(bytes).find(|(other, _)| *other == name).map(|(_, content)| content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_found_after_others_of_odd_length_and_a_truncated_one_is_not() {
        let file = b"RIFF\0\0\0\0WEBPVP8X\x03\0\0\0abc\0EXIF\x02\0\0\0hi";
        assert_eq!(chunk(file, *b"VP8X"), Some(&b"abc"[..]));
        assert_eq!(chunk(file, *b"EXIF"), Some(&b"hi"[..]));
        assert_eq!(chunk(file, *b"ICCP"), None);
        assert_eq!(chunk(&file[..file.len() - 1], *b"EXIF"), None);
        assert_eq!(chunk(b"RIFF\0\0\0\0WEBPABCD\xff\xff\xff\xff", *b"EXIF"), None);
        assert_eq!(chunk(b"", *b"EXIF"), None);
    }
}
