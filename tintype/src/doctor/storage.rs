//! The bucket of originals, seen by its owner.

use std::time::Duration;

use http::Method;
use upload_signer::signing::sigv4::Scope;

use super::visit::Visitor;
use super::{Bucket, Outcome};

/// What the rules must say, and what they are for.
const RULES: [(&str, &str); 3] = [
    ("<AbortIncompleteMultipartUpload>", "parts of abandoned uploads"),
    ("<Value>pending</Value>", "what was never checked"),
    ("<Value>refused</Value>", "what was refused"),
];

/// The rules are read as text: they are few, and S3 writes them without blanks.
pub(super) async fn lifecycle(visitor: &Visitor<'_>) -> Outcome {
    let Some(Bucket { name, region, credentials }) = &visitor.options.bucket else {
        return Outcome::Skipped(
            "--bucket names none; it needs credentials with s3:GetLifecycleConfiguration".to_owned(),
        );
    };
    let scope = Scope { credentials, region, now: (visitor.options.clock)() };
    let url = format!("https://{name}.s3.{region}.amazonaws.com/?lifecycle=");
    let url = match scope.sign_url("GET", &url, &[], Duration::from_mins(1)) {
        Ok(url) => url,
        Err(error) => return Outcome::Failed(error.to_string()),
    };
    let seen = match visitor.send(&Method::GET, &url, &[]).await {
        Ok(seen) if seen.status == 200 => seen,
        Ok(seen) => return Outcome::Failed(format!("the rules can't be read: {}", seen.told())),
        Err(wrong) => return Outcome::Failed(wrong),
    };
    let missing = missing(&String::from_utf8_lossy(&seen.body));
    if missing.is_empty() {
        Outcome::Passed("parts, pending, refused".to_owned())
    } else {
        Outcome::Failed(format!("no rule removes {}", missing.join(", ")))
    }
}

fn missing(rules: &str) -> Vec<&'static str> {
    RULES.iter().filter(|(text, _)| !rules.contains(text)).map(|(_, what)| *what).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_rule_is_named_by_what_it_is_for() {
        let tag = |value: &str| format!("<Filter><Tag><Key>state</Key><Value>{value}</Value></Tag></Filter>");
        let abort = "<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>";
        let all = format!(
            "<LifecycleConfiguration>{abort}{}{}</LifecycleConfiguration>",
            tag("pending"),
            tag("refused")
        );
        assert!(missing(&all).is_empty());
        assert_eq!(missing(&all.replace("refused", "other")), ["what was refused"]);
        assert_eq!(missing(""), ["parts of abandoned uploads", "what was never checked", "what was refused"]);
    }
}
