//! Parts of ffmpeg's argument lists.

/// The demuxers that a source may need. Playlists, which make ffmpeg open other files and addresses, aren't among them.
const DEMUXERS: &str = "mov,matroska,mpegts,mpeg,avi,asf,mxf,ogg,flv,mp3,wav,flac,aac,ac3,eac3";

/// The options before an input that keep ffmpeg and ffprobe to the file itself.
pub(crate) fn guards() -> [&'static str; 4] {
    ["-protocol_whitelist", "file,http,tcp", "-format_whitelist", DEMUXERS]
}

/// Owned copies of arguments.
pub(super) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}
