//! Secrets in AWS Secrets Manager, read once at the start. The environment holds their ARNs, so that permission to read
//! a function's configuration doesn't reveal a secret.

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningParams, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::fetch;

const SERVICE: &str = "secretsmanager";

/// A client of AWS Secrets Manager.
#[derive(Clone, Debug)]
pub(super) struct SecretsManager {
    /// The credentials. They need `secretsmanager:GetSecretValue` on the secrets.
    pub(super) credentials: Credentials,
    /// The URL of the service; `None` for the one in the region of each secret.
    pub(super) endpoint: Option<String>,
    /// The clock.
    pub(super) clock: fn() -> Timestamp,
}

/// The secret of an ARN can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret {name} can't be read: {cause}")]
pub struct SecretError {
    /// The ARN of the secret.
    pub name: String,
    /// The reason, without any part of the secret.
    pub cause: String,
}

impl SecretsManager {
    /// The secret whose ARN in Secrets Manager is `value`. Any other value is the secret itself.
    pub(super) async fn resolve(&self, value: String) -> Result<String, SecretError> {
        let Some(region) = region_of(&value) else { return Ok(value) };
        self.fetch(&value, region).await.map_err(|cause| SecretError { name: value, cause })
    }

    /// `GetSecretValue` (Secrets Manager's API reference).
    async fn fetch(&self, arn: &str, region: &str) -> Result<String, String> {
        let url = match &self.endpoint {
            Some(endpoint) => format!("{}/", endpoint.trim_end_matches('/')),
            None => format!("https://{SERVICE}.{region}.amazonaws.com/"),
        };
        let request = self.request(&url, region, &json!({ "SecretId": arn }).to_string())?;
        let response = fetch::send(request).await?;
        let response: Value =
            serde_json::from_slice(&response).map_err(|_| "the answer is not JSON".to_owned())?;
        let secret = response.get("SecretString").and_then(Value::as_str);
        secret.map(str::to_owned).ok_or_else(|| "it holds no text".to_owned())
    }

    fn request(&self, url: &str, region: &str, body: &str) -> Result<HttpRequest, String> {
        let headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", "secretsmanager.GetSecretValue"),
        ];
        let identity = Identity::from(self.credentials.clone());
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(SERVICE)
            .time((self.clock)().into())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| error.to_string())?;
        let signable =
            SignableRequest::new("POST", url, headers.into_iter(), SignableBody::Bytes(body.as_bytes()))
                .map_err(|error| error.to_string())?;
        let signed = sign(signable, &SigningParams::from(params)).map_err(|error| error.to_string())?;
        let (instructions, _) = signed.into_parts();
        let (signature, _) = instructions.into_parts();

        let mut request = http::Request::builder().method("POST").uri(url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        for header in &signature {
            request = request.header(header.name(), header.value());
        }
        let request = request.body(SdkBody::from(body)).map_err(|error| error.to_string())?;
        HttpRequest::try_from(request).map_err(|error| error.to_string())
    }
}

/// The region in an ARN of Secrets Manager, `arn:aws:secretsmanager:<region>:<account>:secret:<name>`.
fn region_of(text: &str) -> Option<&str> {
    let mut parts = text.split(':');
    let is_arn = parts.next() == Some("arn") && parts.next().is_some() && parts.next() == Some(SERVICE);
    parts.next().filter(|region| is_arn && !region.is_empty())
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::post;
    use http::{HeaderMap, StatusCode};
    use tokio::net::TcpListener;

    use super::*;

    const ARN: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:Signer-AbCdEf";

    /// A Secrets Manager that answers every request with `status` and `answer`.
    async fn manager(status: StatusCode, answer: &'static str) -> SecretsManager {
        let answering = move |headers: HeaderMap, body: String| async move {
            assert_eq!(headers["x-amz-target"], "secretsmanager.GetSecretValue");
            let authorization = headers["authorization"].to_str().unwrap();
            assert!(authorization.contains("/eu-central-1/secretsmanager/aws4_request"), "{authorization}");
            assert_eq!(headers["x-amz-security-token"], "token");
            assert_eq!(body, format!(r#"{{"SecretId":"{ARN}"}}"#));
            (status, answer)
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(answering))).await });
        let credentials = Credentials::new("id", "secret", Some("token".to_owned()), None, "test");
        SecretsManager { credentials, endpoint: Some(endpoint), clock: || Timestamp::UNIX_EPOCH }
    }

    #[tokio::test]
    async fn an_arn_is_resolved_to_its_secret() {
        let manager = manager(StatusCode::OK, r#"{"ARN":"…","SecretString":"new,old"}"#).await;
        assert_eq!(manager.resolve(ARN.to_owned()).await, Ok("new,old".to_owned()));
    }

    #[tokio::test]
    async fn any_other_text_is_the_secret_itself() {
        let manager = manager(StatusCode::INTERNAL_SERVER_ERROR, "").await;
        for text in [
            "",
            "0123456789abcdef",
            "arn:aws:s3:::bucket",
            "arn:aws:secretsmanager",
            "arn:aws:secretsmanager::1:secret:a",
        ] {
            assert_eq!(manager.resolve(text.to_owned()).await, Ok(text.to_owned()));
        }
    }

    #[tokio::test]
    async fn an_unreadable_secret_is_an_error_with_its_arn() {
        let check = async |status, answer, expected: &str| {
            let error = manager(status, answer).await.resolve(ARN.to_owned()).await.unwrap_err();
            assert!(
                error.to_string().starts_with(&format!("the secret {ARN} can't be read: {expected}")),
                "{error}"
            );
        };
        check(
            StatusCode::BAD_REQUEST,
            r#"{"__type":"AccessDeniedException"}"#,
            "the answer has the status 400",
        )
        .await;
        check(StatusCode::OK, r#"{"SecretBinary":"AA=="}"#, "it holds no text").await;
        check(StatusCode::OK, "<html>", "the answer is not JSON").await;
    }
}
