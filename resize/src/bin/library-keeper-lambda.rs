//! The Lambda function that keeps the records of the library equal to the originals, by events of the bucket of originals.

use std::future::ready;
use std::process::ExitCode;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use resize::edge::library_keeper::LibraryKeeper;
use resize::edge::render_service::worker;
use serde_json::Value;
use service::notification::log_failure;

fn main() -> ExitCode {
    if isolation::is_worker() { worker::main() } else { run_function() }
}

#[tokio::main(flavor = "current_thread")]
async fn run_function() -> ExitCode {
    service::lambda::main(ready(LibraryKeeper::from_env()), async |keeper| {
        let keeper = &keeper;
        let answer = |event: LambdaEvent<Value>| async move {
            Box::pin(keeper.handle(&event.payload)).await.inspect_err(log_failure).map_err(Error::from)
        };
        run(service_fn(answer)).await
    })
    .await
}
