//! Packages a file group: MP4 files and captured frames.

use std::path::Path;

use serde_json::json;

use super::disk::length;
use super::error::PackageError;
use super::object::{JPEG, Package};
use crate::plan::FilePlan;

/// Adds the files of a group to the package. `duration_s` is the duration of the source in seconds.
pub(super) fn add(
    package: &mut Package,
    files: &[FilePlan],
    folder: &Path,
    duration_s: f64,
) -> Result<(), PackageError> {
    let mut outputs = Vec::new();
    for file in files {
        let url = if file.is_captures {
            add_captures(package, file, folder)?
        } else {
            add_movie(package, file, folder)?
        };
        let mut details =
            json!({ "outputFilePaths": [url], "durationInMs": (duration_s * 1000.0).round() as u64 });
        if let (Some(size), Some(members)) = (file.size, details.as_object_mut()) {
            let size = json!({ "widthInPx": size.width, "heightInPx": size.height });
            members.insert("videoDetails".to_owned(), size);
        }
        outputs.push(details);
    }
    package.group_details.push(json!({ "type": "FILE_GROUP", "outputDetails": outputs }));
    Ok(())
}

/// Adds an MP4 file. Returns its S3 URL.
fn add_movie(package: &mut Package, file: &FilePlan, folder: &Path) -> Result<String, PackageError> {
    let path = folder.join(format!("{}.mp4", file.local));
    let name = format!("{}{}.{}", file.destination.stem, file.modifier, file.extension);
    if length(&path)?.is_none_or(|bytes| bytes == 0) {
        return Err(PackageError::Empty(name));
    }
    package.add_file(&file.destination, &name, "video/mp4", path);
    Ok(file.destination.url(&name))
}

/// Adds captured frames. Returns the S3 URL of the last one, the only one that the service reports.
fn add_captures(package: &mut Package, file: &FilePlan, folder: &Path) -> Result<String, PackageError> {
    let stem = format!("{}{}", file.destination.stem, file.modifier);
    let mut last = None;
    for number in 0.. {
        let path = folder.join(format!("{}.{number:07}.jpg", file.local));
        if length(&path)?.is_none() {
            break;
        }
        let name = format!("{stem}.{number:07}.{}", file.extension);
        last = Some(file.destination.url(&name));
        package.add_file(&file.destination, &name, JPEG, path);
    }
    last.ok_or(PackageError::Empty(stem))
}
