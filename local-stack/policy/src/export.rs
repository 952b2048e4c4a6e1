//! The policies of a template as a document.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::error::PolicyError;
use crate::template::Template;

/// The types of resources that have permissions.
const POLICIES: [&str; 6] = [
    "AWS::IAM::Role",
    "AWS::IAM::Policy",
    "AWS::Lambda::Permission",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
];

/// The types of resources that are called policies and have no permissions.
const NO_PERMISSIONS: [&str; 3] = [
    "AWS::CloudFront::CachePolicy",
    "AWS::CloudFront::OriginRequestPolicy",
    "AWS::CloudFront::ResponseHeadersPolicy",
];

/// The policies of a template, with resolved names: `roles` has the statements of roles by their ARNs, `resources` those of
/// buckets, queues, topics, functions and, for `sts:AssumeRole`, roles. [`Permissions`](crate::Permissions) reads it.
pub fn export(template: &Template) -> Result<Value, PolicyError> {
    let mut policies = Policies::default();
    for (id, kind) in template.types() {
        let is_policy =
            kind.starts_with("AWS::IAM::") || kind.ends_with("Policy") || kind.ends_with("Permission");
        if is_policy && !POLICIES.contains(&kind) && !NO_PERMISSIONS.contains(&kind) {
            return Err(PolicyError::Unknown("resource type", kind.to_owned()).at(id));
        }
    }
    for (id, role) in template.of_type("AWS::IAM::Role") {
        policies.add_role(template, id, role).map_err(|error| error.at(id))?;
    }
    for (id, policy) in template.of_type("AWS::IAM::Policy") {
        policies.add_policy(template, policy).map_err(|error| error.at(id))?;
    }
    for (kind, target) in [
        ("AWS::S3::BucketPolicy", "Bucket"),
        ("AWS::SQS::QueuePolicy", "Queues"),
        ("AWS::SNS::TopicPolicy", "Topics"),
    ] {
        for (id, policy) in template.of_type(kind) {
            policies.add_to_resource(template, target, policy).map_err(|error| error.at(id))?;
        }
    }
    for (id, permission) in template.of_type("AWS::Lambda::Permission") {
        policies.add_permission(template, permission).map_err(|error| error.at(id))?;
    }
    Ok(json!({ "roles": policies.roles, "resources": policies.resources }))
}

/// Statements by the ARNs of roles and resources.
#[derive(Default)]
struct Policies {
    roles: BTreeMap<String, Vec<Value>>,
    resources: BTreeMap<String, Vec<Value>>,
}

impl Policies {
    fn add_role(&mut self, template: &Template, id: &str, role: &Value) -> Result<(), PolicyError> {
        let known = ["AssumeRolePolicyDocument", "Description", "Path", "Policies", "RoleName", "Tags"];
        only(role, &known)?;
        let arn = template.arn(id)?;
        self.roles.entry(arn.clone()).or_default();
        let mut trusted = statements(template, required(role, "AssumeRolePolicyDocument")?)?;
        for statement in &mut trusted {
            // The policy of a role names no resource: it is the role.
            statement["Resource"] = json!(arn);
        }
        self.resources.entry(arn.clone()).or_default().extend(trusted);
        for policy in role.get("Policies").and_then(Value::as_array).into_iter().flatten() {
            let statements = statements(template, required(policy, "PolicyDocument")?)?;
            self.roles.entry(arn.clone()).or_default().extend(statements);
        }
        Ok(())
    }

    fn add_policy(&mut self, template: &Template, policy: &Value) -> Result<(), PolicyError> {
        only(policy, &["PolicyDocument", "PolicyName", "Roles"])?;
        let statements = statements(template, required(policy, "PolicyDocument")?)?;
        for id in logical_ids(required(policy, "Roles")?)? {
            self.roles.entry(template.arn(id)?).or_default().extend(statements.clone());
        }
        Ok(())
    }

