//! The media types of uploads: one table for the signer, the finaliser and the resize service.
//!
//! ```
//! use contract::media_types::find;
//!
//! let jpeg = find("image/pjpeg").expect("an alias of JPEG");
//! assert_eq!((jpeg.name, jpeg.extensions[0]), ("image/jpeg", "jpg"));
//! ```

/// A media type and the facts that the services share about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownType {
    /// The canonical name, with which files are stored and served.
    pub name: &'static str,
    /// Other names of the same type, which clients send.
    pub aliases: &'static [&'static str],
    /// The file name extensions without their dot. The usual one comes first.
    pub extensions: &'static [&'static str],
    /// The use of files of this type.
    pub usage: Usage,
    /// The types that the finaliser may detect from the first bytes of such a file. Empty for a type without a reliable
    /// signature: content is then accepted if it isn't detected as another type.
    pub detected_as: &'static [&'static str],
}

/// The use of files of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// A picture of pixels that the resize service reads. Contains the service's name of the format. Accepted by
    /// default.
    Picture(&'static str),
    /// A drawing that the resize service reads. It may contain scripts, so no other file may be served as a drawing.
    /// Contains the service's name of the format. Accepted by default.
    Drawing(&'static str),
    /// A document whose pages the resize service draws. Contains the service's name of the format. Accepted by default.
    Document(&'static str),
    /// A video that is transcoded. Accepted by default.
    Video,
    /// A sound that is transcoded. Accepted by default.
    Sound,
    /// Captions of a video. Accepted by default.
    Captions,
    /// Any other file. Accepted only if the operator lists its type.
    File,
}

impl KnownType {
    /// `true` if uploads of this type are accepted unless the operator says otherwise.
    pub const fn is_default(&self) -> bool {
        match self.usage {
            Usage::Picture(_)
            | Usage::Drawing(_)
            | Usage::Document(_)
            | Usage::Video
            | Usage::Sound
            | Usage::Captions => true,
            Usage::File => false,
        }
    }

    /// `true` for a picture that the resize service reads.
    pub const fn is_source(&self) -> bool {
        match self.usage {
            Usage::Picture(_) | Usage::Drawing(_) => true,
            Usage::Document(_) | Usage::Video | Usage::Sound | Usage::Captions | Usage::File => false,
        }
    }
}

/// The type with a name or an alias in lower case; `None` if the table doesn't contain it.
pub fn find(name: &str) -> Option<&'static KnownType> {
    MEDIA_TYPES.iter().find(|known| known.name == name || known.aliases.contains(&name))
}

/// Every known type. Pictures come first, then videos, sounds and documents.
#[rustfmt::skip]
pub static MEDIA_TYPES: [KnownType; 39] = [
    row("image/jpeg", &["image/jpg", "image/pjpeg"], &["jpg", "jpeg", "jpe", "jfif"], Usage::Picture("jpeg"), &["image/jpeg"]),
    row("image/png", &["image/x-png"], &["png"], Usage::Picture("png"), &["image/png"]),
    row("image/apng", &["image/vnd.mozilla.apng"], &["png", "apng"], Usage::Picture("png"), &["image/png"]),
    row("image/webp", &["image/x-webp"], &["webp"], Usage::Picture("webp"), &["image/webp"]),
    row("image/gif", &[], &["gif"], Usage::Picture("gif"), &["image/gif"]),
    row("image/avif", &["image/avif-sequence"], &["avif", "avifs"], Usage::Picture("avif"), &["image/avif"]),
    row("image/tiff", &["image/tif", "image/x-tif", "image/x-tiff"], &["tif", "tiff"], Usage::Picture("tiff"), &["image/tiff"]),
    row("image/bmp", &["image/x-ms-bmp", "image/x-bmp", "image/x-windows-bmp"], &["bmp", "dib"], Usage::Picture("bmp"), &["image/bmp"]),
    row("image/vnd.microsoft.icon", &["image/x-icon", "image/ico"], &["ico"], Usage::Picture("ico"), &["image/vnd.microsoft.icon"]),
    row("image/jxl", &["image/x-jxl"], &["jxl"], Usage::Picture("jxl"), &["image/jxl"]),
    row("image/svg+xml", &["image/svg"], &["svg"], Usage::Drawing("svg"), &["image/svg+xml"]),
    row("image/heic", &["image/heic-sequence"], &["heic", "heif"], Usage::Picture("heic"), &["image/heic", "image/heif"]),
    row("image/heif", &["image/heif-sequence"], &["heif", "heic"], Usage::Picture("heic"), &["image/heic", "image/heif"]),
    row("video/mp4", &["application/mp4", "video/x-m4v", "video/x-mp4"], &["mp4", "m4v"], Usage::Video, &["video/mp4", "video/quicktime"]),
    row("video/quicktime", &[], &["mov", "qt"], Usage::Video, &["video/quicktime", "video/mp4"]),
    row("video/webm", &[], &["webm"], Usage::Video, &["video/webm"]),
    row("video/x-matroska", &["video/matroska"], &["mkv"], Usage::Video, &["video/x-matroska", "video/webm"]),
    row("video/3gpp", &[], &["3gp"], Usage::File, &["video/mp4"]),
    row("video/3gpp2", &[], &["3g2"], Usage::File, &["video/mp4"]),
    row("video/ogg", &[], &["ogv"], Usage::File, &["audio/ogg"]),
    row("video/mpeg", &[], &["mpg", "mpeg"], Usage::File, &[]),
    row("video/mp2t", &[], &["ts", "m2ts"], Usage::File, &[]),
    row("video/x-msvideo", &["video/avi", "video/msvideo", "video/vnd.avi"], &["avi"], Usage::File, &[]),
    row("video/x-ms-wmv", &["video/x-ms-asf"], &["wmv", "asf"], Usage::File, &[]),
    row("audio/mpeg", &["audio/mp3", "audio/x-mp3", "audio/x-mpeg"], &["mp3"], Usage::Sound, &["audio/mpeg"]),
    row("audio/mp4", &["audio/x-m4a", "audio/m4a"], &["m4a"], Usage::Sound, &["audio/mp4", "video/mp4"]),
    row("audio/ogg", &["application/ogg", "audio/opus", "audio/x-ogg"], &["ogg", "oga", "opus"], Usage::Sound, &["audio/ogg"]),
    row("audio/webm", &[], &["weba", "webm"], Usage::Sound, &["video/webm"]),
    row("audio/wav", &["audio/x-wav", "audio/wave", "audio/vnd.wave", "audio/x-pn-wav"], &["wav"], Usage::Sound, &["audio/wav"]),
    row("audio/flac", &["audio/x-flac"], &["flac"], Usage::Sound, &[]),
    row("audio/aac", &["audio/x-aac", "audio/aacp"], &["aac"], Usage::Sound, &[]),
    row("application/pdf", &["application/x-pdf"], &["pdf"], Usage::Document("pdf"), &["application/pdf"]),
    row("text/vtt", &["application/vtt"], &["vtt"], Usage::Captions, &["text/vtt"]),
    row("text/plain", &[], &["txt"], Usage::File, &["text/plain", "text/xml", "text/vtt"]),
    row("text/csv", &["application/csv"], &["csv"], Usage::File, &[]),
    row("text/html", &["application/xhtml+xml"], &[], Usage::File, &["text/html"]),
    row("text/xml", &["application/xml"], &["xml"], Usage::File, &["text/xml"]),
    row("application/json", &["text/json"], &["json"], Usage::File, &[]),
    row("application/zip", &["application/x-zip-compressed", "application/x-zip"], &["zip"], Usage::File, &[]),
];

/// A row of the table, in the order of its columns.
const fn row(
    name: &'static str,
    aliases: &'static [&'static str],
    extensions: &'static [&'static str],
    usage: Usage,
    detected_as: &'static [&'static str],
) -> KnownType {
    KnownType { name, aliases, extensions, usage, detected_as }
}

