//! The wire protocol: requests, refusals, signatures, an AWS SDK as the client.

use std::process::Command;

use serde_json::{Value, json};

use super::clips::mp4;
use super::endpoint::Endpoint;
use super::jobs::small;
use crate::s3::server::{ACCESS_KEY_ID, BUCKET, REGION, SECRET};

/// Runs `media_convert_client.py` with the Python that `TINTYPE_PYTHON` names, by default `python3`.
#[tokio::test(flavor = "multi_thread")]
async fn boto3_can_probe_files_and_create_find_and_cancel_jobs() {
    let endpoint = Endpoint::start().await;
    endpoint.store_clip("clip.mp4", mp4("320x180", "30000/1001", 2.0)).await;
    let python = std::env::var("TINTYPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut command = Command::new(&python);
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/media_convert_client.py"));
    command.env("ENDPOINT", &endpoint.url).env("INPUT", format!("s3://{BUCKET}/files/1/clip.mp4"));
    command.env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID).env("AWS_SECRET_ACCESS_KEY", SECRET);
    command.env("AWS_DEFAULT_REGION", REGION).env_remove("AWS_SESSION_TOKEN").env_remove("AWS_PROFILE");
    command.env("JOB", small(&format!("s3://{BUCKET}/files/1/clip.mp4")).to_string());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    let output = output.unwrap_or_else(|error| {
        panic!("{python} can't be started (set TINTYPE_PYTHON to another Python): {error}")
    });
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && stdout.trim_end().ends_with("done"), "{stdout}\n{stderr}");
}

#[tokio::test]
async fn a_refusal_has_the_code_of_mediaconvert_and_names_the_cause() {
    let endpoint = Endpoint::start().await;
    let mut unknown = small("s3://b/k");
    unknown["settings"]["outputGroups"][0]["outputs"][0]["videoDescription"]["crop"] = json!({});
    let mut odd = small("s3://b/k");
    odd["settings"]["outputGroups"][0]["outputs"][0]["videoDescription"]["width"] = json!(33);
    let none = &Value::Null;
    let check = async |method: &str, path: &str, body: &Value, status: u16, code: &str, message: &str| {
        let answer = endpoint.send(method, path, body).await;
        assert_eq!((answer.status, answer.error.as_str()), (status, code), "{answer:?}");
        assert!(answer.body["message"].as_str().unwrap().contains(message), "{answer:?}");
    };
    let bad = "BadRequestException";
    check("POST", "/jobs", &unknown, 400, bad, "outputs[0]/videoDescription/crop: unknown field `crop`")
        .await;
    check("POST", "/jobs", &odd, 400, bad, "/settings/outputGroups/0/outputs/0: a side is an even number")
        .await;
    check("POST", "/jobs", none, 400, bad, "the body can't be read").await;
    check("GET", "/jobs/1", none, 404, "NotFoundException", "there is no job '1'").await;
    check("DELETE", "/jobs/1", none, 404, "NotFoundException", "there is no job '1'").await;
    check("GET", "/jobs?maxResults=21", none, 400, bad, "maxResults").await;
    check("GET", "/jobs?status=DONE", none, 400, bad, "no status 'DONE'").await;
    let file = |url: &str| json!({ "inputFiles": [{ "fileUrl": url }] });
    check("POST", "/probe", &file("s3://originals/missing"), 404, "NotFoundException", "no object").await;
    check("POST", "/probe", &file("file:///etc/passwd"), 400, bad, "isn't an S3 URL").await;
    check("GET", "/queues", none, 501, "NotImplementedException", "GET /2017-08-29/queues is not available")
        .await;
}

#[tokio::test]
async fn a_request_without_a_signature_is_refused() {
    let endpoint = Endpoint::start().await;
    let response = reqwest::get(format!("{}/2017-08-29/jobs", endpoint.url)).await.unwrap();
    assert_eq!(response.status(), 403);
    assert_eq!(response.headers()["x-amzn-errortype"], "MissingAuthenticationTokenException");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_makes_one_job_even_if_it_is_sent_again() {
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip("clip.mp4", mp4("128x96", "25", 1.0)).await;
    let mut job = small(&input);
    job["clientRequestToken"] = json!("token");
    let ids = futures::future::join_all((0..10).map(|_| endpoint.create(&job))).await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    endpoint.wait_for_end(&ids[0]).await;
    assert_eq!(endpoint.create(&job).await, ids[0], "also after the end of the job");
    let listed = endpoint.send("GET", "/jobs", &Value::Null).await;
    assert_eq!(listed.body["jobs"].as_array().unwrap().len(), 1);
}