    fn add_to_resource(
        &mut self,
        template: &Template,
        target: &str,
        policy: &Value,
    ) -> Result<(), PolicyError> {
        only(policy, &["PolicyDocument", target])?;
        let statements = statements(template, required(policy, "PolicyDocument")?)?;
        for id in logical_ids(required(policy, target)?)? {
            self.resources.entry(template.arn(id)?).or_default().extend(statements.clone());
        }
        Ok(())
    }

    /// The statement that a permission adds to the policy of a function (Lambda's API reference, `AddPermission`).
    fn add_permission(&mut self, template: &Template, permission: &Value) -> Result<(), PolicyError> {
        let known = [
            "Action",
            "FunctionName",
            "FunctionUrlAuthType",
            "InvokedViaFunctionUrl",
            "Principal",
            "SourceArn",
        ];
        only(permission, &known)?;
        let arn = template.text(required(permission, "FunctionName")?)?;
        let mut condition = Map::new();
        if let Some(source) = permission.get("SourceArn") {
            condition.insert("ArnLike".to_owned(), json!({ "aws:SourceArn": template.text(source)? }));
        }
        if let Some(kind) = permission.get("FunctionUrlAuthType") {
            condition.insert("StringEquals".to_owned(), json!({ "lambda:FunctionUrlAuthType": kind }));
        }
        if let Some(is_by_url) = permission.get("InvokedViaFunctionUrl") {
            condition.insert("Bool".to_owned(), json!({ "lambda:InvokedViaFunctionUrl": is_by_url }));
        }
        let statement = json!({
            "Effect": "Allow",
            "Principal": { "Service": required(permission, "Principal")? },
            "Action": required(permission, "Action")?,
            "Resource": arn,
            "Condition": condition,
        });
        self.resources.entry(arn).or_default().push(statement);
        Ok(())
    }
}

/// The statements of a policy document.
fn statements(template: &Template, document: &Value) -> Result<Vec<Value>, PolicyError> {
    only(document, &["Statement", "Version"])?;
    let version = required(document, "Version")?;
    if version != "2012-10-17" {
        return Err(PolicyError::Unknown("version of the policy language", version.to_string()));
    }
    let resolved = template.resolve(required(document, "Statement")?)?;
    Ok(resolved.as_array().cloned().unwrap_or_else(|| vec![resolved]))
}

/// The logical ids in references: a single one, or a list.
fn logical_ids<'a>(references: &'a Value) -> Result<Vec<&'a str>, PolicyError> {
    let list = references.as_array().map_or(std::slice::from_ref(references), Vec::as_slice);
    let id = |reference: &'a Value| {
        let id = reference.get("Ref").and_then(Value::as_str);
        id.ok_or_else(|| PolicyError::Malformed("a reference to a resource", reference.to_string()))
    };
    list.iter().map(id).collect()
}

fn required<'a>(object: &'a Value, name: &str) -> Result<&'a Value, PolicyError> {
    object
        .get(name)
        .ok_or_else(|| PolicyError::Malformed("a value with all members", format!("one without {name}")))
}

