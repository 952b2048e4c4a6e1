//! ffmpeg and ffprobe. They start with argument lists, without a shell.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::process::{MISSING, Process, ProcessError};
use crate::media::{self, Elapsed, Media};
use crate::plan::INPUT_RESTRICTIONS;

/// The programs that probe and transcode. A name without a folder is searched in `PATH`.
#[derive(Clone, Debug)]
pub struct Tools {
    /// The program that transcodes.
    pub ffmpeg: PathBuf,
    /// The program that reads the properties of a media file.
    pub ffprobe: PathBuf,
}

impl Default for Tools {
    /// The installed `ffmpeg` and `ffprobe`.
    fn default() -> Self {
        Self { ffmpeg: "ffmpeg".into(), ffprobe: "ffprobe".into() }
    }
}

/// Frames from which the rate of a video is measured if its container has none: ten seconds or more.
const MEASURED_FRAMES: u32 = 600;

/// The progress that ffmpeg reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FfmpegProgress {
    /// Encoded frames of the first video output.
    pub(crate) frames: u64,
    /// Encoded time of the outputs in microseconds.
    pub(crate) time_us: u64,
}

impl Tools {
    /// Logs a warning if a program is not installed. Blocks the thread.
    pub(crate) fn warn_if_missing(&self) {
        if !self.are_installed() {
            tracing::warn!("{MISSING}");
        }
    }

    /// `true` if both programs can be started. Blocks the thread.
    fn are_installed(&self) -> bool {
        [&self.ffmpeg, &self.ffprobe].into_iter().all(|program| {
            let mut command = Command::new(program);
            command.arg("-version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.status().is_ok_and(|status| status.success())
        })
    }

    /// Reads the properties of the media file at a URL.
    pub(crate) async fn probe(&self, url: &str) -> Result<Media, ProcessError> {
        let mut output = String::new();
        let arguments = ["-show_format", "-show_streams", "-of", "json", url];
        self.run_ffprobe(&arguments, |line| output.push_str(line)).await?;
        let mut media =
            media::parse(output.as_bytes()).map_err(|error| ProcessError::Failed(error.to_string()))?;
        if media.is_mpeg_stream() {
            media.duration_s = self.elapsed(url).await?;
        }
        if media.duration_s == 0.0 && !media.tracks.is_empty() {
            media.duration_s = self.last_packet_time(url).await?;
        }
        if let Some(video) = media.video_mut()
            && video.frame_rate.is_none()
        {
            video.frame_rate = media::measured_frame_rate(self.frame_times(url).await?);
        }
        Ok(media)
    }

    /// The presentation times of the first video frames of a file, in seconds.
    async fn frame_times(&self, url: &str) -> Result<Vec<f64>, ProcessError> {
        let mut times = Vec::new();
        let interval = format!("%+#{MEASURED_FRAMES}");
        let entries = ["-show_entries", "packet=pts_time", "-of", "csv=print_section=0"];
        let selection = ["-select_streams", "v:0", "-read_intervals", &interval];
        let arguments = [&selection[..], &entries, &[url]].concat();
        self.run_ffprobe(&arguments, |line| times.extend(line.trim_matches([',', '\n']).parse::<f64>()))
            .await?;
        Ok(times)
    }

    /// The presentation time of a file's last packet in seconds. It replaces the duration that recordings of browsers do
    /// not contain. ffprobe reads the whole file for it.
    async fn last_packet_time(&self, url: &str) -> Result<f64, ProcessError> {
        let mut last = 0.0;
        let arguments = ["-show_entries", "packet=pts_time", "-of", "csv=print_section=0", url];
        self.run_ffprobe(&arguments, |line| {
            last = line.trim_matches([',', '\n']).parse().map_or(last, |time| f64::max(last, time));
        })
        .await?;
        Ok(last)
    }

    /// The duration of an MPEG stream in seconds, whose times may begin again in its middle. ffprobe reads the whole file for it.
    async fn elapsed(&self, url: &str) -> Result<f64, ProcessError> {
        let mut elapsed = Elapsed::default();
        let arguments = ["-show_entries", "packet=stream_index,dts_time", "-of", "csv=print_section=0", url];
        self.run_ffprobe(&arguments, |line| {
            let mut fields = line.trim().split(',');
            let track = fields.next().and_then(|field| field.parse().ok());
            if let (Some(track), Some(Ok(time))) = (track, fields.next().map(str::parse)) {
                elapsed.add(track, time);
            }
        })
        .await?;
        Ok(elapsed.seconds())
    }

    /// Runs ffprobe and passes on each line of its output.
    async fn run_ffprobe(
        &self,
        arguments: &[&str],
        mut on_line: impl FnMut(&str),
    ) -> Result<(), ProcessError> {
        let mut command = Command::new(&self.ffprobe);
        command.args(["-hide_banner", "-v", "error"]).args(INPUT_RESTRICTIONS).args(arguments);
        let mut process = Process::start(command)?;
        while let Some(line) = process.lines.recv().await {
            on_line(&line);
        }
        process.wait().await.map(drop)
    }

    /// Runs ffmpeg in `folder` and passes on its progress. Returns the number of errors that it reported and went on. If the
    /// future is dropped, ffmpeg ends.
    pub(crate) async fn transcode(
        &self,
        arguments: &[String],
        folder: &Path,
        mut on_progress: impl FnMut(FfmpegProgress),
    ) -> Result<u64, ProcessError> {
        let mut command = Command::new(&self.ffmpeg);
        command.args(arguments).current_dir(folder);
        let mut process = Process::start(command)?;
        let mut progress = FfmpegProgress::default();
        while let Some(line) = process.lines.recv().await {
            match line.trim().split_once('=') {
                Some(("frame", value)) => progress.frames = value.trim().parse().unwrap_or(progress.frames),
                Some(("out_time_us", value)) => progress.time_us = value.parse().unwrap_or(progress.time_us),
                Some(("progress", _)) => on_progress(progress),
                _ => {}
            }
        }
        process.wait().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_missing_program_is_reported_in_one_sentence() {
        let tools = Tools { ffmpeg: "/nowhere/ffmpeg".into(), ffprobe: "/nowhere/ffprobe".into() };
        assert!(!tools.are_installed());
        assert_eq!(tools.probe("x").await.unwrap_err().to_string(), MISSING);
        let error = tools.transcode(&[], Path::new("/"), |_| {}).await.unwrap_err();
        assert_eq!(error.to_string(), MISSING);
    }
}
