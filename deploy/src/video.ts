// Transcoding: the trigger submits clean videos to MediaConvert, whose outputs the CDN serves.
import * as iam from "aws-cdk-lib/aws-iam";
import * as mediaconvert from "aws-cdk-lib/aws-mediaconvert";
import { Stack } from "aws-cdk-lib";
import { Construct } from "constructs";

import type { Config } from "./config";
import { eventRules } from "./events";
import { accept } from "./nag";
import { EventQueue, MAX_RECEIVES } from "./queue";
import { ConfigError } from "./schema";
import { Service } from "./service";
import { CLAIM_PREFIX, CLEAN, type Storage, UPLOAD_PREFIXES, VIDEO_PREFIXES } from "./storage";

/**
 * The timeout of the trigger in seconds. It is enough for two calls of MediaConvert, each of which may take a minute,
 * and for S3. So the function itself can record the failure of a call that gets no answer. The videos of a batch are
 * handled concurrently. The timeout is below the age at which a claim counts as abandoned, which is below the queue's
 * visibility timeout.
 */
const TRIGGER_SECONDS = 150;

export class Video extends Construct {
  readonly trigger: Service;
  readonly events: EventQueue;
  readonly queue: mediaconvert.CfnQueue;

  constructor(
    scope: Construct,
    id: string,
    config: Config,
    private readonly storage: Storage,
  ) {
    super(scope, id);
    for (const output of [...VIDEO_PREFIXES, CLAIM_PREFIX]) refuseRecursion(UPLOAD_PREFIXES, output);
    this.queue = new mediaconvert.CfnQueue(this, "Jobs", {
      description: `${config.stackName}: videos`,
      pricingPlan: "ON_DEMAND",
    });
    const role = this.transcoderRole();
    this.trigger = new Service(this, "Trigger", config, {
      program: "transcode-trigger",
      description: "Creates the transcoding jobs of videos, and reports their progress",
      memoryMegabytes: 256,
      timeoutSeconds: TRIGGER_SECONDS,
      concurrency: undefined,
      environment: {
        TINTYPE_ORIGINALS_BUCKET: storage.originals.bucketName,
        TINTYPE_VIDEO_INPUTS: UPLOAD_PREFIXES.join(),
        TINTYPE_MEDIACONVERT_QUEUE: this.queue.attrArn,
        TINTYPE_MEDIACONVERT_ROLE: role.roleArn,
        TINTYPE_EVENT_BUS: "default",
        TINTYPE_MAX_RECEIVES: String(MAX_RECEIVES),
      },
    });
    this.grantPermissions(role);
    this.events = new EventQueue(this, "Events", this.trigger, config.video.concurrency);
    for (const rule of eventRules("trigger")) {
      this.events.addRule(rule, { originals: storage.originals, jobQueue: this.queue.attrArn });
    }
  }

  /** The role of MediaConvert: it reads clean uploads and writes renditions. */
  private transcoderRole(): iam.Role {
    const role = new iam.Role(this, "Transcoder", {
      assumedBy: new iam.ServicePrincipal("mediaconvert.amazonaws.com", {
        // The role serves only jobs of this account (IAM user guide, "The confused deputy problem").
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    });
    this.storage.allow(role, "ReadClean", ["s3:GetObject"], UPLOAD_PREFIXES, { StringEquals: CLEAN });
    this.storage.denyUnclean("DenyUncleanToTranscoder", role);
    this.storage.allow(role, "WriteVideos", ["s3:PutObject"], VIDEO_PREFIXES);
    return role;
  }

  private grantPermissions(transcoder: iam.Role): void {
    const { role } = this.trigger;
    const stack = Stack.of(this);
    const allow = (
      sid: string,
      actions: string[],
      resources: string[],
      conditions?: Record<string, Record<string, string>>,
    ): void => {
      role.addToPolicy(new iam.PolicyStatement({ sid, actions, resources, ...(conditions ? { conditions } : {}) }));
    };
    // The trigger may also read pending uploads: it receives their events, and must distinguish "not yet clean" from a
    // failure.
    this.storage.allow(
      role,
      "Look",
      ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging", "s3:GetObjectVersionTagging"],
      UPLOAD_PREFIXES,
    );
    this.storage.allow(role, "Record", ["s3:GetObject", "s3:PutObject"], [CLAIM_PREFIX, ...VIDEO_PREFIXES]);
    // The files of a job whose video was removed or replaced before its end.
    this.storage.allow(role, "Discard", ["s3:DeleteObject"], VIDEO_PREFIXES);
    // CopyObject reads the tags of the poster.
    this.storage.allow(role, "CopyPoster", ["s3:GetObjectTagging"], VIDEO_PREFIXES);
    // The trigger lists objects to find thumbnails by their names. Without this permission S3 also answers 403 for a
    // deleted object, and its event would be retried.
    allow("List", ["s3:ListBucket"], [this.storage.originals.bucketArn]);
    allow("Submit", ["mediaconvert:CreateJob"], [this.queue.attrArn]);
    allow("Probe", ["mediaconvert:Probe", "mediaconvert:SearchJobs", "mediaconvert:ListJobs"], ["*"]);
    accept(
      role,
      "IAM5[Resource::*]",
      "MediaConvert's Probe has no resource, and jobs are found by their input in any queue.",
    );
    allow("HandOver", ["iam:PassRole"], [transcoder.roleArn], {
      StringEquals: { "iam:PassedToService": "mediaconvert.amazonaws.com" },
    });
    allow(
      "Announce",
      ["events:PutEvents"],
      [stack.formatArn({ service: "events", resource: "event-bus", resourceName: "default" })],
    );
  }
}

/** Fails if outputs of transcoding would start transcoding, which would never end. */
export function refuseRecursion(inputs: readonly string[], output: string): void {
  for (const input of inputs) {
    if (output.startsWith(input) || input.startsWith(output)) {
      throw new ConfigError(`transcoding writes to ${output} and is started by ${input}: it would start itself`);
    }
  }
}
