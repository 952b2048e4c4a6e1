//! Checks of uploads: they are signed, sent, finalised and served.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use reqwest::multipart::Part;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::finding::{CheckResult, Finding, Observation};
use super::visitor::Visitor;
use crate::client::{Answer, NoAnswer, text};

/// A picture of 64 by 48 pixels in four colours.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAIAAAAuKetIAAAASUlEQVR42u3PQQkAAAgEMOMY0YjGsoNwv8EKrHYnqsNKQEBAQEBA\
                       QEBAQEBAQEBAQOAX6InqMAEBAQEBAQEBAQEBAQEBAQGBlwMQxuDxQMnE8QAAAABJRU5ErkJggg==";

/// The name of the uploads of most checks.
const NAME: &str = "doctor.png";

/// A page with a script, which a browser would run if it were served.
const PAGE: &[u8] = b"<!DOCTYPE html><script>alert(document.domain)</script>";

/// All checks that need the upload API. If the first upload isn't signed, the others don't run.
pub(super) async fn all(visitor: &Visitor<'_>) -> Vec<Finding> {
    let picture = STANDARD.decode(PICTURE).unwrap_or_default();
    let grant = sign(visitor, NAME, picture.len()).await;
    let observation = grant.as_ref().map(summary).map_err(Clone::clone);
    let mut findings = vec![Finding::new("an upload is signed", observation)];
    let Ok(grant) = grant else { return findings };
    findings.push(Finding { name: "pages may upload", result: preflight(visitor, &grant).await });
    findings.push(Finding::new(
        "S3 refuses one byte over the limit",
        over_limit(visitor, &grant, &picture).await,
    ));
    findings.push(Finding::new(
        "a picture is uploaded, checked and served",
        round_trip(visitor, &grant, &picture).await,
    ));
    findings.push(Finding::new("files of any name have variants", names(visitor, &picture).await));
    findings.push(Finding::new("a page named like a picture is never served", page(visitor).await));
    findings
}

async fn sign(visitor: &Visitor<'_>, name: &str, bytes: usize) -> Result<Value, String> {
    let request = json!({ "filename": name, "type": "image/png", "size": bytes });
    let answer = visitor.client.call(Method::POST, "/uploads", Some(&request)).await?;
    match answer.status {
        201 => Ok(answer.json()),
        401 | 403 => Err(format!("{}; use --session or --token", answer.summary())),
        _ => Err(answer.summary()),
    }
}

fn summary(grant: &Value) -> String {
    format!("{}, {} bytes at most", text(grant, "key"), grant.get("maxSize").unwrap_or(&Value::Null))
}

/// Checks that the bucket answers the preflight of a form upload or of a multipart upload.
async fn preflight(visitor: &Visitor<'_>, grant: &Value) -> CheckResult {
    let Some(origin) = &visitor.options.origin else {
        return CheckResult::Skipped("there is no --origin".to_owned());
    };
    let headers = [("origin", origin.as_str()), ("access-control-request-method", "PUT")];
    let answer = visitor.client.send(&Method::OPTIONS, text(grant, "url"), &headers).await;
    match answer {
        Ok(answer) if answer.header("access-control-allow-origin") == "*" => {
            CheckResult::Passed("from pages of any origin".to_owned())
        }
        Ok(answer) if answer.header("access-control-allow-origin") == origin => {
            CheckResult::Passed(format!("from pages of {origin}"))
        }
        Ok(answer) => CheckResult::Failed(format!(
            "the bucket doesn't let pages of {origin} upload ({}): add it to upload.origins and deploy",
            answer.summary()
        )),
        Err(error) => CheckResult::Failed(error.to_string()),
    }
}

/// Checks that S3 refuses an upload that is larger than granted.
async fn over_limit(visitor: &Visitor<'_>, grant: &Value, picture: &[u8]) -> Observation {
    let limit = grant.get("maxSize").and_then(Value::as_u64).ok_or("the signer names no limit")?;
    if limit != picture.len() as u64 {
        return Err(format!("a size of {} bytes was declared, and {limit} may be sent", picture.len()));
    }
    let larger = [picture, &[0]].concat();
    let answer = post(visitor, grant, &larger).await?;
    if answer.status != 400 || !String::from_utf8_lossy(&answer.body).contains("EntityTooLarge") {
        return Err(format!(
            "S3 doesn't refuse {} bytes with EntityTooLarge, but {}",
            larger.len(),
            answer.summary()
        ));
    }
    Ok(format!("{} bytes are EntityTooLarge", larger.len()))
}

