//! The deployment to AWS: the template of the CDK app has the values that the local stack uses. Needs Node.js and the
//! built app; `./test` provides both.

pub(crate) mod template;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use cdn_config::behaviors::{BEHAVIORS, OriginGroup, OriginId, Target, Treatment};
use cdn_config::cache::{FAILURE_SECONDS, KEY_HEADERS, TAG_HEADER, lifetime};
use cdn_config::event_rules::{EVENT_RULES, EventHandler, EventRule};
use cdn_config::events::EventResources;
use cdn_config::export::{export, export_events};
use cdn_config::functions::{VIEWER_REQUEST, VIEWER_RESPONSE};
use cdn_config::headers::{Header, MEDIA, PREFLIGHT, PRIVATE};
use cdn_config::policy::{Keep, Policy};
use resize::edge::settling::SETTLING;
use resize::edge::store::version_records::RECORD_PREFIX;
use resize::edge::upkeep::cloudfront;
use serde_json::{Value, json};
use template::{Template, set, texts};
use transcode_trigger::edge::submit;

/// With `UPDATE=1` the test writes the files.
#[test]
fn the_deployment_reads_the_values_of_cdn_config() {
    let check = |name: &str, value: &Value| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(name);
        let expected = format!("{value:#}\n");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &expected).unwrap();
        }
        let written = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            written == expected,
            "deploy/{name} is out of date: `UPDATE=1 ./test the_deployment_reads` updates it"
        );
    };
    check("cdn.json", &export(&Policy::built_in()));
    check("events.json", &export_events());
}

#[test]
fn the_distribution_has_the_configuration_of_the_local_edge() {
    for keep in [Policy::built_in().keep, Keep::Always, Keep::Never] {
        let template = Template::of_policy(&Policy { keep, ..Policy::built_in() });
        distribution(&template, keep);
    }
}

fn distribution(template: &Template, keep: Keep) {
    let distribution = template.only("AWS::CloudFront::Distribution")["DistributionConfig"].clone();
    behaviors(template, &distribution);
    origins(template, &distribution, keep);
    failures(&distribution);
    assert_eq!(distribution["CacheTagConfig"]["HeaderName"], TAG_HEADER);
    assert_eq!(distribution["HttpVersion"], "http2and3");
}

/// The behaviours in their order, without the page, which only the local stack has.
fn behaviors(template: &Template, distribution: &Value) {
    let deployed = distribution["CacheBehaviors"].as_array().unwrap();
    let expected: Vec<_> =
        BEHAVIORS.into_iter().filter(|behavior| behavior.treatment != Treatment::Page).collect();
    let patterns: Vec<_> =
        deployed.iter().map(|behavior| behavior["PathPattern"].as_str().unwrap()).collect();
    assert_eq!(patterns, expected.iter().map(|behavior| behavior.pattern).collect::<Vec<_>>());
    for (deployed, expected) in deployed.iter().zip(&expected) {
        assert_eq!(deployed["TargetOriginId"], expected.origin.id(), "{}", expected.pattern);
        match expected.treatment {
            Treatment::Media => media(template, deployed, &[], false),
            Treatment::PrivateMedia => media(template, deployed, &PRIVATE, false),
            Treatment::Playlist => media(template, deployed, &[], true),
            Treatment::PrivatePlaylist => media(template, deployed, &PRIVATE, true),
            Treatment::Api => api(deployed),
            Treatment::Page => unreachable!("filtered above"),
        }
    }
    // The edge function refuses all other paths.
    let default = &distribution["DefaultCacheBehavior"];
    assert_eq!(default["TargetOriginId"], OriginId::Originals.id());
    media(template, default, &[], false);
}

