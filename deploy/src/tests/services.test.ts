import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { DEPLOY } from "../cdn";
import { alarmNames } from "../observability/alarms";
import { FORMATS } from "../observability/metrics";
import { resources, template } from "./synthesised";

const functions = () => resources(template(), "AWS::Lambda::Function");
const properties = (name: string) => functions().find(({ id }) => id.startsWith(name))?.Properties;

test("the visibility timeout is six times the function's, and only failed messages are retried", () => {
  const mappings = resources(template(), "AWS::Lambda::EventSourceMapping");
  assert.equal(mappings.length, 4);
  for (const { Properties } of mappings) {
    assert.deepEqual(Properties.FunctionResponseTypes, ["ReportBatchItemFailures"]);
    const queue = resources(template(), "AWS::SQS::Queue").find(
      ({ id }) => id === Properties.EventSourceArn["Fn::GetAtt"][0],
    );
    const target = functions().find(({ id }) => id === Properties.FunctionName.Ref);
    assert.ok(queue && target);
    assert.ok(queue.Properties.VisibilityTimeout >= 6 * target.Properties.Timeout);
    assert.equal(queue.Properties.RedrivePolicy.maxReceiveCount, 5);
    assert.equal(target.Properties.ReservedConcurrentExecutions, undefined);
    assert.ok(Properties.ScalingConfig.MaximumConcurrency >= 2);
  }
});

test("a function that every upload calls has little memory", () => {
  for (const name of ["DeliveryUpkeep", "UploadFinalizer"]) assert.equal(properties(name).MemorySize, 256, name);
});

/** The default of a variable in the generated table. */
function defaultOf(name: string): number {
  const table = readFileSync(join(DEPLOY, "../docs/configuration.md"), "utf8");
  return Number(table.match(new RegExp(`^\\| \`${name}\` \\| \`(\\d+)\``, "m"))?.[1]);
}

test("a claim of the trigger lasts longer than the function and ends before the next delivery", () => {
  const claimSeconds = defaultOf("TINTYPE_CLAIM_SECONDS");
  const trigger = properties("VideoTrigger");
  assert.ok(trigger.Timeout < claimSeconds, `${trigger.Timeout} s, ${claimSeconds} s`);
  const queue = resources(template(), "AWS::SQS::Queue").find(({ id }) => id.startsWith("VideoEventsQueue"));
  assert.ok(claimSeconds < queue?.Properties.VisibilityTimeout, queue?.id);
});

test("the finaliser has a minute besides the scan", () => {
  const check = (changes: Record<string, unknown>, seconds: number): void => {
    const [finalizer] = resources(template(changes), "AWS::Lambda::Function").filter(({ id }) =>
      id.startsWith("UploadFinalizer"),
    );
    assert.ok(finalizer?.Properties.Timeout >= seconds + 60);
  };
  check({}, defaultOf("TINTYPE_SCAN_TIMEOUT_SECONDS"));
  check({ upload: { scanner: { url: "http://scanner.example", timeoutSeconds: 600 } } }, 600);
});

test("scanner, lifetime of uploads and log level are set only if they are configured", () => {
  const variables = (changes: Record<string, unknown>): Record<string, Record<string, string>> =>
    Object.fromEntries(
      resources(template(changes), "AWS::Lambda::Function").map(({ id, Properties }) => [
        id.replace(/Function[0-9A-F]+$/, ""),
        Object.fromEntries(
          Object.entries<string>(Properties.Environment?.Variables ?? {}).filter(([name]) => /SCAN|LIFETIME|LOG/.test(name)),
        ),
      ]),
    );
  for (const chosen of Object.values(variables({}))) assert.deepEqual(chosen, {});
  const chosen = variables({
    upload: { scanner: { url: "http://scanner.example/scan" }, lifetimeSeconds: 60 },
    observability: { logLevel: "info,resize=debug" },
  });
  const log = { TINTYPE_LOG: "info,resize=debug" };
  assert.deepEqual(chosen["UploadFinalizer"], {
    TINTYPE_SCAN_URL: "http://scanner.example/scan",
    TINTYPE_SCAN_TIMEOUT_SECONDS: "60",
    ...log,
  });
  assert.deepEqual(chosen["UploadSigner"], { TINTYPE_UPLOAD_LIFETIME_SECONDS: "60", ...log });
  assert.deepEqual(chosen["DeliveryResize"], log);
});

test("the edge function is deployed after the resize function", () => {
  const all = template().toJSON().Resources as Record<string, { DependsOn?: string | string[] }>;
  const [edge] = Object.keys(all).filter((id) => id.startsWith("DeliveryEdgeViewerRequest"));
  const dependencies = [all[edge ?? ""]?.DependsOn ?? []].flat();
  assert.ok(
    dependencies.some((id) => id.startsWith("DeliveryResizeFunction")),
    dependencies.join(),
  );
});

test("every variable of a function is documented", () => {
  const documented = new Set(readFileSync(join(DEPLOY, "../docs/configuration.md"), "utf8").match(/TINTYPE_[A-Z0-9_]+/g));
  const variables = functions().flatMap(({ Properties }) => Object.keys(Properties.Environment?.Variables ?? {}));
  assert.deepEqual(
    [...new Set(variables)].filter((name) => !documented.has(name)),
    [],
  );
});

