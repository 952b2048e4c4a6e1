//! Parts of ffmpeg's argument lists.

/// Options before an input that restrict ffmpeg and ffprobe to the input itself: the protocols and demuxers of media
/// files. The demuxers of playlists are left out, since they open other files and addresses.
pub(crate) const INPUT_RESTRICTIONS: [&str; 4] = [
    "-protocol_whitelist",
    "file,http,tcp",
    "-format_whitelist",
    "mov,matroska,mpegts,mpeg,mpegvideo,m4v,avi,dv,asf,mxf,ogg,flv,mp3,wav,flac,aac,ac3,eac3",
];

/// Owned copies of arguments.
pub(super) fn owned(arguments: &[&str]) -> Vec<String> {
    arguments.iter().map(|&argument| argument.to_owned()).collect()
}
