// Security properties of the template.
import assert from "node:assert/strict";
import { test } from "node:test";

import { CDN } from "../cdn";
import { MARK_PREFIX, RECORD_PREFIX } from "../storage";
import { refuseRecursion } from "../video";
import { resources, statements, template } from "./synthesised";

const CLEAN = { "s3:ExistingObjectTag/state": "clean" };

function list(value: unknown): any[] {
  return Array.isArray(value) ? value : [value];
}

/** The text of `{"Fn::Join": ["", […]]}`, with references by their names. */
function text(value: any): string {
  if (typeof value === "string") return value;
  if (value["Fn::Join"]) return value["Fn::Join"][1].map(text).join("");
  return `<${value.Ref ?? value["Fn::GetAtt"]?.join(".") ?? JSON.stringify(value)}>`;
}

test("no bucket is public, and each is encrypted", () => {
  const buckets = resources(template(), "AWS::S3::Bucket");
  assert.equal(buckets.length, 3);
  for (const { id, Properties } of buckets) {
    assert.deepEqual(
      Properties.PublicAccessBlockConfiguration,
      { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      id,
    );
    const [rule] = Properties.BucketEncryption.ServerSideEncryptionConfiguration;
    assert.equal(rule.ServerSideEncryptionByDefault.SSEAlgorithm, "AES256", id);
  }
});

test("buckets, queues and topics deny requests without TLS", () => {
  for (const [type, policy] of [
    ["AWS::S3::Bucket", "AWS::S3::BucketPolicy"],
    ["AWS::SQS::Queue", "AWS::SQS::QueuePolicy"],
    ["AWS::SNS::Topic", "AWS::SNS::TopicPolicy"],
  ] as const) {
    const denies = statements(template(), policy).filter(
      ({ statement }) => statement.Effect === "Deny" && statement.Condition.Bool?.["aws:SecureTransport"] === "false",
    );
    assert.equal(denies.length, resources(template(), type).length, type);
  }
});

test("the bucket of originals outlives the stack, has versions and sends events", () => {
  const originals = resources(template(), "AWS::S3::Bucket").find(({ id }) => id.startsWith("StorageOriginals"));
  assert.equal(originals?.DeletionPolicy, "RetainExceptOnCreate");
  assert.equal(originals.UpdateReplacePolicy, "Retain");
  assert.equal(originals.Properties.VersioningConfiguration.Status, "Enabled");
  assert.equal(originals.Properties.NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled, true);
  const rules: any[] = originals.Properties.LifecycleConfiguration.Rules;
  assert.deepEqual(
    rules.map(({ Id }) => Id),
    ["parts", "pending", "refused", "claims", "noncurrent"],
  );
  // Of what the services write there themselves, only claims may go: the others are removed with their file.
  assert.deepEqual(
    rules.filter(({ Prefix }) => Prefix).map(({ Prefix, ExpirationInDays }) => [Prefix, ExpirationInDays]),
    [["claims/", 365]],
  );
  assert.equal(rules[0].AbortIncompleteMultipartUpload.DaysAfterInitiation, 1);
});

test("principals that serve uploads may read clean ones, and are denied all others", () => {
  const bucketStatements = statements(template(), "AWS::S3::BucketPolicy").filter(({ of }) =>
    of.id.startsWith("StorageOriginals"),
  );
  const denied = bucketStatements.filter(
    ({ statement }) => statement.Effect === "Deny" && statement.Sid?.startsWith("DenyUnclean"),
  );
  const principals = denied.map(({ statement }) => statement.Principal.Service ?? text(statement.Principal.AWS));
  for (const principal of [
    /^cloudfront\.amazonaws\.com$/,
    /^<DeliveryResizeRole/,
    /^<DeliveryUpkeepRole/,
    /^<VideoTranscoder/,
  ]) {
    assert.ok(
      principals.some((name) => principal.test(name)),
      `${principal} isn't denied: ${principals}`,
    );
  }
  for (const { statement } of denied) {
    assert.deepEqual(statement.Condition, { StringNotEquals: CLEAN });
    assert.deepEqual(statement.Action, ["s3:GetObject", "s3:GetObjectVersion"]);
    assert.deepEqual(
      list(statement.Resource).map((resource) => text(resource).replace(/^<.*>/, "")),
      ["/files/*", "/private/*"],
    );
  }
});

test("only the services that check the state may read uploads that aren't clean", () => {
  const readers = [
    ...statements(template(), "AWS::IAM::Policy"),
    ...statements(template(), "AWS::S3::BucketPolicy"),
  ].filter(
    ({ statement }) =>
      statement.Effect === "Allow" &&
      list(statement.Action).includes("s3:GetObject") &&
      list(statement.Resource).some((resource) => /StorageOriginals.*\/(files|private)\//.test(text(resource))),
  );
  assert.equal(readers.length, 7);
  for (const { of, statement } of readers) {
    const isTrusted = /^(UploadSigner|UploadFinalizer|VideoTrigger)Role/.test(of.id);
    assert.equal(
      statement.Condition?.StringEquals?.["s3:ExistingObjectTag/state"],
      isTrusted ? undefined : "clean",
      of.id,
    );
  }
});

test("buckets permit only this distribution", () => {
  const allowed = statements(template(), "AWS::S3::BucketPolicy").filter(
    ({ statement }) => statement.Effect === "Allow" && statement.Principal.Service === "cloudfront.amazonaws.com",
  );
  assert.equal(allowed.length, 2);
  for (const { statement } of allowed) {
    assert.match(text(statement.Condition.ArnEquals["aws:SourceArn"]), /:distribution\/<DeliveryDistribution/);
    assert.equal(statement.Action, "s3:GetObject");
  }
});

test("the CDN's log has no field that may contain a session or a signature", () => {
  const [delivery] = resources(template(), "AWS::Logs::Delivery");
  const fields: string[] = delivery?.Properties.RecordFields;
  assert.ok(fields.includes("sc-status") && fields.includes("c-ip"));
  for (const field of ["cs-uri-stem", "cs-uri-query", "cs(Referer)", "cs(Cookie)"]) {
    assert.ok(!fields.includes(field), field);
  }
  const [distribution] = resources(template(), "AWS::CloudFront::Distribution");
  assert.equal(distribution?.Properties.DistributionConfig.Logging, undefined, "legacy logs have every field");
  const [writer] = statements(template(), "AWS::S3::BucketPolicy").filter(
    ({ statement }) => statement.Principal.Service === "delivery.logs.amazonaws.com",
  );
  assert.match(text(writer?.statement.Resource), /StorageAccessLogs.*\/cdn\/\*$/);
  assert.ok(writer?.statement.Condition.StringEquals["aws:SourceAccount"]);
});

test("no action is a wildcard, and only the statements Probe and Trace apply to every resource", () => {
  const check = (changes: Record<string, unknown>, expected: string[]): void => {
    const wildcards = statements(template(changes), "AWS::IAM::Policy").filter(({ statement }) => {
      for (const action of list(statement.Action)) assert.ok(!action.includes("*"), action);
      return list(statement.Resource).includes("*");
    });
    assert.deepEqual([...new Set(wildcards.map(({ statement }) => statement.Sid))].sort(), expected);
  };
  check({}, ["Probe"]);
  check({ observability: { traces: true } }, ["Probe", "Trace"]);
});

test("the signer can tag an upload only as pending", () => {
  const tagging = statements(template(), "AWS::IAM::Policy").filter(
    ({ of, statement }) => of.id.startsWith("UploadSigner") && list(statement.Action).includes("s3:PutObjectTagging"),
  );
  assert.equal(tagging.length, 1);
  for (const { statement } of tagging) {
    assert.deepEqual(statement.Action, "s3:PutObjectTagging");
    assert.deepEqual(statement.Condition, { StringEquals: { "s3:RequestObjectTag/state": "pending" } });
  }
});

test("variants expire, and the records of originals' versions don't", () => {
  const variants = resources(template({ storage: { variantDays: 90 } }), "AWS::S3::Bucket").find(({ id }) =>
    id.startsWith("StorageVariants"),
  );
  const rules: any[] = variants?.Properties.LifecycleConfiguration.Rules;
  const expiring = rules.filter(({ ExpirationInDays, ExpirationDate }) => ExpirationInDays ?? ExpirationDate);
  assert.deepEqual(expiring.map(({ Prefix }) => Prefix).sort(), [...CDN.areas].sort());
  for (const kept of [RECORD_PREFIX, MARK_PREFIX]) {
    for (const { Id, Prefix } of expiring) assert.ok(!kept.startsWith(Prefix) && !Prefix.startsWith(kept), Id);
    for (const area of CDN.areas) assert.ok(!kept.startsWith(area), `viewers could read ${kept}`);
  }
});

test("roles have no managed policies", () => {
  for (const { id, Properties } of resources(template(), "AWS::IAM::Role")) {
    assert.equal(Properties.ManagedPolicyArns, undefined, id);
  }
});

test("Secrets Manager generates the secrets, and the template only names them", () => {
  const json = JSON.stringify(template().toJSON());
  const secrets = resources(template(), "AWS::SecretsManager::Secret");
  assert.equal(secrets.length, 3);
  for (const { id, Properties } of secrets) {
    assert.equal(Properties.SecretString, undefined);
    assert.ok(Properties.GenerateSecretString.PasswordLength >= 32);
    assert.ok(json.includes(`{"Ref":"${id}"}`));
  }
  // A dynamic reference is forbidden as well: everyone who may read the function's configuration could read the secret.
  assert.ok(!json.includes("{{resolve:"));
});

test("outputs of transcoding never start transcoding", () => {
  assert.throws(() => refuseRecursion(["files/", "videos/in/"], "videos/"), /would start itself/);
  assert.throws(() => refuseRecursion([""], "videos/"), /would start itself/);
  refuseRecursion(["files/", "private/"], "videos/");
  const rules = resources(template(), "AWS::Events::Rule").filter(
    ({ Properties }) => Properties.EventPattern.source[0] === "aws.s3",
  );
  assert.equal(rules.length, 15);
  const writable = statements(template(), "AWS::IAM::Policy")
    .filter(({ of, statement }) => of.id.startsWith("Video") && list(statement.Action).includes("s3:PutObject"))
    .flatMap(({ statement }) =>
      list(statement.Resource).map((resource) => text(resource).replace(/^<.*>\/(.*)\*$/, "$1")),
    );
  assert.deepEqual([...new Set(writable)].sort(), ["claims/", "private-videos/", "videos/"]);
  for (const { Properties } of rules) {
    const isOfTrigger = Properties.Targets[0].Arn["Fn::GetAtt"][0].startsWith("Video");
    if (!isOfTrigger) continue;
    const prefixes: string[] = Properties.EventPattern.detail.object.key.map(
      ({ wildcard }: { wildcard: string }) => wildcard.split("*")[0],
    );
    assert.equal(new Set(prefixes).size, 1, prefixes.join());
    assert.ok(prefixes.every((prefix) => ["files/", "private/"].includes(prefix)), prefixes.join());
    for (const output of writable) refuseRecursion(prefixes, output);
  }
});

test("browsers that have visited the CDN use TLS only", () => {
  const policies = resources(template(), "AWS::CloudFront::ResponseHeadersPolicy");
  assert.equal(policies.length, 2);
  for (const { Properties } of policies) {
    const { StrictTransportSecurity } = Properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig;
    assert.deepEqual(StrictTransportSecurity, {
      AccessControlMaxAgeSec: 31_536_000,
      IncludeSubdomains: false,
      Override: true,
    });
  }
});

test("only CloudFront may call the resize function, which streams its response", () => {
  const [url] = resources(template(), "AWS::Lambda::Url");
  assert.deepEqual([url?.Properties.AuthType, url?.Properties.InvokeMode], ["AWS_IAM", "RESPONSE_STREAM"]);
  const permissions = resources(template(), "AWS::Lambda::Permission")
    .map(({ Properties }) => Properties)
    .filter(({ FunctionName }) => text(FunctionName).includes("DeliveryResize"));
  assert.deepEqual(permissions.map(({ Action }) => Action).sort(), [
    "lambda:InvokeFunction",
    "lambda:InvokeFunctionUrl",
  ]);
  for (const { Action, Principal, SourceArn, FunctionUrlAuthType, InvokedViaFunctionUrl } of permissions) {
    assert.equal(Principal, "cloudfront.amazonaws.com");
    assert.match(text(SourceArn), /:distribution\/<DeliveryDistribution/);
    if (Action === "lambda:InvokeFunction") assert.equal(InvokedViaFunctionUrl, true);
    else assert.equal(FunctionUrlAuthType, "AWS_IAM");
  }
});

test("variants are written only below the areas of originals", () => {
  const writes = statements(template(), "AWS::IAM::Policy").filter(({ statement }) => statement.Sid === "KeepVariants");
  assert.equal(writes.length, 2);
  for (const { statement } of writes) {
    const prefixes = list(statement.Resource).map((resource) => text(resource).replace(/^<.*>\/(.*)\*$/, "$1"));
    assert.deepEqual(prefixes.sort(), [...CDN.areas].sort());
  }
});
