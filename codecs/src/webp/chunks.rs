/// The content of a WebP file's first chunk of this name.
pub(super) fn chunk(file: &[u8], name: [u8; 4]) -> Option<&[u8]> {
    const FILE_HEADER: usize = 12;
    let mut rest = file.get(FILE_HEADER..)?;
    loop {
        let (header, content) = rest.split_first_chunk::<8>()?;
        let [n0, n1, n2, n3, size @ ..] = *header;
        let size = u32::from_le_bytes(size) as usize;
        if [n0, n1, n2, n3] == name {
            return content.get(..size);
        }
        rest = content.get(size.checked_next_multiple_of(2)?..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_found_behind_others_of_odd_length() {
        let file = b"RIFF\0\0\0\0WEBPaaaa\x03\0\0\0xyz\0bbbb\x02\0\0\0uv";
        assert_eq!(chunk(file, *b"aaaa"), Some(&b"xyz"[..]));
        assert_eq!(chunk(file, *b"bbbb"), Some(&b"uv"[..]));
        assert_eq!(chunk(file, *b"cccc"), None);
        for length in 0..file.len() {
            assert_eq!(chunk(&file[..length], *b"bbbb"), None);
        }
    }
}
