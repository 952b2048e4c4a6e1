//! Turns the files that ffmpeg left in a job's folder into the objects to upload: segments under the service's names,
//! their playlists and manifests, single files and pictures. Manifests come last, so that every object that a
//! manifest names is there before the manifest is.
//!
//! Reading order: [`package`] below; `cmaf` and `files` (one kind of output group each) add to the `Package` in
//! `object`; `track` names the objects of a track; `segments` reads times and codecs (`codec`) out of `boxes`, `movie` the duration of a file, `edits` removes edit lists; `hls` and
//! `dash` write playlists and manifests, `captions` those in WebVTT.

mod boxes;
mod captions;
mod cmaf;
mod codec;
mod dash;
mod disk;
mod edits;
mod error;
mod files;
mod hls;
mod movie;
mod object;
mod segments;
mod track;

use std::path::Path;

use crate::plan::{GroupPlan, Plan};

pub(crate) use error::PackageError;
pub(crate) use object::{Content, Object, Package};

/// Packages the files of a plan that ffmpeg left in `folder`. Blocks the thread.
pub(crate) fn package(plan: &Plan, folder: &Path) -> Result<Package, PackageError> {
    let mut package = Package::default();
    let mut manifests = Vec::new();
    for group in &plan.groups {
        match group {
            GroupPlan::Cmaf(cmaf) => manifests.extend(cmaf::add(&mut package, cmaf, folder)?),
            GroupPlan::Files(files) => files::add(&mut package, files, folder)?,
        }
    }
    package.objects.extend(manifests);
    Ok(package)
}

#[cfg(test)]
mod tests;
