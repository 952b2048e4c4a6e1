//! The keys of everything that the trigger and its jobs write.

use contract::key::Area;

/// The prefix of claims. It is not an area of viewers' keys, so the CDN can't serve a claim.
pub const CLAIMS: &str = "claims/";

/// Hexadecimal digits of a hash in the id of a run: 64 bits.
const RUN_DIGITS: usize = 16;

/// The areas of files that are made of videos.
const OUTPUTS: [Area; 2] = [Area::Videos, Area::PrivateVideos];

/// The prefixes of all files that are made of videos.
pub fn outputs() -> [String; 2] {
    OUTPUTS.map(|area| format!("{}/", area.segment()))
}

/// The key of a claim, by the claim's id.
pub fn claim_key(claim: &str) -> String {
    format!("{CLAIMS}{claim}.json")
}

/// The keys of one run: one transcoding of one video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunKeys<'a> {
    /// The area of the run's files.
    pub area: Area,
    /// The video's id.
    pub asset: &'a str,
    /// The claim's id, in hexadecimal.
    pub claim: &'a str,
}

impl RunKeys<'_> {
    /// The id of the run, which keeps its files apart from those of other runs.
    pub fn run_id(&self) -> String {
        self.claim.chars().take(RUN_DIGITS).collect()
    }

    /// The prefix of the run's files, with a slash at the end.
    pub fn folder(&self) -> String {
        format!("{}{}/", self.video(), self.run_id())
    }

    /// The key of the status document. All runs of a video share it.
    pub fn status(&self) -> String {
        format!("{}status.json", self.video())
    }

    /// The key of the poster. All runs of a video share it.
    pub fn poster(&self) -> String {
        format!("{}poster.jpg", self.video())
    }

    /// The key of the WebVTT index of the seek thumbnails.
    pub fn tiles(&self) -> String {
        format!("{}tiles.vtt", self.folder())
    }

    /// The prefix of the files of all runs, with a slash at the end.
    fn video(&self) -> String {
        format!("{}/{}/", self.area.segment(), self.asset)
    }

    /// The key of the claim.
    pub fn claim(&self) -> String {
        claim_key(self.claim)
    }
}

#[cfg(test)]
mod tests {
    use contract::key::Key;
    use contract::renditions::area_of;

    use super::*;

    #[test]
    fn viewers_can_request_the_files_of_a_run_but_not_its_claim() {
        let keys = RunKeys { area: Area::Videos, asset: "a", claim: &"0123456789abcdef".repeat(4) };
        assert_eq!(keys.folder(), "videos/a/0123456789abcdef/");
        for key in [keys.status(), keys.poster(), keys.tiles()] {
            assert!(Key::parse(&key).is_ok(), "{key}");
        }
        assert!(Key::parse(&keys.claim()).is_err());
    }

    #[test]
    fn the_files_of_a_private_video_are_private() {
        let keys = RunKeys { area: area_of("private/1/clip.mp4"), asset: "a", claim: "0123456789abcdef0" };
        assert_eq!(keys.folder(), "private-videos/a/0123456789abcdef/");
        assert_eq!(keys.poster(), "private-videos/a/poster.jpg");
        assert!(outputs().iter().any(|prefix| keys.status().starts_with(prefix)));
    }
}
