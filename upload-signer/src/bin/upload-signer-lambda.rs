//! The signer as a Lambda function behind an HTTP API.

use std::process::ExitCode;

use upload_signer::config;
use upload_signer::http::handler;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    service::lambda::main(config::from_env(), async |api| lambda_http::run(handler::app(api)).await).await
}
