//! What ffmpeg left in the job's folder, as what is sent to the bucket: segments under their own names, playlists and
//! manifests over them, files and pictures. Manifests come last, so that nothing is named before it is there.
//!
//! Reading order: [`package`] below; `segments` reads times and codecs out of `boxes`; `hls` and `dash` write.

mod boxes;
mod codec;
mod dash;
mod hls;
mod segments;

use std::io;
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::plan::{Base, CmafPlan, FilePlan, GroupPlan, Plan, TilesPlan, TrackMedia, TrackPlan};
use segments::Segments;

/// What is sent, in order, and what the job says of it at its end.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) objects: Vec<Object>,
    /// `outputGroupDetails` of the event.
    pub(crate) group_details: Vec<Value>,
}

/// An object to write.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) media_type: &'static str,
    pub(crate) content: Content,
}

impl Object {
    /// Whether it names others, so that it must come after them.
    pub(crate) const fn is_manifest(&self) -> bool {
        match self.content {
            Content::File(_) => false,
            Content::Text(_) => true,
        }
    }
}

/// What is in it.
#[derive(Debug)]
pub(crate) enum Content {
    File(PathBuf),
    Text(String),
}

/// Why there is nothing to send.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PackageError {
    /// ffmpeg ended well and wrote no media: the source has none that can be read.
    #[error("the output '{0}' is empty: nothing of the input could be decoded")]
    Empty(String),
    /// A file of ffmpeg's isn't what it should be.
    #[error("the output '{0}' can't be read")]
    Malformed(String),
    /// The job's folder can't be read.
    #[error("the job's folder can't be read: {0}")]
    Io(#[from] io::Error),
}

/// A track that is there.
#[derive(Debug)]
struct Track<'a> {
    plan: &'a TrackPlan,
    /// The beginning of its objects' names.
    name: String,
    segments: Segments,
}

/// Sheets of thumbnails that are there.
#[derive(Debug)]
struct Tiles<'a> {
    plan: &'a TilesPlan,
    name: String,
    /// The bytes of each.
    sheets: Vec<u64>,
}

/// Packages what a plan left in a folder. Blocks.
pub(crate) fn package(plan: &Plan, folder: &Path) -> Result<Package, PackageError> {
    let mut package = Package { objects: Vec::new(), group_details: Vec::new() };
    let mut manifests = Vec::new();
    for group in &plan.groups {
        match group {
            GroupPlan::Cmaf(cmaf) => package.add_cmaf(cmaf, folder, &mut manifests)?,
            GroupPlan::Files(files) => package.add_files(files, folder, plan.duration_s)?,
        }
    }
    package.objects.extend(manifests);
    Ok(package)
}

impl Package {
    fn add_cmaf(
        &mut self,
        cmaf: &CmafPlan,
        folder: &Path,
        manifests: &mut Vec<Object>,
    ) -> Result<(), PackageError> {
        let base = &cmaf.base;
        let mut tracks = Vec::new();
        for plan in &cmaf.tracks {
            let name = format!("{}{}", base.stem, plan.modifier);
            let segments = segments::read(folder, &plan.local, &name)?;
            let track = Track { plan, name, segments };
            self.add_file(
                base,
                &track.init_name(),
                track.media_type(),
                folder.join(format!("{}init.mp4", plan.local)),
            );
            for number in 1..=track.segments.list.len() {
                let path = folder.join(segments::file_name(&plan.local, number));
                self.add_file(base, &track.segment_name(number), track.media_type(), path);
            }
            tracks.push(track);
        }
        let tiles = cmaf.tiles.as_ref().map(|plan| self.add_tiles(base, plan, folder)).transpose()?;
        let mut paths = Vec::new();
        let mut add = |name: String, media_type, text| {
            let (bucket, key) = (base.bucket.clone(), base.key(&name));
            manifests.push(Object { bucket, key, media_type, content: Content::Text(text) });
        };
        if cmaf.has_hls {
            for track in &tracks {
                add(format!("{}.m3u8", track.name), HLS, hls::media_playlist(track));
            }
            if let Some(tiles) = &tiles {
                add(format!("{}.m3u8", tiles.name), HLS, hls::image_playlist(tiles, duration_s(&tracks)));
            }
            add(format!("{}.m3u8", base.stem), HLS, hls::multivariant_playlist(&tracks, tiles.as_ref()));
            paths.push(base.url(&format!("{}.m3u8", base.stem)));
        }
        if cmaf.has_dash {
            let text = dash::manifest(&tracks, tiles.as_ref(), duration_s(&tracks));
            add(format!("{}.mpd", base.stem), "application/dash+xml", text);
            paths.push(base.url(&format!("{}.mpd", base.stem)));
        }
        let outputs: Vec<_> = tracks.iter().map(Track::details).collect();
        self.group_details
            .push(json!({ "type": "CMAF_GROUP", "outputDetails": outputs, "playlistFilePaths": paths }));
        Ok(())
    }

