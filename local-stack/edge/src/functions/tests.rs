use std::collections::HashSet;

use axum::response::IntoResponse;
use cdn_config::behaviors::{OriginId, Target};
use cdn_config::key_value::key_value_data;
use cdn_config::policy::{Keep, Policy};
use contract::caching::saved_name;
use contract::parameters::PARAMETERS;
use contract::policy::UnsignedAccess;
use contract::preset::Preset;
use contract::request::{Verifier, route};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use service::problem::{Kind, Problem};

use super::*;

fn functions() -> EdgeFunctions {
    EdgeFunctions::new(KeyValues::new(key_value_data(&Policy::built_in())), Timestamp::now).unwrap()
}

fn get<'a>(path: &'a str, query: &'a str, headers: &'a HeaderMap) -> ViewerRequest<'a> {
    ViewerRequest { method: &Method::GET, path, query, headers }
}

fn json(response: &Response<String>) -> Value {
    serde_json::from_str(response.body()).unwrap()
}

async fn parts(problem: Problem) -> (StatusCode, HeaderMap, Value) {
    let (head, body) = problem.into_response().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (head.status, head.headers, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn a_refusal_at_the_edge_equals_the_problem_of_a_service() {
    let functions = functions();
    for (path, query) in [
        ("/files/1/cat.jpg", "w=0"),
        ("/files/1/cat.jpg", "fit=clip&w=100"),
        ("/files/1/cat.jpg", "blur=5"),
        ("/files/1/cat.jpg", "blur=5&s=abc"),
        ("/private/1/cat.jpg", ""),
        ("/elsewhere", ""),
        ("/files//cat.jpg", ""),
    ] {
        let refusal = route(path, query, "", &Policy::built_in().rules, Verifier::NONE).unwrap_err();
        let (status, mut headers, body) = parts(refusal.into()).await;
        headers.remove("content-length");
        let outcome = functions.viewer_request(&get(path, query, &HeaderMap::new()));
        let Ok(RequestOutcome::Respond(response)) = outcome else { panic!("{path}?{query}: {outcome:?}") };
        assert_eq!((response.status(), response.headers()), (status, &headers), "{path}?{query}");
        assert_eq!(json(&response), body, "{path}?{query}");
    }
}

#[tokio::test]
async fn a_writing_method_is_refused_and_a_preflight_passes() {
    let (functions, headers) = (functions(), HeaderMap::new());
    let (_, _, refused) =
        parts(Problem::new(Kind::MethodNotAllowed, "files are read with GET or HEAD")).await;
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        let request = ViewerRequest { method: &method, ..get("/files/1/cat.jpg", "", &headers) };
        let outcome = functions.viewer_request(&request).unwrap();
        let RequestOutcome::Respond(response) = outcome else { panic!("{method}: {outcome:?}") };
        assert_eq!((response.status(), json(&response)), (StatusCode::METHOD_NOT_ALLOWED, refused.clone()));
        assert_eq!(response.headers()["allow"], "GET, HEAD, OPTIONS");
    }
    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
        let request = ViewerRequest { method: &method, ..get("/files/1/cat.jpg", "", &headers) };
        let outcome = functions.viewer_request(&request).unwrap();
        let RequestOutcome::Forward { path, target, .. } = outcome else { panic!("{method}: {outcome:?}") };
        // A preflight has no origin of its own.
        let expected = (method != Method::OPTIONS).then_some(Target::Origin(OriginId::Originals));
        assert_eq!((path.as_str(), target), ("/files/1/cat.jpg", expected), "{method}");
    }
}

