//! The Lambda function of the finaliser, which receives the events of the bucket.

use std::future::ready;
use std::process::ExitCode;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;
use service::notification::log_failure;
use upload_signer::config;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    service::lambda::main(ready(config::finalizer_from_env()), async |finalizer| {
        let finalizer = &finalizer;
        let answer = |event: LambdaEvent<Value>| async move {
            Box::pin(finalizer.handle(&event.payload)).await.inspect_err(log_failure).map_err(Error::from)
        };
        run(service_fn(answer)).await
    })
    .await
}
