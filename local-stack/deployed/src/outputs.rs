//! The outputs of a stack, with local addresses.

use std::collections::BTreeMap;

use local_policy::Template;
use serde_json::Value;

use crate::account::Addresses;
use crate::error::DeployError;
use crate::hosts::api_hosts;
use crate::resources::Resources;

/// The addresses of AWS that texts contain, and the local ones.
pub(crate) fn replaced(
    resources: Resources<'_>,
    addresses: &Addresses,
) -> Result<Vec<(String, String)>, DeployError> {
    let mut replaced = Vec::new();
    for (id, _) in resources.0.of_type("AWS::CloudFront::Distribution") {
        let host = resources.attribute(id, "DomainName")?;
        replaced.push((format!("https://{host}"), addresses.edge.clone()));
    }
    // The distribution forwards to its API. Without a distribution the API itself has its place.
    for host in api_hosts(resources)? {
        replaced.push((format!("https://{host}"), addresses.edge.clone()));
    }
    Ok(replaced)
}

/// The outputs that are texts.
pub(crate) fn outputs(
    template: &Template,
    document: &Value,
    replaced: &[(String, String)],
) -> Result<BTreeMap<String, String>, DeployError> {
    let declared = document.get("Outputs").and_then(Value::as_object).into_iter().flatten();
    let local = |text: String| replaced.iter().fold(text, |text, (aws, local)| text.replace(aws, local));
    let output = |(name, output): (&String, &Value)| {
        let value = template.text(output.get("Value").unwrap_or(&Value::Null))?;
        Ok((name.clone(), local(value)))
    };
    declared.map(output).collect()
}
