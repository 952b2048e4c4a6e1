// Keeps variants and renditions consistent with their originals: the upkeep function deletes those of originals that were
// replaced, removed or withdrawn, in the buckets and at the CDN, and renders the policy's `prewarm` presets of clean uploads.
import { Duration } from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";

import { CDN } from "../cdn";
import type { Config } from "../config";
import { eventRules } from "../events";
import { EventQueue } from "../queue";
import { Service } from "../service";
import { MARK_PREFIX, RECORD_PREFIX, type Storage, VIDEO_PREFIXES } from "../storage";

/**
 * The timeout in seconds. It is above the pause before an invalidation and the minute and a half for which it is tried, so
 * that the function reports which messages failed. The messages of a batch are handled concurrently.
 */
const UPKEEP_SECONDS = 125;

/** Memory of a function that handles no pixels. Every upload calls it. */
const SMALL_MEGABYTES = 256;

/** Maximum number of batches handled concurrently. Uploads are served without waiting for them. */
const CONCURRENCY = 5;

export class Upkeep extends Construct {
  readonly service: Service;
  readonly events: EventQueue;
  /** The same events, a minute later. */
  readonly delayedEvents: EventQueue;

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
      description: "Removes variants and renditions of changed originals, and renders presets in advance",
      // Only presets that are rendered in advance need memory and time for pictures.
      memoryMegabytes: CDN.prewarms ? config.delivery.memoryMegabytes : SMALL_MEGABYTES,
      timeoutSeconds: UPKEEP_SECONDS,
      concurrency: undefined,
      environment: { ...storage.environment(), TINTYPE_DISTRIBUTION: distribution.id },
    });
    this.grantPermissions(storage, distribution.arn);
    this.events = new EventQueue(this, "Changes", this.service, CONCURRENCY);
    const rules = eventRules("upkeep");
    // The delay is the queue's, so all delayed rules share one.
    const delaySeconds = Math.max(...rules.map((rule) => rule.delaySeconds));
    this.delayedEvents = new EventQueue(this, "Again", this.service, CONCURRENCY, {
      delay: Duration.seconds(delaySeconds),
      deadLetters: this.events.deadLetters,
    });
    for (const rule of rules) {
      const queue = rule.delaySeconds > 0 ? this.delayedEvents : this.events;
      queue.addRule(rule, { originals: storage.originals });
    }
  }

  private grantPermissions(storage: Storage, distributionArn: string): void {
    const { role } = this.service;
    storage.grantReadClean(role);
    storage.denyUnclean("DenyUncleanToUpkeep", role);
    // The function must distinguish a missing original from one that isn't clean, which it may not read.
    storage.allow(role, "TellGone", ["s3:GetObjectTagging"], CDN.areas);
    storage.grantKeepVariants(role);
    const change = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
    storage.grantRecords(role, "KeepRecords", change, [RECORD_PREFIX]);
    storage.grantRecords(role, "KeepMarks", ["s3:PutObject", "s3:DeleteObject"], [MARK_PREFIX]);
    if (storage.variants) {
      role.addToPolicy(
        new iam.PolicyStatement({
          sid: "FindVariants",
          actions: ["s3:ListBucket"],
          resources: [storage.variants.bucketArn],
        }),
      );
    }
    storage.allow(role, "RemoveRenditions", ["s3:DeleteObject"], VIDEO_PREFIXES);
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: "FindRenditions",
        actions: ["s3:ListBucket"],
        resources: [storage.originals.bucketArn],
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