/// Fails if an object has another member than these.
fn only(object: &Value, known: &[&str]) -> Result<(), PolicyError> {
    let mut names = object.as_object().into_iter().flat_map(Map::keys);
    match names.find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(PolicyError::Unknown("member", name.clone())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::Account;
    use crate::permissions::Permissions;

    fn template(resources: &Value) -> Template {
        let (id, region, stack) = ("123456789012".to_owned(), "eu-west-1".to_owned(), "Stack".to_owned());
        let account = Account { id, region, stack, names: BTreeMap::new() };
        Template::new(&json!({ "Resources": resources }), account).unwrap()
    }

    fn document(statement: &Value) -> Value {
        json!({ "Version": "2012-10-17", "Statement": [statement] })
    }

    #[test]
    fn the_document_has_the_policies_of_roles_and_resources() {
        let trust = json!({ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "Service": "lambda.amazonaws.com" } });
        let objects = json!({ "Fn::Sub": "${Files.Arn}/*" });
        let read = json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": objects });
        let deny =
            json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": objects });
        let template = template(&json!({
            "Files": { "Type": "AWS::S3::Bucket" },
            "Function": { "Type": "AWS::Lambda::Function" },
            "Cache": { "Type": "AWS::CloudFront::CachePolicy" },
            "Role": { "Type": "AWS::IAM::Role", "Properties": { "AssumeRolePolicyDocument": document(&trust) } },
            "Idle": { "Type": "AWS::IAM::Role", "Properties": {
                "AssumeRolePolicyDocument": document(&trust), "Policies": [{ "PolicyDocument": document(&read) }],
            } },
            "RolePolicy": { "Type": "AWS::IAM::Policy", "Properties": {
                "PolicyName": "a", "Roles": [{ "Ref": "Role" }], "PolicyDocument": document(&read),
            } },
            "BucketPolicy": { "Type": "AWS::S3::BucketPolicy", "Properties": {
                "Bucket": { "Ref": "Files" }, "PolicyDocument": document(&deny),
            } },
            "Call": { "Type": "AWS::Lambda::Permission", "Properties": {
                "Action": "lambda:InvokeFunctionUrl", "FunctionName": { "Fn::GetAtt": ["Function", "Arn"] },
                "FunctionUrlAuthType": "AWS_IAM", "Principal": "cloudfront.amazonaws.com",
                "SourceArn": { "Fn::Sub": "arn:aws:cloudfront::${AWS::AccountId}:distribution/E1" },
            } },
        }));
        let exported = export(&template).unwrap();
        let (role, idle) = ("arn:aws:iam::123456789012:role/Role", "arn:aws:iam::123456789012:role/Idle");
        let function = "arn:aws:lambda:eu-west-1:123456789012:function:Function";
        let may_read =
            json!([{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::files/*" }]);
        assert_eq!(exported["roles"], json!({ role: may_read, idle: may_read }));
        assert_eq!(exported["resources"]["arn:aws:s3:::files"][0]["Resource"], "arn:aws:s3:::files/*");
        assert_eq!(exported["resources"][role][0]["Resource"], role);
        let call = json!({
            "Effect": "Allow", "Principal": { "Service": "cloudfront.amazonaws.com" }, "Action": "lambda:InvokeFunctionUrl",
            "Resource": function,
            "Condition": {
                "ArnLike": { "aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1" },
                "StringEquals": { "lambda:FunctionUrlAuthType": "AWS_IAM" },
            },
        });
        assert_eq!(exported["resources"][function], json!([call]));
        Permissions::parse(&exported).unwrap();
    }

    #[test]
    fn permissions_in_another_form_are_an_error() {
        let read = json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" });
        for (kind, properties, expected) in [
            ("AWS::IAM::ManagedPolicy", json!({}), "resource type AWS::IAM::ManagedPolicy"),
            (
                "AWS::SecretsManager::ResourcePolicy",
                json!({}),
                "resource type AWS::SecretsManager::ResourcePolicy",
            ),
            ("AWS::IAM::Role", json!({ "ManagedPolicyArns": [] }), "member ManagedPolicyArns"),
            ("AWS::IAM::Role", json!({ "PermissionsBoundary": "a" }), "member PermissionsBoundary"),
            ("AWS::IAM::Role", json!({}), "without AssumeRolePolicyDocument"),
            ("AWS::IAM::Policy", json!({ "Users": [] }), "member Users"),
            ("AWS::IAM::Policy", json!({ "PolicyDocument": document(&read), "Roles": ["a"] }), "a reference"),
            ("AWS::IAM::Policy", json!({ "PolicyDocument": { "Version": "2008-10-17" } }), "2008-10-17"),
            ("AWS::Lambda::Permission", json!({ "EventSourceToken": "a" }), "member EventSourceToken"),
        ] {
            let error =
                export(&template(&json!({ "It": { "Type": kind, "Properties": properties } }))).unwrap_err();
            let error = error.to_string();
            assert!(error.starts_with("It: ") && error.contains(expected), "{kind} {properties}: {error}");
        }
    }
}
