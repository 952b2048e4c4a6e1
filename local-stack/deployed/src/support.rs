//! The resource types and properties that have no effect on one machine. Every other type and property is emulated, or refused by
//! its name.

use serde_json::Value;

/// The resource types without an effect: a type that ends in `::` stands for all types that begin with it.
pub const TYPES_WITHOUT_EFFECT: [(&str, &str); 12] = [
    ("AWS::CDK::Metadata", "usage statistics of the CDK"),
    (
        "AWS::CloudFront::OriginAccessControl",
        "the distribution signs requests to its buckets and function URLs",
    ),
    ("AWS::CloudWatch::Dashboard", "a page of CloudWatch"),
    ("AWS::IAM::", "policies, which are evaluated, and roles, which have credentials of their own"),
    ("AWS::Lambda::Permission", "evaluated as the policy of its function"),
    ("AWS::Logs::Delivery", "the access log of the distribution"),
    ("AWS::Logs::DeliveryDestination", "the access log of the distribution"),
    ("AWS::Logs::DeliverySource", "the access log of the distribution"),
    ("AWS::Logs::LogGroup", "the log of a function is a file"),
    ("AWS::S3::BucketPolicy", "evaluated as the policy of its bucket"),
    ("AWS::SNS::", "topics of alarms"),
    ("AWS::SQS::QueuePolicy", "evaluated as the policy of its queue"),
];

/// The properties without an effect, by resource type. A dot leads to a member, also of each element of a list.
pub const PROPERTIES_WITHOUT_EFFECT: [(&str, &[&str]); 13] = [
    (
        "AWS::S3::Bucket",
        &[
            "BucketEncryption",
            // Older versions aren't kept, and nothing marks a deletion.
            "LifecycleConfiguration.Rules.ExpiredObjectDeleteMarker",
            "LifecycleConfiguration.Rules.NoncurrentVersionExpiration",
            "LoggingConfiguration",
            "OwnershipControls",
            "PublicAccessBlockConfiguration",
            "Tags",
            // Each object has one version, the newest.
            "VersioningConfiguration",
        ],
    ),
    ("AWS::Lambda::Function", &["Architectures", "Description", "Tags", "TracingConfig"]),
    // Topics have no subscribers here.
    ("AWS::CloudWatch::Alarm", &["AlarmActions", "OKActions", "Tags"]),
    ("AWS::Lambda::EventSourceMapping", &["Tags"]),
    ("AWS::SQS::Queue", &["SqsManagedSseEnabled", "Tags"]),
    // Only an event whose queue can't be written would go to the dead letters of a target.
    ("AWS::Events::Rule", &["Description", "Tags", "Targets.DeadLetterConfig", "Targets.Id"]),
    ("AWS::ApiGatewayV2::Api", &["Description", "Name", "Tags"]),
    // Throttling belongs to the stage.
    (
        "AWS::ApiGatewayV2::Stage",
        &["AccessLogSettings", "AutoDeploy", "DefaultRouteSettings", "RouteSettings", "Tags"],
    ),
    ("AWS::SecretsManager::Secret", &["Description", "Tags"]),
    (
        "AWS::DynamoDB::Table",
        &["DeletionProtectionEnabled", "PointInTimeRecoverySpecification", "SSESpecification", "Tags"],
    ),
    ("AWS::CloudFront::KeyValueStore", &["Comment", "Tags"]),
    ("AWS::CloudFront::Function", &["AutoPublish", "FunctionConfig.Comment", "Name", "Tags"]),
    (
        "AWS::CloudFront::Distribution",
        &[
            "Tags",
            "DistributionConfig.Comment",
            "DistributionConfig.HttpVersion",
            "DistributionConfig.IPV6Enabled",
            "DistributionConfig.PriceClass",
            "DistributionConfig.ViewerCertificate",
            // The edge function names the origins of its group itself.
            "DistributionConfig.OriginGroups",
            // There is no TLS.
            "DistributionConfig.CacheBehaviors.ViewerProtocolPolicy",
            "DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy",
            // The cache keeps responses to GET, and answers HEAD from them.
            "DistributionConfig.CacheBehaviors.CachedMethods",
            "DistributionConfig.DefaultCacheBehavior.CachedMethods",
            "DistributionConfig.Origins.ConnectionAttempts",
            "DistributionConfig.Origins.CustomOriginConfig",
            // The one cache is that of all regions.
            "DistributionConfig.Origins.OriginShield",
        ],
    ),
];

/// `true` if resources of a type have no effect.
pub(crate) fn has_no_effect(kind: &str) -> bool {
    TYPES_WITHOUT_EFFECT
        .iter()
        .any(|(name, _)| *name == kind || (name.ends_with("::") && kind.starts_with(name)))
}

/// Removes the properties that have no effect.
pub(crate) fn remove_without_effect(kind: &str, properties: &mut Value) {
    let of_kind = PROPERTIES_WITHOUT_EFFECT.iter().find(|(name, _)| *name == kind);
    for path in of_kind.map(|(_, paths)| *paths).unwrap_or_default() {
        remove(properties, path);
    }
}

fn remove(value: &mut Value, path: &str) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(|element| remove(element, path)),
        Value::Object(members) => match path.split_once('.') {
            Some((name, rest)) => {
                if let Some(member) = members.get_mut(name) {
                    remove(member, rest);
                }
            }
            None => drop(members.remove(path)),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
