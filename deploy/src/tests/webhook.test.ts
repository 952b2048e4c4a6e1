import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { DEPLOY } from "../cdn";
import { alarmNames } from "../observability/alarms";
import { resources, statements, template } from "./synthesised";

const HOOK = "https://app.example.com/hooks/tintype";
const withWebhook = () => template({ webhook: { url: HOOK } });
const ofWebhook = (type: string) => resources(withWebhook(), type).filter(({ id }) => id.startsWith("Webhook"));
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

test("there is no webhook unless a URL is configured", () => {
  const names = Object.keys(template().toJSON().Resources).filter((id) => id.startsWith("Webhook"));
  assert.deepEqual(names, []);
});

test("the function of the webhook knows its secret only by ARN", () => {
  const [secret] = ofWebhook("AWS::SecretsManager::Secret");
  const [notifier] = ofWebhook("AWS::Lambda::Function");
  const { TINTYPE_WEBHOOK_URL, TINTYPE_WEBHOOK_SECRET } = notifier?.Properties.Environment.Variables;
  assert.equal(TINTYPE_WEBHOOK_URL, HOOK);
  assert.deepEqual(TINTYPE_WEBHOOK_SECRET, { Ref: secret?.id });
  // The secret of a webhook must be base64. 64 letters and digits are valid base64, of 48 bytes.
  const { PasswordLength, ExcludePunctuation } = secret?.Properties.GenerateSecretString;
  assert.deepEqual([PasswordLength, ExcludePunctuation], [64, true]);
});

test("the function of the webhook may look at uploads, read its secret and receive its messages", () => {
  const own = statements(withWebhook(), "AWS::IAM::Policy").filter(({ of }) => of.id.startsWith("Webhook"));
  const actions = own.flatMap(({ statement }) => list(statement.Action)).sort();
  assert.deepEqual(actions, [
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "s3:GetObject",
    "s3:GetObjectTagging",
    "s3:GetObjectVersionTagging",
    "s3:ListBucket",
    "secretsmanager:GetSecretValue",
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
  ]);
  for (const { statement } of own) assert.ok(!list(statement.Resource).includes("*"), statement.Sid);
});

test("a message is delivered eight times, and then kept as a dead letter", () => {
  const [mapping] = ofWebhook("AWS::Lambda::EventSourceMapping");
  assert.deepEqual(mapping?.Properties.FunctionResponseTypes, ["ReportBatchItemFailures"]);
  const queue = ofWebhook("AWS::SQS::Queue").find(({ id }) => id === mapping?.Properties.EventSourceArn["Fn::GetAtt"][0]);
  const [notifier] = ofWebhook("AWS::Lambda::Function");
  assert.equal(queue?.Properties.RedrivePolicy.maxReceiveCount, 8);
  assert.ok(queue?.Properties.VisibilityTimeout >= 6 * notifier?.Properties.Timeout);
  // The pauses together are 18 hours.
  assert.ok(queue?.Properties.MessageRetentionPeriod > 2 * 18 * 3600);
});

test("the operator's handbook explains the webhook's alarms and its variables are documented", () => {
  const page = (name: string) => readFileSync(join(DEPLOY, "../docs", name), "utf8");
  const handbook = page("operations.md");
  const names = alarmNames(withWebhook().findResources("AWS::CloudWatch::Alarm")).filter((name) =>
    name.startsWith("Webhook"),
  );
  assert.deepEqual(names.sort(), ["WebhookDeadLetters", "WebhookErrors", "WebhookThrottles"]);
  for (const name of names) assert.ok(handbook.includes(`\`${name}\``), name);
  const variables = ofWebhook("AWS::Lambda::Function").flatMap(({ Properties }) =>
    Object.keys(Properties.Environment.Variables),
  );
  for (const name of variables) assert.ok(page("configuration.md").includes(`\`${name}\``), name);
});
