// What an operator decides about a deployment: `config.json`, read and checked. Every member but those of
// `config.json` as it ships has a default.
import { readFileSync } from "node:fs";

import { Reader, ConfigError } from "./reader";

export { ConfigError };

export interface Config {
  /** The name of the CloudFormation stack. */
  readonly stackName: string;
  /** Where buckets and functions are. */
  readonly region: string;
  /** Which processors the functions run on; the packages must be built for it. */
  readonly architecture: "x86_64" | "arm64";
  readonly parts: Parts;
  /** Raised by one when a secret was changed in Secrets Manager, so that the next deployment hands it out. */
  readonly secretsVersion: number;
  /** The URL that viewers reach the CDN by, where this deployment brings no CDN of its own. */
  readonly publicUrl: string | undefined;
  readonly delivery: Delivery;
  readonly upload: Upload;
  readonly video: Video;
  readonly storage: Storage;
  readonly observability: Observability;
}

/** What is deployed beside the buckets. */
export interface Parts {
  /** CloudFront and the resize service. */
  readonly delivery: boolean;
  /** The upload signer and the finaliser. */
  readonly upload: boolean;
  /** Transcoding. */
  readonly video: boolean;
  /** Dashboard and alarms. Logs and traces are there without it. */
  readonly observability: boolean;
}

export interface Delivery {
  /** A name of one's own for the CDN. Without it the name is CloudFront's. */
  readonly domain: Domain | undefined;
  /** Requests that one address may make in five minutes; none: no web application firewall. */
  readonly requestsPerFiveMinutes: number | undefined;
  readonly priceClass: "PriceClass_100" | "PriceClass_200" | "PriceClass_All";
  /** Where the CDN gathers its misses; none: every edge asks for itself. */
  readonly originShield: string | undefined;
  /** Memory of the resize function in MiB. 1,769 are one whole processor. */
  readonly memoryMegabytes: number;
  /** As many variants are made at once, at most: the bound on what a flood can cost. None: the account's. */
  readonly concurrency: number | undefined;
}

export interface Domain {
  readonly name: string;
  /** The Route 53 zone that gets the names; none: made elsewhere. */
  readonly hostedZone: { readonly id: string; readonly name: string } | undefined;
  /** A certificate in us-east-1; none: one is made and validated in the zone. */
  readonly certificateArn: string | undefined;
}

/** Who may upload. */
export type Authentication =
  | { readonly kind: "session" }
  | { readonly kind: "jwt"; readonly issuer: string; readonly audience: string }
  | { readonly kind: "cognito"; readonly userPoolId: string; readonly clientId: string }
  | { readonly kind: "open" };

export interface Upload {
  readonly authentication: Authentication;
  /** Origins of pages that may ask for uploads and send them; `*` for all. */
  readonly origins: readonly string[];
  /** Media types that may be uploaded; none: the signer's own list. */
  readonly types: readonly string[];
  readonly maxBytes: number | undefined;
  readonly maxPixels: number | undefined;
  /** Calls of the signer's API a second, steadily and at once. */
  readonly requestsPerSecond: number;
  readonly burst: number;
  /** As many calls are answered at once, at most. None: the account's. */
  readonly concurrency: number | undefined;
  /** As many batches of ten uploads are checked at once, at most. None: the account's. */
  readonly checkConcurrency: number | undefined;
}

export interface Video {
  /** As many batches of ten events are handled at once, at most; none: the account's. */
  readonly concurrency: number | undefined;
}

export interface Storage {
  /** When a variant is removed after it was made, in days; none: never. It is made anew when asked for. */
  readonly variantDays: number | undefined;
  /** How long a replaced or deleted original can be brought back, in days. */
  readonly noncurrentDays: number;
  /** Whether requests to the buckets and the CDN are logged to a bucket. */
  readonly accessLogs: boolean;
  /** How long these are kept, in days. */
  readonly accessLogDays: number;
}

