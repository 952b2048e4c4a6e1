// Keeps variants consistent with their originals: the upkeep function deletes variants of replaced and removed originals,
// in the bucket and at the CDN, and renders the policy's `prewarm` presets of clean uploads.
import { Duration } from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";

import { CDN } from "../cdn";
import type { Config } from "../config";
import { acceptPrefixes } from "../nag";
import { EventQueue } from "../queue";
import { Service } from "../service";
import { type Storage, UPLOAD_PREFIXES } from "../storage";

/** The timeout in seconds: for a batch of ten pictures with the presets of the policy. */
const UPKEEP_SECONDS = 120;

/** Maximum number of batches handled concurrently. Uploads are served without waiting for them. */
const CONCURRENCY = 5;

/**
 * The delay of the second delivery of an event. By then, renderings of the previous version have ended
 * (`resize::edge::upkeep`).
 */
const SECOND_DELIVERY_DELAY = Duration.seconds(60);

export class Upkeep extends Construct {
  readonly service: Service;
  readonly events: EventQueue;

  constructor(
    scope: Construct,
    id: string,
    config: Config,
    storage: Storage,
    distribution: { id: string; arn: string },
  ) {
    super(scope, id);
    this.service = new Service(this, "Upkeep", config, {
      program: "variant-upkeep",
      description: "Takes variants away with their originals, and makes what the policy wants ready",
      memoryMegabytes: config.delivery.memoryMegabytes,
      timeoutSeconds: UPKEEP_SECONDS,
      concurrency: undefined,
      environment: {
        TINTYPE_ORIGINALS_BUCKET: storage.originals.bucketName,
        TINTYPE_VARIANTS_BUCKET: storage.variants.bucketName,
        TINTYPE_DISTRIBUTION: distribution.id,
      },
    });
    this.grantPermissions(storage, distribution.arn);
    this.events = new EventQueue(this, "Changes", this.service, CONCURRENCY);
    const again = new EventQueue(this, "Again", this.service, CONCURRENCY, {
      delay: SECOND_DELIVERY_DELAY,
      deadLetters: this.events.deadLetters,
    });
    // Posters are the only outputs of transcoding that have variants. A status document changes every ten seconds, and
    // each invalidation costs money.
    const key = [...UPLOAD_PREFIXES.map((prefix) => ({ prefix })), { wildcard: "videos/*/poster.jpg" }];
    const detail = { bucket: { name: [storage.originals.bucketName] }, object: { key } };
    this.events.listen("Changed", "Originals that were written, removed or checked", {
      source: ["aws.s3"],
      detailType: ["Object Created", "Object Deleted", "Object Tags Added"],
      detail,
    });
    again.listen("ChangedBefore", "Originals that were written or removed, a minute later", {
      source: ["aws.s3"],
      detailType: ["Object Created", "Object Deleted"],
      detail,
    });
  }

  private grantPermissions(storage: Storage, distributionArn: string): void {
    const { role } = this.service;
    storage.grantReadClean(role);
    storage.denyUnclean("DenyUncleanToUpkeep", role);
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: "KeepVariants",
        actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        resources: CDN.areas.map((area) => storage.variants.arnForObjects(`${area}*`)),
      }),
    );
    acceptPrefixes(role, storage.variants, CDN.areas);
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: "FindVariants",
        actions: ["s3:ListBucket"],
        resources: [storage.variants.bucketArn],
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: "Purge",
        actions: ["cloudfront:CreateInvalidation"],
        resources: [distributionArn],
      }),
    );
  }
}
