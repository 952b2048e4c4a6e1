//! The calls that AWS makes in roles of the deployment or by itself, as far as the template says that it makes them.

use std::collections::BTreeSet;

use local_policy::{Call, Caller, Context, Key, PolicyError, Template};
use serde_json::Value;

/// The calls of a deployment of a template, by services and by functions whose programs aren't Tintype's.
pub(super) fn calls(template: &Template) -> Result<BTreeSet<Call>, PolicyError> {
    let mut calls = Calls { template, made: BTreeSet::new() };
    for (id, function) in template.of_type("AWS::Lambda::Function") {
        calls.of_function(id, function)?;
    }
    for (_, source) in template.of_type("AWS::Lambda::EventSourceMapping") {
        calls.of_event_source(source)?;
    }
    for (id, rule) in template.of_type("AWS::Events::Rule") {
        calls.of_rule(id, rule)?;
    }
    for (_, url) in template.of_type("AWS::Lambda::Url") {
        calls.of_url(url)?;
    }
    for (_, route) in template.of_type("AWS::ApiGatewayV2::Route") {
        calls.of_route(route)?;
    }
    for (_, alarm) in template.of_type("AWS::CloudWatch::Alarm") {
        calls.of_alarm(alarm)?;
    }
    for (id, bucket) in template.of_type("AWS::S3::Bucket") {
        calls.of_bucket(id, bucket)?;
    }
    for (_, delivery) in template.of_type("AWS::Logs::Delivery") {
        calls.of_delivery(delivery)?;
    }
    for (_, data) in template.of_type("Custom::KeyValues") {
        calls.of_key_values(data)?;
    }
    for (id, _) in template.of_type("AWS::IAM::Role").filter(|(id, _)| id.starts_with("VideoTranscoder")) {
        let account = [(Key::SourceAccount, template.account().id.clone())];
        calls.by_service("mediaconvert", "sts:AssumeRole", template.arn(id)?, account);
    }
    Ok(calls.made)
}

struct Calls<'a> {
    template: &'a Template,
    made: BTreeSet<Call>,
}