export interface Observability {
  /** How long the functions' logs are kept, in days. */
  readonly logDays: number;
  /** Who is told of alarms; none: whoever subscribes to the topic. */
  readonly email: string | undefined;
  /** The alarm on what making variants costs, in US dollars a day. */
  readonly dollarsPerDay: number;
  /** Whether CloudFront measures hits of its cache, too, which costs by the month. */
  readonly cacheMetrics: boolean;
}

/** Periods that CloudWatch Logs knows, in days. */
const LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653];

/**
 * Where CloudFront can't deliver its logs to: regions that an account must ask for (developer guide, "Choosing an Amazon
 * S3 bucket for standard logs").
 */
const NO_CDN_LOGS =
  "af-south-1 ap-east-1 ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 " +
  "ca-west-1 eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1 mx-central-1";

export function readConfig(file: string): Config {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ConfigError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseConfig(value);
}

/** The configuration of a JSON value. What is missing, unknown or out of its bounds is an error with its path. */
export function parseConfig(value: unknown): Config {
  const root = new Reader("", value);
  const config: Config = {
    stackName: root.text("stackName", /^[A-Za-z][A-Za-z0-9-]{0,99}$/, "letters, digits and hyphens"),
    region: root.text("region", /^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as eu-central-1"),
    architecture: root.oneOf("architecture", ["x86_64", "arm64"]),
    parts: root.object("parts", (parts) => ({
      delivery: parts.flag("delivery"),
      upload: parts.flag("upload"),
      video: parts.flag("video"),
      observability: parts.flag("observability"),
    })),
    secretsVersion: root.number("secretsVersion", 1, 1_000_000, 1),
    publicUrl: root.optional("publicUrl", () =>
      root.text("publicUrl", /^https:\/\/[^/]+$/, "https://<name>, without a path"),
    ),
    delivery: root.object("delivery", delivery, {}),
    upload: root.object("upload", upload, {}),
    video: root.object("video", (video) => ({ concurrency: batches(video, "concurrency", 5) }), {}),
    storage: root.object("storage", storage, {}),
    observability: root.object("observability", observability, {}),
  };
  root.end();
  if (config.parts.upload && !config.parts.delivery && !config.publicUrl) {
    throw new ConfigError(
      "publicUrl: must be set where uploads are deployed without delivery: the signer names the URLs that files will have",
    );
  }
  if (config.parts.delivery && config.storage.accessLogs && NO_CDN_LOGS.split(" ").includes(config.region)) {
    throw new ConfigError(`storage.accessLogs: must be false: CloudFront delivers no logs to a bucket in ${config.region}`);
  }
  if (config.parts.delivery && config.publicUrl) {
    throw new ConfigError("publicUrl: must not be set beside delivery, which knows its own: see delivery.domain");
  }
  return config;
}

function delivery(reader: Reader): Delivery {
  return {
    domain: reader.optional("domain", () => reader.object("domain", domain)),
    requestsPerFiveMinutes: reader.optional("requestsPerFiveMinutes", () =>
      reader.number("requestsPerFiveMinutes", 10, 2_000_000_000),
    ),
    priceClass: reader.oneOf("priceClass", ["PriceClass_100", "PriceClass_200", "PriceClass_All"], "PriceClass_100"),
    originShield: reader.optional("originShield", () =>
      reader.text("originShield", /^[a-z]{2}(-[a-z]+)+-\d$/, "a region that CloudFront has a shield in"),
    ),
    memoryMegabytes: reader.number("memoryMegabytes", 128, 10_240, 1_769),
    concurrency: concurrency(reader, 50),
  };
}

function domain(reader: Reader): Domain {
  const domain: Domain = {
    name: reader.text("name", /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "a name such as cdn.example.com"),
    hostedZone: reader.optional("hostedZone", () =>
      reader.object("hostedZone", (zone) => ({
        id: zone.text("id", /^Z[A-Z0-9]+$/, "the id of a Route 53 zone"),
        name: zone.text("name", /^[a-z0-9.-]+$/, "the name of the zone, such as example.com"),
      })),
    ),
    certificateArn: reader.optional("certificateArn", () =>
      reader.text(
        "certificateArn",
        /^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/.+$/,
        "the ARN of a certificate in us-east-1, where CloudFront looks for them",
      ),
    ),
  };
  if (!domain.hostedZone && !domain.certificateArn) {
    throw new ConfigError("delivery.domain: needs a hostedZone, to validate a certificate in, or a certificateArn");
  }
  return domain;
}

function upload(reader: Reader): Upload {
  return {
    authentication: reader.object("authentication", authentication, { kind: "session" }),
    origins: reader.list("origins", /^(\*|https?:\/\/[^/*?#@]+)$/, "origins such as https://www.example.com, or *"),
    types: reader.list("types", /^[a-z]+\/(\*|[a-z0-9.+-]+)$/, "media types such as image/png or image/*"),
    maxBytes: reader.optional("maxBytes", () => reader.number("maxBytes", 1, 5_497_558_138_880)),
    maxPixels: reader.optional("maxPixels", () => reader.number("maxPixels", 1, Number.MAX_SAFE_INTEGER)),
    requestsPerSecond: reader.number("requestsPerSecond", 1, 10_000, 50),
    burst: reader.number("burst", 1, 5_000, 100),
    concurrency: concurrency(reader, 20),
    checkConcurrency: batches(reader, "checkConcurrency", 20),
  };
}

function authentication(reader: Reader): Authentication {
  const kind = reader.oneOf("kind", ["session", "jwt", "cognito", "open"]);
  switch (kind) {
    case "session":
    case "open":
      return { kind };
    case "jwt":
      return {
        kind,
        issuer: reader.text("issuer", /^https:\/\/.+$/, "the issuer's URL, the tokens' claim iss"),
        audience: reader.text("audience", /^.+$/, "the audience that tokens must name"),
      };
    case "cognito":
      return {
        kind,
        userPoolId: reader.text("userPoolId", /^[a-z]{2}(-[a-z]+)+-\d_[A-Za-z0-9]+$/, "the id of a user pool"),
        clientId: reader.text("clientId", /^[a-z0-9]+$/, "the id of an app client"),
      };
  }
}

function storage(reader: Reader): Storage {
  return {
    variantDays: reader.optional("variantDays", () => reader.number("variantDays", 1, 36_500)),
    noncurrentDays: reader.number("noncurrentDays", 1, 36_500, 30),
    accessLogs: reader.flag("accessLogs", true),
    accessLogDays: reader.number("accessLogDays", 1, 36_500, 90),
  };
}

function observability(reader: Reader): Observability {
  const logDays = reader.number("logDays", 1, 3653, 30);
  if (!LOG_DAYS.includes(logDays)) {
    throw new ConfigError(`observability.logDays: must be one of ${LOG_DAYS.join(", ")}`);
  }
  return {
    logDays,
    email: reader.optional("email", () => reader.text("email", /^[^@\s]+@[^@\s]+$/, "an address")),
    dollarsPerDay: reader.number("dollarsPerDay", 1, 1_000_000, 10),
    cacheMetrics: reader.flag("cacheMetrics", false),
  };
}

/** `null` reserves nothing: for accounts whose limit is so low that nothing can be reserved. */
function concurrency(reader: Reader, otherwise: number): number | undefined {
  return reader.isNull("concurrency") ? undefined : reader.number("concurrency", 1, 100_000, otherwise);
}

/** `null` sets no bound; two is the least that SQS takes (Lambda's API reference, "ScalingConfig"). */
function batches(reader: Reader, name: string, otherwise: number): number | undefined {
  return reader.isNull(name) ? undefined : reader.number(name, 2, 1_000, otherwise);
}
