//! The edit list of a video track.

use std::io;
use std::path::Path;

use super::boxes::type_position;

/// Removes the edit list from an initialisation segment. The times in ffmpeg's video segments are right without it: the first
/// frame is at 0. Its edit list delays them by the time that B frames need, in the players that read it. Blocks the thread.
pub(super) fn remove(init: &Path) -> io::Result<()> {
    let mut bytes = std::fs::read(init)?;
    let position = type_position(&bytes, &[b"moov", b"trak", b"edts"]);
    let Some(kind) = position.and_then(|at| bytes.get_mut(at..at + 4)) else { return Ok(()) };
    // Players skip a box of the type `free` (ISO/IEC 14496-12, section 8.1.2).
    kind.copy_from_slice(b"free");
    std::fs::write(init, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_list_becomes_free_space() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("init.mp4");
        let edits = b"\0\0\0\x1cmoov\0\0\0\x14trak\0\0\0\x0cedts1234".to_vec();
        std::fs::write(&file, &edits).unwrap();
        remove(&file).unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"\0\0\0\x1cmoov\0\0\0\x14trak\0\0\0\x0cfree1234");
        std::fs::write(&file, b"no boxes").unwrap();
        remove(&file).unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"no boxes");
    }
}
