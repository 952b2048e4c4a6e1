//! A synthesised `CloudFormation` template.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

/// A template.
pub(super) struct Template(Value);

impl Template {
    /// Synthesises the template with the CDK app.
    pub(super) fn synthesised() -> Self {
        Self::of_config(Path::new("config.json"))
    }

    /// The template of the shipped configuration with a webhook.
    pub(super) fn with_webhook() -> Self {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/config.json");
        let mut config: Value = serde_json::from_str(&std::fs::read_to_string(shipped).unwrap()).unwrap();
        config["webhook"] = json!({ "url": "https://app.example.com/hook" });
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), config.to_string()).unwrap();
        Self::of_config(file.path())
    }

    fn of_config(config: &Path) -> Self {
        let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy");
        assert!(deploy.join("dist/app.js").exists(), "the CDK app isn't built; ./test builds it");
        let out = tempfile::tempdir().unwrap();
        let output = Command::new("node")
            .args(["dist/app.js", "--config"])
            .arg(config)
            .current_dir(&deploy)
            .env("CDK_OUTDIR", out.path())
            .output()
            .unwrap_or_else(|error| panic!("node can't be started: {error}; ./test installs it"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = std::fs::read_to_string(out.path().join("Tintype.template.json")).unwrap();
        Self(serde_json::from_str(&text).unwrap())
    }

    /// The resources of a type, each with its id and properties.
    pub(super) fn all(&self, kind: &str) -> Vec<(&str, &Value)> {
        let resources = self.0["Resources"].as_object().unwrap();
        let of_kind = resources.iter().filter(|(_, resource)| resource["Type"] == kind);
        of_kind.map(|(id, resource)| (id.as_str(), &resource["Properties"])).collect()
    }

    /// The properties of the only resource of a type.
    pub(super) fn only(&self, kind: &str) -> &Value {
        let all = self.all(kind);
        assert_eq!(all.len(), 1, "resources of type {kind}");
        all[0].1
    }

    /// The properties of the resource that a `Ref` or `Fn::GetAtt` refers to.
    pub(super) fn get(&self, reference: &Value) -> &Value {
        let name = reference["Ref"].as_str().or_else(|| reference["Fn::GetAtt"][0].as_str());
        let name = name.unwrap_or_else(|| panic!("no reference: {reference}"));
        &self.0["Resources"][name]["Properties"]
    }
}

/// The texts of a list, without their order.
pub(super) fn set(list: &Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

/// The texts of a constant list, without their order.
pub(super) fn texts<const N: usize>(list: [&str; N]) -> BTreeSet<String> {
    list.map(str::to_owned).into()
}
