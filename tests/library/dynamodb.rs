//! A `DynamoDB` table on moto's server.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use aws_credential_types::Credentials;
use library::dynamodb::{DynamoLibrary, TABLE};
use serde_json::{Value, json};
use service::aws_api::{AwsApi, Retries};
use service::wire::Timeouts;

const REGION: &str = "eu-central-1";

/// A server of moto. It ends when this value is dropped.
pub(super) struct Moto {
    process: Child,
    endpoint: String,
}

impl Drop for Moto {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

impl Moto {
    pub(super) fn start() -> Self {
        let python = std::env::var("TINTYPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/library/moto_server.py");
        let mut command = Command::new(&python);
        command.args(["-B", script]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command
            .spawn()
            .unwrap_or_else(|error| panic!("{python} can't be started: {error}; ./test installs it"));
        let mut endpoint = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut endpoint).unwrap();
        assert!(endpoint.starts_with("http://"), "moto doesn't start: ./test installs it");
        Self { process, endpoint: endpoint.trim().to_owned() }
    }

    /// Creates the deployment's table under a name.
    pub(super) async fn library(&self, name: &str) -> DynamoLibrary {
        let credentials = Credentials::new("AK", "SK", None, None, "test");
        let retries = Retries { attempts: 1, first_pause: Duration::ZERO };
        let api =
            AwsApi::new("dynamodb", REGION, &self.endpoint, credentials.clone(), retries, Timeouts::COMMON);
        let mut table: Value = serde_json::from_str(TABLE).unwrap();
        table["TableName"] = json!(name);
        let headers = [
            ("content-type", "application/x-amz-json-1.0"),
            ("x-amz-target", "DynamoDB_20120810.CreateTable"),
        ];
        api.post("/", &headers, &table.to_string()).await.unwrap();
        DynamoLibrary::new(name, REGION, Some(&self.endpoint), credentials)
    }
}
