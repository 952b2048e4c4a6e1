// The operator's configuration, `config.json`. Every member has a default, except those that the shipped file has.
import { readFileSync } from "node:fs";

import { z } from "zod";

import { ConfigError, flag, limit, list, object, oneOf, parse, section, text, wholeNumber, withDefault } from "./schema";

/** The retention periods that CloudWatch Logs offers, in days. */
const LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653] as const;

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

const SHIELD = "false, or a region where CloudFront offers an origin shield, such as us-east-1";

/** Concurrent executions reserved for a function. `null` disables the reservation, for accounts whose limit is too low. */
const reservedConcurrency = (fallback: number) => limit(1, 100_000, fallback);

/** Concurrent batches of a queue. SQS accepts no limit below two (Lambda's API reference, "ScalingConfig"). */
const concurrentBatches = (fallback: number) => limit(2, 1_000, fallback);

/** The optional parts. The buckets are always deployed. */
const parts = object({
  /** CloudFront and the resize service. */
  delivery: flag(),
  /** The upload signer and the finaliser. */
  upload: flag(),
  /** Transcoding. */
  video: flag(),
  /** The library of files. */
  library: withDefault(flag(), false),
  /** Dashboard and alarms. Logs and traces exist without this part. */
  observability: flag(),
});

const domain = object({
  name: text(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "a name such as cdn.example.com"),
  /** The Route 53 zone for the DNS records. Without it the operator creates them elsewhere. */
  hostedZone: object({
    id: text(/^Z[A-Z0-9]+$/, "the id of a Route 53 zone"),
    name: text(/^[a-z0-9.-]+$/, "the name of the zone, such as example.com"),
  }).optional(),
  /** A certificate in us-east-1. Without it one is created and validated in the zone. */
  certificateArn: text(
    /^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/.+$/,
    "the ARN of a certificate in us-east-1, where CloudFront looks for them",
  ).optional(),
}).refine(({ hostedZone, certificateArn }) => hostedZone || certificateArn, {
  error: "needs a hostedZone, in which a certificate can be validated, or a certificateArn",
});

const delivery = section({
  /** The CDN's domain name. Without it CloudFront's own name is used. */
  domain: domain.optional(),
  /** Requests that one address may send in five minutes. Without it there is no web application firewall. */
  requestsPerFiveMinutes: wholeNumber(10, 2_000_000_000).optional(),
  /**
   * `true` for a distribution that CloudFront's flat-rate plans accept: with a firewall, and with AWS's own cache policies. They
   * keep responses that must not be cached for a second.
   */
  flatRatePlan: withDefault(flag(), false),
  priceClass: withDefault(oneOf(["PriceClass_100", "PriceClass_200", "PriceClass_All"]), "PriceClass_100"),
  /**
   * The region of the origin shield, which collects the CDN's misses, or `false`: then every regional cache asks the origin.
   * The default is the nearest region with a shield: from two misses for a variant on it costs less than rendering again
   * (docs/cost.md).
   */
  originShield: z
    .union([z.literal(false), text(REGION, SHIELD)], { error: `must be ${SHIELD}` })
    .optional(),
  /** Memory of the resize function in MiB. 1,769 MiB have one full processor. */
  memoryMegabytes: withDefault(wholeNumber(128, 10_240), 1_769),
  /**
   * Maximum number of variants rendered concurrently. Further viewers get 429 at once, and browsers don't try again.
   * The default is enough for two pages with a hundred new pictures each. The alarm `ResizeSpend` reports the cost of a
   * flood.
   */
  concurrency: reservedConcurrency(200),
});

/** The method by which clients that upload authenticate. */
const authentication = z.discriminatedUnion(
  "kind",
  [
    object({ kind: z.literal("session") }),
    object({
      kind: z.literal("jwt"),
      issuer: text(/^https:\/\/.+$/, "the issuer's URL, the tokens' claim iss"),
      audience: text(/^.+$/, "the audience that tokens must name"),
    }),
    object({
      kind: z.literal("cognito"),
      userPoolId: text(/^[a-z]{2}(-[a-z]+)+-\d_[A-Za-z0-9]+$/, "the id of a user pool"),
      clientId: text(/^[a-z0-9]+$/, "the id of an app client"),
    }),
    object({ kind: z.literal("open") }),
  ],
  {
    error: ({ code }) =>
      code === "invalid_union" ? "must be one of session, jwt, cognito, open" : "must be an object",
  },
);

