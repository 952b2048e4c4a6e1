//! The signer as a Lambda function behind an HTTP API.

use std::sync::Arc;

use service::telemetry::{self, Style};
use upload_signer::{config, handler, status};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::start(Style::Json, &service::env::read(service::env::LOG)?);
    let (signer, uploads) = (config::from_env()?, config::uploads_from_env()?);
    lambda_http::run(handler::app(Arc::new(signer)).merge(status::routes(Arc::new(uploads)))).await
}