fn media(template: &Template, behavior: &Value, more: &[Header], is_compressed: bool) {
    assert_eq!(set(&behavior["AllowedMethods"]), texts(["GET", "HEAD", "OPTIONS"]));
    assert_eq!(set(&behavior["CachedMethods"]), texts(["GET", "HEAD"]));
    assert_eq!(behavior["Compress"], is_compressed);
    let associations = behavior["FunctionAssociations"].as_array().unwrap();
    let code = |event: &str| {
        let association = associations.iter().find(|one| one["EventType"] == event).unwrap();
        let function = template.get(&association["FunctionARN"]);
        assert_eq!(function["FunctionConfig"]["Runtime"], "cloudfront-js-2.0");
        function["FunctionCode"].as_str().unwrap().to_owned()
    };
    assert_eq!(code("viewer-request"), VIEWER_REQUEST);
    assert_eq!(code("viewer-response"), VIEWER_RESPONSE);
    cache(&template.get(&behavior["CachePolicyId"])["CachePolicyConfig"], is_compressed);
    headers(&template.get(&behavior["ResponseHeadersPolicyId"])["ResponseHeadersPolicyConfig"], more);
}

/// Checks that the cache key is only the path, and the encoding if responses are compressed, and that the lifetimes are
/// those of the policy.
fn cache(policy: &Value, is_compressed: bool) {
    let lifetime = lifetime(&Policy::built_in());
    assert_eq!(policy["MinTTL"], lifetime.min_seconds);
    assert_eq!(policy["DefaultTTL"], lifetime.default_seconds);
    assert_eq!(policy["MaxTTL"], lifetime.max_seconds);
    assert!(KEY_HEADERS.is_empty());
    let expected = json!({
        "CookiesConfig": { "CookieBehavior": "none" },
        "HeadersConfig": { "HeaderBehavior": "none" },
        "QueryStringsConfig": { "QueryStringBehavior": "none" },
        "EnableAcceptEncodingBrotli": is_compressed,
        "EnableAcceptEncodingGzip": is_compressed,
    });
    assert_eq!(policy["ParametersInCacheKeyAndForwardedToOrigin"], expected);
}

/// Checks that the headers of a policy, in CloudFront's sections, are those that the local edge adds.
fn headers(policy: &Value, more: &[Header]) {
    let (security, cors) = (&policy["SecurityHeadersConfig"], &policy["CorsConfig"]);
    let listed = |name: &str| texts_joined(&cors[name]["Items"]);
    let mut deployed: Vec<(String, String, bool)> = vec![
        (
            "content-security-policy".to_owned(),
            security["ContentSecurityPolicy"]["ContentSecurityPolicy"].as_str().unwrap().to_owned(),
            security["ContentSecurityPolicy"]["Override"].as_bool().unwrap(),
        ),
        (
            "x-content-type-options".to_owned(),
            "nosniff".to_owned(),
            security["ContentTypeOptions"]["Override"].as_bool().unwrap(),
        ),
    ];
    let overrides = cors["OriginOverride"].as_bool().unwrap();
    for (name, member) in [
        ("access-control-allow-origin", "AccessControlAllowOrigins"),
        ("access-control-expose-headers", "AccessControlExposeHeaders"),
    ] {
        deployed.push((name.to_owned(), listed(member), overrides));
    }
    for item in policy["CustomHeadersConfig"]["Items"].as_array().unwrap() {
        let text = |member: &str| item[member].as_str().unwrap().to_owned();
        deployed.push((text("Header"), text("Value"), item["Override"].as_bool().unwrap()));
    }
    let mut expected: Vec<_> = MEDIA
        .iter()
        .chain(more)
        .map(|header| (header.name.to_owned(), header.value.to_owned(), header.overrides))
        .collect();
    deployed.sort();
    expected.sort();
    assert_eq!(deployed, expected);

    for Header { name, value, .. } in PREFLIGHT {
        let deployed = match name {
            "access-control-allow-methods" => listed("AccessControlAllowMethods"),
            "access-control-allow-headers" => listed("AccessControlAllowHeaders"),
            "access-control-max-age" => cors["AccessControlMaxAgeSec"].to_string(),
            _ => panic!("{name} isn't deployed"),
        };
        assert_eq!(deployed, value, "{name}");
    }
}

fn texts_joined(list: &Value) -> String {
    list.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect::<Vec<_>>().join(", ")
}