const upload = section({
  authentication: withDefault(authentication, { kind: "session" }),
  /** Origins of pages that may request and send uploads; `*` for all. */
  origins: list(/^(\*|https?:\/\/[^/*?#@]+)$/, "origins such as https://www.example.com, or *"),
  /** Media types that may be uploaded. An empty list stands for the signer's default. */
  types: list(/^[a-z]+\/(\*|[a-z0-9.+-]+)$/, "media types such as image/png or image/*"),
  /** The largest upload in bytes. 5,497,558,138,880 bytes are S3's limit. */
  maxBytes: wholeNumber(1, 5_497_558_138_880).optional(),
  /** The largest picture in pixels. */
  maxPixels: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
  /** The time within which a signed upload must begin, in seconds. Without it the signer's default applies. */
  lifetimeSeconds: wholeNumber(1, 604_800).optional(),
  /** The scanner that the finaliser sends every upload to. Without it uploads aren't scanned for malware. */
  scanner: object({
    url: text(/^http:\/\/.+$/, "an http:// URL that receives files by POST"),
    /** The time limit of a scan. */
    timeoutSeconds: withDefault(wholeNumber(1, 780), 60),
  }).optional(),
  /** The sustained rate of calls to the signer's API, per second. */
  requestsPerSecond: withDefault(wholeNumber(1, 10_000), 50),
  /** The largest burst of calls to the signer's API. */
  burst: withDefault(wholeNumber(1, 5_000), 100),
  /** Maximum number of calls to the signer handled concurrently. */
  concurrency: reservedConcurrency(20),
  /** Maximum number of batches of ten uploads checked concurrently. */
  checkConcurrency: concurrentBatches(20),
});

const video = section({
  /** Maximum number of batches of ten events handled concurrently. */
  concurrency: concurrentBatches(5),
});

const webhook = object({
  /** The URL of the receiver. */
  url: text(/^https:\/\/[^\s/?#@]+([/?][^\s#]*)?$/, "a URL such as https://app.example.com/hooks/tintype"),
});

const storage = section({
  /** Days until a variant is deleted. Without it variants are kept. A deleted variant is rendered again on request. */
  variantDays: wholeNumber(1, 36_500).optional(),
  /** Days for which a replaced or deleted original can be restored. */
  noncurrentDays: withDefault(wholeNumber(1, 36_500), 30),
  /** `true` if requests to the buckets and the CDN are logged to a bucket. */
  accessLogs: withDefault(flag(), true),
  /** Days until access logs are deleted. */
  accessLogDays: withDefault(wholeNumber(1, 36_500), 90),
});

const observability = section({
  /** Days until the functions' logs are deleted. */
  logDays: withDefault(z.literal(LOG_DAYS, { error: `must be one of ${LOG_DAYS.join(", ")}` }), 30),
  /** The filter of the functions' logs, as `tracing` directives. Without it the functions' default applies. */
  logLevel: text(/^[a-z0-9_:=,]+$/, "a level such as info, or directives such as info,resize=debug").optional(),
  /** `true` if X-Ray traces the functions: one request a second and 5 % of all others, billed by trace. */
  traces: withDefault(flag(), false),
  /** The recipient of alarms. Without it alarms go to the subscribers of the topic. */
  email: text(/^[^@\s]+@[^@\s]+$/, "an address").optional(),
  /** The threshold of the alarm on the cost of making variants, in US dollars a day. */
  dollarsPerDay: withDefault(wholeNumber(1, 1_000_000), 10),
  /** `true` if CloudFront also measures cache hits, which it bills by the month. */
  cacheMetrics: withDefault(flag(), false),
});

export const configSchema = object({
  /** The name of the CloudFormation stack. */
  stackName: text(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, "letters, digits and hyphens"),
  /** The region of buckets and functions. */
  region: text(REGION, "a region such as eu-central-1"),
  /** The processor architecture of the functions. The packages must be built for it. */
  architecture: oneOf(["x86_64", "arm64"]),
  parts,
  /** The operator increments it after changing a secret in Secrets Manager, so that functions read the secret again. */
  secretsVersion: withDefault(wholeNumber(1, 1_000_000), 1),
  /** The CDN's URL for viewers, if the deployment doesn't include the CDN. */
  publicUrl: text(/^https:\/\/[^/]+$/, "https://<name>, without a path").optional(),
  delivery,
  upload,
  video,
  /** The receiver of messages about uploads and videos. Without it there is no webhook. */
  webhook: webhook.optional(),
  storage,
  observability,
}).superRefine(({ parts, publicUrl, webhook, delivery }, { addIssue }) => {
  const refuse = (path: string[], message: string): void => addIssue({ code: "custom", path, message });
  if (delivery.flatRatePlan && !delivery.requestsPerFiveMinutes) {
    refuse(["delivery", "requestsPerFiveMinutes"], "must be set with delivery.flatRatePlan: the plans need a firewall");
  }
  if (parts.upload && !parts.delivery && !publicUrl) {
    refuse(
      ["publicUrl"],
      "must be set if uploads are deployed without delivery: the signer returns the URLs of files",
    );
  }
  if (parts.library && !parts.upload) {
    refuse(["parts", "library"], "needs parts.upload: the signer lists the files of the library");
  }
  if (webhook && !parts.upload && !parts.video) {
    refuse(["webhook"], "needs parts.upload or parts.video: the webhook reports uploads and videos");
  }
  if (webhook && !parts.upload && !parts.delivery && !publicUrl) {
    refuse(["publicUrl"], "must be set for a webhook without delivery: messages contain URLs of files");
  }
  if (parts.delivery && publicUrl) {
    refuse(["publicUrl"], "must not be set if delivery is deployed, which has its own URL: see delivery.domain");
  }
});

export type Config = z.output<typeof configSchema>;
export type Delivery = Config["delivery"];
export type Domain = z.output<typeof domain>;

/** Reads a configuration file. Throws a {@link ConfigError} that lists every mistake. */
export function readConfig(file: string): Config {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ConfigError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseConfig(value);
}

/** The configuration of a JSON value. Throws a {@link ConfigError} that lists every mistake. */
export function parseConfig(value: unknown): Config {
  return parse(configSchema, value);
}
