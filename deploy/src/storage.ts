// The buckets: originals, variants and access logs.
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import * as s3 from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

import { CDN } from "./cdn";
import type { Config } from "./config";
import { accept, acceptPrefixes } from "./nag";
import { ConfigError } from "./schema";

/** The prefixes of uploads. The finaliser tags uploads, and only clean ones may be read. */
export const UPLOAD_PREFIXES = ["files/", "private/"] as const;

/** The prefixes that transcoding writes to: of public and of private videos. */
export const VIDEO_PREFIXES = ["videos/", "private-videos/"] as const;

/** The prefix of the trigger's claims. It is not an area of files, so that no viewer can read them. */
export const CLAIM_PREFIX = "claims/";

/**
 * The prefix of the upkeep function's records of originals' versions, in the bucket of records. It is not an area of
 * files, and no lifecycle rule matches it: without the record, a replacement would look like a first upload, and old
 * variants would not be purged.
 */
export const RECORD_PREFIX = "versions/";

/** The prefix of the resize function's marks, in the same bucket: the CDN may have an outdated variant of an original. */
export const MARK_PREFIX = "outdated/";

const CLOUDFRONT = new iam.ServicePrincipal("cloudfront.amazonaws.com");

/** The condition that an object is tagged as clean. */
export const CLEAN = { "s3:ExistingObjectTag/state": "clean" };

