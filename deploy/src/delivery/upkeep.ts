// Keeps variants in step with their originals: what is replaced or removed is purged, here and at the CDN, and what the
// policy wants ready is made when an upload is clean.
import { Duration } from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";

import { CDN } from "../cdn";
import type { Config } from "../config";
import { acceptPrefixes } from "../nag";
import { EventQueue } from "../queue";
import { Service } from "../service";
import { type Storage, UPLOAD_PREFIXES } from "../storage";

/** A batch of ten pictures with the presets of the policy. */
const UPKEEP_SECONDS = 120;

/** Batches at once: an upload is served without it. */
const CONCURRENCY = 5;

/** When what was made of the version before has ended, an event is dealt with once more (`resize::upkeep`). */
const AGAIN = Duration.seconds(60);

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
    this.permit(storage, distribution.arn);
    this.events = new EventQueue(this, "Changes", this.service, CONCURRENCY);
    const again = new EventQueue(this, "Again", this.service, CONCURRENCY, {
      delay: AGAIN,
      deadLetters: this.events.deadLetters,
    });
    // Of what transcoding writes only the posters have variants; a status document changes every ten seconds, and each
    // invalidation costs money.
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

  private permit(storage: Storage, distributionArn: string): void {
    const { role } = this.service;
    storage.readCleanTo(role);
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
