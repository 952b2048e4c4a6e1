//! Packages a file group: MP4 files and captured frames.

use std::path::Path;

use serde_json::json;

use super::disk::length;
use super::error::PackageError;
use super::movie;
use super::object::{JPEG, Package};
use crate::plan::{FileKind, FilePlan};

/// Adds the files of a group to the package.
pub(super) fn add(package: &mut Package, files: &[FilePlan], folder: &Path) -> Result<(), PackageError> {
    let mut outputs = Vec::new();
    for file in files {
        let (url, milliseconds) = match file.kind {
            FileKind::Captures { interval_ms } => add_captures(package, file, folder, interval_ms)?,
            FileKind::Movie => add_movie(package, file, folder)?,
        };
        let mut details = json!({ "outputFilePaths": [url], "durationInMs": milliseconds });
        if let (Some(size), Some(members)) = (file.size, details.as_object_mut()) {
            let size = json!({ "widthInPx": size.width, "heightInPx": size.height });
            members.insert("videoDetails".to_owned(), size);
        }
        outputs.push(details);
    }
    package.group_details.push(json!({ "type": "FILE_GROUP", "outputDetails": outputs }));
    Ok(())
}

/// Adds an MP4 file. Returns its S3 URL and its duration in milliseconds.
fn add_movie(package: &mut Package, file: &FilePlan, folder: &Path) -> Result<(String, u64), PackageError> {
    let path = folder.join(format!("{}.mp4", file.local));
    let name = format!("{}{}.{}", file.destination.stem, file.modifier, file.extension);
    if length(&path)?.is_none_or(|bytes| bytes == 0) {
        return Err(PackageError::Empty(name));
    }
    let milliseconds = movie::duration_ms(&path)?.ok_or_else(|| PackageError::Malformed(name.clone()))?;
    package.add_file(&file.destination, &name, "video/mp4", path);
    Ok((file.destination.url(&name), milliseconds))
}

/// Adds captured frames, one in each interval. Returns the S3 URL of the last one, the only one that the service reports, and
/// the duration of all intervals in milliseconds.
fn add_captures(
    package: &mut Package,
    file: &FilePlan,
    folder: &Path,
    interval_ms: u64,
) -> Result<(String, u64), PackageError> {
    let stem = format!("{}{}", file.destination.stem, file.modifier);
    let mut last = None;
    for number in 0_u64.. {
        let path = folder.join(format!("{}.{number:07}.jpg", file.local));
        if length(&path)?.is_none() {
            break;
        }
        let name = format!("{stem}.{number:07}.{}", file.extension);
        last = Some((file.destination.url(&name), (number + 1) * interval_ms));
        package.add_file(&file.destination, &name, JPEG, path);
    }
    last.ok_or(PackageError::Empty(stem))
}
