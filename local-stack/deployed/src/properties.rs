//! The properties of emulated resources. A property that isn't here is refused.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

properties! {
    /// `AWS::S3::Bucket`.
    BucketProperties {
        #[serde(rename = "CorsConfiguration")]
        cors: Option<CorsConfiguration>,
        #[serde(rename = "LifecycleConfiguration")]
        lifecycle: Option<LifecycleConfiguration>,
        #[serde(rename = "NotificationConfiguration")]
        notifications: Option<Notifications>,
    }
    CorsConfiguration {
        cors_rules: Vec<CorsRuleProperties>,
    }
    CorsRuleProperties {
        #[serde(default)]
        allowed_headers: Vec<String>,
        allowed_methods: Vec<String>,
        allowed_origins: Vec<String>,
        #[serde(default)]
        exposed_headers: Vec<String>,
        #[serde(default, rename = "Id")]
        _id: String,
        max_age: Option<u32>,
    }
    LifecycleConfiguration {
        rules: Vec<LifecycleRuleProperties>,
    }
    LifecycleRuleProperties {
        abort_incomplete_multipart_upload: Option<AbortUpload>,
        expiration_in_days: Option<u32>,
        #[serde(default, rename = "Id")]
        _id: String,
        prefix: Option<String>,
        status: String,
        #[serde(default)]
        tag_filters: Vec<TagFilter>,
    }
    AbortUpload {
        days_after_initiation: u32,
    }
    TagFilter {
        key: String,
        value: String,
    }
    Notifications {
        event_bridge_configuration: EventBridge,
    }
    EventBridge {
        #[serde(default = "yes")]
        event_bridge_enabled: bool,
    }
    /// `AWS::Lambda::Function`.
    FunctionProperties {
        code: Code,
        environment: Option<Environment>,
        handler: String,
        logging_config: Option<Logging>,
        memory_size: Option<u32>,
        reserved_concurrent_executions: Option<usize>,
        role: String,
        runtime: String,
        timeout: Option<u64>,
    }
    Code {
        #[serde(rename = "S3Bucket")]
        _bucket: String,
        #[serde(rename = "S3Key")]
        key: String,
    }
    Environment {
        variables: BTreeMap<String, String>,
    }
    Logging {
        log_group: String,
    }
    /// `AWS::Logs::MetricFilter`.
    MetricFilterProperties {
        filter_pattern: String,
        log_group_name: String,
        metric_transformations: Vec<MetricTransformation>,
    }
    MetricTransformation {
        #[serde(default)]
        dimensions: Vec<DimensionSelector>,
        metric_name: String,
        metric_namespace: String,
        metric_value: String,
    }
    DimensionSelector {
        key: String,
        value: String,
    }
    /// `AWS::CloudWatch::Alarm`.
    AlarmProperties {
        #[serde(default)]
        alarm_description: String,
        alarm_name: String,
        comparison_operator: String,
        #[serde(default)]
        dimensions: Vec<Dimension>,
        evaluation_periods: i32,
        extended_statistic: Option<String>,
        metric_name: Option<String>,
        metrics: Option<Vec<MetricQuery>>,
        namespace: Option<String>,
        period: Option<i64>,
        statistic: Option<String>,
        threshold: f64,
        treat_missing_data: String,
    }
    Dimension {
        name: String,
        value: String,
    }
    MetricQuery {
        expression: Option<String>,
        id: String,
        #[serde(default, rename = "Label")]
        _label: String,
        metric_stat: Option<MetricStat>,
        return_data: bool,
    }
    MetricStat {
        metric: NamedMetric,
        period: i64,
        stat: String,
    }
    NamedMetric {
        #[serde(default)]
        dimensions: Vec<Dimension>,
        metric_name: String,
        namespace: String,
    }
    /// `AWS::Lambda::Url`.
    UrlProperties {
        auth_type: String,
        invoke_mode: Option<String>,
        target_function_arn: String,
    }
    /// `AWS::Lambda::EventSourceMapping`.
    MappingProperties {
        batch_size: usize,
        event_source_arn: String,
        function_name: String,
        #[serde(default)]
        function_response_types: Vec<String>,
        scaling_config: Option<Scaling>,
    }
    Scaling {
        maximum_concurrency: usize,
    }
    /// `AWS::SQS::Queue`.
    QueueProperties {
        #[serde(default)]
        delay_seconds: u64,
        message_retention_period: Option<u64>,
        redrive_policy: Option<RedrivePolicy>,
        visibility_timeout: Option<u64>,
    }
    /// `AWS::Events::Rule`.
    RuleProperties {
        event_pattern: Value,
        state: Option<String>,
        targets: Vec<Target>,
    }
    Target {
        arn: String,
    }
    /// `AWS::ApiGatewayV2::Api`.
    ApiProperties {
        protocol_type: String,
    }
    /// `AWS::ApiGatewayV2::Integration`.
    IntegrationProperties {
        api_id: String,
        integration_type: String,
        integration_uri: String,
        payload_format_version: String,
    }
    /// `AWS::ApiGatewayV2::Route`.
    RouteProperties {
        api_id: String,
        authorization_type: Option<String>,
        route_key: String,
        target: String,
    }
    /// `AWS::ApiGatewayV2::Stage`.
    StageProperties {
        api_id: String,
        stage_name: String,
    }
    /// `AWS::SecretsManager::Secret`.
    SecretProperties {
        generate_secret_string: GenerateSecret,
    }
    GenerateSecret {
        exclude_punctuation: bool,
        password_length: usize,
    }
    /// `AWS::CloudFront::KeyValueStore`.
    KeyValueStoreProperties {
        #[serde(rename = "Name")]
        _name: String,
    }
    /// `AWS::CloudFront::Function`.
    EdgeFunctionProperties {
        function_code: String,
        function_config: EdgeFunctionConfig,
    }
    EdgeFunctionConfig {
        key_value_store_associations: Vec<KeyValueStoreAssociation>,
        runtime: String,
    }
    KeyValueStoreAssociation {
        #[serde(rename = "KeyValueStoreARN")]
        arn: String,
    }
}

/// The redrive policy of a queue. AWS writes its members with a small letter.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RedrivePolicy {
    pub(crate) dead_letter_target_arn: String,
    pub(crate) max_receive_count: u32,
}

fn yes() -> bool {
    true
}
