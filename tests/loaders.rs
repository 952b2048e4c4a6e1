//! URLs that real packages build: imgix' SDK, unpic, next/image with the documented loader, and Webiny's parameters. A
//! running stack answers each of them. Needs Node.js and the packages of `loaders/`; `./test` installs both.

use std::process::Command;

use cdn_config::policy::Policy;
use contract::variant::Side;
use serde::Deserialize;

use crate::support::Running;
use crate::support::pictures::{BLUE, GREEN, RED, YELLOW, assert_corners, jpeg, quarters};

/// Width and height of the source in pixels.
const SOURCE: (u32, u32) = (1600, 1200);

/// A request that a package builds.
#[derive(Debug, Deserialize)]
struct BuiltRequest {
    by: String,
    url: String,
    /// The requested width in device pixels.
    width: u32,
    height: Option<u32>,
    r#type: Option<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_urls_of_real_packages_give_the_requested_pictures() {
    let stack = Running::start().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(SOURCE.0, SOURCE.1))).await;
    let requests = built_requests(stack.edge().to_owned(), photo).await;
    for by in ["imgix: fluid srcset", "imgix: srcset of ratios", "unpic: box", "next/image: fill", "Webiny"] {
        assert!(requests.iter().any(|request| request.by == by), "{by}");
    }
    for request in requests {
        let got = stack.get(&request.url).await;
        let picture = got.picture();
        assert_eq!(picture.dimensions(), request.size(), "{request:?}");
        assert_eq!(
            got.header("content-type"),
            request.r#type.as_deref().unwrap_or("image/jpeg"),
            "{request:?}"
        );
        assert_corners(&picture, [RED, GREEN, BLUE, YELLOW], &request.by);
    }
}

impl BuiltRequest {
    /// The size of the result: the sides on the ladder, not enlarged.
    fn size(&self) -> (u32, u32) {
        let rules = Policy::built_in().rules;
        let rung = |pixels: u32| f64::from(rules.rung(Side::clamped(pixels).unwrap()).pixels());
        let (source_width, source_height) = (f64::from(SOURCE.0), f64::from(SOURCE.1));
        let (across, down) = match self.height {
            None => (rung(self.width), rung(self.width) * source_height / source_width),
            Some(height) => (rung(self.width), rung(height)),
        };
        let shrunk = (source_width / across).min(source_height / down).min(1.0);
        ((across * shrunk).round() as u32, (down * shrunk).round() as u32)
    }
}

async fn built_requests(edge: String, photo: String) -> Vec<BuiltRequest> {
    let mut node = Command::new("node");
    node.arg("urls.mjs").current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/loaders"));
    node.env("EDGE", edge).env("PHOTO", photo);
    let output = tokio::task::spawn_blocking(move || node.output()).await.unwrap();
    let output = output.unwrap_or_else(|error| panic!("node can't be started: {error}; ./test installs it"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
