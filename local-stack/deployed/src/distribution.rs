//! The distribution: behaviours, edge functions, cache policies and origins of the template.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use cdn_config::behaviors::OriginId;
use cdn_config::cache::TAG_HEADER;
use http::StatusCode;
use jiff::Timestamp;
use local_edge::behaviors::{Behavior, CachedHandling, Handling};
use local_edge::cache::{Cache, Lifetimes};
use local_edge::distribution::Distribution;
use local_edge::function_url::FunctionUrl;
use local_edge::functions::EdgeFunctions;
use local_edge::functions::key_values::KeyValues;
use local_edge::origins::Origins;

use crate::distribution_properties::{
    CacheBehavior, CachePolicy, CachePolicyProperties, DistributionConfig, DistributionProperties, Origin,
    ResponseHeadersProperties,
};
use crate::error::DeployError;
use crate::headers::TemplateHeaders;
use crate::properties::EdgeFunctionProperties;
use crate::resources::{Resource, Resources};

/// The managed cache policy `CachingDisabled`.
const NO_CACHING: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

/// The managed origin request policies `CORS-S3Origin` and `AllViewerExceptHostHeader`.
const CORS_ORIGIN: &str = "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf";
const ALL_EXCEPT_HOST: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

/// The methods of a cached behaviour and of a forwarded one, in the order of the alphabet.
const READING: [&str; 3] = ["GET", "HEAD", "OPTIONS"];
const ALL: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// The services behind the host names of origins.
#[derive(Debug, Default)]
pub(crate) struct Hosts {
    /// Buckets and APIs.
    pub(crate) services: BTreeMap<String, Router>,
    /// Function URLs.
    pub(crate) urls: BTreeMap<String, Router>,
}

/// The only distribution of the template. `None` if it has none.
pub(crate) fn distribution(
    resources: Resources<'_>,
    hosts: &Hosts,
    stores: &BTreeMap<String, KeyValues>,
    cache: Cache,
) -> Result<Option<Distribution>, DeployError> {
    let mut all = resources.of::<DistributionProperties>("AWS::CloudFront::Distribution")?;
    let Some(Resource { id, properties }) = all.pop() else { return Ok(None) };
    if !all.is_empty() {
        return Err(DeployError::property(&id, "only one distribution is emulated"));
    }
    let config = properties.distribution_config;
    if !config.enabled {
        return Err(DeployError::property(&id, "a disabled distribution isn't emulated"));
    }
    if !config.cache_tag_config.header_name.eq_ignore_ascii_case(TAG_HEADER) {
        return Err(DeployError::property(&id, format!("the header of cache tags must be {TAG_HEADER}")));
    }
    let policies = Policies::new(resources, &config)?;
    let behaviors = config.cache_behaviors.iter().chain([&config.default_cache_behavior]);
    let behaviors: Vec<Behavior> =
        behaviors.map(|one| policies.behavior(&id, one)).collect::<Result<_, _>>()?;
    Ok(Some(Distribution {
        cache,
        functions: functions(resources, &id, &config, stores)?,
        origins: origins(&id, &config.origins, hosts)?,
        behaviors,
        names_ignored_parameters: false,
    }))
}

/// The policies that behaviours refer to.
struct Policies {
    caches: BTreeMap<String, CachePolicy>,
    headers: BTreeMap<String, Arc<TemplateHeaders>>,
    errors: Vec<(u16, u32)>,
}

impl Policies {
    fn new(resources: Resources<'_>, config: &DistributionConfig) -> Result<Self, DeployError> {
        let (mut caches, mut headers) = (BTreeMap::new(), BTreeMap::new());
        for Resource { id, properties } in
            resources.of::<CachePolicyProperties>("AWS::CloudFront::CachePolicy")?
        {
            let policy = properties.cache_policy_config;
            let key = &policy.parameters_in_cache_key_and_forwarded_to_origin;
            let others = [
                &key.cookies_config.cookie_behavior,
                &key.headers_config.header_behavior,
                &key.query_strings_config.query_string_behavior,
            ];
            if others.iter().any(|behavior| *behavior != "none") {
                let reason = "a cache key with cookies, headers or query strings isn't emulated";
                return Err(DeployError::property(&id, reason));
            }
            caches.insert(resources.name(&id)?, policy);
        }
        let kind = "AWS::CloudFront::ResponseHeadersPolicy";
        for Resource { id, properties } in resources.of::<ResponseHeadersProperties>(kind)? {
            let policy = TemplateHeaders::new(&id, properties.response_headers_policy_config)?;
            headers.insert(resources.name(&id)?, Arc::new(policy));
        }
        let errors = &config.custom_error_responses;
        Ok(Self { caches, headers, errors: errors.iter().map(|one| (one.error_code, one.seconds)).collect() })
    }

