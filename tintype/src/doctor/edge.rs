//! The CDN: its clock, its edge function, what that refuses.

use jiff::Timestamp;

use super::Look;
use super::visit::{Seen, Visitor};

/// S3 refuses signatures that are a quarter of an hour off (S3's error responses, `RequestTimeTooSkewed`); a third of that
/// is time to mend the clock.
const MOST_SKEW_SECONDS: u64 = 300;

pub(super) async fn clock(visitor: &Visitor<'_>) -> Look {
    let seen = visitor.get("/files/doctor?w=16", &[]).await?;
    let date = httpdate::parse_http_date(seen.header("date"))
        .map_err(|_| format!("the answer has no Date that can be read, but {:?}", seen.header("date")))?;
    let theirs = Timestamp::try_from(date).map_err(|error| error.to_string())?;
    let skew = (visitor.options.clock)().duration_since(theirs).unsigned_abs().as_secs();
    if skew > MOST_SKEW_SECONDS {
        return Err(format!(
            "this machine's clock and the CDN's are {skew} s apart: set this one's, or signatures made here fail"
        ));
    }
    Ok(format!("{skew} s apart"))
}

/// Its sentences lie in the key-value store: one that comes shows that the store is filled.
pub(super) async fn policy(visitor: &Visitor<'_>) -> Look {
    let seen = visitor.get("/files/doctor?w=0", &[]).await?;
    match (seen.status, problem(&seen)) {
        (400, Some(detail)) => Ok(detail),
        (503, _) => {
            Err("the edge function can't read its policy: the key-value store has no data; deploy again"
                .to_owned())
        }
        _ => Err(format!("w=0 isn't refused with 400, but {}: is this a Tintype?", seen.told())),
    }
}

pub(super) async fn ladder(visitor: &Visitor<'_>) -> Look {
    let seen = visitor.get("/files/doctor?w=64&blur=7", &[]).await?;
    match (seen.status, problem(&seen)) {
        (403, Some(detail)) => Ok(detail),
        (404, Some(_)) => {
            Err("unsigned requests may ask for everything: the policy is open, and anyone can make a bill"
                .to_owned())
        }
        _ => Err(format!("blur=7 isn't refused by the edge function, but {}", seen.told())),
    }
}

pub(super) async fn canonical(visitor: &Visitor<'_>) -> Look {
    let seen = visitor.get("/files/doctor/w=63,fm=webp", &[]).await?;
    match (seen.status, problem(&seen)) {
        (404, Some(detail)) => Ok(detail),
        _ => Err(format!(
            "a canonical path isn't refused with 404, but {}: the ladder can be walked around",
            seen.told()
        )),
    }
}

pub(super) async fn private(visitor: &Visitor<'_>) -> Look {
    let seen = visitor.get("/private/doctor/doctor.png", &[]).await?;
    match (seen.status, problem(&seen)) {
        (403, Some(detail)) => Ok(detail),
        // S3's own 403, for one, says only that there is no such file.
        _ => Err(format!("not refused by the edge function, but {}", seen.told())),
    }
}

/// The sentence of a problem document.
fn problem(seen: &Seen) -> Option<String> {
    let detail = seen.json().get("detail")?.as_str()?.to_owned();
    (seen.header("content-type") == "application/problem+json").then_some(detail)
}