/// Checks a behaviour with all methods and without caching: AWS's policies `CachingDisabled` and
/// `AllViewerExceptHostHeader` (CloudFront's developer guide, "Use managed cache policies", "Use managed origin request
/// policies").
fn api(behavior: &Value) {
    assert_eq!(
        set(&behavior["AllowedMethods"]),
        texts(["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"])
    );
    assert_eq!(behavior["CachePolicyId"], "4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
    assert_eq!(behavior["OriginRequestPolicyId"], "b689b0a8-53d0-40ab-baf2-68738e2966ac");
    assert!(behavior.get("FunctionAssociations").is_none());
}

/// Checks that the origins have the ids by which the edge function selects them, and that only CloudFront can read
/// them.
fn origins(template: &Template, distribution: &Value, keep: Keep) {
    let origins = distribution["Origins"].as_array().unwrap();
    let ids: Vec<_> = origins.iter().map(|origin| origin["Id"].as_str().unwrap()).collect();
    let has_variants = keep != Keep::Never;
    let is_deployed =
        |origin: &OriginId| *origin != OriginId::Page && (*origin != OriginId::Variants || has_variants);
    let expected: Vec<_> = OriginId::ALL.into_iter().filter(is_deployed).map(OriginId::id).collect();
    assert_eq!(ids, expected);
    let origin = |id: OriginId| origins.iter().find(|origin| origin["Id"] == id.id()).unwrap();
    let access = |id: OriginId| {
        let control = template.get(&origin(id)["OriginAccessControlId"])["OriginAccessControlConfig"].clone();
        assert_eq!(control["SigningBehavior"], "always");
        control["OriginAccessControlOriginType"].as_str().unwrap().to_owned()
    };
    assert_eq!(access(OriginId::Resize), "lambda");
    let buckets = [(OriginId::Originals, "StorageOriginals"), (OriginId::Variants, "StorageVariants")];
    for (id, bucket) in buckets.into_iter().filter(|(id, _)| is_deployed(id)) {
        assert_eq!(access(id), "s3");
        let domain = origin(id)["DomainName"]["Fn::GetAtt"][0].as_str().unwrap();
        assert!(domain.starts_with(bucket), "{domain}");
    }
    let resize = template.only("AWS::Lambda::Url");
    assert_eq!((&resize["AuthType"], &resize["InvokeMode"]), (&json!("AWS_IAM"), &json!("RESPONSE_STREAM")));

    let Target::Group(OriginGroup { primary, secondary, failover_statuses }) = Target::variants(keep) else {
        assert!(distribution.get("OriginGroups").is_none());
        return;
    };
    let group = &distribution["OriginGroups"]["Items"][0];
    let members = json!([{ "OriginId": primary.id() }, { "OriginId": secondary.id() }]);
    assert_eq!(group["Members"]["Items"], members);
    assert_eq!(group["FailoverCriteria"]["StatusCodes"]["Items"], json!(failover_statuses));
}

fn failures(distribution: &Value) {
    let expected = FAILURE_SECONDS
        .map(|(status, seconds)| json!({ "ErrorCode": status, "ErrorCachingMinTTL": seconds }));
    assert_eq!(distribution["CustomErrorResponses"], json!(expected));
}

#[test]
fn the_deployment_routes_events_by_the_same_rules_as_the_local_stack() {
    let template = Template::complete();
    let deployed = template.all("AWS::Events::Rule");
    assert_eq!(deployed.len(), EVENT_RULES.len());
    for rule in EVENT_RULES {
        let (_, deployed) = deployed
            .iter()
            .find(|(_, deployed)| deployed["Description"] == rule.description)
            .unwrap_or_else(|| panic!("{} isn't deployed", rule.name));
        event_rule(&template, &rule, deployed);
    }
}

#[test]
fn functions_have_more_time_than_the_calls_that_they_make() {
    let template = Template::synthesised();
    let functions = template.all("AWS::Lambda::Function");
    let check = |name: &str, needed: Duration| {
        let (_, function) = functions.iter().find(|(id, _)| id.starts_with(name)).unwrap();
        let timeout = Duration::from_secs(function["Timeout"].as_u64().unwrap());
        assert!(timeout >= needed + Duration::from_secs(30), "{name}: {timeout:?} for calls of {needed:?}");
    };
    check("DeliveryUpkeepFunction", SETTLING + cloudfront::TIMEOUTS.operation.unwrap());
    // The trigger calls MediaConvert twice: to probe the file, and to create a job.
    check("VideoTriggerFunction", 2 * submit::TIMEOUTS.operation.unwrap());
}

#[test]
fn a_deployment_that_stores_nothing_has_no_bucket_of_variants() {
    let named = |keep| {
        let template = Template::complete_of(&Policy { keep, ..Policy::built_in() });
        let buckets = template.all("AWS::S3::Bucket").into_iter();
        let buckets = buckets.map(|(id, _)| id.trim_end_matches(|char: char| char.is_ascii_hexdigit()));
        let buckets: BTreeSet<String> = buckets.map(str::to_owned).collect();
        (buckets, template.text().matches("StorageVariants").count())
    };
    let (all, mentions) = named(Policy::built_in().keep);
    assert_eq!(all, texts(["StorageAccessLogs", "StorageOriginals", "StorageVariants"]));
    assert!(mentions > 0);
    assert_eq!(named(Keep::Never), (texts(["StorageAccessLogs", "StorageOriginals"]), 0));
}

#[test]
fn misses_are_gathered_where_that_costs_less_than_the_calls_that_it_saves() {
    for (keep, expected) in [
        (Policy::built_in().keep, json!("us-east-1")),
        (Keep::Never, json!("us-east-1")),
        (Keep::Always, Value::Null),
    ] {
        let template = Template::of_policy(&Policy { keep, ..Policy::built_in() });
        let distribution = &template.only("AWS::CloudFront::Distribution")["DistributionConfig"];
        for origin in distribution["Origins"].as_array().unwrap() {
            let expected = if origin["Id"] == "resize" { &expected } else { &Value::Null };
            assert_eq!(origin["OriginShield"]["OriginShieldRegion"], *expected, "{keep:?} {}", origin["Id"]);
        }
    }
}

#[test]
fn only_the_upkeep_function_may_write_its_records() {
    let template = Template::synthesised();
    let mut writers = BTreeSet::new();
    for (id, policy) in template.all("AWS::IAM::Policy") {
        if policy["PolicyDocument"].to_string().contains(&format!("/{RECORD_PREFIX}*")) {
            writers.insert(id.trim_end_matches(|char: char| char.is_ascii_hexdigit()).to_owned());
        }
    }
    assert_eq!(writers, texts(["DeliveryUpkeepRoleDefaultPolicy"]));
    assert!(
        !template
            .all("AWS::S3::BucketPolicy")
            .iter()
            .any(|(_, policy)| policy.to_string().contains(RECORD_PREFIX))
    );
}

fn event_rule(template: &Template, rule: &EventRule, deployed: &Value) {
    let pattern = &deployed["EventPattern"];
    let (bucket, queue) = (&pattern["detail"]["bucket"]["name"][0], &pattern["detail"]["queue"][0]);
    let bucket_arn = &pattern["resources"][0];
    for (reference, resource) in [
        (&bucket["Ref"], "StorageOriginals"),
        (&bucket_arn["Fn::GetAtt"][0], "StorageOriginals"),
        (&queue["Fn::GetAtt"][0], "VideoJobs"),
    ] {
        assert!(reference.as_str().is_none_or(|id| id.starts_with(resource)), "{}: {reference}", rule.name);
    }
    let resources = EventResources { originals: bucket, originals_arn: bucket_arn, job_queue: queue };
    assert_eq!(*pattern, rule.events.pattern(resources), "{}", rule.name);
    assert_eq!(deployed["State"], "ENABLED");

    let target = &deployed["Targets"][0]["Arn"];
    let delay_seconds = template.get(target)["DelaySeconds"].as_u64().unwrap_or(0);
    assert_eq!(delay_seconds, u64::from(rule.delay_seconds), "{}", rule.name);
    let sources = template.all("AWS::Lambda::EventSourceMapping");
    let functions: Vec<_> = sources
        .iter()
        .filter(|(_, source)| source["EventSourceArn"] == *target)
        .map(|(_, source)| source["FunctionName"]["Ref"].as_str().unwrap())
        .collect();
    let expected = match rule.handler {
        EventHandler::Library => "LibraryKeeper",
        EventHandler::Upkeep => "DeliveryUpkeep",
        EventHandler::Finalizer => "UploadFinalizer",
        EventHandler::Trigger => "VideoTrigger",
        EventHandler::Webhook => "WebhookNotifier",
    };
    assert!(functions.len() == 1 && functions[0].starts_with(expected), "{}: {functions:?}", rule.name);
}
