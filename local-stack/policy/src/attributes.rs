//! What the resources of a template are called: the values of `Ref` and `Fn::GetAtt`.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/>, "Return values" of each type.

use std::collections::BTreeMap;

use crate::error::PolicyError;

/// The account in which a template is deployed.
#[derive(Clone, Debug)]
pub struct Account {
    /// The account's number.
    pub id: String,
    /// The region.
    pub region: String,
    /// The stack's name.
    pub stack: String,
    /// The names of resources by their logical ids: the name of a bucket, the id of a distribution. Other resources are called
    /// as in the template, or by their logical id.
    pub names: BTreeMap<String, String>,
}

/// A resource of a template, with the name that the account gives it.
pub(crate) struct Named<'a> {
    pub(crate) account: &'a Account,
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
}

impl Named<'_> {
    /// The value of `Ref`.
    pub(crate) fn reference(&self) -> Result<String, PolicyError> {
        let Account { id, region, .. } = self.account;
        let name = self.name;
        match self.kind {
            "AWS::SQS::Queue" => Ok(format!("https://sqs.{region}.amazonaws.com/{id}/{name}")),
            "AWS::SecretsManager::Secret" | "AWS::SNS::Topic" => self.arn(),
            "AWS::ApiGatewayV2::Api"
            | "AWS::CloudFront::Distribution"
            | "AWS::DynamoDB::Table"
            | "AWS::Events::Rule"
            | "AWS::IAM::Role"
            | "AWS::Lambda::Function"
            | "AWS::Logs::LogGroup"
            | "AWS::S3::Bucket" => Ok(name.to_owned()),
            // The id is all that other resources, such as policies of CloudFront, are referred to by.
            kind if kind.starts_with("AWS::CloudFront::") || kind.starts_with("AWS::ApiGatewayV2::") => {
                Ok(name.to_owned())
            }
            kind => Err(PolicyError::Unknown("reference to a resource of type", kind.to_owned())),
        }
    }

    /// The value of `Fn::GetAtt`.
    pub(crate) fn attribute(&self, attribute: &str) -> Result<String, PolicyError> {
        let region = &self.account.region;
        let name = self.name;
        match (self.kind, attribute) {
            (_, "Arn")
            | ("AWS::CloudFront::Function", "FunctionARN")
            | ("AWS::Lambda::Url", "FunctionArn")
            | ("AWS::SNS::Topic", "TopicArn") => self.arn(),
            ("AWS::S3::Bucket", "DomainName") => Ok(format!("{name}.s3.amazonaws.com")),
            ("AWS::S3::Bucket", "RegionalDomainName") => Ok(format!("{name}.s3.{region}.amazonaws.com")),
            ("AWS::SQS::Queue", "QueueName") | ("AWS::SNS::Topic", "TopicName") => Ok(name.to_owned()),
            ("AWS::CloudFront::Distribution", "DomainName") => {
                Ok(format!("{}.cloudfront.net", name.to_ascii_lowercase()))
            }
            ("AWS::CloudFront::OriginAccessControl" | "AWS::CloudFront::KeyValueStore", "Id") => {
                Ok(name.to_owned())
            }
            ("AWS::Lambda::Url", "FunctionUrl") => {
                Ok(format!("https://{}.lambda-url.{region}.on.aws/", name.to_ascii_lowercase()))
            }
            (kind, attribute) => {
                Err(PolicyError::Unknown("attribute of a resource", format!("{attribute} of {kind}")))
            }
        }
    }

    /// The ARN (service authorization reference, "Resource types").
    pub(crate) fn arn(&self) -> Result<String, PolicyError> {
        let Account { id, region, .. } = self.account;
        let name = self.name;
        match self.kind {
            "AWS::S3::Bucket" => Ok(format!("arn:aws:s3:::{name}")),
            "AWS::IAM::Role" => Ok(format!("arn:aws:iam::{id}:role/{name}")),
            "AWS::SQS::Queue" => Ok(format!("arn:aws:sqs:{region}:{id}:{name}")),
            "AWS::SNS::Topic" => Ok(format!("arn:aws:sns:{region}:{id}:{name}")),
            "AWS::DynamoDB::Table" => Ok(format!("arn:aws:dynamodb:{region}:{id}:table/{name}")),
            "AWS::Events::Rule" => Ok(format!("arn:aws:events:{region}:{id}:rule/{name}")),
            "AWS::Lambda::Function" | "AWS::Lambda::Url" => {
                Ok(format!("arn:aws:lambda:{region}:{id}:function:{name}"))
            }
            // The ARN of a log group covers its streams.
            "AWS::Logs::LogGroup" => Ok(format!("arn:aws:logs:{region}:{id}:log-group:{name}:*")),
            "AWS::SecretsManager::Secret" => {
                Ok(format!("arn:aws:secretsmanager:{region}:{id}:secret:{name}"))
            }
            "AWS::MediaConvert::Queue" => Ok(format!("arn:aws:mediaconvert:{region}:{id}:queues/{name}")),
            "AWS::CloudFront::KeyValueStore" => {
                Ok(format!("arn:aws:cloudfront::{id}:key-value-store/{name}"))
            }
            "AWS::CloudFront::Function" => Ok(format!("arn:aws:cloudfront::{id}:function/{name}")),
            "AWS::CloudFront::Distribution" => Ok(format!("arn:aws:cloudfront::{id}:distribution/{name}")),
            kind => Err(PolicyError::Unknown("ARN of a resource of type", kind.to_owned())),
        }
    }
}
