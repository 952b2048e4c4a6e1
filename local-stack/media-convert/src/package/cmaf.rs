//! Packages a CMAF group: segments, sheets of thumbnails, HLS playlists and a DASH manifest.

use std::path::Path;

use serde_json::json;

use super::disk::length;
use super::error::PackageError;
use super::object::{Content, JPEG, Object, Package};
use super::track::{Thumbnails, Track, duration_s};
use super::{dash, edits, hls, segments};
use crate::plan::{CmafPlan, Destination, ThumbnailPlan, TrackMedia};

/// The media type of HLS playlists.
const HLS: &str = "application/vnd.apple.mpegurl";

/// The media type of DASH manifests.
const DASH: &str = "application/dash+xml";

/// Adds the media of a group to the package. Returns the group's playlists and manifest.
pub(super) fn add(
    package: &mut Package,
    cmaf: &CmafPlan,
    folder: &Path,
) -> Result<Vec<Object>, PackageError> {
    let destination = &cmaf.destination;
    let tracks = add_tracks(package, cmaf, folder)?;
    let thumbnails = cmaf
        .thumbnails
        .as_ref()
        .map(|plan| add_thumbnails(package, destination, plan, folder))
        .transpose()?;
    let mut manifests = Vec::new();
    let mut paths = Vec::new();
    let mut write = |name: &str, media_type, text| {
        manifests.push(Object::new(destination, name, media_type, Content::Text(text)));
    };
    if cmaf.has_hls {
        for track in &tracks {
            write(&format!("{}.m3u8", track.name), HLS, hls::media_playlist(track));
        }
        if let Some(thumbnails) = &thumbnails {
            write(
                &format!("{}.m3u8", thumbnails.name),
                HLS,
                hls::image_playlist(thumbnails, duration_s(&tracks)),
            );
        }
        let name = format!("{}.m3u8", destination.stem);
        write(&name, HLS, hls::multivariant_playlist(&tracks, thumbnails.as_ref()));
        paths.push(destination.url(&name));
    }
    if cmaf.has_dash {
        let name = format!("{}.mpd", destination.stem);
        write(&name, DASH, dash::manifest(&tracks, thumbnails.as_ref(), duration_s(&tracks)));
        paths.push(destination.url(&name));
    }
    let outputs: Vec<_> = tracks.iter().map(Track::details).collect();
    package
        .group_details
        .push(json!({ "type": "CMAF_GROUP", "outputDetails": outputs, "playlistFilePaths": paths }));
    Ok(manifests)
}

fn add_tracks<'a>(
    package: &mut Package,
    cmaf: &'a CmafPlan,
    folder: &Path,
) -> Result<Vec<Track<'a>>, PackageError> {
    let mut tracks = Vec::new();
    for plan in &cmaf.tracks {
        let name = format!("{}{}", cmaf.destination.stem, plan.modifier);
        let segments = segments::read(folder, &plan.local, &name)?;
        let track = Track { plan, name, segments };
        let init = folder.join(segments::init_file_name(&plan.local));
        match plan.media {
            TrackMedia::Video { .. } => edits::remove(&init)?,
            TrackMedia::Audio { .. } => {}
        }
        package.add_file(&cmaf.destination, &track.init_name(), track.media_type(), init);
        for number in 1..=track.segments.list.len() {
            let path = folder.join(segments::file_name(&plan.local, number));
            package.add_file(&cmaf.destination, &track.segment_name(number), track.media_type(), path);
        }
        tracks.push(track);
    }
    Ok(tracks)
}

fn add_thumbnails<'a>(
    package: &mut Package,
    destination: &Destination,
    plan: &'a ThumbnailPlan,
    folder: &Path,
) -> Result<Thumbnails<'a>, PackageError> {
    let name = format!("{}_thumbnails", destination.stem);
    let mut sheets = Vec::new();
    for number in 1.. {
        let path = folder.join(format!("{}_{number:09}.jpg", plan.local));
        let Some(bytes) = length(&path)? else { break };
        sheets.push(bytes);
        package.add_file(destination, &format!("{name}_{number:09}.jpg"), JPEG, path);
    }
    if sheets.is_empty() {
        return Err(PackageError::Empty(name));
    }
    Ok(Thumbnails { plan, name, sheets })
}
