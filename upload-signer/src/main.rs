//! The signer as a Lambda function behind an HTTP API.

use service::telemetry::{self, Style};
use upload_signer::{config, handler};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::start(Style::Json, &service::env::read(service::env::LOG)?);
    lambda_http::run(handler::app(config::from_env().await?)).await
}
