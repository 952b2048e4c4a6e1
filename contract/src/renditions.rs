//! The names of the renditions that transcoding makes from a video.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::key::{Area, Key};

/// The file name in the key of a video's frames.
const FRAME: &str = "frame.jpg";

/// Number of bytes of a hash in the id of a video: 128 bits.
const ID_BYTES: usize = 16;

/// The id of the video with this key: the id of the upload, or 32 hexadecimal digits of a hash of the key if the upload
/// signer did not create it.
pub fn video_id(key: &str) -> String {
    let of_upload = Key::parse(key).ok().filter(Key::is_write_once);
    match of_upload.as_ref().and_then(|key| key.as_str().split('/').nth(1)) {
        Some(id) => id.to_owned(),
        None => Sha256::digest(key).iter().take(ID_BYTES).fold(String::new(), |mut digits, byte| {
            let _ = write!(digits, "{byte:02x}");
            digits
        }),
    }
}

/// The folder of the renditions of an original, without a slash at its end: all of them lie below it. `None` for a rendition.
pub fn folder(original: &Key) -> Option<Key> {
    let area = area(original.area())?;
    Key::parse(&format!("{}/{}", area.segment(), video_id(original.as_str()))).ok()
}

/// `true` for the key of a video's frames, `<area>/<id>/frame.jpg`. There is no such object: the parameter `t` chooses a
/// thumbnail.
pub fn is_frame(key: &Key) -> bool {
    let is_of_video = matches!(key.area(), Area::Videos | Area::PrivateVideos);
    is_of_video && key.file_name() == FRAME && key.as_str().split('/').count() == 3
}

/// The area of the renditions of originals in an area. `None` for an area of renditions.
const fn area(originals: Area) -> Option<Area> {
    match originals {
        Area::Files => Some(Area::Videos),
        Area::Private => Some(Area::PrivateVideos),
        Area::Videos | Area::PrivateVideos => None,
    }
}

/// The area of the renditions of an object with this key: private for a private object.
pub fn area_of(original: &str) -> Area {
    Key::parse(original).ok().and_then(|key| area(key.area())).unwrap_or(Area::Videos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_keeps_its_id_and_any_other_key_gets_a_hash() {
        assert_eq!(
            video_id("files/0190163d-8694-739b-aea5-966c26f8ad91/clip.mp4"),
            "0190163d-8694-739b-aea5-966c26f8ad91"
        );
        assert_eq!(video_id("files/1/a.mp4"), video_id("files/1/a.mp4"));
        let (a, b) = (video_id("files/1/a.mp4"), video_id("files/1/b.mp4"));
        assert_ne!(a, b);
        assert!(a.len() == 2 * ID_BYTES && a.chars().all(|c| c.is_ascii_hexdigit()), "{a}");
    }

    #[test]
    fn the_frames_of_a_video_have_one_key() {
        let is_frame = |key: &str| is_frame(&Key::parse(key).unwrap());
        assert!(is_frame("videos/1/frame.jpg") && is_frame("private-videos/1/frame.jpg"));
        for key in ["files/1/frame.jpg", "videos/1/2/frame.jpg", "videos/frame.jpg", "videos/1/poster.jpg"] {
            assert!(!is_frame(key), "{key}");
        }
    }

    #[test]
    fn an_original_has_a_folder_of_renditions_and_a_rendition_has_none() {
        let folder = |key: &str| folder(&Key::parse(key).unwrap()).map(|folder| folder.to_string());
        let upload = "files/0190163d-8694-739b-aea5-966c26f8ad91/clip.mp4";
        assert_eq!(folder(upload).as_deref(), Some("videos/0190163d-8694-739b-aea5-966c26f8ad91"));
        assert_eq!(folder("files/1/a.mp4"), Some(format!("videos/{}", video_id("files/1/a.mp4"))));
        let private = "private/0190163d-8694-739b-aea5-966c26f8ad91/clip.mp4";
        assert_eq!(folder(private).as_deref(), Some("private-videos/0190163d-8694-739b-aea5-966c26f8ad91"));
        assert_eq!(folder("videos/1/poster.jpg"), None);
        assert_eq!(folder("private-videos/1/poster.jpg"), None);
    }
}
