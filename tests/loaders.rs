//! URLs that real packages build: imgix' SDK, unpic, next/image with the documented loader, Webiny's parameters, and
//! `@tintype/client` alone, in unpic and in next/image. A running stack answers each of them. Needs Node.js and the packages
//! of `loaders/` and `packages/`; `./test` installs them.

use std::process::Command;

use cdn_config::policy::Policy;
use contract::variant::Side;
use serde::Deserialize;

use crate::support::pictures::{BLUE, GREEN, RED, YELLOW, assert_corners, jpeg, quarters};
use crate::support::{Running, packages};

/// Width and height of the source in pixels.
const SOURCE: (u32, u32) = (1600, 1200);

/// A request that a package builds.
#[derive(Debug, Deserialize)]
struct BuiltRequest {
    by: String,
    url: String,
    /// The requested width in device pixels.
    width: f64,
    /// The requested height in device pixels. `None` for the source's own shape.
    height: Option<f64>,
    r#type: Option<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_urls_of_real_packages_give_the_requested_pictures() {
    let stack = Running::start().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(SOURCE.0, SOURCE.1))).await;
    let requests = built_requests(stack.edge().to_owned(), photo).await;
    for (by, at_least) in [
        ("imgix: fluid srcset", 31),
        ("imgix: srcset of ratios", 5),
        ("imgix: fluid srcset with ar", 31),
        ("imgix: srcset of ratios with ar", 5),
        ("imgix: srcset of ratios with h and ar", 5),
        ("unpic: box", 1),
        ("unpic: constrained", 8),
        ("unpic: fixed", 2),
        ("unpic: fullWidth", 9),
        ("next/image: fill", 9),
        ("Webiny", 3),
        ("@tintype/client: srcset", 13),
        ("@tintype/client: srcset of a box", 9),
        ("@tintype/client: densities", 3),
        ("@tintype/client in unpic: constrained", 8),
        ("@tintype/client in unpic: fixed", 2),
        ("@tintype/client in unpic: fullWidth", 9),
        ("@tintype/client in next/image: fill", 9),
    ] {
        assert!(requests.iter().filter(|request| request.by == by).count() >= at_least, "{by}");
    }
    for request in requests {
        let got = stack.get(&request.url).await;
        let picture = got.picture();
        request.check(picture.dimensions());
        assert_eq!(
            got.header("content-type"),
            request.r#type.as_deref().unwrap_or("image/jpeg"),
            "{request:?}"
        );
        assert_corners(&picture, [RED, GREEN, BLUE, YELLOW], &request.by);
    }
}

impl BuiltRequest {
    /// Panics unless the picture has the requested shape within one pixel, and as its width the next rung of the ladder,
    /// or the width of the largest part of the source with that shape.
    fn check(&self, (width, height): (u32, u32)) {
        let ladder = Policy::built_in().rules.ladder;
        let pixels = |side: &Side| f64::from(side.pixels());
        let rung = ladder
            .iter()
            .map(pixels)
            .find(|rung| *rung >= self.width)
            .unwrap_or(pixels(ladder.last().unwrap()));
        let (source_width, source_height) = (f64::from(SOURCE.0), f64::from(SOURCE.1));
        let ratio = self.height.map_or(source_width / source_height, |height| self.width / height);
        let expected_width = rung.min(source_width).min(source_height * ratio);
        let (width, height) = (f64::from(width), f64::from(height));
        assert!((width - expected_width).abs() <= 1.0, "{self:?}: {width} wide instead of {expected_width}");
        assert!((height - width / ratio).abs() <= 1.0, "{self:?}: {width}×{height} hasn't the ratio {ratio}");
    }
}

async fn built_requests(edge: String, photo: String) -> Vec<BuiltRequest> {
    let mut node = Command::new("node");
    packages::built();
    node.arg("urls.mjs").current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/loaders"));
    node.env("EDGE", edge).env("PHOTO", photo);
    let output = tokio::task::spawn_blocking(move || node.output()).await.unwrap();
    let output = output.unwrap_or_else(|error| panic!("node can't be started: {error}; ./test installs it"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
