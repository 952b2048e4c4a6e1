//! The trigger as a Lambda function of a queue.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;
use service::telemetry::{self, Style};
use transcode_trigger::config;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start(Style::Json, &service::env::read(service::env::LOG)?);
    let trigger = config::from_env()?;
    let trigger = &trigger;
    let answer = |event: LambdaEvent<Value>| async move {
        Box::pin(trigger.handle(&event.payload)).await.map_err(Error::from)
    };
    run(service_fn(answer)).await
}
