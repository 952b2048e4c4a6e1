//! A group of segments: its tracks, and sheets of thumbnails beside them.

use super::super::settings::{CmafGroupSettings, Container, Output, Switch, TrickPlay};
use super::arguments::words;
use super::error::PlanError;
use super::graph::Graph;
use super::model::{CmafPlan, TilesPlan, TrackMedia, TrackPlan};
use super::names::{self, Base};
use super::{audio, frame};

impl Graph<'_> {
    /// Adds a group's outputs.
    pub(super) fn cmaf(
        &mut self,
        group: usize,
        settings: &CmafGroupSettings,
        outputs: &[Output],
        path: &str,
    ) -> Result<CmafPlan, PlanError> {
        let at = format!("{path}/outputGroupSettings/cmafGroupSettings");
        let base = Base::of(&settings.destination, &self.input.url)
            .map_err(|sentence| PlanError::at(&format!("{at}/destination"), &sentence))?;
        if settings.segment_length == 0 {
            return Err(PlanError::at(&format!("{at}/segmentLength"), "at least a second"));
        }
        let mut tracks = Vec::new();
        for (number, output) in outputs.iter().enumerate() {
            let path = format!("{path}/outputs/{number}");
            names::check_modifier(output, outputs, &path)?;
            if output.container_settings.container != Container::Cmfc || output.extension.is_some() {
                return Err(PlanError::at(
                    &path,
                    "a CMAF output has the container CMFC and no extension of its own",
                ));
            }
            let local = format!("g{group}t{number}");
            let (kind, mut arguments) =
                match (&output.video_description, output.audio_descriptions.as_slice()) {
                    (Some(video), []) => {
                        let (size, rate, arguments) = self.video(video, &local, &path)?;
                        (TrackMedia::Video { size, rate }, arguments)
                    }
                    (None, [audio]) => {
                        let arguments = audio::arguments(audio, self.source, self.input, &path)?;
                        let settings = &audio.codec_settings.aac_settings;
                        let (channels, sample_rate) = (settings.coding_mode.channels(), settings.sample_rate);
                        (TrackMedia::Audio { channels, sample_rate }, arguments)
                    }
                    (None, _) | (Some(_), [_, ..]) => {
                        return Err(PlanError::at(&path, "a CMAF output has either video or one audio"));
                    }
                };
            arguments.extend(segmented(&local, settings.segment_length));
            self.encoded.extend(arguments);
            tracks.push(TrackPlan { local, modifier: output.name_modifier.clone(), kind });
        }
        let tiles = self.tiles(group, settings, &at)?;
        let is_on = |switch| switch == Switch::Enabled;
        let (has_hls, has_dash) = (is_on(settings.write_hls_manifest), is_on(settings.write_dash_manifest));
        Ok(CmafPlan { base, has_hls, has_dash, tracks, tiles })
    }

    /// Sheets of thumbnails.
    fn tiles(
        &mut self,
        group: usize,
        settings: &CmafGroupSettings,
        path: &str,
    ) -> Result<Option<TilesPlan>, PlanError> {
        let given = settings.image_based_trick_play_settings.as_ref();
        let given = match settings.image_based_trick_play {
            TrickPlay::None => return Ok(None),
            TrickPlay::Thumbnail => None,
            TrickPlay::Advanced => given,
        };
        let picture = self.picture()?;
        // The defaults are the service's: 312 pixels wide, a sheet of ten by ten.
        let width = given.and_then(|given| given.thumbnail_width).unwrap_or(312);
        let height = given.and_then(|given| given.thumbnail_height);
        let rotate = self.input.video_selector.rotate;
        let size = frame::thumbnail(width, height, picture, rotate);
        let columns = given.and_then(|given| given.tile_width).unwrap_or(10);
        let rows = given.and_then(|given| given.tile_height).unwrap_or(10);
        let interval_s =
            given.and_then(|given| given.thumbnail_interval).unwrap_or(settings.segment_length.into());
        let is_sane = (8..=4096).contains(&size.width) && (2..=4096).contains(&size.height);
        if !(is_sane && (1..=512).contains(&columns) && (1..=2048).contains(&rows) && interval_s > 0.0) {
            let path = format!("{path}/imageBasedTrickPlaySettings");
            return Err(PlanError::at(&path, "a number is out of the service's range"));
        }
        let milliseconds = (interval_s * 1000.0).round().max(1.0) as u32;
        let label = format!("g{group}s");
        let turn = frame::turn(rotate);
        self.add_branch(
            format!(
                "fps=1000/{milliseconds}:round=up,{turn}scale={}:{},setsar=1,tile={columns}x{rows},format=yuvj420p",
                size.width, size.height
            ),
            &label,
        );
        self.stills.extend(words(&[
            "-map",
            &format!("[{label}]"),
            "-c:v",
            "mjpeg",
            "-q:v",
            "5",
            "-f",
            "image2",
        ]));
        self.stills.extend(words(&["-start_number", "1", &format!("{label}_%09d.jpg")]));
        Ok(Some(TilesPlan { local: label, size, columns, rows, interval_s }))
    }
}

/// Segments of fragmented MP4, cut at the first key frame after each `seconds`.
fn segmented(local: &str, seconds: u32) -> Vec<String> {
    let mut arguments = words(&["-map_metadata", "-1", "-max_muxing_queue_size", "4096", "-f", "hls"]);
    arguments.extend(words(&["-hls_time", &seconds.to_string(), "-hls_playlist_type", "vod"]));
    arguments.extend(words(&[
        "-hls_segment_type",
        "fmp4",
        "-hls_segment_options",
        "movflags=+negative_cts_offsets",
    ]));
    arguments.extend(words(&["-start_number", "1", "-hls_fmp4_init_filename", &format!("{local}init.mp4")]));
    arguments.extend(words(&[
        "-hls_segment_filename",
        &format!("{local}_%09d.m4s"),
        &format!("{local}.m3u8"),
    ]));
    arguments
}
