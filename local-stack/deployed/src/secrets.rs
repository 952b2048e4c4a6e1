//! Secrets Manager: secrets that are made at the first start, and `GetSecretValue`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::error::DeployError;
use crate::failure::failure;
use crate::properties::SecretProperties;
use crate::resources::{Resource, Resources};

/// The file of the secrets in the data folder.
const FILE: &str = "secrets.json";

/// The secrets by their ARNs.
#[derive(Clone, Debug)]
pub(crate) struct Secrets(Arc<BTreeMap<String, String>>);

impl Secrets {
    /// Opens the secrets of the data folder, and makes those that are missing. Only the owner can read the file.
    pub(crate) fn open(resources: Resources<'_>, data: &Path) -> Result<Self, DeployError> {
        let file = data.join(FILE);
        let mut secrets: BTreeMap<String, String> = match fs::read_to_string(&file) {
            Ok(text) => serde_json::from_str(&text).map_err(DeployError::set_up)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(cause) => return Err(DeployError::File { file, cause }),
        };
        for Resource { id, properties } in resources.of::<SecretProperties>("AWS::SecretsManager::Secret")? {
            let generate = properties.generate_secret_string;
            if !generate.exclude_punctuation {
                return Err(DeployError::property(&id, "only secrets without punctuation are emulated"));
            }
            secrets.entry(resources.name(&id)?).or_insert_with(|| random(generate.password_length));
        }
        let text = json!(secrets).to_string();
        let open = || fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&file);
        open().and_then(|mut open| open.write_all(text.as_bytes())).map_err(DeployError::file(&file))?;
        Ok(Self(Arc::new(secrets)))
    }

    /// The answer to `GetSecretValue`.
    pub(crate) fn value(&self, body: &[u8]) -> Response {
        let Ok(Request { secret_id }) = serde_json::from_slice(body) else {
            return failure(StatusCode::BAD_REQUEST, "InvalidRequestException", "SecretId is missing");
        };
        let Some(value) = self.0.get(&secret_id) else {
            let sentence = "Secrets Manager can't find the specified secret.";
            return failure(StatusCode::BAD_REQUEST, "ResourceNotFoundException", sentence);
        };
        let answer = json!({ "ARN": secret_id, "Name": secret_id, "SecretString": value, "VersionId": "1" });
        ([("content-type", "application/x-amz-json-1.1")], answer.to_string()).into_response()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    secret_id: String,
}

/// A random text of hexadecimal digits.
fn random(length: usize) -> String {
    let mut text = String::new();
    while text.len() < length {
        text.push_str(&Uuid::new_v4().simple().to_string());
    }
    text.truncate(length);
    text
}
