use std::sync::Arc;

use cdn_config::functions::VIEWER_REQUEST;
use cdn_config::key_value::key_value_data;
use cdn_config::policy::{Keep, Policy};
use serde_json::json;

use super::*;

fn script(source: &'static str) -> Arc<Script> {
    Arc::new(Script { source: source.into(), key_values: KeyValues::default(), clock: Timestamp::now })
}

fn run_once(source: &'static str) -> Result<String, FunctionError> {
    run(&script(source), r#"{"request":{"uri":"/"}}"#).map(|run| run.result)
}

#[test]
fn a_function_may_return_a_value_or_a_promise() {
    assert_eq!(
        run_once("function handler(event) { return event.request; }"),
        Ok(r#"{"uri":"/"}"#.to_owned())
    );
    assert_eq!(run_once("async function handler(event) { return 1; }"), Ok("1".to_owned()));
}

#[test]
fn an_endless_loop_is_stopped() {
    assert_eq!(run_once("function handler() { for (;;); }"), Err(FunctionError::TooLong));
    assert_eq!(run_once("async function handler() { await 1; while (true); }"), Err(FunctionError::TooLong));
    assert_eq!(
        run_once("function handler() { try { for (;;); } catch (error) { return 1; } }"),
        Err(FunctionError::TooLong)
    );
}

#[test]
fn a_function_that_fills_the_memory_is_stopped() {
    let error = run_once("function handler() { return 'x'.repeat(3000000); }").unwrap_err();
    assert!(matches!(&error, FunctionError::Failed(message) if message.contains("out of memory")), "{error}");
    assert_eq!(run_once("function handler() { return 'x'.repeat(100000).length; }"), Ok("100000".to_owned()));
}

#[test]
fn a_function_that_throws_returns_nothing_or_never_resolves_is_an_error() {
    let check = |source, expected: &str| {
        let error = run_once(source).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    check("function handler() { throw new Error('so it is'); }", "so it is");
    check("async function handler() { throw { a: 1 }; }", "the edge function failed");
    check("function handler() { }", "nothing");
    check("async function handler() { await new Promise(() => {}); }", "the edge function failed");
    check("function handle() { }", "can't be loaded");
    check("import fs from 'fs'; function handler() { }", "can't be loaded");
    check("function handler( {", "can't be loaded");
}

#[test]
fn a_failed_engine_is_not_used_again() {
    let counting =
        script("let calls = 0; function handler() { calls += 1; if (calls === 3) throw 1; return calls; }");
    let answers: Vec<_> = (0..5).map(|_| run(&counting, "{}").map(|run| run.result).ok()).collect();
    assert_eq!(answers, [Some("1"), Some("2"), None, Some("1"), Some("2")].map(|a| a.map(str::to_owned)));
}

#[test]
fn a_selected_origin_is_checked_as_cloudfront_checks_it() {
    let check = |call: &'static str, expected: Result<Target, &str>| {
        let source = format!("import cf from 'cloudfront'; function handler() {{ cf.{call}; return 1; }}");
        let outcome =
            run(&script(source.leak()), "{}").map(|run| run.target.unwrap()).map_err(|e| e.to_string());
        match (outcome, expected) {
            (Err(error), Err(expected)) => assert!(error.contains(expected), "{error}"),
            (outcome, expected) => assert_eq!(outcome, expected.map_err(str::to_owned)),
        }
    };
    let originals = Target::Origin(cdn_config::behaviors::OriginId::Originals);
    check("selectRequestOriginById('originals')", Ok(originals));
    check("selectRequestOriginById('nowhere')", Err("no origin has the ID"));
    check("selectRequestOriginById()", Err("neither an origin's ID"));
    check(
        "createRequestOriginGroup({ originIds: [{ originId: 'variants' }, { originId: 'resize' }], \
         failoverCriteria: { statusCodes: [400, 403, 404] } })",
        Ok(Target::variants(Keep::Always)),
    );
    check(
        "createRequestOriginGroup({ originIds: [{ originId: 'variants' }, { originId: 'resize' }], \
         failoverCriteria: { statusCodes: [401] } })",
        Err("fails over on"),
    );
    check(
        "createRequestOriginGroup({ originIds: [{ originId: 'variants' }], failoverCriteria: { statusCodes: [404] } })",
        Err("neither an origin's ID"),
    );
}

/// The engine's count is exact and depends on no clock. It changes with the function or the engine.
#[test]
fn a_usual_request_takes_some_hundred_steps() {
    const REQUESTS: u32 = 1000;
    const STEPS_A_REPORT: u32 = 10_000;
    let key_values = KeyValues::new(key_value_data(&Policy::built_in()));
    let engine =
        Engine::new(&Script { source: VIEWER_REQUEST.into(), key_values, clock: Timestamp::now }).unwrap();
    let event = json!({ "request": {
        "method": "GET",
        "uri": "/files/0190163d-8694-739b-aea5-966c26f8ad91/cat.jpg",
        "querystring": { "w": { "value": "640" }, "q": { "value": "75" } },
        "headers": { "accept": { "value": "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8" } },
    } });
    let mut reports = 0;
    for _ in 0..REQUESTS {
        engine.run(&event.to_string()).unwrap();
        reports += engine.reports.get();
    }
    let steps = reports * STEPS_A_REPORT / REQUESTS;
    assert!((300..850).contains(&steps), "{steps} steps");
}
