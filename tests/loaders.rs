//! URLs as real packages build them: imgix' SDK, unpic, next/image with the loader of the documentation, and Webiny's
//! spelling. Each is asked of a running stack. Needs Node.js and the packages of `loaders/`, which `./test` installs.

use std::process::Command;

use cdn_config::policy::Policy;
use contract::variant::Side;
use serde::Deserialize;

use crate::support::Running;
use crate::support::pictures::{BLUE, GREEN, RED, YELLOW, assert_corners, jpeg, quarters};

/// The source, in pixels.
const SOURCE: (u32, u32) = (1600, 1200);

/// What a package asks for.
#[derive(Debug, Deserialize)]
struct Asked {
    by: String,
    url: String,
    /// In device pixels, as the height.
    width: u32,
    height: Option<u32>,
    r#type: Option<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_urls_of_real_packages_give_the_pictures_that_they_ask_for() {
    let stack = Running::start().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(SOURCE.0, SOURCE.1))).await;
    let all = built(stack.edge().to_owned(), photo).await;
    for by in ["imgix: fluid srcset", "imgix: srcset of ratios", "unpic: box", "next/image: fill", "Webiny"] {
        assert!(all.iter().any(|asked| asked.by == by), "{by}");
    }
    for asked in all {
        let got = stack.get(&asked.url).await;
        let picture = got.picture();
        assert_eq!(picture.dimensions(), asked.size(), "{asked:?}");
        assert_eq!(got.header("content-type"), asked.r#type.as_deref().unwrap_or("image/jpeg"), "{asked:?}");
        assert_corners(&picture, [RED, GREEN, BLUE, YELLOW], &asked.by);
    }
}

impl Asked {
    /// What comes: sides on the ladder, as far as the source goes.
    fn size(&self) -> (u32, u32) {
        let rules = Policy::built_in().rules;
        let rung = |pixels: u32| f64::from(rules.rung(Side::clamped(pixels).unwrap()).pixels());
        let (width, height) = (f64::from(SOURCE.0), f64::from(SOURCE.1));
        let (across, down) = match self.height {
            None => (rung(self.width), rung(self.width) * height / width),
            Some(asked) => (rung(self.width), rung(asked)),
        };
        let shrunk = (width / across).min(height / down).min(1.0);
        ((across * shrunk).round() as u32, (down * shrunk).round() as u32)
    }
}

async fn built(edge: String, photo: String) -> Vec<Asked> {
    let mut node = Command::new("node");
    node.arg("urls.mjs").current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/loaders"));
    node.env("EDGE", edge).env("PHOTO", photo);
    let output = tokio::task::spawn_blocking(move || node.output()).await.unwrap();
    let output = output.unwrap_or_else(|error| panic!("node can't be started: {error}; ./test installs it"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
