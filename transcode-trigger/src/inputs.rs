//! The rule that selects the videos to transcode. Inputs and outputs never overlap: a job that transcodes the files
//! of a job would start an endless loop.

use crate::keys::{CLAIMS, outputs};

/// The bucket of videos, and the key prefixes of those to transcode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inputs {
    bucket: String,
    prefixes: Vec<String>,
}

/// The prefix of inputs overlaps with a prefix of outputs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "videos can't be read from '{inputs}': it overlaps with '{outputs}', where transcoding writes, and its files would be \
     transcoded again"
)]
pub struct RecursionError {
    /// The configured prefix of inputs.
    pub inputs: String,
    /// The prefix of outputs that it overlaps with.
    pub outputs: String,
}

/// The role of an object in transcoding, decided by its bucket and key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectRole {
    /// An object to transcode, if it is a video.
    Input,
    /// A file of a job or of the trigger. Never an input.
    Output,
    /// Any other object.
    Unrelated,
}

impl Inputs {
    /// Selects the objects of `bucket` whose keys begin with one of the comma-separated `prefixes`, such as
    /// `files/,private/`. Fails if a prefix overlaps with a prefix of outputs, as an empty one does.
    pub fn new(bucket: &str, prefixes: &str) -> Result<Self, RecursionError> {
        let prefixes: Vec<String> = prefixes.split(',').map(|prefix| prefix.trim().to_owned()).collect();
        for prefix in &prefixes {
            for outputs in outputs().into_iter().chain([CLAIMS.to_owned()]) {
                if prefix.starts_with(&outputs) || outputs.starts_with(prefix) {
                    return Err(RecursionError { inputs: prefix.clone(), outputs });
                }
            }
        }
        Ok(Self { bucket: bucket.to_owned(), prefixes })
    }

    /// The bucket of inputs and outputs.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The role of the object with this bucket and key.
    pub fn role(&self, bucket: &str, key: &str) -> ObjectRole {
        if bucket != self.bucket {
            return ObjectRole::Unrelated;
        }
        if outputs().iter().any(|prefix| key.starts_with(prefix)) || key.starts_with(CLAIMS) {
            return ObjectRole::Output;
        }
        let is_input = self.prefixes.iter().any(|prefix| key.starts_with(prefix));
        if is_input { ObjectRole::Input } else { ObjectRole::Unrelated }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_of_inputs_must_not_overlap_with_outputs() {
        let check = |prefix: &str, expected: bool| {
            assert_eq!(Inputs::new("originals", prefix).is_ok(), expected, "{prefix:?}");
        };
        check("files/", true);
        check("private/", true);
        check("files/,private/", true);
        check("files/, private/", true);
        check("files/,private-videos/", false);
        check("files/,", false);
        check("private", false);
        check("files/videos/", true);
        check("videosx/", true);
        check("videos/", false);
        check("videos/1/", false);
        check("vid", false);
        check("claims/", false);
        check("", false);
        let error = Inputs::new("originals", "").unwrap_err().to_string();
        assert!(error.contains("overlaps with 'videos/'"), "{error}");
    }

    #[test]
    fn bucket_and_key_decide_the_role_of_an_object() {
        let inputs = Inputs::new("originals", "files/,private/").unwrap();
        let check =
            |bucket: &str, key: &str, expected| assert_eq!(inputs.role(bucket, key), expected, "{key:?}");
        check("originals", "files/1/clip.mp4", ObjectRole::Input);
        check("originals", "files/1/clip", ObjectRole::Input);
        check("originals", "private/1/clip.mp4", ObjectRole::Input);
        check("originals", "private-videos/1/status.json", ObjectRole::Output);
        check("originals", "other/1/clip.mp4", ObjectRole::Unrelated);
        check("originals", "files", ObjectRole::Unrelated);
        check("originals", "", ObjectRole::Unrelated);
        check("originals", "videos/1/video_720p.mp4", ObjectRole::Output);
        check("originals", "videos/1/status.json", ObjectRole::Output);
        check("originals", "claims/1.json", ObjectRole::Output);
        check("variants", "files/1/clip.mp4", ObjectRole::Unrelated);
    }
}