#[tokio::test]
async fn without_its_policy_the_function_answers_that_storage_is_unavailable() {
    let (key_values, headers) = (KeyValues::default(), HeaderMap::new());
    let functions = EdgeFunctions::new(key_values.clone(), Timestamp::now).unwrap();
    let request = get("/files/1/cat.jpg", "w=640", &headers);
    let outcome = functions.viewer_request(&request).unwrap();
    let RequestOutcome::Respond(response) = outcome else { panic!("{outcome:?}") };
    let (status, expected, body) =
        parts(Problem::new(Kind::StorageUnavailable, "the policy can't be read")).await;
    assert_eq!((response.status(), json(&response)), (status, body));
    assert_eq!(response.headers()["cache-control"], expected["cache-control"]);

    key_values.replace(key_value_data(&Policy::built_in()));
    assert!(matches!(functions.viewer_request(&request), Ok(RequestOutcome::Forward { .. })));
}

/// A response with headers that the function may change, and with other headers.
fn stored(status: u16) -> Response<&'static str> {
    let mut response = Response::new("body");
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    let headers = response.headers_mut();
    headers.insert("content-disposition", HeaderValue::from_static("inline; filename=\"cat.webp\""));
    headers.insert("content-language", HeaderValue::from_static("en"));
    headers.append("x-several", HeaderValue::from_static("a"));
    headers.append("x-several", HeaderValue::from_static("b"));
    headers.insert("x-bytes", HeaderValue::from_bytes(b"\xff").unwrap());
    response
}

/// The headers of a response after the viewer response function, which must be the same whether it sees the viewer's
/// request or the rewritten one. `None` if the request is refused.
fn response_headers(functions: &EdgeFunctions, query: &str, status: u16) -> Option<HeaderMap> {
    let no_headers = HeaderMap::new();
    let viewer = get("/files/1/cat.jpg", query, &no_headers);
    let RequestOutcome::Forward { path, headers, .. } = functions.viewer_request(&viewer).unwrap() else {
        return None;
    };
    let respond = |request| functions.viewer_response(&request, stored(status)).unwrap().headers().clone();
    let seen = respond(viewer);
    assert_eq!(seen, respond(get(&path, "", &headers)), "{query}");
    Some(seen)
}

#[test]
fn only_a_negotiated_format_varies_by_accept_and_other_headers_stay() {
    let mut policy = Policy::built_in();
    let presets = [("card", "w=64&h=64&fit=crop"), ("icon", "w=64&fm=png")];
    policy.rules.presets = presets.map(|(name, text)| (name.to_owned(), Preset::parse(text).unwrap())).into();
    let functions = EdgeFunctions::new(KeyValues::new(key_value_data(&policy)), Timestamp::now).unwrap();
    let check = |query: &str, expected: Option<&str>| {
        let headers = response_headers(&functions, query, 200).unwrap();
        assert_eq!(headers.get("vary").map(|vary| vary.to_str().unwrap()), expected, "{query}");
        assert_eq!(headers["x-bytes"].as_bytes(), b"\xff", "{query}");
        assert_eq!(headers.get_all("x-several").iter().count(), 2, "{query}");
        assert_eq!(
            headers.contains_key("content-language"),
            !query.is_empty() && !query.starts_with("utm"),
            "{query}"
        );
    };
    check("w=640", Some("Accept"));
    check("%77=640", Some("Accept"));
    check("w=640&fm=auto", Some("Accept"));
    check("auto=format", Some("Accept"));
    check("w=640&fm=webp", None);
    check("width=640&format=jpg", None);
    check("fm=json", None);
    check("preset=card", Some("Accept"));
    check("p=icon", None);
    check("p=icon&f=auto", Some("Accept"));
    check("", None);
    check("utm_source=mail", None);
}

