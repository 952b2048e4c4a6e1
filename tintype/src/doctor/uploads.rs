//! Uploads: signed, sent, checked, served.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::visit::{Visitor, text};
use super::{Finding, Look, Outcome, finding};

/// A picture of 64 by 48 pixels in four colours.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAIAAAAuKetIAAAASUlEQVR42u3PQQkAAAgEMOMY0YjGsoNwv8EKrHYnqsNKQEBAQEBA\
                       QEBAQEBAQEBAQOAX6InqMAEBAQEBAQEBAQEBAQEBAQGBlwMQxuDxQMnE8QAAAABJRU5ErkJggg==";

/// What a browser would run if it were served.
const PAGE: &[u8] = b"<!DOCTYPE html><script>alert(document.domain)</script>";

/// How often a client looks how far its upload has come.
const POLL: Duration = Duration::from_millis(250);

/// Everything that needs the upload API; where it gives no signed upload, only that.
pub(super) async fn all(visitor: &Visitor<'_>) -> Vec<Finding> {
    let picture = STANDARD.decode(PICTURE).unwrap_or_default();
    let signed = sign(visitor, picture.len()).await;
    let mut findings =
        vec![finding("an upload is signed", signed.as_ref().map(described).map_err(Clone::clone))];
    let Ok(grant) = signed else { return findings };
    findings.push(Finding { name: "pages may upload", outcome: preflight(visitor, &grant).await });
    findings.push(finding("one byte over the limit is refused", over_limit(visitor, &grant, &picture).await));
    findings.push(finding(
        "a picture is uploaded, checked and served",
        round_trip(visitor, &grant, &picture).await,
    ));
    findings.push(finding("a page called a picture is never served", page(visitor).await));
    findings
}

async fn sign(visitor: &Visitor<'_>, bytes: usize) -> Result<Value, String> {
    let request = json!({ "filename": "doctor.png", "type": "image/png", "size": bytes });
    let seen = visitor.call(Method::POST, "/uploads", Some(&request)).await?;
    match seen.status {
        201 => Ok(seen.json()),
        401 | 403 => Err(format!("{}; show --session or --token", seen.told())),
        _ => Err(seen.told()),
    }
}

fn described(grant: &Value) -> String {
    format!("{}, {} bytes at most", text(grant, "key"), grant.get("maxSize").unwrap_or(&Value::Null))
}

/// The preflight of a form or of parts, at the bucket.
async fn preflight(visitor: &Visitor<'_>, grant: &Value) -> Outcome {
    let Some(origin) = &visitor.options.origin else {
        return Outcome::Skipped("--origin names no page".to_owned());
    };
    let asked = [("origin", origin.as_str()), ("access-control-request-method", "PUT")];
    let seen = visitor.send(&Method::OPTIONS, text(grant, "url"), &asked).await;
    match seen {
        Ok(seen) if seen.header("access-control-allow-origin") == "*" => {
            Outcome::Passed("of any origin".to_owned())
        }
        Ok(seen) if seen.header("access-control-allow-origin") == origin => {
            Outcome::Passed(format!("of {origin}"))
        }
        Ok(seen) => Outcome::Failed(format!(
            "the bucket doesn't let pages of {origin} upload ({}): add it to upload.origins and deploy",
            seen.told()
        )),
        Err(wrong) => Outcome::Failed(wrong),
    }
}

/// S3 refuses it, and nothing is there.
async fn over_limit(visitor: &Visitor<'_>, grant: &Value, picture: &[u8]) -> Look {
    let limit = grant.get("maxSize").and_then(Value::as_u64).ok_or("the signer names no limit")?;
    if limit != picture.len() as u64 {
        return Err(format!("a size of {} bytes was declared, and {limit} may be sent", picture.len()));
    }
    let larger = [picture, &[0]].concat();
    let seen = visitor.post(grant, &larger).await?;
    if seen.status != 400 || !String::from_utf8_lossy(&seen.body).contains("EntityTooLarge") {
        return Err(format!(
            "S3 doesn't refuse {} bytes with EntityTooLarge, but {}",
            larger.len(),
            seen.told()
        ));
    }
    Ok(format!("{} bytes are EntityTooLarge", larger.len()))
}

async fn round_trip(visitor: &Visitor<'_>, grant: &Value, picture: &[u8]) -> Look {
    let start = Instant::now();
    let state = settle(visitor, grant, picture).await?;
    if text(&state, "state") != "clean" {
        return Err(format!("the picture isn't clean, but {state}"));
    }
    let clean = start.elapsed();
    let path = served_path(visitor, grant)?;
    let original = visitor.get(&path, &[]).await?;
    if original.status != 200 || original.body != picture {
        return Err(format!("the file doesn't come back as it was sent, but {}", original.told()));
    }
    let start = Instant::now();
    let variant = format!("{path}?w=16&fm=webp");
    let first = visitor.get(&variant, &[]).await?;
    let made = start.elapsed();
    if first.status != 200 || first.header("content-type") != "image/webp" {
        return Err(format!("?w=16&fm=webp is no WebP, but {}", first.told()));
    }
    if first.header("x-content-type-options") != "nosniff" {
        return Err("the response headers policy is missing: no X-Content-Type-Options".to_owned());
    }
    let again = visitor.get(&variant, &[("if-none-match", first.header("etag"))]).await?;
    if again.status != 304 {
        return Err(format!("the variant's ETag isn't known the second time: {}", again.told()));
    }
    Ok(format!("clean after {} ms, a variant after {} more", clean.as_millis(), made.as_millis()))
}

async fn page(visitor: &Visitor<'_>) -> Look {
    let grant = sign(visitor, PAGE.len()).await?;
    let state = settle(visitor, &grant, PAGE).await?;
    if text(&state, "state") != "refused" {
        return Err(format!("the page isn't refused, but {state}: does the finaliser run?"));
    }
    let path = served_path(visitor, &grant)?;
    let seen = visitor.get(&path, &[]).await?;
    // S3 says 403 to who may not know whether it is there, the local stack 404.
    if !matches!(seen.status, 403 | 404) || seen.body.starts_with(b"<!DOCTYPE") {
        return Err(format!("it is served: {}", seen.told()));
    }
    Ok(text(&state, "reason").to_owned())
}

/// Sends a file, and waits until it was checked; what the signer says of it.
async fn settle(visitor: &Visitor<'_>, grant: &Value, bytes: &[u8]) -> Result<Value, String> {
    let sent = visitor.post(grant, bytes).await?;
    if !matches!(sent.status, 200..=204) {
        return Err(format!("S3 doesn't take the form: {}", sent.told()));
    }
    let path = format!("/uploads/{}", text(grant, "id"));
    let start = Instant::now();
    loop {
        let seen = visitor.call(Method::GET, &path, None).await?;
        let state = seen.json();
        if seen.status != 200 {
            return Err(format!("the signer doesn't know the upload: {}", seen.told()));
        }
        if text(&state, "state") != "pending" {
            return Ok(state);
        }
        if start.elapsed() > visitor.options.patience {
            return Err("the upload stays pending: the bucket's events don't reach the finaliser, or it fails; look at its log and its dead letter queue".to_owned());
        }
        tokio::time::sleep(POLL).await;
    }
}

/// The path of a file on the CDN, which must be the one that is looked at.
fn served_path(visitor: &Visitor<'_>, grant: &Value) -> Result<String, String> {
    let url = text(grant, "publicUrl");
    url.strip_prefix(&visitor.options.url).map(str::to_owned).ok_or_else(|| {
        format!("the signer says that files are served at {url}, not below {}", visitor.options.url)
    })
}