test("the signer's variables select the method of authentication", () => {
  const variables = (authentication: Record<string, unknown>): string[] => {
    const [signer] = resources(template({ upload: { authentication } }), "AWS::Lambda::Function").filter(({ id }) =>
      id.startsWith("UploadSigner"),
    );
    return Object.keys(signer?.Properties.Environment.Variables).filter((name) => /SESSION|JWT|OPEN/.test(name));
  };
  assert.deepEqual(variables({ kind: "session" }), ["TINTYPE_SESSION_SECRET"]);
  assert.deepEqual(variables({ kind: "open" }), ["TINTYPE_UPLOAD_OPEN"]);
  assert.deepEqual(variables({ kind: "jwt", issuer: "https://issuer.example", audience: "app" }), [
    "TINTYPE_JWT_ISSUER",
    "TINTYPE_JWT_AUDIENCE",
  ]);
});

test("with an issuer the gateway requires a token, except for sessions and preflights", () => {
  const authentication = { kind: "cognito", userPoolId: "eu-central-1_Abc", clientId: "abc123" };
  const synthesised = template({ upload: { authentication } });
  const [authorizer] = resources(synthesised, "AWS::ApiGatewayV2::Authorizer");
  assert.deepEqual(authorizer?.Properties.JwtConfiguration, {
    Audience: ["abc123"],
    Issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Abc",
  });
  const routes = resources(synthesised, "AWS::ApiGatewayV2::Route").map(({ Properties }) => Properties);
  assert.ok(routes.some(({ RouteKey }) => RouteKey === "POST /uploads"));
  for (const { RouteKey, AuthorizationType } of routes) {
    const isOpen = RouteKey.startsWith("OPTIONS ") || RouteKey.includes(" /u/");
    assert.equal(AuthorizationType, isOpen ? "NONE" : "JWT", RouteKey);
  }
});

test("the gateway has a route for each path that the CDN sends to it", () => {
  const routes = resources(template(), "AWS::ApiGatewayV2::Route").map(({ Properties }) => Properties.RouteKey);
  const check = (path: string) => assert.ok(routes.includes(`ANY ${path}`), `${path}: ${routes}`);
  check("/uploads");
  check("/uploads/{proxy+}");
  check("/s3/{proxy+}");
  check("/u/{proxy+}");
  check("/clients/{proxy+}");
});

test("the bucket's CORS rules permit pages that may upload", () => {
  const cors = (changes: Record<string, unknown>): any[] => {
    const originals = resources(template(changes), "AWS::S3::Bucket").find(({ id }) =>
      id.startsWith("StorageOriginals"),
    );
    return originals?.Properties.CorsConfiguration.CorsRules;
  };
  assert.deepEqual(
    cors({}).map(({ Id }) => Id),
    ["uploads", "media"],
  );
  assert.deepEqual(
    cors({ upload: { origins: [] } }).map(({ Id }) => Id),
    ["media"],
  );
  const [uploads, media] = cors({ upload: { origins: ["https://www.example.com"] } });
  assert.deepEqual(uploads.AllowedOrigins, ["https://www.example.com"]);
  assert.deepEqual(uploads.AllowedMethods, ["POST", "PUT"]);
  assert.deepEqual(uploads.ExposedHeaders, ["ETag", "Location"]);
  assert.deepEqual(media.AllowedMethods, ["GET", "HEAD"]);
});

test("functions have reserved concurrency and log retention, and are traced only if that is configured", () => {
  assert.equal(properties("DeliveryResize")?.ReservedConcurrentExecutions, 200);
  assert.equal(properties("UploadSigner")?.ReservedConcurrentExecutions, 20);
  for (const { id, Properties } of functions()) {
    assert.equal(Properties.TracingConfig?.Mode ?? "PassThrough", "PassThrough", id);
    const log = resources(template(), "AWS::Logs::LogGroup").find(
      ({ id }) => id === Properties.LoggingConfig.LogGroup.Ref,
    );
    assert.equal(log?.Properties.RetentionInDays, 30, id);
  }
  const traced = resources(template({ observability: { traces: true } }), "AWS::Lambda::Function");
  for (const { id, Properties } of traced) assert.equal(Properties.TracingConfig.Mode, "Active", id);
});

test("every queue has an alarm for messages that wait, and every dead letter queue one for its messages", () => {
  const watched = new Set(
    resources(template(), "AWS::CloudWatch::Alarm").map(
      ({ Properties }) =>
        `${Properties.MetricName} ${Properties.Dimensions?.find(({ Name }: any) => Name === "QueueName")?.Value["Fn::GetAtt"][0]}`,
    ),
  );
  for (const { id, Properties } of resources(template(), "AWS::SQS::Queue")) {
    const metric = Properties.RedrivePolicy ? "ApproximateAgeOfOldestMessage" : "ApproximateNumberOfMessagesVisible";
    assert.ok(watched.has(`${metric} ${id}`), `${id} has no alarm`);
  }
});

test("the operator's handbook explains every alarm", () => {
  const handbook = readFileSync(join(DEPLOY, "../docs/operations.md"), "utf8");
  const names = alarmNames(template().findResources("AWS::CloudWatch::Alarm"));
  assert.ok(names.length >= 16, String(names));
  for (const name of names)
    assert.ok(handbook.includes(`\`${name}\``), `docs/operations.md doesn't explain ${name}`);
});

test("the cost model counts the deployed resources", () => {
  const page = readFileSync(join(DEPLOY, "../docs/cost.md"), "utf8");
  const check = (input: string, expected: number): void => {
    assert.ok(page.includes(`| \`${input}\` | ${expected} |`), `deploy/cost.py: ${input} is ${expected}`);
  };
  check("alarms", resources(template(), "AWS::CloudWatch::Alarm").length);
  check("secrets", resources(template(), "AWS::SecretsManager::Secret").length);
  check("queues", resources(template(), "AWS::Lambda::EventSourceMapping").length);
  check("metrics", FORMATS.length * resources(template(), "AWS::Logs::MetricFilter").length);
});
