//! The trigger as a Lambda function that an SQS queue invokes.

use std::future::ready;
use std::process::ExitCode;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;
use service::notification::log_failure;
use transcode_trigger::edge::config;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    service::lambda::main(ready(config::from_env()), async |trigger| {
        let trigger = &trigger;
        let answer = |event: LambdaEvent<Value>| async move {
            Box::pin(trigger.handle(&event.payload)).await.inspect_err(log_failure).map_err(Error::from)
        };
        run(service_fn(answer)).await
    })
    .await
}
