use serde_json::json;

use super::*;
use crate::context::{Context, Key};

const ROLE: &str = "arn:aws:iam::123456789012:role/resize";

fn role() -> Caller {
    Caller::Role(ROLE.to_owned())
}

fn call(caller: Caller, action: &str, resource: &str) -> Call {
    let (action, resource) = (action.to_owned(), resource.to_owned());
    Call { caller, action, resource, context: Context::over_tls() }
}

/// The decision about a call by the policy of the role and by that of the bucket `docs`.
fn decide(of_role: &Value, of_bucket: &Value, call: &Call) -> Decision {
    let document = json!({ "roles": { ROLE: of_role }, "resources": { "arn:aws:s3:::docs": of_bucket } });
    Permissions::parse(&document).unwrap().decide(call)
}

fn statement(effect: &str, action: &str, resource: &str) -> Value {
    json!({ "Effect": effect, "Action": action, "Resource": resource })
}

fn of_principal(effect: &str, principal: &Value, resource: &str) -> Value {
    json!({ "Effect": effect, "Principal": principal, "Action": "s3:GetObject", "Resource": resource })
}

#[test]
fn a_denial_wins_and_one_permission_is_enough() {
    let object = "arn:aws:s3:::docs/a";
    let read = call(role(), "s3:GetObject", object);
    let allow = |resource: &str| json!([statement("Allow", "s3:GetObject", resource)]);
    let deny = json!([statement("Deny", "s3:Get*", "*"), statement("Allow", "s3:GetObject", object)]);
    let role_of_bucket = |effect: &str| json!([of_principal(effect, &json!({ "AWS": ROLE }), object)]);
    let other = json!({ "AWS": "arn:aws:iam::123456789012:role/other" });
    for (of_role, of_bucket, expected) in [
        (json!([]), json!([]), Decision::Denied),
        (allow(object), json!([]), Decision::Allowed),
        (allow("arn:aws:s3:::docs/*"), json!([]), Decision::Allowed),
        (allow("arn:aws:s3:::docs"), json!([]), Decision::Denied),
        (allow("arn:aws:s3:::doc?/a"), json!([]), Decision::Allowed),
        (allow("arn:aws:s3:::DOCS/a"), json!([]), Decision::Denied),
        (json!([]), role_of_bucket("Allow"), Decision::Allowed),
        (json!([]), json!([of_principal("Allow", &other, object)]), Decision::Denied),
        (json!([]), json!([of_principal("Allow", &json!("*"), object)]), Decision::Allowed),
        (deny, json!([]), Decision::ExplicitlyDenied),
        (allow(object), role_of_bucket("Deny"), Decision::ExplicitlyDenied),
        (allow(object), json!([of_principal("Deny", &other, object)]), Decision::Allowed),
        (
            allow(object),
            json!([of_principal("Deny", &json!({ "AWS": "*" }), object)]),
            Decision::ExplicitlyDenied,
        ),
    ] {
        assert_eq!(decide(&of_role, &of_bucket, &read), expected, "{of_role} {of_bucket}");
    }
}

#[test]
fn actions_do_not_depend_on_case_and_may_have_wildcards() {
    let read = call(role(), "s3:GetObject", "arn:aws:s3:::docs/a");
    for (action, expected) in [
        ("s3:getobject", Decision::Allowed),
        ("S3:GetObject", Decision::Allowed),
        ("s3:Get*", Decision::Allowed),
        ("s3:*Object", Decision::Allowed),
        ("s3:GetObjec?", Decision::Allowed),
        ("*", Decision::Allowed),
        ("s3:GetObjectVersion", Decision::Denied),
        ("s3:GetObjectTagging*", Decision::Denied),
        ("sqs:*", Decision::Denied),
    ] {
        let of_role = json!([statement("Allow", action, "arn:aws:s3:::docs/*")]);
        assert_eq!(decide(&of_role, &json!([]), &read), expected, "{action}");
    }
}