/// The table of types in Markdown, for the documentation.
pub fn markdown() -> String {
    let head = "| type | other names | extensions | accepted | read as a picture |\n| --- | --- | --- | --- | --- |\n";
    let mut rows = vec![head.to_owned()];
    for known in &MEDIA_TYPES {
        let code = |list: &[&str]| list.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let (accepted, read) = match known.usage {
            Usage::Picture(_) | Usage::Drawing(_) => ("yes", "yes"),
            Usage::Video | Usage::Sound | Usage::Captions => ("yes", ""),
            Usage::Document(_) => ("yes", "its pages"),
            Usage::File => ("if listed", ""),
        };
        let row = [&code(&[known.name]), &code(known.aliases), &code(known.extensions), accepted, read];
        rows.push(format!("| {} |\n", row.join(" | ")));
    }
    rows.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_belongs_to_one_type() {
        let names: Vec<&str> =
            MEDIA_TYPES.iter().flat_map(|known| [&[known.name], known.aliases].concat()).collect();
        for (index, name) in names.iter().enumerate() {
            assert!(!names[..index].contains(name), "{name}");
            assert_eq!(*name, name.to_ascii_lowercase());
        }
        assert!(find("image/pjpg").is_none());
    }

    #[test]
    fn every_detected_type_is_the_canonical_name_of_a_type_that_is_detected_as_itself() {
        for known in &MEDIA_TYPES {
            for detected in known.detected_as {
                let found = find(detected).unwrap();
                assert_eq!(found.name, *detected);
                assert!(found.detected_as.contains(detected), "{detected}");
            }
        }
    }

    #[test]
    fn every_output_format_is_a_picture_that_is_read_under_the_same_name() {
        for format in crate::format::Format::ALL {
            let known = find(format.media_type()).unwrap();
            assert_eq!(known.usage, Usage::Picture(format.name()));
            assert_eq!(known.extensions.first(), Some(&format.extension()));
        }
    }
}