    fn add_tiles<'a>(
        &mut self,
        base: &Base,
        plan: &'a TilesPlan,
        folder: &Path,
    ) -> Result<Tiles<'a>, PackageError> {
        let name = format!("{}_thumbnails", base.stem);
        let mut sheets = Vec::new();
        while let Some(bytes) = length(&folder.join(format!("{}_{:09}.jpg", plan.local, sheets.len() + 1)))? {
            sheets.push(bytes);
            let local = folder.join(format!("{}_{:09}.jpg", plan.local, sheets.len()));
            self.add_file(base, &format!("{name}_{:09}.jpg", sheets.len()), JPEG, local);
        }
        if sheets.is_empty() {
            return Err(PackageError::Empty(name));
        }
        Ok(Tiles { plan, name, sheets })
    }

    fn add_files(&mut self, files: &[FilePlan], folder: &Path, duration_s: f64) -> Result<(), PackageError> {
        let mut outputs = Vec::new();
        for file in files {
            let name = format!("{}{}", file.base.stem, file.modifier);
            let paths = if file.is_captures {
                self.add_captures(file, &name, folder)?
            } else {
                let path = folder.join(format!("{}.mp4", file.local));
                let name = format!("{name}.{}", file.extension);
                if length(&path)?.is_none_or(|bytes| bytes == 0) {
                    return Err(PackageError::Empty(name));
                }
                let url = file.base.url(&name);
                self.add_file(&file.base, &name, "video/mp4", path);
                vec![url]
            };
            let mut details =
                json!({ "outputFilePaths": paths, "durationInMs": (duration_s * 1000.0).round() as u64 });
            if let (Some(size), Some(members)) = (file.size, details.as_object_mut()) {
                let size = json!({ "widthInPx": size.width, "heightInPx": size.height });
                members.insert("videoDetails".to_owned(), size);
            }
            outputs.push(details);
        }
        self.group_details.push(json!({ "type": "FILE_GROUP", "outputDetails": outputs }));
        Ok(())
    }

    /// The service names the last capture alone.
    fn add_captures(
        &mut self,
        file: &FilePlan,
        name: &str,
        folder: &Path,
    ) -> Result<Vec<String>, PackageError> {
        let mut last = None;
        for number in 0.. {
            let local = folder.join(format!("{}.{number:07}.jpg", file.local));
            if length(&local)?.is_none() {
                break;
            }
            let name = format!("{name}.{number:07}.{}", file.extension);
            last = Some(file.base.url(&name));
            self.add_file(&file.base, &name, JPEG, local);
        }
        last.map(|url| vec![url]).ok_or_else(|| PackageError::Empty(name.to_owned()))
    }

    fn add_file(&mut self, base: &Base, name: &str, media_type: &'static str, path: PathBuf) {
        let (bucket, key) = (base.bucket.clone(), base.key(name));
        self.objects.push(Object { bucket, key, media_type, content: Content::File(path) });
    }
}

const HLS: &str = "application/vnd.apple.mpegurl";
const JPEG: &str = "image/jpeg";

impl Track<'_> {
    const fn extension(&self) -> &'static str {
        match self.plan.kind {
            TrackMedia::Video { .. } => "cmfv",
            TrackMedia::Audio { .. } => "cmfa",
        }
    }

    const fn media_type(&self) -> &'static str {
        match self.plan.kind {
            TrackMedia::Video { .. } => "video/mp4",
            TrackMedia::Audio { .. } => "audio/mp4",
        }
    }

    fn init_name(&self) -> String {
        format!("{}init.{}", self.name, self.extension())
    }

    fn segment_name(&self, number: usize) -> String {
        format!("{}_{number:09}.{}", self.name, self.extension())
    }

    fn details(&self) -> Value {
        let milliseconds = (self.segments.duration_s() * 1000.0).round() as u64;
        match self.plan.kind {
            TrackMedia::Video { size, .. } => json!({
                "durationInMs": milliseconds,
                "videoDetails": { "widthInPx": size.width, "heightInPx": size.height },
            }),
            TrackMedia::Audio { .. } => json!({ "durationInMs": milliseconds }),
        }
    }
}

/// How long a group plays.
fn duration_s(tracks: &[Track<'_>]) -> f64 {
    tracks.iter().map(|track| track.segments.duration_s()).fold(0.0, f64::max)
}

/// The bytes of a file, if it is there. Blocks.
fn length(path: &Path) -> io::Result<Option<u64>> {
    match std::fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A name as a relative URL that is also plain text in XML and between quotes.
fn url(name: &str) -> String {
    const PLAIN: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(name, &PLAIN).to_string()
}

#[cfg(test)]
mod tests;
