//! Events as AWS sends them: Lambda's developer guide ("Invoking Lambda function URLs", "Using Lambda with Amazon SQS"),
//! API Gateway's ("payload format version 2.0"), S3's user guide ("Event message structure", "EventBridge").

use serde_json::{Value, json};

/// A request to a function URL, as CloudFront sends it: with a percent-encoded path and the function's host.
pub(super) fn function_url(method: &str, path: &str, headers: &[(&str, &str)]) -> Value {
    let host = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.us-east-1.on.aws";
    http(host, method, path, "", headers, "")
}

/// A request to an HTTP API. API Gateway decodes the path, and the stage is `$default`.
pub(super) fn http_api(method: &str, path: &str, query: &str, headers: &[(&str, &str)], body: &str) -> Value {
    http("a1b2c3d4e5.execute-api.us-east-1.amazonaws.com", method, path, query, headers, body)
}

/// An S3 event of EventBridge.
pub(super) fn bridged(bucket: &str, key: &str) -> Value {
    json!({
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": "111122223333",
        "time": "2026-01-01T00:00:00Z",
        "region": "us-east-1",
        "resources": [format!("arn:aws:s3:::{bucket}")],
        "detail": {
            "version": "0",
            "bucket": { "name": bucket },
            "object": { "key": key, "size": 5, "etag": "b1946ac92492d2347c6235b4d2611184", "sequencer": "617f08299329d189" },
            "request-id": "N4N7GDK58NMKJ12R",
            "requester": "123456789012",
            "source-ip-address": "127.0.0.1",
            "reason": "PutObject",
        },
    })
}

/// An S3 notification, for a key that is spelled the same when form-encoded.
pub(super) fn notified(bucket: &str, key: &str) -> Value {
    let bucket = json!({ "name": bucket, "arn": format!("arn:aws:s3:::{bucket}"), "ownerIdentity": { "principalId": "A" } });
    let object = json!({ "key": key, "size": 5, "eTag": "b1946ac92492d2347c6235b4d2611184", "sequencer": "0055AED6DCD90281E5" });
    json!({
        "Records": [{
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": "us-east-1",
            "eventTime": "2026-01-01T00:00:00.000Z",
            "eventName": "ObjectCreated:Put",
            "userIdentity": { "principalId": "AWS:AROAEXAMPLE" },
            "requestParameters": { "sourceIPAddress": "127.0.0.1" },
            "responseElements": { "x-amz-request-id": "C3D13FE58DE4C810" },
            "s3": { "s3SchemaVersion": "1.0", "configurationId": "all", "bucket": bucket, "object": object },
        }],
    })
}

/// A batch of SQS messages: ids and bodies.
pub(super) fn queued(messages: &[(&str, &str)]) -> Value {
    let record = |(id, body): &(&str, &str)| {
        json!({
            "messageId": id,
            "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
            "body": body,
            "attributes": {
                "ApproximateReceiveCount": "1",
                "SentTimestamp": "1545082649183",
                "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                "ApproximateFirstReceiveTimestamp": "1545082649185",
            },
            "messageAttributes": {},
            "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:111122223333:arrivals",
            "awsRegion": "us-east-1",
        })
    };
    json!({ "Records": messages.iter().map(record).collect::<Vec<_>>() })
}

fn http(host: &str, method: &str, path: &str, query: &str, headers: &[(&str, &str)], body: &str) -> Value {
    let mut all = json!({
        "host": host,
        "x-forwarded-proto": "https",
        "x-forwarded-port": "443",
        "x-forwarded-for": "127.0.0.1",
        "via": "2.0 0123456789abcdef.cloudfront.net (CloudFront)",
        "user-agent": "Amazon CloudFront",
    });
    for (name, value) in headers {
        all[*name] = json!(value);
    }
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": all,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": host.split('.').next(),
            "domainName": host,
            "domainPrefix": host.split('.').next(),
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "Amazon CloudFront",
            },
            "requestId": "4b2e0b5e-3f3c-4a5e-8d3b-3f4a5b6c7d8e",
            "routeKey": "$default",
            "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000",
            "timeEpoch": 1_767_225_600_000_u64,
        },
        "isBase64Encoded": false,
    });
    if !body.is_empty() {
        event["body"] = json!(body);
    }
    event
}