impl Calls<'_> {
    fn add(
        &mut self,
        caller: Caller,
        action: &str,
        resource: String,
        keys: impl IntoIterator<Item = (Key, String)>,
    ) {
        let with = |context: Context, (key, value): (Key, String)| context.with(key, value);
        let context = keys.into_iter().fold(Context::over_tls(), with);
        self.made.insert(Call { caller, action: action.to_owned(), resource, context });
    }

    fn by_service(
        &mut self,
        service: &str,
        action: &str,
        resource: String,
        keys: impl IntoIterator<Item = (Key, String)>,
    ) {
        self.add(Caller::Service(format!("{service}.amazonaws.com")), action, resource, keys);
    }

    /// Lambda assumes the role, and writes the log in it. The function reads the secrets whose ARNs are in its environment.
    fn of_function(&mut self, id: &str, function: &Value) -> Result<(), PolicyError> {
        let role = self.template.text(&function["Role"])?;
        self.by_service("lambda", "sts:AssumeRole", role.clone(), []);
        let group = function["LoggingConfig"]["LogGroup"]["Ref"]
            .as_str()
            .unwrap_or_else(|| panic!("{id} has no log"));
        let stream = self.template.arn(group)?.replace(":*", ":log-stream:1");
        for action in ["logs:CreateLogStream", "logs:PutLogEvents"] {
            self.add(Caller::Role(role.clone()), action, stream.clone(), []);
        }
        let variables = self.template.resolve(&function["Environment"]["Variables"])?;
        for value in variables.as_object().into_iter().flat_map(|variables| variables.values()) {
            if let Some(arn) = value.as_str().filter(|value| value.starts_with("arn:aws:secretsmanager:")) {
                self.add(Caller::Role(role.clone()), "secretsmanager:GetSecretValue", arn.to_owned(), []);
            }
        }
        Ok(())
    }

    /// Lambda's developer guide, "Configuring the execution role" of queues.
    fn of_event_source(&mut self, source: &Value) -> Result<(), PolicyError> {
        let function = source["FunctionName"]["Ref"].as_str().unwrap();
        let (_, function) =
            self.template.of_type("AWS::Lambda::Function").find(|(id, _)| *id == function).unwrap();
        let (role, queue) =
            (self.template.text(&function["Role"])?, self.template.text(&source["EventSourceArn"])?);
        for action in ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"] {
            self.add(Caller::Role(role.clone()), action, queue.clone(), []);
        }
        Ok(())
    }

    fn of_rule(&mut self, id: &str, rule: &Value) -> Result<(), PolicyError> {
        let arn = self.template.arn(id)?;
        for target in rule["Targets"].as_array().unwrap() {
            for queue in [&target["Arn"], &target["DeadLetterConfig"]["Arn"]] {
                let (queue, source) = (self.template.text(queue)?, [(Key::SourceArn, arn.clone())]);
                self.by_service("events", "sqs:SendMessage", queue, source);
            }
        }
        Ok(())
    }

    fn of_url(&mut self, url: &Value) -> Result<(), PolicyError> {
        let function = self.template.text(&url["TargetFunctionArn"])?;
        let (id, _) = self.template.of_type("AWS::CloudFront::Distribution").next().unwrap();
        let source = || (Key::SourceArn, self.template.arn(id).unwrap());
        let by_url = [source(), (Key::FunctionUrlAuthType, url["AuthType"].as_str().unwrap().to_owned())];
        let by_function = [source(), (Key::InvokedViaFunctionUrl, "true".to_owned())];
        self.by_service("cloudfront", "lambda:InvokeFunctionUrl", function.clone(), by_url);
        self.by_service("cloudfront", "lambda:InvokeFunction", function, by_function);
        Ok(())
    }

    fn of_route(&mut self, route: &Value) -> Result<(), PolicyError> {
        let target = self.template.text(&route["Target"])?;
        let name = target.strip_prefix("integrations/").unwrap();
        let integrations = self.template.of_type("AWS::ApiGatewayV2::Integration");
        let mut integrations = integrations.filter(|(id, _)| id.starts_with(name));
        let function = self.template.text(&integrations.next().unwrap().1["IntegrationUri"])?;
        let (method, path) = route["RouteKey"].as_str().unwrap().split_once(' ').unwrap();
        let method = if method == "ANY" { "GET" } else { method };
        let (api, account) = (self.template.text(&route["ApiId"])?, self.template.account());
        let source =
            format!("arn:aws:execute-api:{}:{}:{api}/$default/{method}{path}", account.region, account.id);
        self.by_service("apigateway", "lambda:InvokeFunction", function, [(Key::SourceArn, source)]);
        Ok(())
    }

    fn of_alarm(&mut self, alarm: &Value) -> Result<(), PolicyError> {
        for topic in alarm["AlarmActions"].as_array().unwrap() {
            let account = [(Key::SourceAccount, self.template.account().id.clone())];
            self.by_service("cloudwatch", "sns:Publish", self.template.text(topic)?, account);
        }
        Ok(())
    }

    /// The log of requests to the bucket.
    fn of_bucket(&mut self, id: &str, bucket: &Value) -> Result<(), PolicyError> {
        let log = &bucket["LoggingConfiguration"];
        if log.is_null() {
            return Ok(());
        }
        let target = self.template.text(&log["DestinationBucketName"])?;
        let resource = format!("arn:aws:s3:::{target}/{}log", log["LogFilePrefix"].as_str().unwrap());
        let account = (Key::SourceAccount, self.template.account().id.clone());
        let keys = [(Key::SourceArn, self.template.arn(id)?), account];
        self.by_service("logging.s3", "s3:PutObject", resource, keys);
        Ok(())
    }

    /// The log of the distribution (`CloudWatch` Logs' user guide, "Logs sent to Amazon S3").
    fn of_delivery(&mut self, delivery: &Value) -> Result<(), PolicyError> {
        let destination = delivery["DeliveryDestinationArn"]["Fn::GetAtt"][0].as_str().unwrap();
        let mut destinations = self.template.of_type("AWS::Logs::DeliveryDestination");
        let (_, destination) = destinations.find(|(id, _)| *id == destination).unwrap();
        let folder = self.template.text(&destination["DestinationResourceArn"])?;
        let account = self.template.account().id.clone();
        let source = delivery["DeliverySourceName"].as_str().unwrap();
        let keys = [
            (Key::SourceArn, format!("arn:aws:logs:us-east-1:{account}:delivery-source:{source}")),
            (Key::SourceAccount, account),
            (Key::Acl, "bucket-owner-full-control".to_owned()),
        ];
        self.by_service("delivery.logs", "s3:PutObject", format!("{folder}/log"), keys);
        Ok(())
    }

    /// The calls of deploy/src/fill, which `deploy/src/tests/fill-function.test.ts` runs.
    fn of_key_values(&mut self, data: &Value) -> Result<(), PolicyError> {
        let function = data["ServiceToken"]["Fn::GetAtt"][0].as_str().unwrap();
        let (_, function) =
            self.template.of_type("AWS::Lambda::Function").find(|(id, _)| *id == function).unwrap();
        let role = Caller::Role(self.template.text(&function["Role"])?);
        let (store, secret) = (self.template.text(&data["Store"])?, self.template.text(&data["LinkSecret"])?);
        for action in ["DescribeKeyValueStore", "ListKeys", "UpdateKeys"] {
            self.add(role.clone(), &format!("cloudfront-keyvaluestore:{action}"), store.clone(), []);
        }
        self.add(role, "secretsmanager:GetSecretValue", secret, []);
        Ok(())
    }
}
