//! The resources of a template, by type.

use local_policy::Template;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::DeployError;
use crate::support::{has_no_effect, remove_without_effect};

/// The emulated resource types.
const EMULATED: [&str; 20] = [
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
    "AWS::CloudFront::CachePolicy",
    "AWS::CloudFront::Distribution",
    "AWS::CloudFront::Function",
    "AWS::CloudFront::KeyValueStore",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::DynamoDB::Table",
    "AWS::Events::Rule",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Lambda::Url",
    "AWS::Logs::MetricFilter",
    "AWS::MediaConvert::Queue",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
    "AWS::SQS::Queue",
];

/// The beginning of the types of custom resources.
const CUSTOM: &str = "Custom::";

/// A resource with the properties of its type.
#[derive(Clone, Debug)]
pub(crate) struct Resource<T> {
    pub(crate) id: String,
    pub(crate) properties: T,
}

/// The resources of a template.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resources<'a>(pub(crate) &'a Template);

impl Resources<'_> {
    /// Fails if a resource has a type that isn't emulated.
    pub(crate) fn check_kinds(self) -> Result<(), DeployError> {
        let is_known =
            |kind: &str| EMULATED.contains(&kind) || kind.starts_with(CUSTOM) || has_no_effect(kind);
        match self.0.types().find(|(_, kind)| !is_known(kind)) {
            Some((id, kind)) => Err(DeployError::Kind { id: id.to_owned(), kind: kind.to_owned() }),
            None => Ok(()),
        }
    }

    /// The resources of a type. Fails if one has a property that isn't emulated.
    pub(crate) fn of<T: DeserializeOwned>(self, kind: &str) -> Result<Vec<Resource<T>>, DeployError> {
        let read = |(id, properties): (&str, &Value)| {
            let mut properties = if properties.is_null() { json!({}) } else { self.0.resolve(properties)? };
            remove_without_effect(kind, &mut properties);
            let properties =
                serde_json::from_value(properties).map_err(|error| DeployError::property(id, error))?;
            Ok(Resource { id: id.to_owned(), properties })
        };
        self.0.of_type(kind).map(read).collect()
    }

    /// The custom resources with their properties.
    pub(crate) fn custom(self) -> Result<Vec<(Resource<Value>, String)>, DeployError> {
        let kinds = self.0.types().filter(|(_, kind)| kind.starts_with(CUSTOM));
        let mut found = Vec::new();
        for (id, kind) in kinds {
            for resource in self.of::<Value>(kind)?.into_iter().filter(|resource| resource.id == id) {
                found.push((resource, kind.to_owned()));
            }
        }
        Ok(found)
    }

    /// The value of `Ref`.
    pub(crate) fn name(self, id: &str) -> Result<String, DeployError> {
        Ok(self.0.text(&json!({ "Ref": id }))?)
    }

    /// The ARN.
    pub(crate) fn arn(self, id: &str) -> Result<String, DeployError> {
        Ok(self.0.arn(id)?)
    }

    /// Another attribute.
    pub(crate) fn attribute(self, id: &str, name: &str) -> Result<String, DeployError> {
        Ok(self.0.text(&json!({ "Fn::GetAtt": [id, name] }))?)
    }
}