    fn behavior(&self, id: &str, behavior: &CacheBehavior) -> Result<Behavior, DeployError> {
        let pattern = behavior.path_pattern.clone().unwrap_or_else(|| "*".to_owned());
        let error = |reason: &str| DeployError::property(id, format!("the behaviour {pattern}: {reason}"));
        let origin = OriginId::from_id(&behavior.target_origin_id);
        let origin = origin.ok_or_else(|| error("its TargetOriginId isn't emulated"))?;
        let mut methods: Vec<&str> = behavior.allowed_methods.iter().map(String::as_str).collect();
        methods.sort_unstable();
        let request_policy = behavior.origin_request_policy_id.as_deref();
        let handling = if behavior.cache_policy_id == NO_CACHING {
            let is_plain = behavior.function_associations.is_empty()
                && behavior.response_headers_policy_id.is_none()
                && !behavior.compress;
            if !is_plain || methods != ALL || request_policy != Some(ALL_EXCEPT_HOST) {
                let reason =
                    "without caching only a behaviour that forwards everything but the host is emulated";
                return Err(error(reason));
            }
            Handling::Forwarded
        } else {
            let policy = self.caches.get(&behavior.cache_policy_id);
            let policy = policy.ok_or_else(|| error("its CachePolicyId isn't emulated"))?;
            if methods != READING || request_policy.is_some_and(|policy| policy != CORS_ORIGIN) {
                return Err(error("with caching only GET, HEAD and OPTIONS by CORS-S3Origin are emulated"));
            }
            let headers = match &behavior.response_headers_policy_id {
                Some(policy) => self.headers.get(policy).cloned(),
                None => Some(Arc::default()),
            };
            Handling::Cached(CachedHandling {
                is_compressed: behavior.compress
                    && policy.parameters_in_cache_key_and_forwarded_to_origin.enable_accept_encoding_gzip,
                lifetimes: Lifetimes {
                    min: Duration::from_secs(policy.min_ttl),
                    default: Duration::from_secs(policy.default_ttl),
                    max: Duration::from_secs(policy.max_ttl),
                    errors: self.errors.clone(),
                },
                headers: headers.ok_or_else(|| error("its ResponseHeadersPolicyId isn't emulated"))?,
            })
        };
        Ok(Behavior { pattern, origin, handling })
    }
}

/// The edge functions: one of each event, the same for all cached behaviours.
fn functions(
    resources: Resources<'_>,
    id: &str,
    config: &DistributionConfig,
    stores: &BTreeMap<String, KeyValues>,
) -> Result<EdgeFunctions, DeployError> {
    let behaviors = config.cache_behaviors.iter().chain([&config.default_cache_behavior]);
    let mut cached = behaviors.filter(|behavior| behavior.cache_policy_id != NO_CACHING);
    let of = |behavior: &CacheBehavior, event: &str| {
        let mut associations = behavior.function_associations.iter();
        associations.find(|association| association.event_type == event).map(|one| one.function_arn.clone())
    };
    let pair = |behavior: &CacheBehavior| (of(behavior, "viewer-request"), of(behavior, "viewer-response"));
    let first = cached.next().map(pair).unwrap_or_default();
    let (Some(request), Some(response)) = &first else {
        return Err(DeployError::property(id, "a cached behaviour needs both edge functions"));
    };
    if cached.any(|behavior| pair(behavior) != first) {
        return Err(DeployError::property(id, "all cached behaviours must have the same edge functions"));
    }
    let (mut sources, mut store) = (BTreeMap::new(), None);
    for Resource { id, properties } in resources.of::<EdgeFunctionProperties>("AWS::CloudFront::Function")? {
        if properties.function_config.runtime != "cloudfront-js-2.0" {
            return Err(DeployError::property(&id, "only the runtime cloudfront-js-2.0 is emulated"));
        }
        let [association] = &properties.function_config.key_value_store_associations[..] else {
            return Err(DeployError::property(&id, "one key-value store is needed"));
        };
        store = stores.get(&association.arn).cloned();
        sources.insert(resources.attribute(&id, "FunctionARN")?, properties.function_code);
    }
    let source = |arn: &String| {
        sources
            .get(arn)
            .cloned()
            .ok_or_else(|| DeployError::property(id, format!("there is no function {arn}")))
    };
    let store =
        store.ok_or_else(|| DeployError::property(id, "its functions' key-value store doesn't exist"))?;
    EdgeFunctions::of_sources(source(request)?.into(), source(response)?.into(), store, Timestamp::now)
        .map_err(DeployError::set_up)
}

/// The origins. One that the template doesn't have answers 404.
fn origins(id: &str, declared: &[Origin], hosts: &Hosts) -> Result<Origins, DeployError> {
    let mut services = BTreeMap::new();
    for origin in declared {
        let name = OriginId::from_id(&origin.id);
        let name = name
            .ok_or_else(|| DeployError::property(id, format!("the origin {} isn't emulated", origin.id)))?;
        let has_identity = origin.s3_origin_config.as_ref().is_some_and(|config| !config.identity.is_empty());
        let service = if has_identity {
            None
        } else if let Some(url) = hosts.urls.get(&origin.domain_name) {
            // A function URL with AWS_IAM refuses requests that nobody signs.
            let unsigned = Router::new().fallback(async || StatusCode::FORBIDDEN);
            Some(if origin.access_control.is_some() { url.clone() } else { unsigned })
        } else {
            hosts.services.get(&origin.domain_name).cloned()
        };
        let service = service.ok_or_else(|| {
            DeployError::property(
                id,
                format!("the origin {} at {} isn't emulated", origin.id, origin.domain_name),
            )
        })?;
        services.insert(name.id(), service);
    }
    let mut take = |origin: OriginId| services.remove(origin.id()).unwrap_or_default();
    Ok(Origins {
        originals: take(OriginId::Originals),
        variants: take(OriginId::Variants),
        resize: FunctionUrl::new(take(OriginId::Resize)),
        signer: take(OriginId::Signer),
        page: take(OriginId::Page),
    })
}
