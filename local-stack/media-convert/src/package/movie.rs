//! The duration of an MP4 file.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::boxes::number;

/// Bytes of a box's size and type, and of the box `mvhd` with them, in its longer version (ISO/IEC 14496-12, section 8.2.2).
const HEADER_BYTES: usize = 8;
const MVHD_BYTES: usize = 40;

/// The duration of a file in milliseconds, from the box that ffmpeg writes at the beginning of the index. `None` if the file
/// has another structure. Blocks the thread.
pub(super) fn duration_ms(path: &Path) -> io::Result<Option<u64>> {
    let mut file = File::open(path)?;
    let end = file.metadata()?.len();
    let mut at = 0;
    while at < end {
        let mut head = Vec::new();
        file.seek(SeekFrom::Start(at))?;
        (&mut file).take((HEADER_BYTES + MVHD_BYTES) as u64).read_to_end(&mut head)?;
        match (number(&head, 0, 4), head.get(4..HEADER_BYTES)) {
            (Some(_), Some(b"moov")) => return Ok(head.get(HEADER_BYTES..).and_then(milliseconds)),
            (Some(size), Some(_)) if size >= HEADER_BYTES as u64 => at += size,
            _ => return Ok(None),
        }
    }
    Ok(None)
}

fn milliseconds(mvhd: &[u8]) -> Option<u64> {
    if mvhd.get(4..HEADER_BYTES) != Some(b"mvhd") {
        return None;
    }
    let (timescale, duration) = match number(mvhd, 8, 1)? {
        0 => (number(mvhd, 20, 4)?, number(mvhd, 24, 4)?),
        _ => (number(mvhd, 28, 4)?, number(mvhd, 32, 8)?),
    };
    (duration as u128 * 1000).checked_div(u128::from(timescale)).and_then(|ms| u64::try_from(ms).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_movie_header_has_the_duration_in_either_version() {
        let mut mvhd = b"\0\0\0\x6cmvhd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x03\xe8\0\0\x07\xd1".to_vec();
        mvhd.resize(MVHD_BYTES, 0);
        assert_eq!(milliseconds(&mvhd), Some(2001));
        let long =
            b"\0\0\0\x78mvhd\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x03\xe8\0\0\0\0\0\0\x07\xd1";
        assert_eq!(milliseconds(long), Some(2001));
        assert_eq!(milliseconds(&long[..30]), None);
        assert_eq!(milliseconds(b"\0\0\0\x08free"), None);
    }
}
