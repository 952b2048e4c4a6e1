// The buckets: originals, variants, and a log of who asked for what.
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import * as s3 from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

import { CDN } from "./cdn";
import type { Config } from "./config";
import { accept, acceptPrefixes } from "./nag";

/** What uploads are below; the finaliser tags them, and until they are clean nobody may read them. */
export const UPLOAD_PREFIXES = ["files/", "private/"] as const;

/** What transcoding writes below. */
export const VIDEO_PREFIX = "videos/";

const CLOUDFRONT = new iam.ServicePrincipal("cloudfront.amazonaws.com");

/** The condition that an object has been checked. */
export const CLEAN = { "s3:ExistingObjectTag/state": "clean" };

export class Storage extends Construct {
  readonly originals: s3.Bucket;
  readonly variants: s3.Bucket;
  /** Where requests are logged, if they are. */
  readonly accessLogs: s3.Bucket | undefined;

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id);
    if ([...UPLOAD_PREFIXES, VIDEO_PREFIX].sort().join() !== [...CDN.areas].sort().join()) {
      throw new Error(
        `the areas of cdn.json, ${CDN.areas.join()}, aren't those that the buckets' policies are written for`,
      );
    }
    this.accessLogs = config.storage.accessLogs ? accessLogs(this, config) : undefined;
    this.originals = this.bucket("Originals", {
      // What is finalised is a version: the tag can't get onto bytes that came later.
      versioned: true,
      // What users have sent outlives the stack.
      removalPolicy: RemovalPolicy.RETAIN,
      cors: cors(config),
      lifecycleRules: [
        { id: "parts", abortIncompleteMultipartUploadAfter: Duration.days(1) },
        // The finaliser answers in seconds: what is still pending was never checked, its messages are in the dead
        // letter queue for 14 days.
        { id: "pending", tagFilters: { state: "pending" }, expiration: Duration.days(14) },
        { id: "refused", tagFilters: { state: "refused" }, expiration: Duration.days(1) },
        {
          id: "noncurrent",
          noncurrentVersionExpiration: Duration.days(config.storage.noncurrentDays),
          expiredObjectDeleteMarker: true,
        },
      ],
    });
    // Not by the CDK's own switch, which adds a function that may change every bucket's notifications.
    (this.originals.node.defaultChild as s3.CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    this.variants = this.bucket("Variants", {
      removalPolicy: RemovalPolicy.DESTROY,
      lifecycleRules: [
        { id: "parts", abortIncompleteMultipartUploadAfter: Duration.days(1) },
        ...(config.storage.variantDays === undefined
          ? []
          : [{ id: "variants", expiration: Duration.days(config.storage.variantDays) }]),
      ],
    });
  }

  /** Lets a role read originals: uploads while they are clean, and what transcoding wrote. */
  readCleanTo(role: iam.Role): void {
    for (const statement of this.cleanStatements()) role.addToPolicy(statement);
    acceptPrefixes(role, this.originals, CDN.areas);
  }

  /** The same for a distribution, in the bucket's own policy. */
  readCleanBy(distributionArn: string): void {
    for (const statement of this.cleanStatements()) {
      statement.addPrincipals(CLOUDFRONT);
      statement.addCondition("ArnEquals", { "aws:SourceArn": distributionArn });
      this.originals.addToResourcePolicy(statement);
    }
    // Whatever distribution asks: a second one that is allowed by mistake reads nothing unclean either.
    this.denyUnclean("DenyUncleanToCloudFront", CLOUDFRONT);
  }

  /** Denies somebody what isn't clean, whatever else allows it. */
  denyUnclean(sid: string, principal: iam.IPrincipal): void {
    this.originals.addToResourcePolicy(
      new iam.PolicyStatement({
        sid,
        effect: iam.Effect.DENY,
        principals: [principal],
        actions: ["s3:GetObject", "s3:GetObjectVersion"],
        resources: this.objects(UPLOAD_PREFIXES),
        // Holds where there is no such tag, too (IAM user guide, "negated matching conditions").
        conditions: { StringNotEquals: CLEAN },
      }),
    );
  }

  /** Lets a role do something with originals below prefixes. */
  allow(role: iam.Role, sid: string, actions: string[], prefixes: readonly string[], conditions = {}): void {
    role.addToPolicy(new iam.PolicyStatement({ sid, actions, resources: this.objects(prefixes), conditions }));
    acceptPrefixes(role, this.originals, prefixes);
  }

  private objects(prefixes: readonly string[]): string[] {
    return prefixes.map((prefix) => this.originals.arnForObjects(`${prefix}*`));
  }

  private cleanStatements(): iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({
        sid: "ReadClean",
        actions: ["s3:GetObject"],
        resources: this.objects(UPLOAD_PREFIXES),
        conditions: { StringEquals: CLEAN },
      }),
      new iam.PolicyStatement({
        sid: "ReadVideos",
        actions: ["s3:GetObject"],
        resources: this.objects([VIDEO_PREFIX]),
      }),
    ];
  }

  private bucket(id: string, props: s3.BucketProps): s3.Bucket {
    const bucket = new s3.Bucket(this, id, {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // Not KMS: the ETag must be the MD5 of the bytes, which it is with SSE-S3 only (S3's API reference, "ETag").
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      ...(this.accessLogs
        ? { serverAccessLogsBucket: this.accessLogs, serverAccessLogsPrefix: `${id.toLowerCase()}/` }
        : {}),
      ...props,
    });
    if (!this.accessLogs) accept(bucket, "S1", "The operator has turned access logs off (storage.accessLogs).");
    return bucket;
  }
}

/** Browsers send uploads and ask preflights here; a page can follow parts by their `ETag` and the answer's `Location`. */
function cors(config: Config): s3.CorsRule[] {
  const header = (name: string): string => CDN.headers.preflight.find((one) => one.name === name)?.value ?? "";
  const list = (text: string): string[] => text.split(", ");
  const rules: s3.CorsRule[] = [];
  const origins = config.upload.origins.length > 0 ? [...config.upload.origins] : ownOrigin(config);
  if (config.parts.upload && origins.length > 0) {
    rules.push({
      id: "uploads",
      allowedMethods: [s3.HttpMethods.POST, s3.HttpMethods.PUT],
      allowedOrigins: origins,
      allowedHeaders: ["*"],
      exposedHeaders: ["ETag", "Location"],
      maxAge: 3600,
    });
  }
  // Preflights of media come through the CDN; its response headers policy gives the rest of the answer.
  rules.push({
    id: "media",
    allowedMethods: [s3.HttpMethods.GET, s3.HttpMethods.HEAD],
    allowedOrigins: ["*"],
    allowedHeaders: list(header("access-control-allow-headers")),
    maxAge: Number(header("access-control-max-age")),
  });
  return rules;
}

function ownOrigin(config: Config): string[] {
  if (config.delivery.domain) return [`https://${config.delivery.domain.name}`];
  return config.publicUrl ? [config.publicUrl] : [];
}

function accessLogs(scope: Construct, config: Config): s3.Bucket {
  const bucket = new s3.Bucket(scope, "AccessLogs", {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    // CloudFront's standard logs are delivered by an access control list (developer guide, "Permissions required to
    // configure standard logging").
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [{ id: "logs", expiration: Duration.days(config.storage.accessLogDays) }],
  });
  accept(bucket, "S1", "The bucket of access logs: logging it to itself would never end.");
  return bucket;
}
