use serde_json::json;

use super::*;

fn template() -> Template {
    let template = json!({
        "Parameters": { "Version": { "Type": "String", "Default": "7" }, "Given": { "Type": "String" } },
        "Resources": {
            "Files1A": { "Type": "AWS::S3::Bucket" },
            "Logs": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": "all-logs" } },
            "Queue": { "Type": "AWS::SQS::Queue" },
            "Cdn": { "Type": "AWS::CloudFront::Distribution" },
            "Url": { "Type": "AWS::Lambda::Url" },
            "Secret": { "Type": "AWS::SecretsManager::Secret" },
            "Other": { "Type": "AWS::New::Thing" },
        },
    });
    let names = [("Files1A".to_owned(), "files".to_owned()), ("Cdn".to_owned(), "E1".to_owned())].into();
    let (id, region, stack) = ("123456789012".to_owned(), "eu-west-1".to_owned(), "Stack".to_owned());
    Template::new(&template, Account { id, region, stack, names }).unwrap()
}

#[test]
fn functions_are_resolved_to_the_names_of_the_account() {
    let template = template();
    for (value, expected) in [
        (json!({ "Ref": "Files1A" }), json!("files")),
        (json!({ "Ref": "Logs" }), json!("all-logs")),
        (json!({ "Ref": "Queue" }), json!("https://sqs.eu-west-1.amazonaws.com/123456789012/Queue")),
        (json!({ "Ref": "Secret" }), json!("arn:aws:secretsmanager:eu-west-1:123456789012:secret:Secret")),
        (json!({ "Ref": "Version" }), json!("7")),
        (json!({ "Fn::GetAtt": ["Files1A", "Arn"] }), json!("arn:aws:s3:::files")),
        (json!({ "Fn::GetAtt": "Files1A.RegionalDomainName" }), json!("files.s3.eu-west-1.amazonaws.com")),
        (
            json!({ "Fn::Join": ["", ["arn:", { "Ref": "AWS::Partition" }, ":cloudfront::", { "Ref": "AWS::AccountId" }, ":distribution/", { "Ref": "Cdn" }]] }),
            json!("arn:aws:cloudfront::123456789012:distribution/E1"),
        ),
        (json!({ "Fn::Join": ["/", { "Fn::Split": [":", "a:b"] }] }), json!("a/b")),
        (
            json!({ "Fn::Select": [2, { "Fn::Split": ["/", { "Fn::GetAtt": ["Url", "FunctionUrl"] }] }] }),
            json!("url.lambda-url.eu-west-1.on.aws"),
        ),
        (json!({ "Fn::Select": ["1", ["a", "b"]] }), json!("b")),
        (
            json!({ "Fn::Sub": "${Files1A.Arn}/${AWS::Region}/${!Kept}/*" }),
            json!("arn:aws:s3:::files/eu-west-1/${Kept}/*"),
        ),
        (json!({ "Fn::Sub": ["${Name}-${Logs}", { "Name": { "Ref": "Cdn" } }] }), json!("E1-all-logs")),
        (
            json!({ "a": [1, { "Ref": "AWS::NoValue" }, true], "b": { "Ref": "AWS::NoValue" } }),
            json!({ "a": [1, true] }),
        ),
        // A member of this name beside others is no function.
        (json!({ "Ref": "Cdn", "Other": 1 }), json!({ "Ref": "Cdn", "Other": 1 })),
    ] {
        assert_eq!(template.resolve(&value).unwrap(), expected, "{value}");
    }
    assert_eq!(template.arn("Queue").unwrap(), "arn:aws:sqs:eu-west-1:123456789012:Queue");
}

#[test]
fn what_cannot_be_resolved_is_an_error() {
    let template = template();
    for (value, expected) in [
        (json!({ "Ref": "Nothing" }), "reference Nothing"),
        (json!({ "Ref": "Given" }), "reference Given"),
        (json!({ "Ref": "Other" }), "resource of type AWS::New::Thing"),
        (json!({ "Fn::GetAtt": ["Other", "Arn"] }), "AWS::New::Thing"),
        (json!({ "Fn::GetAtt": ["Files1A", "Color"] }), "Color of AWS::S3::Bucket"),
        (json!({ "Fn::GetAtt": ["Files1A"] }), "a resource and an attribute"),
        (json!({ "Fn::ImportValue": "a" }), "function Fn::ImportValue"),
        (json!({ "Fn::If": ["a", "b", "c"] }), "function Fn::If"),
        (json!({ "Fn::Select": [2, ["a"]] }), "the place of a text"),
        (json!({ "Fn::Join": ["", [{ "a": 1 }]] }), "a list of texts"),
        (json!({ "Fn::Sub": "${Files1A" }), "closed variables"),
        (json!({ "Fn::Sub": "${Nothing}" }), "reference Nothing"),
    ] {
        let error = template.resolve(&value).unwrap_err().to_string();
        assert!(error.contains(expected), "{value}: {error}");
    }
    let account = template.account().clone();
    let conditional = json!({ "Resources": {}, "Conditions": {} });
    assert!(Template::new(&conditional, account.clone()).is_err());
    assert!(Template::new(&json!({}), account).is_err());
}
