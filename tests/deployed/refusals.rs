//! Templates that aren't started, and calls that a template doesn't allow.

use serde_json::{Value, json};

use super::synthesised::Synthesised;
use crate::support::pictures::{jpeg, quarters};

#[tokio::test]
#[ignore = "synthesises a template, as ./test does"]
async fn a_template_with_something_that_is_not_emulated_is_refused_by_its_name() {
    let synthesised = Synthesised::new(&json!({}));
    let check = async |change: fn(&mut Value), expected: &str| {
        synthesised.change(change);
        let error = synthesised.refusal().await;
        assert!(error.contains(expected), "{error}");
    };
    check(
        |template| template["Resources"]["Stream"] = json!({ "Type": "AWS::Kinesis::Stream" }),
        "Stream is a AWS::Kinesis::Stream",
    )
    .await;
    check(
        |template| {
            template["Resources"]["Slow"] =
                json!({ "Type": "AWS::SQS::Queue", "Properties": { "FifoQueue": true } });
        },
        "Slow: unknown field `FifoQueue`",
    )
    .await;
    check(
        |template| {
            template["Resources"]["Old"] = json!({
                "Type": "AWS::S3::Bucket",
                "Properties": { "LifecycleConfiguration": { "Rules": [{ "Status": "Enabled", "Transitions": [] }] } },
            });
        },
        "Old: unknown field `Transitions`",
    )
    .await;
    check(
        |template| {
            template["Resources"]["Other"] = json!({
                "Type": "AWS::CloudWatch::Alarm",
                "Properties": {
                    "AlarmName": "Other", "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1,
                    "MetricName": "BytesDownloaded", "Namespace": "AWS/CloudFront", "Period": 60,
                    "Statistic": "Sum", "Threshold": 1, "TreatMissingData": "notBreaching",
                },
            });
        },
        "Other: the metric AWS/CloudFront BytesDownloaded isn't emulated",
    )
    .await;
    check(
        |template| template["Outputs"]["Other"] = json!({ "Value": { "Fn::ImportValue": "x" } }),
        "Fn::ImportValue",
    )
    .await;
}

#[tokio::test]
#[ignore = "synthesises a template, as ./test does"]
async fn an_assembly_with_two_stacks_is_refused_by_their_names() {
    let error = Synthesised::new(&json!({ "region": "eu-central-1" })).refusal().await;
    assert!(error.contains("it has 2 stacks (Tintype, Tintype-cdn)"), "{error}");
    assert!(error.contains("us-east-1"), "{error}");
}

/// Takes statements out of all policies of roles by their ids.
fn take_statements(template: &mut Value, id: &str) {
    let mut taken = 0;
    for resource in template["Resources"].as_object_mut().unwrap().values_mut() {
        let statements = resource.pointer_mut("/Properties/PolicyDocument/Statement");
        if let Some(statements) = statements.and_then(Value::as_array_mut) {
            let before = statements.len();
            statements.retain(|statement| statement["Sid"] != id);
            taken += before - statements.len();
        }
    }
    assert_ne!(taken, 0, "no policy has a statement {id}");
}

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn a_permission_that_is_taken_out_of_the_template_is_missed() {
    let synthesised = Synthesised::new(&json!({}));
    synthesised.change(|template| {
        take_statements(template, "ReadSecrets");
        let resources = template["Resources"].as_object_mut().unwrap();
        let before = resources.len();
        resources.retain(|_, resource| resource["Properties"]["InvokedViaFunctionUrl"] != true);
        assert_eq!(resources.len(), before - 1, "the permission to call the resize function");
    });
    let deployed = synthesised.start().await;
    // The signer can't read its secrets.
    let (status, answer) =
        deployed.sign_as(None, &json!({ "filename": "a.jpg", "type": "image/jpeg" })).await;
    assert_eq!((status, &answer), (500, &json!({ "message": "Internal Server Error" })));
    // The distribution may read originals, but not call the resize function.
    let path = deployed.store("files/by-hand/photo.jpg", "image/jpeg", &jpeg(&quarters(64, 48))).await;
    assert_eq!(deployed.get(&path).await.status, 200);
    let variant = deployed.get(&format!("{path}?w=64")).await;
    assert_eq!(variant.status, 403, "{}", String::from_utf8_lossy(&variant.body));
    deployed.stop().await;
}