#[test]
fn a_response_is_the_same_for_the_viewers_request_and_the_rewritten_one() {
    let mut policy = Policy::built_in();
    policy.rules.unsigned = UnsignedAccess::Open;
    let functions = EdgeFunctions::new(KeyValues::new(key_value_data(&policy)), Timestamp::now).unwrap();
    let mut forwarded = HashSet::new();
    for parameter in PARAMETERS {
        for name in parameter.aliases.iter().chain([&parameter.name]) {
            for value in [
                "1", "2", "0.5", "90", "h", "crop", "top", "16:9", "1,1,1,1", "auto", "fff", "webp", "format",
            ] {
                for rest in
                    ["", "&w=64", "&w=64&fit=crop", "&dl=a%20b.jpg", "&fm=png", "&dl", "&utm_source=a+b"]
                {
                    let query = format!("{name}={value}{rest}");
                    if [200, 404].iter().all(|status| response_headers(&functions, &query, *status).is_some())
                    {
                        forwarded.insert(*name);
                    }
                }
            }
        }
    }
    let refused: Vec<&str> = PARAMETERS
        .iter()
        .flat_map(|parameter| parameter.aliases.iter().chain([&parameter.name]))
        .filter(|name| !forwarded.contains(*name))
        .copied()
        .collect();
    // The policy has no preset and no mark, and the others need a valid signature.
    assert_eq!(refused, ["p", "preset", "light", "mark", "expires", "s"]);
}

#[test]
fn a_download_has_the_requested_name() {
    let functions = functions();
    let check = |query: &str, status: u16, expected: Option<&str>| {
        let headers = response_headers(&functions, query, status).unwrap();
        let disposition = headers.get("content-disposition").map(|value| value.to_str().unwrap());
        assert_eq!(disposition, expected, "{query}");
    };
    check("w=640", 200, Some("inline; filename=\"cat.webp\""));
    check("w=640&dl", 200, Some("attachment; filename=\"cat.webp\""));
    check("dl=dog.jpg", 206, Some("attachment; filename*=UTF-8''dog.jpg"));
    check("w=640&dl=dog.jpg", 200, Some("attachment; filename*=UTF-8''dog.webp"));
    check("dl", 200, Some("attachment"));
    check(
        "dl=a+'%22%C3%A9(1)*.jpg",
        200,
        Some("attachment; filename*=UTF-8''a%20%27%22%C3%A9%281%29%2a.jpg"),
    );
    check("w=640&dl=dog.jpg", 404, Some("inline; filename=\"cat.webp\""));
    check("", 200, None);
}

#[test]
fn a_download_has_the_extension_of_its_format() {
    let functions = functions();
    let saved = |path: &str, query: &str, own: &str| {
        let no_headers = HeaderMap::new();
        let viewer = get(path, query, &no_headers);
        let outcome = functions.viewer_request(&viewer).unwrap();
        let RequestOutcome::Forward { path, headers, .. } = outcome else { panic!("{outcome:?}") };
        let respond = |request| {
            let mut response = Response::new(());
            response.headers_mut().insert("content-disposition", HeaderValue::from_str(own).unwrap());
            let response = functions.viewer_response(&request, response).unwrap();
            response.headers()["content-disposition"].to_str().unwrap().to_owned()
        };
        let seen = respond(viewer);
        assert_eq!(seen, respond(get(&path, "", &headers)), "{query}");
        seen
    };
    let check = |name: &str, extension: &str, expected: &str| {
        assert_eq!(saved_name(name, extension), expected);
        let expected = format!("attachment; filename*=UTF-8''{expected}");
        let original = format!("/files/1/cat.{extension}");
        assert_eq!(saved(&original, &format!("dl={name}"), "inline; filename=\"x.exe\""), expected);
        for stored in [
            format!("filename=\"cat.{extension}\""),
            format!("filename=\"_\"; filename*=UTF-8''%C3%A9%2E{extension}"),
        ] {
            let query = format!("w=640&dl={name}");
            assert_eq!(saved("/files/1/cat", &query, &format!("inline; {stored}")), expected);
        }
    };
    check("setup.hta", "jpg", "setup.jpg");
    check("setup.HTA", "png", "setup.png");
    check("cat.jpg", "jpg", "cat.jpg");
    check("cat.JPEG", "jpg", "cat.JPEG");
    check("cat.jpeg", "webp", "cat.webp");
    check("scan.tiff", "tif", "scan.tiff");
    check("cat", "avif", "cat.avif");
    check("v1.2", "gif", "v1.2.gif");
    check("a.b.c", "png", "a.b.png");
    check("cat.", "png", "cat..png");
    check("cat.not-an-extension", "png", "cat.not-an-extension.png");
    check(".hta", "png", ".png");
    // The key has no extension, so the right one is unknown.
    assert_eq!(saved("/files/1/cat", "dl=setup.hta", "inline"), "attachment");
}

