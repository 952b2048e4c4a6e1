//! The destination of outputs: bucket, folder and prefix of their names.

use super::error::PlanError;
use crate::s3_url::bucket_and_key;
use crate::settings::Output;

/// The destination of a group's outputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Destination {
    pub(crate) bucket: String,
    /// The part of the key up to and including the last slash.
    pub(crate) folder: String,
    /// The prefix of every name.
    pub(crate) stem: String,
}

impl Destination {
    /// Parses a `destination` setting. If it ends with a slash, the prefix is the input's name without its suffix. The error
    /// is a sentence.
    pub(super) fn parse(destination: &str, input: &str) -> Result<Self, String> {
        let (bucket, key) =
            bucket_and_key(destination).ok_or("an S3 URL is needed: s3://bucket/folder/name")?;
        if key.contains('$') {
            return Err("format identifiers such as $dt$ are not implemented".to_owned());
        }
        let (folder, stem) = key.rsplit_once('/').map_or(("", key), |(folder, stem)| (folder, stem));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let stem = if stem.is_empty() { stem_of(input).to_owned() } else { stem.to_owned() };
        Ok(Self { bucket: bucket.to_owned(), folder, stem })
    }

    /// The key of a name in the folder.
    pub(crate) fn key(&self, name: &str) -> String {
        format!("{}{name}", self.folder)
    }

    /// The S3 URL of a name in the folder.
    pub(crate) fn url(&self, name: &str) -> String {
        format!("s3://{}/{}{name}", self.bucket, self.folder)
    }
}

/// Checks that the outputs of a group get different names, as `MediaConvert` requires.
pub(super) fn check_modifier(output: &Output, outputs: &[Output], path: &str) -> Result<(), PlanError> {
    let modifier = &output.name_modifier;
    if modifier.is_empty() && outputs.len() > 1 {
        return Err(PlanError::at(path, "nameModifier is needed where a group has several outputs"));
    }
    if outputs
        .iter()
        .take_while(|other| !std::ptr::eq(*other, output))
        .any(|other| other.name_modifier == *modifier)
    {
        return Err(PlanError::at(
            path,
            &format!("nameModifier '{modifier}' is already used by another output"),
        ));
    }
    if modifier.contains(['$', '/']) || output.extension.as_deref().is_some_and(|e| e.contains(['$', '/'])) {
        return Err(PlanError::at(path, "a name modifier or extension must be plain text without $ and /"));
    }
    Ok(())
}

fn stem_of(input: &str) -> &str {
    let name = input.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_has_a_bucket_a_folder_and_a_stem() {
        let check = |destination: &str, expected: Result<(&str, &str, &str), &str>| {
            let result = Destination::parse(destination, "s3://in/a/cat.film.mp4");
            let result = result.as_ref().map(|parsed| (&*parsed.bucket, &*parsed.folder, &*parsed.stem));
            match (result, expected) {
                (Err(error), Err(beginning)) => assert!(error.starts_with(beginning), "{error}"),
                (result, expected) => assert_eq!(result.map_err(String::as_str), expected, "{destination}"),
            }
        };
        check("s3://out/videos/1/index", Ok(("out", "videos/1/", "index")));
        check("s3://out/videos/1/", Ok(("out", "videos/1/", "cat.film")));
        check("s3://out/", Ok(("out", "", "cat.film")));
        check("s3://out/index", Ok(("out", "", "index")));
        check("s3://out", Err("an S3 URL"));
        check("s3:///a", Err("an S3 URL"));
        check("https://out/a", Err("an S3 URL"));
        check("s3://out/$dt$/a", Err("format identifiers"));
    }
}
