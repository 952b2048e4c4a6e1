// Configurations without each optional part and with each option: each is synthesised without a finding of cdk-nag. The
// templates stay in dist/synthesised for cfn-lint.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import type { Template } from "aws-cdk-lib/assertions";

import { DEPLOY } from "../cdn";
import { resources, synthesise } from "./synthesised";

const FOLDER = join(DEPLOY, "dist/synthesised");
const publicUrl = "https://cdn.example.com";
const domain = { name: "cdn.example.com", hostedZone: { id: "Z123456", name: "example.com" } };

const CONFIGURATIONS: Record<string, Record<string, unknown>> = {
  all: {},
  "no-delivery": { parts: { delivery: false }, publicUrl },
  "no-upload": { parts: { upload: false } },
  "no-video": { parts: { video: false } },
  "no-observability": { parts: { observability: false } },
  "delivery-alone": { parts: { upload: false, video: false, observability: false } },
  "storage-alone": { parts: { delivery: false, upload: false, video: false, observability: false } },
  domain: { delivery: { domain, requestsPerFiveMinutes: 5000 } },
  "domain-elsewhere": {
    region: "eu-central-1",
    delivery: { domain, requestsPerFiveMinutes: 5000, originShield: "eu-central-1" },
  },
  certificate: {
    region: "eu-central-1",
    delivery: { domain: { name: domain.name, certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/a" } },
  },
  jwt: {
    upload: {
      authentication: { kind: "jwt", issuer: "https://issuer.example", audience: "app" },
      origins: ["https://www.example.com"],
    },
  },
  cognito: { upload: { authentication: { kind: "cognito", userPoolId: "eu-central-1_Abc", clientId: "abc123" } } },
  open: {
    upload: {
      authentication: { kind: "open" },
      types: ["image/*"],
      maxBytes: 1000000,
      maxPixels: 1000000,
      concurrency: null,
    },
  },
  arm64: { architecture: "arm64", delivery: { concurrency: null }, video: { concurrency: null } },
  "no-access-logs": { storage: { accessLogs: false, variantDays: 90 }, observability: { email: "ops@example.com" } },
  webhook: { webhook: { url: "https://app.example.com/hooks/tintype?a=b" }, secretsVersion: 2 },
  "webhook-for-videos": {
    parts: { upload: false, delivery: false },
    publicUrl,
    webhook: { url: "https://app.example.com" },
  },
  "flat-rate": { delivery: { flatRatePlan: true, requestsPerFiveMinutes: 5000 } },
  "no-shield": { delivery: { originShield: false } },
  library: { parts: { library: true } },
  "library-without-delivery": { parts: { library: true, delivery: false, video: false }, publicUrl },
  "cache-metrics": { observability: { cacheMetrics: true } },
};

const account = process.env["CDK_DEFAULT_ACCOUNT"];

before(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  // The CDK's CLI sets the account in the same way. References across regions need it.
  process.env["CDK_DEFAULT_ACCOUNT"] = "123456789012";
});

after(() => {
  if (account === undefined) delete process.env["CDK_DEFAULT_ACCOUNT"];
  else process.env["CDK_DEFAULT_ACCOUNT"] = account;
});

for (const [name, changes] of Object.entries(CONFIGURATIONS)) {
  test(`the configuration '${name}' is synthesised without findings`, () => {
    const stacks = synthesise(changes, join(FOLDER, name));
    const others: Record<string, string[]> = {
      "domain-elsewhere": ["Tintype-cdn", "Tintype-edge"],
      certificate: ["Tintype-cdn"],
    };
    assert.deepEqual([...stacks.keys()].sort(), ["Tintype", ...(others[name] ?? [])]);
  });
}

test("in another region the CDN's alarm and log are in us-east-1", () => {
  const elsewhere = synthesise(CONFIGURATIONS["domain-elsewhere"] ?? {});
  const check = (template: Template | undefined, counts: Record<string, number>): void => {
    assert.ok(template);
    for (const [type, count] of Object.entries(counts)) assert.equal(resources(template, type).length, count, type);
  };
  const logs = { "AWS::Logs::DeliverySource": 1, "AWS::Logs::DeliveryDestination": 1, "AWS::Logs::Delivery": 1 };
  check(elsewhere.get("Tintype-cdn"), { "AWS::CloudWatch::Alarm": 1, "AWS::SNS::Topic": 1, ...logs });
  check(elsewhere.get("Tintype"), { "AWS::Logs::DeliverySource": 0, "AWS::SNS::Topic": 1 });
  const [alarm] = resources(elsewhere.get("Tintype-cdn") as Template, "AWS::CloudWatch::Alarm");
  assert.equal(alarm?.Properties.AlarmName, "Tintype-CdnFaults");
  check(synthesise({}).get("Tintype"), { "AWS::SNS::Topic": 2, ...logs });
});

test("a part that is left out has no resources in the template", () => {
  const check = (name: string, types: Record<string, number>): void => {
    const template = synthesise(CONFIGURATIONS[name] ?? {}).get("Tintype");
    assert.ok(template);
    for (const [type, count] of Object.entries(types)) {
      assert.equal(resources(template, type).length, count, `${name}: ${type}`);
    }
  };
  check("no-delivery", {
    "AWS::CloudFront::Distribution": 0,
    "AWS::CloudFront::Function": 0,
    "AWS::Lambda::Url": 0,
    "AWS::Lambda::Function": 3,
  });
  check("no-upload", { "AWS::ApiGatewayV2::Api": 0, "AWS::SecretsManager::Secret": 1, "AWS::Lambda::Function": 4 });
  check("no-video", { "AWS::MediaConvert::Queue": 0, "AWS::Lambda::Function": 5 });
  check("no-observability", { "AWS::CloudWatch::Alarm": 0, "AWS::CloudWatch::Dashboard": 0, "AWS::SNS::Topic": 0 });
  check("storage-alone", { "AWS::Lambda::Function": 0, "AWS::IAM::Role": 0, "AWS::S3::Bucket": 3 });
  check("no-access-logs", { "AWS::S3::Bucket": 2 });
  check("all", { "AWS::CloudFront::MonitoringSubscription": 0 });
  check("all", { "AWS::Events::Rule": 16 });
  check("webhook", { "AWS::Events::Rule": 19, "AWS::SecretsManager::Secret": 4, "AWS::Lambda::Function": 7 });
  check("all", { "AWS::DynamoDB::Table": 0 });
  check("library", { "AWS::DynamoDB::Table": 1, "AWS::Events::Rule": 18, "AWS::Lambda::Function": 7 });
  check("cache-metrics", { "AWS::CloudFront::MonitoringSubscription": 1 });
});
