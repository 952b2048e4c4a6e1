//! Uploads by curl, botocore and the AWS CLI.

use std::process::Command;
use std::time::Duration;

use jiff::Timestamp;
use tintype::local::names::{ACCESS_KEY_ID, ORIGINALS, REGION, SECRET_ACCESS_KEY};
use tintype::secrets;
use upload_signer::callers::session::Session;

use crate::support::Running;

/// Runs `upload_clients.py` with the Python in `TINTYPE_PYTHON`, or with `python3`.
#[tokio::test(flavor = "multi_thread")]
async fn curl_botocore_and_the_aws_cli_upload_in_one_request_and_in_parts() {
    let stack = Running::start().await;
    let keys = secrets::open(stack.data()).unwrap().sessions;
    let session = Session::new("alice", Timestamp::now() + Duration::from_hours(1));
    let python = std::env::var("TINTYPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut command = Command::new(&python);
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/upload_clients.py"));
    command.env("EDGE", stack.edge()).env("SESSION", session.to_token(&keys));
    command.env("S3_ENDPOINT", &stack.stack.addresses.s3).env("S3_BUCKET", ORIGINALS);
    command.env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID).env("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY);
    command.env("AWS_DEFAULT_REGION", REGION).env_remove("AWS_SESSION_TOKEN").env_remove("AWS_PROFILE");
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    let output = output.unwrap_or_else(|error| {
        panic!("{python} can't be started (set TINTYPE_PYTHON to another Python): {error}")
    });
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}\n{stderr}");
    assert!(stdout.trim_end().ends_with("done"), "{stdout}\n{stderr}");
}
