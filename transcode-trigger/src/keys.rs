//! The keys of everything that the trigger and its jobs write.

use contract::key::Area;

/// The prefix of claims. It is not an area of viewers' keys, so the CDN can't serve a claim.
pub const CLAIMS: &str = "claims/";

/// Hexadecimal digits of a hash in the id of a run: 64 bits.
const RUN_DIGITS: usize = 16;

/// The prefix of all files that are made of videos.
pub fn outputs() -> String {
    format!("{}/", Area::Videos.segment())
}

/// The key of a claim, by the claim's id.
pub fn claim_key(claim: &str) -> String {
    format!("{CLAIMS}{claim}.json")
}

/// The keys of one run: one transcoding of one video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunKeys<'a> {
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
        format!("{}{}/{}/", outputs(), self.asset, self.run_id())
    }

    /// The key of the status document. All runs of a video share it.
    pub fn status(&self) -> String {
        format!("{}{}/status.json", outputs(), self.asset)
    }

    /// The key of the poster. All runs of a video share it.
    pub fn poster(&self) -> String {
        format!("{}{}/poster.jpg", outputs(), self.asset)
    }

    /// The key of the WebVTT index of the seek thumbnails.
    pub fn tiles(&self) -> String {
        format!("{}tiles.vtt", self.folder())
    }

    /// The key of the claim.
    pub fn claim(&self) -> String {
        claim_key(self.claim)
    }
}

#[cfg(test)]
mod tests {
    use contract::key::Key;

    use super::*;

    #[test]
    fn viewers_can_request_the_files_of_a_run_but_not_its_claim() {
        let keys = RunKeys { asset: "a", claim: &"0123456789abcdef".repeat(4) };
        assert_eq!(keys.folder(), "videos/a/0123456789abcdef/");
        for key in [keys.status(), keys.poster(), keys.tiles()] {
            assert!(Key::parse(&key).is_ok(), "{key}");
        }
        assert!(Key::parse(&keys.claim()).is_err());
    }
}
