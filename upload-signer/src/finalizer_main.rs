//! The finaliser as a Lambda function of the bucket's events.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;
use service::telemetry::{self, Style};
use upload_signer::config;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start(Style::Json, &service::env::read(service::env::LOG)?);
    let finalizer = config::finalizer_from_env()?;
    let finalizer = &finalizer;
    let answer = |event: LambdaEvent<Value>| async move {
        Box::pin(finalizer.handle(&event.payload)).await.map_err(Error::from)
    };
    run(service_fn(answer)).await
}
