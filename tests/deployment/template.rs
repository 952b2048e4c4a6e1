//! A synthesised `CloudFormation` template.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use cdn_config::export::export;
use cdn_config::policy::Policy;
use local_edge::invalidation::DISTRIBUTION;
use local_policy::Account;
use local_s3::ACCOUNT;
use serde_json::{Value, json};
use tintype::local::names::{ORIGINALS, REGION, VARIANTS};

/// A template.
pub(crate) struct Template(Value);

impl Template {
    /// Synthesises the template with the CDK app.
    pub(crate) fn synthesised() -> Self {
        Self::of_config(Path::new("config.json"), &Policy::built_in())
    }

    /// The template of the shipped configuration with a library and a webhook.
    pub(crate) fn complete() -> Self {
        Self::complete_of(&Policy::built_in())
    }

    /// The template of the shipped configuration with a library and a webhook, and of a policy.
    pub(crate) fn complete_of(policy: &Policy) -> Self {
        Self::of_shipped(policy, |config| {
            config["parts"]["library"] = json!(true);
            config["webhook"] = json!({ "url": "https://app.example.com/hook" });
        })
    }

    /// The template of the shipped configuration and a policy.
    pub(crate) fn of_policy(policy: &Policy) -> Self {
        Self::of_shipped(policy, |_| {})
    }

    /// The template of a configuration with everything that an environment variable says.
    pub(crate) fn with_every_variable() -> Self {
        Self::of_shipped(&Policy::built_in(), |config| {
            config["webhook"] = json!({ "url": "https://app.example.com/hook" });
            for (name, value) in [
                (
                    "authentication",
                    json!({ "kind": "jwt", "issuer": "https://issuer.example", "audience": "app" }),
                ),
                ("types", json!(["image/*"])),
                ("maxBytes", json!(1_000_000)),
                ("maxPixels", json!(1_000_000)),
                ("lifetimeSeconds", json!(600)),
                ("scanner", json!({ "url": "http://scanner.example:8080" })),
            ] {
                config["upload"][name] = value;
            }
        })
    }

    /// The template of the shipped configuration with changes.
    fn of_shipped(policy: &Policy, change: impl FnOnce(&mut Value)) -> Self {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/config.json");
        let mut config: Value = serde_json::from_str(&std::fs::read_to_string(shipped).unwrap()).unwrap();
        change(&mut config);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), config.to_string()).unwrap();
        Self::of_config(file.path(), policy)
    }

    fn of_config(config: &Path, policy: &Policy) -> Self {
        let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy");
        assert!(deploy.join("dist/app.js").exists(), "the CDK app isn't built; ./test builds it");
        let out = tempfile::tempdir().unwrap();
        let cdn = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(cdn.path(), export(policy).to_string()).unwrap();
        let output = Command::new("node")
            .args(["dist/app.js", "--config"])
            .arg(config)
            .current_dir(&deploy)
            .env("CDK_OUTDIR", out.path())
            .env("TINTYPE_CDN", cdn.path())
            .output()
            .unwrap_or_else(|error| panic!("node can't be started: {error}; ./test installs it"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = std::fs::read_to_string(out.path().join("Tintype.template.json")).unwrap();
        Self(serde_json::from_str(&text).unwrap())
    }

    /// The template in the local account: the names of its resources are those of the local stack, or their logical ids without
    /// the CDK's hash.
    pub(crate) fn in_local_account(&self) -> local_policy::Template {
        let name = |id: &String| {
            let name =
                id.trim_end_matches(|char: char| char.is_ascii_hexdigit() && !char.is_ascii_lowercase());
            // The hash has eight characters, and the name may end in one that a hash could have.
            let name = if id.len() - name.len() >= 8 { &id[..id.len() - 8] } else { id };
            let name = match name {
                "DeliveryDistribution" => DISTRIBUTION.to_owned(),
                "StorageOriginals" => ORIGINALS.to_owned(),
                "StorageVariants" => VARIANTS.to_owned(),
                "StorageAccessLogs" => name.to_ascii_lowercase(),
                "VideoJobs" => "Default".to_owned(),
                name => name.to_owned(),
            };
            (id.clone(), name)
        };
        let names = self.0["Resources"].as_object().unwrap().keys().map(name).collect();
        let (id, region, stack) = (ACCOUNT.to_owned(), REGION.to_owned(), "Tintype".to_owned());
        local_policy::Template::new(&self.0, Account { id, region, stack, names }).unwrap()
    }

    /// The whole template.
    pub(crate) fn text(&self) -> String {
        self.0.to_string()
    }

    /// The resources of a type, each with its id and properties.
    pub(crate) fn all(&self, kind: &str) -> Vec<(&str, &Value)> {
        let resources = self.0["Resources"].as_object().unwrap();
        let of_kind = resources.iter().filter(|(_, resource)| resource["Type"] == kind);
        of_kind.map(|(id, resource)| (id.as_str(), &resource["Properties"])).collect()
    }

    /// The properties of the only resource of a type.
    pub(crate) fn only(&self, kind: &str) -> &Value {
        let all = self.all(kind);
        assert_eq!(all.len(), 1, "resources of type {kind}");
        all[0].1
    }

    /// The properties of the resource that a `Ref` or `Fn::GetAtt` refers to.
    pub(crate) fn get(&self, reference: &Value) -> &Value {
        let name = reference["Ref"].as_str().or_else(|| reference["Fn::GetAtt"][0].as_str());
        let name = name.unwrap_or_else(|| panic!("no reference: {reference}"));
        &self.0["Resources"][name]["Properties"]
    }
}

/// The texts of a list, without their order.
pub(crate) fn set(list: &Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

/// The texts of a constant list, without their order.
pub(crate) fn texts<const N: usize>(list: [&str; N]) -> BTreeSet<String> {
    list.map(str::to_owned).into()
}
