//! Documents: uploaded, shown page by page, and served as they are.

use serde_json::json;

use crate::support::Running;
use crate::support::documents::document;

const A4: &str = "/MediaBox[0 0 595 842]";

#[tokio::test]
async fn a_document_is_uploaded_shown_page_by_page_and_served_as_it_is() {
    let stack = Running::start().await;
    let blue = ("/MediaBox[0 0 300 100]", "0 0 1 rg 0 0 300 100 re f");
    let file = document(&[(A4, "BT /F 48 Tf 72 700 Td (Tintype) Tj ET"), blue], "");
    let path = stack.upload("report.pdf", "application/pdf", &file).await;

    let original = stack.get(&path).await;
    assert_eq!((original.header("content-type"), &original.body[..]), ("application/pdf", &file[..]));
    let info = stack.get(&format!("{path}?fm=json")).await.json();
    assert_eq!((&info["format"], &info["pages"]), (&json!("pdf"), &json!(2)));
    assert_eq!((&info["width"], &info["height"]), (&json!(595), &json!(842)));

    let first = stack.get(&format!("{path}?w=1440&fm=png")).await.picture();
    assert_eq!(first.dimensions(), (1440, 2038));
    let is_ink = |pixel: &&image::Rgba<u8>| pixel.0[..3] == [0, 0, 0];
    assert!(first.pixels().filter(is_ink).count() > 3_000, "the text is drawn at the requested size");
    let second = stack.get(&stack.link(&format!("{path}?w=640&page=2&fm=png")).await).await.picture();
    assert_eq!((second.dimensions(), second.get_pixel(320, 100).0), ((640, 213), [0, 0, 255, 255]));
}

#[tokio::test]
async fn a_page_that_a_document_lacks_and_a_document_with_a_password_are_refused_with_a_sentence() {
    let stack = Running::start().await;
    let refused = async |path: &str| {
        let answer = stack.get(path).await;
        (answer.status, answer.json()["detail"].as_str().unwrap().to_owned())
    };
    let path = stack.upload("one.pdf", "application/pdf", &document(&[(A4, "")], "")).await;
    let beyond = stack.link(&format!("{path}?w=64&page=2")).await;
    assert_eq!(refused(&beyond).await, (400, "there is no page 2; the document has 1".to_owned()));
    let key = "00".repeat(32);
    let encryption = format!("/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{key}>/U<{key}>>>");
    let path = stack.upload("locked.pdf", "application/pdf", &document(&[(A4, "")], &encryption)).await;
    let sentence = "the PDF opens with a password only: send it without a password".to_owned();
    assert_eq!(refused(&format!("{path}?w=64")).await, (415, sentence));
}
