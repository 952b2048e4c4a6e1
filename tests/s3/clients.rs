//! S3 clients of other languages.

use std::process::Command;

use super::server::{ACCESS_KEY_ID, BUCKET, REGION, SECRET, Server};

/// Runs `s3_clients.py` with the Python that `TINTYPE_PYTHON` names, else `python3`.
#[tokio::test(flavor = "multi_thread")]
async fn boto3_forms_and_the_aws_cli_work_with_the_local_s3() {
    let server = Server::start().await;
    let python = std::env::var("TINTYPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut command = Command::new(&python);
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/s3_clients.py"));
    command.env("S3_ENDPOINT", &server.endpoint).env("S3_BUCKET", BUCKET);
    command.env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID).env("AWS_SECRET_ACCESS_KEY", SECRET);
    command.env("AWS_DEFAULT_REGION", REGION).env_remove("AWS_SESSION_TOKEN").env_remove("AWS_PROFILE");
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    let output = output.unwrap_or_else(|error| {
        panic!("{python} can't be started (set TINTYPE_PYTHON to another Python): {error}")
    });
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{complained}");
    assert!(said.trim_end().ends_with("done"), "{said}\n{complained}");
}
