//! The shape of pictures: a picture that is requested with a ratio, or with two sides, has exactly that ratio.

use serde_json::json;

use crate::support::pictures::{BLUE, GREEN, RED, YELLOW, assert_corners, jpeg, quarters};
use crate::support::{Answer, Running};

async fn stack_with_photo(width: u32, height: u32) -> (Running, String) {
    let stack = Running::start().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(width, height))).await;
    (stack, photo)
}

async fn signed(stack: &Running, url: &str) -> Answer {
    let (status, answer) = stack.ask_signer("/signed-urls", &json!({ "url": url })).await;
    assert_eq!(status, 200, "{answer}");
    stack.get(answer["url"].as_str().unwrap()).await
}

#[tokio::test]
async fn a_crop_has_the_requested_shape() {
    let (stack, photo) = stack_with_photo(2400, 1800).await;
    let check = async |query: &str, size: (u32, u32)| {
        let picture = stack.get(&format!("{photo}?{query}")).await.picture();
        assert_eq!(picture.dimensions(), size, "{query}");
        assert_corners(&picture, [RED, GREEN, BLUE, YELLOW], query);
    };
    check("w=480&ar=16:9&fit=crop", (480, 270)).await;
    check("w=320&h=180&fit=crop", (384, 216)).await;
    check("w=750&h=563&fit=crop", (750, 563)).await;
    check("w=320&h=180&dpr=2.5&fit=crop", (828, 466)).await;
    check("h=271&ar=16:9&fit=crop", (640, 360)).await;
    check("w=333.4&ar=9:16&fit=crop&fm=webp", (384, 683)).await;
    check("w=640&ar=1.777:1&fit=min&fm=png", (640, 360)).await;
    // The largest part of the source with the shape, since nothing is enlarged.
    check("w=3840&ar=21:9&fit=crop", (2400, 1029)).await;
    // A box keeps the picture's own shape and shows all of it.
    check("w=640&h=640", (640, 480)).await;
    check("w=320&h=180", (341, 256)).await;
}

#[tokio::test]
async fn a_signed_request_gets_its_sides_to_the_pixel() {
    let (stack, photo) = stack_with_photo(2400, 1800).await;
    for (query, size) in [
        ("w=333&h=77&fit=crop", (333, 77)),
        ("w=333&ar=16:9&fit=crop", (333, 187)),
        ("w=100&h=51&dpr=1.25&fit=crop", (125, 64)),
        ("w=641&h=479&fit=scale", (641, 479)),
        ("w=333&h=333", (333, 250)),
    ] {
        let got = signed(&stack, &format!("{photo}?{query}")).await;
        assert_eq!(got.picture().dimensions(), size, "{query}");
    }
    // The longer side is 8192, and the ratio stays.
    let got = signed(&stack, &format!("{photo}?w=16384&h=2048&fit=scale&fm=webp&q=1")).await;
    assert_eq!(got.picture().dimensions(), (8192, 1024));
}

#[tokio::test]
async fn a_shape_outside_the_list_is_refused_with_the_list_and_advice() {
    let (stack, photo) = stack_with_photo(400, 300).await;
    for (query, parameter) in [("w=480&h=100&fit=crop", "h"), ("w=480&ar=7:5&fit=crop", "ar")] {
        let got = stack.get(&format!("{photo}?{query}")).await;
        let problem = got.json();
        assert_eq!((got.status, problem["parameter"].as_str()), (403, Some(parameter)), "{query}");
        assert_eq!(
            problem["detail"].as_str(),
            Some(&*format!(
                "without a signature a crop has one of the shapes 1:1, 5:4, 4:3, 3:2, 16:10, 16:9, 2:1, 21:9, 3:1, \
                 4:5, 3:4, 2:3, 10:16, 9:16, 1:2, 9:21, 1:3, and '{parameter}' asks for another one: sign the link, or \
                 add the shape to 'shapes' of the policy"
            ))
        );
    }
}

#[tokio::test]
async fn a_misspelt_parameter_is_refused_with_the_right_name() {
    let (stack, photo) = stack_with_photo(400, 300).await;
    for (query, name, known) in [
        ("wdith=64", "wdith", "width"),
        ("w=64&h=64&fit=crop&crp=top", "crp", "crop"),
        ("fitt=crop", "fitt", "fit"),
    ] {
        let got = stack.get(&format!("{photo}?{query}")).await;
        let problem = got.json();
        assert_eq!((got.status, problem["parameter"].as_str()), (400, Some(name)), "{query}");
        let detail = format!("did you mean '{known}'? There is no parameter '{name}'");
        assert_eq!(problem["detail"], *detail, "{query}");
    }
    assert_eq!(
        stack.get(&format!("{photo}?w=64&utm_source=mail&fbclid=1")).await.picture().dimensions(),
        (64, 48)
    );
}

#[tokio::test]
async fn the_local_edge_names_parameters_of_imgix_that_it_ignored() {
    let (stack, photo) = stack_with_photo(400, 300).await;
    let check = async |query: &str, ignored: &str| {
        let got = stack.get(&format!("{photo}?{query}")).await;
        assert_eq!((got.status, got.header("tintype-ignored")), (200, ignored), "{query}");
    };
    check("w=64&sat=-100&mask=ellipse&utm_source=mail", "mask, sat").await;
    check("w=64&sat=-100", "sat").await;
    check("dpi=300", "dpi").await;
    check("w=64&auto=format&utm_source=mail", "").await;
    let refused = stack.get(&format!("{photo}?w=0&sat=1")).await;
    assert_eq!((refused.status, refused.header("tintype-ignored")), (400, ""));
}