#[test]
fn a_header_of_the_viewer_does_not_name_a_download() {
    let functions = functions();
    let mut headers = HeaderMap::new();
    headers.insert("x-tintype-download", HeaderValue::from_static("dl=evil.exe"));
    let outcome = functions.viewer_request(&get("/files/1/cat.jpg", "w=640", &headers)).unwrap();
    let RequestOutcome::Forward { headers, .. } = outcome else { panic!("{outcome:?}") };
    assert!(headers.is_empty(), "{headers:?}");
}

#[test]
fn several_lines_of_accept_count_as_one() {
    let mut headers = HeaderMap::new();
    headers.append("accept", HeaderValue::from_static("image/png"));
    headers.append("accept", HeaderValue::from_static("image/avif"));
    let outcome = functions().viewer_request(&get("/files/1/cat.jpg", "w=640", &headers)).unwrap();
    let RequestOutcome::Forward { path, target, .. } = outcome else { panic!("{outcome:?}") };
    let expected = Target::variants(Policy::built_in().keep);
    assert_eq!((path.as_str(), target), ("/files/1/cat.jpg/w=640,fm=auto.avif", Some(expected)));
}

#[test]
fn variants_have_a_group_of_origins_if_each_is_stored_and_else_the_resize_service() {
    for keep in [Policy::built_in().keep, Keep::Always, Keep::Never] {
        let policy = Policy { keep, ..Policy::built_in() };
        let functions = EdgeFunctions::new(KeyValues::new(key_value_data(&policy)), Timestamp::now).unwrap();
        let target = |query: &str| {
            let outcome =
                functions.viewer_request(&get("/files/1/cat.jpg", query, &HeaderMap::new())).unwrap();
            let RequestOutcome::Forward { target, .. } = outcome else { panic!("{outcome:?}") };
            target
        };
        assert_eq!(target("w=640"), Some(Target::variants(keep)));
        assert_eq!(target(""), Some(Target::Origin(OriginId::Originals)), "{keep:?}");
        let is_group = matches!(Target::variants(keep), Target::Group(_));
        assert_eq!(is_group, keep == Keep::Always);
    }
}

#[test]
fn names_of_javascript_object_members_are_ordinary_parameters() {
    let (functions, headers) = (functions(), HeaderMap::new());
    let query = "__proto__=1&constructor=2&hasOwnProperty=3&toString=4&__proto__=5&w=640";
    let outcome = functions.viewer_request(&get("/files/__proto__", query, &headers)).unwrap();
    let RequestOutcome::Forward { path, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(path, "/files/__proto__/w=640,fm=auto.base");
}

#[test]
fn the_longest_urls_that_cloudfront_accepts_stay_within_the_quotas() {
    let (functions, headers) = (functions(), HeaderMap::new());
    let names: Vec<String> = (0..2000).map(|n| format!("{n:x}")).collect();
    let queries =
        [names.join("&"), vec!["w"; 4000].join("&"), format!("w={}", "%39".repeat(2700)), "&".repeat(8000)];
    for query in queries {
        assert!((7000..8192).contains(&query.len()), "{}", query.len());
        assert!(functions.viewer_request(&get("/files/a", &query, &headers)).is_ok());
    }
    for path in [format!("/files/{}", "%C3%A9".repeat(1300)), format!("/files{}", "/a".repeat(4000))] {
        assert!(functions.viewer_request(&get(&path, "w=1", &headers)).is_ok());
    }
}
