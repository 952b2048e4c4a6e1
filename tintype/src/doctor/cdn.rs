//! Checks of the CDN: its clock, and the refusals of its edge function.

use jiff::Timestamp;

use super::finding::Observation;
use super::visitor::Visitor;
use crate::client::{Answer, NoAnswer};

/// Maximum difference between the clocks, in seconds: a third of the quarter of an hour at which S3 refuses signatures (S3
/// error responses, `RequestTimeTooSkewed`), so that there is time to correct the clock.
const MAX_SKEW_SECONDS: u64 = 300;

/// A request whose answer is read for its headers only.
pub(super) async fn any_answer(visitor: &Visitor<'_>) -> Result<Answer, NoAnswer> {
    visitor.client.get("/files/doctor?w=16", &[]).await
}

/// `true` if the answer to [`any_answer`] or to a malformed request is a problem document. The edge function and the services
/// answer so; other servers, and S3 without them, don't.
pub(super) async fn is_tintype(visitor: &Visitor<'_>, answer: &Answer) -> bool {
    let malformed = visitor.client.get("/files/doctor?w=0", &[]).await;
    answer.problem_detail().is_some() || malformed.is_ok_and(|answer| answer.problem_detail().is_some())
}

pub(super) fn clock(visitor: &Visitor<'_>, answer: &Answer) -> Observation {
    let date = httpdate::parse_http_date(answer.header("date"))
        .map_err(|_| format!("the answer's Date header is not a date: {:?}", answer.header("date")))?;
    let cdn_time = Timestamp::try_from(date).map_err(|error| error.to_string())?;
    let skew = (visitor.options.clock)().duration_since(cdn_time).unsigned_abs().as_secs();
    if skew > MAX_SKEW_SECONDS {
        return Err(format!(
            "this machine's clock and the CDN's are {skew} s apart: correct the clock of this machine, or its signatures fail"
        ));
    }
    Ok(format!("{skew} s apart"))
}

/// The edge function's sentences come from the key-value store. An answer with one shows that the store is filled.
pub(super) async fn policy(visitor: &Visitor<'_>) -> Observation {
    let answer = visitor.client.get("/files/doctor?w=0", &[]).await?;
    match (answer.status, answer.problem_detail()) {
        (400, Some(detail)) => Ok(detail),
        (503, _) => {
            Err("the edge function can't read its policy: the key-value store has no data; deploy again"
                .to_owned())
        }
        _ => Err(format!("w=0 isn't refused with 400, but {}", answer.summary())),
    }
}

pub(super) async fn ladder(visitor: &Visitor<'_>) -> Observation {
    let answer = visitor.client.get("/files/doctor?w=64&blur=7", &[]).await?;
    match (answer.status, answer.problem_detail()) {
        (403, Some(detail)) => Ok(detail),
        (404, Some(_)) => {
            Err("unsigned requests may ask for everything: the policy is open, and anyone can cause costs"
                .to_owned())
        }
        _ => Err(format!("the edge function doesn't refuse blur=7, but {}", answer.summary())),
    }
}

pub(super) async fn canonical(visitor: &Visitor<'_>) -> Observation {
    let answer = visitor.client.get("/files/doctor/w=63,fm=webp", &[]).await?;
    match (answer.status, answer.problem_detail()) {
        (404, Some(detail)) => Ok(detail),
        _ => Err(format!(
            "a canonical path isn't refused with 404, but {}: viewers can bypass the ladder",
            answer.summary()
        )),
    }
}

pub(super) async fn private(visitor: &Visitor<'_>) -> Observation {
    let answer = visitor.client.get("/private/doctor/doctor.png", &[]).await?;
    match (answer.status, answer.problem_detail()) {
        (403, Some(detail)) => Ok(detail),
        // A 403 of S3 has no problem document and says only that there is no such file.
        _ => Err(format!("the edge function doesn't refuse it, but {}", answer.summary())),
    }
}
