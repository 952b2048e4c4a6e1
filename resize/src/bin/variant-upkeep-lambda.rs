//! The Lambda function that keeps variants consistent with their originals, by events of the bucket of originals.

use std::future::ready;
use std::process::ExitCode;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use resize::edge::render_service::worker;
use resize::edge::upkeep::Upkeep;
use serde_json::Value;
use service::notification::log_failure;

fn main() -> ExitCode {
    if isolation::is_worker() { worker::main() } else { run_function() }
}

#[tokio::main(flavor = "current_thread")]
async fn run_function() -> ExitCode {
    service::lambda::main(ready(Upkeep::from_env()), async |upkeep| {
        let upkeep = &upkeep;
        let answer = |event: LambdaEvent<Value>| async move {
            Box::pin(upkeep.handle(&event.payload)).await.inspect_err(log_failure).map_err(Error::from)
        };
        run(service_fn(answer)).await
    })
    .await
}
