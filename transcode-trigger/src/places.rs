//! Where videos come from and where what is made of them goes; and that the one is never the other.

use contract::key::{Area, Key};
use sha2::{Digest, Sha256};

/// Where the trigger keeps its notes. No area of viewers' keys, so that the CDN can't be asked for it.
pub const CLAIMS: &str = "claims/";

/// How many hexadecimal digits of a hash make an id or a run: 128 and 64 bits.
const ID_DIGITS: usize = 32;
const RUN_DIGITS: usize = 16;

/// The places of one deployment. Inputs never overlap with outputs, or jobs would feed on their own files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    bucket: String,
    inputs: String,
}

/// Inputs and outputs would be the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "videos can't be taken from '{inputs}': it overlaps with '{outputs}', where transcoding writes, so that its \
     files would be transcoded again"
)]
pub struct RecursionError {
    /// Where videos would be taken from.
    pub inputs: String,
    /// What it overlaps with.
    pub outputs: String,
}

/// What a place means for an object that is written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Videos are taken from here.
    Input,
    /// A job or the trigger itself wrote it. Never an input.
    Output,
    /// Neither.
    Elsewhere,
}

impl Places {
    /// Videos are taken from `inputs`, the beginning of a key such as `files/`, of a bucket. An error where that
    /// overlaps with what is written, as an empty beginning does.
    pub fn new(bucket: &str, inputs: &str) -> Result<Self, RecursionError> {
        for outputs in [outputs(), CLAIMS.to_owned()] {
            if inputs.starts_with(&outputs) || outputs.starts_with(inputs) {
                return Err(RecursionError { inputs: inputs.to_owned(), outputs });
            }
        }
        Ok(Self { bucket: bucket.to_owned(), inputs: inputs.to_owned() })
    }

    /// The bucket of all of it.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// What an object is, going by its bucket and key.
    pub fn of(&self, bucket: &str, key: &str) -> Place {
        if bucket != self.bucket {
            return Place::Elsewhere;
        }
        if key.starts_with(&outputs()) || key.starts_with(CLAIMS) {
            return Place::Output;
        }
        if key.starts_with(&self.inputs) { Place::Input } else { Place::Elsewhere }
    }
}

/// Where everything that is made of videos goes.
pub fn outputs() -> String {
    format!("{}/", Area::Videos.segment())
}

/// The id of the video with this key: the upload's, else a hash of the key.
pub fn asset(key: &str) -> String {
    let of_upload = Key::parse(key).ok().filter(Key::is_write_once);
    match of_upload.as_ref().and_then(|key| key.as_str().split('/').nth(1)) {
        Some(id) => id.to_owned(),
        None => hex::encode(Sha256::digest(key)).chars().take(ID_DIGITS).collect(),
    }
}

/// The names of the objects of one run over one video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names<'a> {
    /// The video's id.
    pub asset: &'a str,
    /// The claim's id, in hexadecimal.
    pub claim: &'a str,
}

impl Names<'_> {
    /// What tells the files of this run from those of another.
    pub fn run(&self) -> String {
        self.claim.chars().take(RUN_DIGITS).collect()
    }

    /// The beginning of all keys of this run's files, with a slash at the end.
    pub fn folder(&self) -> String {
        format!("{}{}/{}/", outputs(), self.asset, self.run())
    }

    /// The status document's key.
    pub fn status(&self) -> String {
        format!("{}{}/status.json", outputs(), self.asset)
    }

    /// The poster's key.
    pub fn poster(&self) -> String {
        format!("{}{}/poster.jpg", outputs(), self.asset)
    }

    /// The key of the thumbnails' index.
    pub fn tiles(&self) -> String {
        format!("{}tiles.vtt", self.folder())
    }

    /// The key of the trigger's notes.
    pub fn claim(&self) -> String {
        claim_key(self.claim)
    }
}

/// The key of the notes of a claim.
pub fn claim_key(claim: &str) -> String {
    format!("{CLAIMS}{claim}.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_never_inputs() {
        let check = |inputs: &str, expected: bool| {
            assert_eq!(Places::new("originals", inputs).is_ok(), expected, "{inputs:?}");
        };
        check("files/", true);
        check("private/", true);
        check("files/videos/", true);
        check("videosx/", true);
        check("videos/", false);
        check("videos/1/", false);
        check("vid", false);
        check("claims/", false);
        check("", false);
        let error = Places::new("originals", "").unwrap_err().to_string();
        assert!(error.contains("overlaps with 'videos/'"), "{error}");
    }

    #[test]
    fn a_place_is_told_by_bucket_and_key() {
        let places = Places::new("originals", "files/").unwrap();
        let check =
            |bucket: &str, key: &str, expected| assert_eq!(places.of(bucket, key), expected, "{key:?}");
        check("originals", "files/1/clip.mp4", Place::Input);
        check("originals", "files/1/clip", Place::Input);
        check("originals", "private/1/clip.mp4", Place::Elsewhere);
        check("originals", "files", Place::Elsewhere);
        check("originals", "", Place::Elsewhere);
        check("originals", "videos/1/video_720p.mp4", Place::Output);
        check("originals", "videos/1/status.json", Place::Output);
        check("originals", "claims/1.json", Place::Output);
        check("variants", "files/1/clip.mp4", Place::Elsewhere);
    }

    #[test]
    fn an_upload_keeps_its_id_and_other_keys_have_one_of_their_own() {
        assert_eq!(
            asset("files/0190163d-8694-739b-aea5-966c26f8ad91/clip.mp4"),
            "0190163d-8694-739b-aea5-966c26f8ad91"
        );
        let (a, b) = (asset("files/1/a.mp4"), asset("files/1/b.mp4"));
        assert_ne!(a, b);
        assert!(a.len() == ID_DIGITS && a.chars().all(|c| c.is_ascii_hexdigit()), "{a}");
    }

    #[test]
    fn names_are_keys_that_viewers_can_ask_for() {
        let names = Names { asset: "a", claim: &"0123456789abcdef".repeat(4) };
        assert_eq!(names.folder(), "videos/a/0123456789abcdef/");
        for key in [names.status(), names.poster(), names.tiles()] {
            assert!(Key::parse(&key).is_ok(), "{key}");
        }
        assert!(Key::parse(&names.claim()).is_err());
    }
}
