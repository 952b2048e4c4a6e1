//! The check of the bucket of originals, with the permissions of its owner.

use std::time::Duration;

use http::Method;
use upload_signer::signing::sigv4::Scope;

use super::finding::CheckResult;
use super::options::Bucket;
use super::visitor::Visitor;

/// A text that one of the rules must contain, and the objects that this rule removes.
const RULES: [(&str, &str); 3] = [
    ("<AbortIncompleteMultipartUpload>", "parts of abandoned uploads"),
    ("<Value>pending</Value>", "pending uploads"),
    ("<Value>refused</Value>", "refused uploads"),
];

/// Reads the rules as text: they are few, and S3 writes them without white space.
pub(super) async fn lifecycle(visitor: &Visitor<'_>) -> CheckResult {
    let Some(Bucket { name, region, credentials }) = &visitor.options.bucket else {
        return CheckResult::Skipped(
            "there is no --bucket; the check needs credentials with s3:GetLifecycleConfiguration".to_owned(),
        );
    };
    let scope = Scope { credentials, region, now: (visitor.options.clock)() };
    let url = format!("https://{name}.s3.{region}.amazonaws.com/?lifecycle=");
    let url = match scope.sign_url("GET", &url, &[], Duration::from_mins(1)) {
        Ok(url) => url,
        Err(error) => return CheckResult::Failed(error.to_string()),
    };
    let answer = match visitor.client.send(&Method::GET, &url, &[]).await {
        Ok(answer) if answer.status == 200 => answer,
        Ok(answer) => {
            return CheckResult::Failed(format!("the rules can't be read: {}", answer.summary()));
        }
        Err(error) => return CheckResult::Failed(error.to_string()),
    };
    let missing = missing(&String::from_utf8_lossy(&answer.body));
    if missing.is_empty() {
        CheckResult::Passed("parts, pending, refused".to_owned())
    } else {
        CheckResult::Failed(format!("no rule removes {}", missing.join(", ")))
    }
}

fn missing(rules: &str) -> Vec<&'static str> {
    RULES.iter().filter(|(text, _)| !rules.contains(text)).map(|(_, objects)| *objects).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_rule_is_named_by_the_objects_that_it_removes() {
        let tag = |value: &str| format!("<Filter><Tag><Key>state</Key><Value>{value}</Value></Tag></Filter>");
        let abort = "<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>";
        let all = format!(
            "<LifecycleConfiguration>{abort}{}{}</LifecycleConfiguration>",
            tag("pending"),
            tag("refused")
        );
        assert!(missing(&all).is_empty());
        assert_eq!(missing(&all.replace("refused", "other")), ["refused uploads"]);
        assert_eq!(missing(""), ["parts of abandoned uploads", "pending uploads", "refused uploads"]);
    }
}