/// CloudFront's developer guide, "Restrict access to an Amazon S3 origin", with the example's names.
#[test]
fn a_distribution_reads_the_bucket_that_names_it() {
    let policy = json!([{
        "Sid": "AllowCloudFrontServicePrincipalReadOnly",
        "Effect": "Allow",
        "Principal": { "Service": "cloudfront.amazonaws.com" },
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::docs/*",
        "Condition": { "StringEquals": { "AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE" } },
    }]);
    let cdn = || Caller::Service("cloudfront.amazonaws.com".to_owned());
    let with_source = |mut call: Call, id: &str| {
        let arn = format!("arn:aws:cloudfront::111122223333:distribution/{id}");
        call.context = call.context.with(Key::SourceArn, arn);
        call
    };
    let read = || call(cdn(), "s3:GetObject", "arn:aws:s3:::docs/a");
    for (call, expected) in [
        (with_source(read(), "EDFDVBD6EXAMPLE"), Decision::Allowed),
        (with_source(read(), "EOTHER"), Decision::Denied),
        (read(), Decision::Denied),
        (
            with_source(call(cdn(), "s3:PutObject", "arn:aws:s3:::docs/a"), "EDFDVBD6EXAMPLE"),
            Decision::Denied,
        ),
        (with_source(call(cdn(), "s3:GetObject", "arn:aws:s3:::docs"), "EDFDVBD6EXAMPLE"), Decision::Denied),
        (
            with_source(call(role(), "s3:GetObject", "arn:aws:s3:::docs/a"), "EDFDVBD6EXAMPLE"),
            Decision::Denied,
        ),
    ] {
        assert_eq!(decide(&json!([]), &policy, &call), expected, "{call:?}");
    }
}

/// S3's user guide, "Tagging and access control policies" and "Bucket policy examples".
#[test]
fn the_documented_examples_decide_as_documented() {
    let tag = |name: &str, value: &str| {
        let key = match name {
            "existing" => Key::ExistingObjectTag("environment".to_owned()),
            _ => Key::RequestObjectTag("environment".to_owned()),
        };
        Context::over_tls().with(key, value)
    };
    let existing = json!([{
        "Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObjectVersion"], "Resource": "arn:aws:s3:::docs/*",
        "Condition": { "StringEquals": { "s3:ExistingObjectTag/environment": "production" } },
    }]);
    let requested = json!([{
        "Effect": "Allow", "Action": ["s3:PutObjectTagging"], "Resource": ["arn:aws:s3:::docs/*"],
        "Condition": { "StringEquals": { "s3:RequestObjectTag/environment": "production" } },
    }]);
    let listed = json!([{
        "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::docs"],
        "Condition": { "StringLike": { "s3:prefix": "projects*" } },
    }]);
    let prefix = |prefix: &str| Context::over_tls().with(Key::Prefix, prefix);
    let (object, bucket) = ("arn:aws:s3:::docs/a", "arn:aws:s3:::docs");
    for (policy, action, resource, context, expected) in [
        (&existing, "s3:GetObject", object, tag("existing", "production"), Decision::Allowed),
        (&existing, "s3:GetObjectVersion", object, tag("existing", "production"), Decision::Allowed),
        (&existing, "s3:GetObject", object, tag("existing", "test"), Decision::Denied),
        (&existing, "s3:GetObject", object, tag("requested", "production"), Decision::Denied),
        (&existing, "s3:GetObject", object, Context::over_tls(), Decision::Denied),
        (&requested, "s3:PutObjectTagging", object, tag("requested", "production"), Decision::Allowed),
        (&requested, "s3:PutObjectTagging", object, tag("requested", "test"), Decision::Denied),
        (&listed, "s3:ListBucket", bucket, prefix("projects/1"), Decision::Allowed),
        (&listed, "s3:ListBucket", bucket, prefix("other"), Decision::Denied),
        (&listed, "s3:ListBucket", bucket, Context::over_tls(), Decision::Denied),
    ] {
        let call = Call { context, ..call(role(), action, resource) };
        assert_eq!(decide(policy, &json!([]), &call), expected, "{policy} {call:?}");
    }
    let insecure = json!([{
        "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [bucket, "arn:aws:s3:::docs/*"],
        "Condition": { "Bool": { "aws:SecureTransport": "false" } },
    }]);
    let may_read = json!([statement("Allow", "s3:*", "*")]);
    for (is_secure, expected) in [("true", Decision::Allowed), ("false", Decision::ExplicitlyDenied)] {
        let context = Context::over_tls().with(Key::SecureTransport, is_secure);
        let call = Call { context, ..call(role(), "s3:GetObject", object) };
        assert_eq!(decide(&may_read, &insecure, &call), expected, "{is_secure}");
    }
}

#[test]
fn a_document_that_breaks_the_rules_is_an_error() {
    let own = of_principal("Allow", &json!("*"), "arn:aws:s3:::docs/*");
    let other = of_principal("Allow", &json!("*"), "arn:aws:s3:::documents/*");
    let without = statement("Allow", "s3:GetObject", "arn:aws:s3:::docs/*");
    for (of_role, of_bucket, is_valid) in [
        (json!([without]), json!([own]), true),
        (json!([own]), json!([]), false),
        (json!([]), json!([without]), false),
        (json!([]), json!([other]), false),
        (json!({}), json!([]), false),
    ] {
        let document = json!({ "roles": { ROLE: of_role }, "resources": { "arn:aws:s3:::docs": of_bucket } });
        assert_eq!(Permissions::parse(&document).is_ok(), is_valid, "{document}");
    }
    assert!(Permissions::parse(&json!({ "roles": {} })).is_err());
}

#[test]
fn a_log_has_each_call_once() {
    let document = json!({ "roles": { ROLE: [] }, "resources": {} });
    let (permissions, log) = Permissions::parse(&document).unwrap().logged();
    assert!(permissions.has_role(ROLE) && !permissions.has_role("arn:aws:iam::123456789012:role/other"));
    let read = call(role(), "s3:GetObject", "arn:aws:s3:::docs/a");
    permissions.decide(&read);
    permissions.clone().decide(&read);
    assert_eq!(log.calls(), BTreeSet::from([read]));
}
