//! The Lambda function of the signer, behind an HTTP API.

use std::process::ExitCode;

use upload_signer::app::app;
use upload_signer::config;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    service::lambda::main(config::from_env(), async |api| lambda_http::run(app(api)).await).await
}
