//! Marks of the policy: in presets and signed links, when they are changed, and when their picture is missing.

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use serde_json::{Value, json};

use crate::support::{Running, wait};

const RED: [u8; 4] = [255, 0, 0, 255];
const GREEN: [u8; 4] = [0, 255, 0, 255];
const BLUE: [u8; 4] = [0, 0, 255, 255];

fn plain(side: u32, color: [u8; 4]) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    let picture: DynamicImage = RgbaImage::from_pixel(side, side, Rgba(color)).into();
    picture.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// The built-in policy with a mark in the upper left quarter, whose picture has this name, and one without a picture.
fn policy(name: &str) -> String {
    let mut policy: Value = serde_json::from_str(include_str!("../cdn-config/policy.json")).unwrap();
    policy["marks"] = json!({
        "logo": { "key": format!("files/by-hand/{name}"), "where": "top,left", "width": 0.5, "margin": 0 },
        "gone": { "key": "files/by-hand/gone.png" },
    });
    policy["presets"] = json!({ "card": "w=64&mark=logo&fm=png", "gone": "w=64&mark=gone" });
    policy.to_string()
}

#[tokio::test]
async fn a_mark_is_part_of_a_preset_and_of_a_signed_link_and_a_changed_one_replaces_the_picture() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.json");
    std::fs::write(&file, policy("red.png")).unwrap();
    let stack = Running::with_policy_file(&file).await;
    stack.store("red.png", "image/png", &plain(10, RED)).await;
    stack.store("green.png", "image/png", &plain(10, GREEN)).await;
    let photo = stack.store("photo.png", "image/png", &plain(100, BLUE)).await;
    let corners = async |path: &str| {
        let picture = stack.get(path).await.picture();
        [picture.get_pixel(8, 8).0, picture.get_pixel(56, 56).0]
    };
    let card = format!("{photo}?p=card");
    assert_eq!(corners(&card).await, [RED, BLUE]);
    assert_eq!(stack.get(&card).await.header("x-cache"), "Hit from edge");
    let signed = stack.link(&format!("{photo}?w=64&mark=logo&fm=png&blur=0")).await;
    assert_eq!(corners(&signed).await, [RED, BLUE]);
    let refused = stack.get(&format!("{photo}?w=64&mark=logo")).await;
    assert_eq!((refused.status, &refused.json()["parameter"]), (403, &json!("mark")));

    std::fs::write(&file, policy("green.png")).unwrap();
    wait::until("the new mark", async || corners(&card).await == [GREEN, BLUE]).await;
    assert_eq!(corners(&signed).await, [GREEN, BLUE], "the link stays valid");
}

#[tokio::test]
async fn a_variant_whose_mark_is_missing_is_an_error_and_not_a_picture_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.json");
    std::fs::write(&file, policy("red.png")).unwrap();
    let stack = Running::with_policy_file(&file).await;
    let photo = stack.store("photo.png", "image/png", &plain(100, BLUE)).await;
    let refused = stack.get(&format!("{photo}?p=gone")).await;
    assert_eq!(refused.status, 404);
    assert_eq!(refused.json()["detail"], "the picture of the mark 'gone' is missing, or isn't clean");
    assert!(stack.stored_variants().await.is_empty());

    stack.store("red.png", "image/png", b"<svg xmlns='http://www.w3.org/2000/svg'/>").await;
    let refused = stack.get(&format!("{photo}?p=card")).await;
    assert_eq!(refused.status, 415);
    assert!(refused.json()["detail"].as_str().unwrap().starts_with("the mark can't be drawn"));
}