async fn round_trip(visitor: &Visitor<'_>, grant: &Value, picture: &[u8]) -> Observation {
    let start = Instant::now();
    let state = upload(visitor, grant, picture).await?;
    if text(&state, "state") != "clean" {
        return Err(format!("the picture isn't clean, but {state}"));
    }
    let clean = start.elapsed();
    let path = served_path(visitor, grant)?;
    let original = visitor.client.get(&path, &[]).await?;
    if original.status != 200 || original.body != picture {
        return Err(format!("the file doesn't come back as it was sent, but {}", original.summary()));
    }
    let start = Instant::now();
    let variant = format!("{path}?w=16&fm=webp");
    let first = visitor.client.get(&variant, &[]).await?;
    let rendered = start.elapsed();
    if first.status != 200 || first.header("content-type") != "image/webp" {
        return Err(format!("?w=16&fm=webp is not a WebP, but {}", first.summary()));
    }
    if first.header("x-content-type-options") != "nosniff" {
        return Err("the response headers policy is missing: no X-Content-Type-Options".to_owned());
    }
    let again = visitor.client.get(&variant, &[("if-none-match", first.header("etag"))]).await?;
    if again.status != 304 {
        return Err(format!(
            "a second request with the variant's ETag isn't answered with 304, but {}",
            again.summary()
        ));
    }
    Ok(format!("clean after {} ms, a variant after {} more", clean.as_millis(), rendered.as_millis()))
}

/// Names whose characters CloudFront, S3 and Lambda encode in different ways. The signer may leave characters out.
const NAMES: [&str; 4] = ["doctor-é.png", "doctor and cat.png", "doctor+cat.png", "doctor-😺.png"];

async fn names(visitor: &Visitor<'_>, picture: &[u8]) -> Observation {
    let mut kept = Vec::new();
    for name in NAMES {
        kept.push(variant_of_name(visitor, name, picture).await?);
    }
    Ok(kept.join(", "))
}

/// Uploads a picture under a name, and asks for a variant of it. Returns the name in the key.
async fn variant_of_name(visitor: &Visitor<'_>, name: &str, picture: &[u8]) -> Observation {
    let grant = sign(visitor, name, picture.len()).await?;
    let state = upload(visitor, &grant, picture).await?;
    if text(&state, "state") != "clean" {
        return Err(format!("the picture {name} isn't clean, but {state}"));
    }
    let path = served_path(visitor, &grant)?;
    for asked in [path.clone(), format!("{path}?w=16&fm=webp")] {
        let answer = visitor.client.get(&asked, &[]).await?;
        if answer.status != 200 {
            return Err(format!("{asked} can't be read: {}", answer.summary()));
        }
    }
    Ok(text(&grant, "key").rsplit('/').next().unwrap_or_default().to_owned())
}

async fn page(visitor: &Visitor<'_>) -> Observation {
    let grant = sign(visitor, NAME, PAGE.len()).await?;
    let state = upload(visitor, &grant, PAGE).await?;
    if text(&state, "state") != "refused" {
        return Err(format!("the page isn't refused, but {state}: does the finaliser run?"));
    }
    let path = served_path(visitor, &grant)?;
    let answer = visitor.client.get(&path, &[]).await?;
    // S3 answers 403 to a reader that may not list the bucket; the local stack answers 404.
    if !matches!(answer.status, 403 | 404) || answer.body.starts_with(b"<!DOCTYPE") {
        return Err(format!("it is served: {}", answer.summary()));
    }
    Ok(text(&state, "reason").to_owned())
}

/// Sends a file and waits until it isn't pending any more. Returns the signer's report of its state.
async fn upload(visitor: &Visitor<'_>, grant: &Value, bytes: &[u8]) -> Result<Value, String> {
    let sent = post(visitor, grant, bytes).await?;
    if !matches!(sent.status, 200..=204) {
        return Err(format!("S3 doesn't accept the form: {}", sent.summary()));
    }
    Ok(visitor.client.state_after_checks(text(grant, "id"), visitor.options.upload_timeout).await?)
}

/// Sends a file with a form, from a page of the options' origin if there is one.
async fn post(visitor: &Visitor<'_>, grant: &Value, bytes: &[u8]) -> Result<Answer, NoAnswer> {
    let (file, length) = (Part::bytes(bytes.to_vec()), bytes.len() as u64);
    visitor.client.post(grant, file, length, visitor.options.origin.as_deref()).await
}

/// The path of a file on the CDN. Fails if the signer's URL is on another host than the one being checked.
fn served_path(visitor: &Visitor<'_>, grant: &Value) -> Result<String, String> {
    let url = text(grant, "publicUrl");
    url.strip_prefix(&visitor.client.url).map(str::to_owned).ok_or_else(|| {
        format!("the signer says that files are served at {url}, not below {}", visitor.client.url)
    })
}
