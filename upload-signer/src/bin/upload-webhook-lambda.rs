//! The Lambda function of the webhook, which a queue of events invokes.

use std::process::ExitCode;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;
use upload_signer::config;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    service::lambda::main(config::notifier_from_env(), async |(notifier, redelivery)| {
        let (notifier, redelivery) = (&notifier, &redelivery);
        let answer = |event: LambdaEvent<Value>| async move {
            let response = Box::pin(notifier.handle(&event.payload)).await.map_err(Error::from)?;
            redelivery.postpone(&event.payload, &response).await;
            Ok::<_, Error>(response)
        };
        run(service_fn(answer)).await
    })
    .await
}
