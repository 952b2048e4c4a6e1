import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { DEPLOY } from "../cdn";
import { alarmNames } from "../observability/alarms";
import { resources, statements, template } from "./synthesised";

const withLibrary = () => template({ parts: { library: true } });
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

test("the table is defined as the library's store expects it, and outlives the stack", () => {
  const [table] = resources(withLibrary(), "AWS::DynamoDB::Table");
  const expected = JSON.parse(readFileSync(join(DEPLOY, "../library/src/dynamodb/table.json"), "utf8"));
  const { Tags, PointInTimeRecoverySpecification, AttributeDefinitions, ...properties } = table?.Properties;
  const byName = (all: { AttributeName: string }[]) => [...all].sort((a, b) => (a.AttributeName < b.AttributeName ? -1 : 1));
  assert.deepEqual(
    { ...properties, AttributeDefinitions: byName(AttributeDefinitions) },
    { ...expected, AttributeDefinitions: byName(expected.AttributeDefinitions) },
  );
  assert.deepEqual(PointInTimeRecoverySpecification, { PointInTimeRecoveryEnabled: true });
  assert.deepEqual([table?.DeletionPolicy, table?.UpdateReplacePolicy], ["RetainExceptOnCreate", "Retain"]);
});

test("only with a library the signer may delete originals, and knows the table", () => {
  const check = (changes: Record<string, unknown>, expected: boolean): void => {
    const signer = statements(template(changes), "AWS::IAM::Policy").filter(({ of }) => of.id.startsWith("UploadSigner"));
    const actions = signer.flatMap(({ statement }) => list(statement.Action));
    assert.equal(actions.includes("s3:DeleteObject"), expected);
    assert.equal(actions.includes("dynamodb:Query"), expected);
    const [program] = resources(template(changes), "AWS::Lambda::Function").filter(({ id }) => id.startsWith("UploadSigner"));
    assert.equal("TINTYPE_LIBRARY_TABLE" in program?.Properties.Environment.Variables, expected);
  };
  check({}, false);
  check({ parts: { library: true } }, true);
});

test("the keeper changes records and reads originals, and nothing else", () => {
  const own = statements(withLibrary(), "AWS::IAM::Policy").filter(({ of }) => of.id.startsWith("LibraryKeeper"));
  const actions = own.flatMap(({ statement }) => list(statement.Action)).sort();
  assert.deepEqual(actions, [
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "s3:GetObject",
    "s3:GetObjectTagging",
    "s3:GetObjectVersionTagging",
    "s3:ListBucket",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
  ]);
  for (const { statement } of own) assert.ok(!list(statement.Resource).includes("*"), statement.Sid);
});

test("the operator's handbook explains the library's alarms", () => {
  const handbook = readFileSync(join(DEPLOY, "../docs/operations.md"), "utf8");
  const names = alarmNames(withLibrary().findResources("AWS::CloudWatch::Alarm")).filter((name) => name.startsWith("Keeper"));
  assert.deepEqual(names.sort(), ["KeeperBacklog", "KeeperDeadLetters", "KeeperErrors", "KeeperThrottles"]);
  for (const name of names) assert.ok(handbook.includes(`\`${name}\``), name);
});
