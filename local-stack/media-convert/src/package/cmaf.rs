//! Packages a CMAF group: segments, sheets of thumbnails, HLS playlists and a DASH manifest.

use std::path::Path;

use serde_json::json;

use super::captions::Captions;
use super::disk::length;
use super::error::PackageError;
use super::object::{Content, JPEG, Object, Package};
use super::track::{Thumbnails, Track, duration_s};
use super::{dash, edits, hls, segments};
use crate::plan::{CmafPlan, Destination, ThumbnailPlan, TrackMedia};

/// The media type of HLS playlists.
const HLS: &str = "application/vnd.apple.mpegurl";

/// The media type of captions.
const WEB_VTT: &str = "text/vtt";

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
    let captions = cmaf.captions.iter().map(|plan| {
        let name = format!("{}{}", destination.stem, plan.modifier);
        Captions::read(plan, name, folder)
    });
    let captions = captions.collect::<Result<Vec<_>, _>>()?;
    let mut manifests = Vec::new();
    let mut paths = Vec::new();
    let mut write = |name: &str, media_type, text| {
        manifests.push(Object::new(destination, name, media_type, Content::Text(text)));
    };
    for captions in &captions {
        write(&captions.file_name(), WEB_VTT, captions.text());
    }
    if cmaf.has_hls {
        let durations = tracks.first().map(Track::durations_s).unwrap_or_default();
        for captions in &captions {
            for (number, segment) in (1..).zip(captions.segments(&durations)) {
                write(&captions.segment_name(number), WEB_VTT, segment);
            }
            write(&captions.playlist_name(), HLS, captions.playlist(&durations));
        }
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
        write(&name, HLS, hls::multivariant_playlist(&tracks, &captions, thumbnails.as_ref()));
        paths.push(destination.url(&name));
    }
    if cmaf.has_dash {
        let name = format!("{}.mpd", destination.stem);
        write(&name, DASH, dash::manifest(&tracks, &captions, thumbnails.as_ref(), duration_s(&tracks)));
        paths.push(destination.url(&name));
    }
    let of_captions =
        captions.iter().map(|_| json!({ "durationInMs": (duration_s(&tracks) * 1000.0).round() as u64 }));
    let outputs: Vec<_> = tracks.iter().map(Track::details).chain(of_captions).collect();
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
