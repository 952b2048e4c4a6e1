//! The properties of a distribution and its policies. A property that isn't here is refused.

use serde::Deserialize;

properties! {
    /// `AWS::CloudFront::Distribution`.
    DistributionProperties {
        distribution_config: DistributionConfig,
    }
    DistributionConfig {
        #[serde(default)]
        cache_behaviors: Vec<CacheBehavior>,
        cache_tag_config: CacheTags,
        #[serde(default)]
        custom_error_responses: Vec<ErrorResponse>,
        default_cache_behavior: CacheBehavior,
        enabled: bool,
        origins: Vec<Origin>,
    }
    CacheTags {
        header_name: String,
    }
    ErrorResponse {
        #[serde(rename = "ErrorCachingMinTTL")]
        seconds: u32,
        error_code: u16,
    }
    CacheBehavior {
        allowed_methods: Vec<String>,
        cache_policy_id: String,
        #[serde(default)]
        compress: bool,
        #[serde(default)]
        function_associations: Vec<FunctionAssociation>,
        origin_request_policy_id: Option<String>,
        path_pattern: Option<String>,
        response_headers_policy_id: Option<String>,
        target_origin_id: String,
    }
    FunctionAssociation {
        event_type: String,
        #[serde(rename = "FunctionARN")]
        function_arn: String,
    }
    Origin {
        domain_name: String,
        id: String,
        #[serde(rename = "OriginAccessControlId")]
        access_control: Option<String>,
        #[serde(rename = "S3OriginConfig")]
        s3_origin_config: Option<S3Origin>,
    }
    S3Origin {
        #[serde(rename = "OriginAccessIdentity")]
        identity: String,
    }
    /// `AWS::CloudFront::CachePolicy`.
    CachePolicyProperties {
        cache_policy_config: CachePolicy,
    }
    CachePolicy {
        #[serde(default, rename = "Comment")]
        _comment: String,
        #[serde(rename = "DefaultTTL")]
        default_ttl: u64,
        #[serde(rename = "MaxTTL")]
        max_ttl: u64,
        #[serde(rename = "MinTTL")]
        min_ttl: u64,
        #[serde(rename = "Name")]
        _name: String,
        parameters_in_cache_key_and_forwarded_to_origin: CacheKey,
    }
    CacheKey {
        cookies_config: Cookies,
        #[serde(rename = "EnableAcceptEncodingBrotli")]
        _brotli: bool,
        enable_accept_encoding_gzip: bool,
        headers_config: Headers,
        query_strings_config: QueryStrings,
    }
    Cookies {
        cookie_behavior: String,
    }
    Headers {
        header_behavior: String,
    }
    QueryStrings {
        query_string_behavior: String,
    }
    /// `AWS::CloudFront::ResponseHeadersPolicy`.
    ResponseHeadersProperties {
        response_headers_policy_config: ResponseHeadersPolicy,
    }
    ResponseHeadersPolicy {
        #[serde(default, rename = "Comment")]
        _comment: String,
        cors_config: Option<Cors>,
        custom_headers_config: Option<CustomHeaders>,
        #[serde(rename = "Name")]
        _name: String,
        security_headers_config: Option<SecurityHeaders>,
    }
    Cors {
        access_control_allow_credentials: bool,
        access_control_allow_headers: Items,
        access_control_allow_methods: Items,
        access_control_allow_origins: Items,
        access_control_expose_headers: Option<Items>,
        access_control_max_age_sec: Option<u64>,
        origin_override: bool,
    }
    Items {
        items: Vec<String>,
    }
    CustomHeaders {
        items: Vec<CustomHeader>,
    }
    CustomHeader {
        header: String,
        #[serde(rename = "Override")]
        overrides: bool,
        value: String,
    }
    SecurityHeaders {
        content_security_policy: Option<ContentSecurity>,
        content_type_options: Option<Override>,
        strict_transport_security: Option<StrictTransport>,
    }
    ContentSecurity {
        #[serde(rename = "ContentSecurityPolicy")]
        value: String,
        #[serde(rename = "Override")]
        overrides: bool,
    }
    Override {
        #[serde(rename = "Override")]
        overrides: bool,
    }
    StrictTransport {
        access_control_max_age_sec: u64,
        #[serde(default)]
        include_subdomains: bool,
        #[serde(default)]
        preload: bool,
        #[serde(rename = "Override")]
        overrides: bool,
    }
}
