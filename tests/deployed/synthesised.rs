//! A synthesised deployment: the template that the CDK app makes of a configuration.

use std::path::{Path, PathBuf};
use std::process::Command;

use local_deployed::deployment::{Deployment, Listeners, Options};
use local_media_convert::Tools;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::support::owner;

/// A synthesised deployment that isn't running.
pub(super) struct Synthesised {
    pub(super) folder: TempDir,
    pub(super) template: Value,
}

impl Synthesised {
    /// Synthesises the shipped configuration with changed members.
    pub(super) fn new(changes: &Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy");
        assert!(deploy.join("dist/app.js").exists(), "the CDK app isn't built; ./test builds it");
        let shipped = std::fs::read_to_string(deploy.join("config.json")).unwrap();
        let mut config: Value = serde_json::from_str(&shipped).unwrap();
        for (name, value) in changes.as_object().unwrap() {
            config[name] = value.clone();
        }
        let file = folder.path().join("config.json");
        std::fs::write(&file, config.to_string()).unwrap();
        let output = Command::new("node")
            .args(["dist/app.js", "--config"])
            .arg(&file)
            .current_dir(&deploy)
            .env("CDK_OUTDIR", folder.path().join("cdk.out"))
            .output()
            .unwrap_or_else(|error| panic!("node can't be started: {error}; ./test installs it"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut synthesised = Self { folder, template: Value::Null };
        let text = std::fs::read_to_string(synthesised.template_file()).unwrap();
        synthesised.template = serde_json::from_str(&text).unwrap();
        synthesised
    }

    fn template_file(&self) -> PathBuf {
        self.folder.path().join("cdk.out/Tintype.template.json")
    }

    /// Changes the synthesised template. An earlier change is undone.
    pub(super) fn change(&self, change: impl FnOnce(&mut Value)) {
        let mut template = self.template.clone();
        change(&mut template);
        std::fs::write(self.template_file(), template.to_string()).unwrap();
    }

    /// The reason why the deployment isn't started.
    pub(super) async fn refusal(&self) -> String {
        let listeners = Listeners { edge: listen().await.0, s3: listen().await.0, aws: listen().await.0 };
        let started = Deployment::start(self.options(), listeners).await;
        started.map(drop).unwrap_err().to_string()
    }

    pub(super) fn options(&self) -> Options {
        Options {
            assembly: self.folder.path().join("cdk.out"),
            data: self.folder.path().join("data"),
            owner: owner(),
            tools: Tools::default(),
        }
    }
}

pub(super) async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}