export class Storage extends Construct {
  readonly originals: s3.Bucket;
  /** The bucket of variants, if the policy says that any are stored. */
  readonly variants: s3.Bucket | undefined;
  /** The bucket of the records and marks by which changed originals are purged: that of variants, if there is one. */
  readonly records: s3.Bucket;
  /** The bucket of access logs, if the configuration enables them. */
  readonly accessLogs: s3.Bucket | undefined;

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id);
    // Buckets have no ACLs. An app that imports the constructs may not have set the CDK's flag for that.
    this.node.setContext("@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy", true);
    if ([...UPLOAD_PREFIXES, ...VIDEO_PREFIXES].sort().join() !== [...CDN.areas].sort().join()) {
      throw new Error(
        `cdn.json has the areas ${CDN.areas.join()}, but the buckets' policies are written for others`,
      );
    }
    this.accessLogs = config.storage.accessLogs ? accessLogs(this, config) : undefined;
    this.originals = this.bucket("Originals", {
      // With versions, the finaliser tags one version, so a tag can't apply to bytes that were written later.
      versioned: true,
      // Uploads of users outlive the stack. A stack whose creation fails leaves no empty bucket.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      cors: cors(config),
      lifecycleRules: [
        { id: "parts", abortIncompleteMultipartUploadAfter: Duration.days(1) },
        // The finaliser takes seconds. An upload that is still pending was never checked, and its message stays in the
        // dead letter queue for 14 days.
        { id: "pending", tagFilters: { state: "pending" }, expiration: Duration.days(14) },
        { id: "refused", tagFilters: { state: "refused" }, expiration: Duration.days(1) },
        // A claim outlives its video. No event is delivered a year late; one that an operator causes then, by a new tag, makes the
        // job of a living video once more.
        { id: "claims", prefix: CLAIM_PREFIX, expiration: Duration.days(365) },
        {
          id: "noncurrent",
          noncurrentVersionExpiration: Duration.days(config.storage.noncurrentDays),
          expiredObjectDeleteMarker: true,
        },
      ],
    });
    // The CDK's own option isn't used: it adds a function that may change the notifications of every bucket.
    (this.originals.node.defaultChild as s3.CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    if (CDN.keep === "never" && config.storage.variantDays !== undefined) {
      throw new ConfigError(
        "storage.variantDays: must not be set: the policy's delivery.keep is never, so no variant is stored",
      );
    }
    this.variants = CDN.keep === "never" ? undefined : this.variantsBucket(config);
    this.records = this.variants ?? this.originals;
  }

  private variantsBucket(config: Config): s3.Bucket {
    return this.bucket("Variants", {
      removalPolicy: RemovalPolicy.DESTROY,
      lifecycleRules: [
        { id: "parts", abortIncompleteMultipartUploadAfter: Duration.days(1) },
        ...variantExpiration(config.storage.variantDays),
      ],
    });
  }

  /** The environment variables with the names of the buckets. */
  environment(): Record<string, string> {
    return {
      TINTYPE_ORIGINALS_BUCKET: this.originals.bucketName,
      ...(this.variants ? { TINTYPE_VARIANTS_BUCKET: this.variants.bucketName } : {}),
    };
  }

  /** Permits a role to read, store and remove variants. */
  grantKeepVariants(role: iam.Role): void {
    const { variants } = this;
    if (!variants) return;
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: "KeepVariants",
        actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        resources: CDN.areas.map((area) => variants.arnForObjects(`${area}*`)),
      }),
    );
    acceptPrefixes(role, variants, CDN.areas);
  }

  /** Permits a role actions on records or marks below prefixes. */
  grantRecords(role: iam.Role, sid: string, actions: string[], prefixes: readonly string[]): void {
    const resources = prefixes.map((prefix) => this.records.arnForObjects(`${prefix}*`));
    role.addToPolicy(new iam.PolicyStatement({ sid, actions, resources }));
    acceptPrefixes(role, this.records, prefixes);
  }

  /** Permits a role to read originals: clean uploads, and outputs of transcoding. */
  grantReadClean(role: iam.Role): void {
    for (const statement of this.cleanStatements()) role.addToPolicy(statement);
    acceptPrefixes(role, this.originals, CDN.areas);
  }

  /** Permits a distribution to read the same objects, in the bucket's policy. */
  grantReadCleanToDistribution(distributionArn: string): void {
    for (const statement of this.cleanStatements()) {
      statement.addPrincipals(CLOUDFRONT);
      statement.addCondition("ArnEquals", { "aws:SourceArn": distributionArn });
      this.originals.addToResourcePolicy(statement);
    }
    // The denial applies to every distribution, so that a second one, permitted by mistake, can't read unclean uploads
    // either.
    this.denyUnclean("DenyUncleanToCloudFront", CLOUDFRONT);
  }

  /** Denies a principal all uploads that aren't clean. A denial wins over every permission. */
  denyUnclean(sid: string, principal: iam.IPrincipal): void {
    this.originals.addToResourcePolicy(
      new iam.PolicyStatement({
        sid,
        effect: iam.Effect.DENY,
        principals: [principal],
        actions: ["s3:GetObject", "s3:GetObjectVersion"],
        resources: this.objects(UPLOAD_PREFIXES),
        // The condition also matches if the tag is missing (IAM user guide, "negated matching conditions").
        conditions: { StringNotEquals: CLEAN },
      }),
    );
  }

  /** Permits a role actions on originals below prefixes. */
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
        resources: this.objects(VIDEO_PREFIXES),
      }),
    ];
  }

  private bucket(id: string, props: s3.BucketProps): s3.Bucket {
    const bucket = new s3.Bucket(this, id, {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // The encryption is not KMS: the ETag must be the MD5 of the bytes, as it is only with SSE-S3 (S3's API
      // reference, "ETag").
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      ...(this.accessLogs
        ? { serverAccessLogsBucket: this.accessLogs, serverAccessLogsPrefix: `${id.toLowerCase()}/` }
        : {}),
      ...props,
    });
    if (!this.accessLogs) accept(bucket, "S1", "The operator has disabled access logs (storage.accessLogs).");
    return bucket;
  }
}

/** A rule for each area, since a rule has one prefix. */
function variantExpiration(days: number | undefined): s3.LifecycleRule[] {
  if (days === undefined) return [];
  return CDN.areas.map((area) => ({
    id: `variants-${area.replace("/", "")}`,
    prefix: area,
    expiration: Duration.days(days),
  }));
}

/** Browsers send uploads and preflights to the bucket. Pages read a part's `ETag` and an upload's `Location`. */
function cors(config: Config): s3.CorsRule[] {
  const header = (name: string): string => CDN.headers.preflight.find((header) => header.name === name)?.value ?? "";
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
  // The CDN forwards preflights of media. Its response headers policy adds the rest of the response.
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
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    lifecycleRules: [{ id: "logs", expiration: Duration.days(config.storage.accessLogDays) }],
  });
  accept(bucket, "S1", "The bucket of access logs: logging its own requests to itself would never end.");
  return bucket;
}
