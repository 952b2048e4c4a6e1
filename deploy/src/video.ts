// Transcoding: clean videos go to MediaConvert, what it writes goes to the CDN.
import * as iam from "aws-cdk-lib/aws-iam";
import * as mediaconvert from "aws-cdk-lib/aws-mediaconvert";
import { Stack } from "aws-cdk-lib";
import { Construct } from "constructs";

import { type Config, ConfigError } from "./config";
import { accept } from "./nag";
import { EventQueue, TRIES } from "./queue";
import { Service } from "./service";
import { CLEAN, type Storage, VIDEO_PREFIX } from "./storage";

/** Where videos are taken from. Not from `private/`: what is made of a video is public. */
const INPUT_PREFIX = "files/";

/** The trigger's own notes, which no viewer can read: no area of files. */
const CLAIM_PREFIX = "claims/";

/** Below the time after which a claim counts as abandoned, which is below the queue's visibility timeout. */
const TRIGGER_SECONDS = 60;

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
    for (const output of [VIDEO_PREFIX, CLAIM_PREFIX]) refuseRecursion([INPUT_PREFIX], output);
    this.queue = new mediaconvert.CfnQueue(this, "Jobs", {
      description: `${config.stackName}: videos`,
      pricingPlan: "ON_DEMAND",
    });
    const role = this.transcoder();
    this.trigger = new Service(this, "Trigger", config, {
      program: "transcode-trigger",
      description: "Makes transcoding jobs of videos, and tells how far they have come",
      memoryMegabytes: 256,
      timeoutSeconds: TRIGGER_SECONDS,
      concurrency: undefined,
      environment: {
        TINTYPE_ORIGINALS_BUCKET: storage.originals.bucketName,
        TINTYPE_VIDEO_INPUTS: INPUT_PREFIX,
        TINTYPE_MEDIACONVERT_QUEUE: this.queue.attrArn,
        TINTYPE_MEDIACONVERT_ROLE: role.roleArn,
        TINTYPE_EVENT_BUS: "default",
        TINTYPE_MAX_RECEIVES: String(TRIES),
      },
    });
    this.permit(role);
    this.events = new EventQueue(this, "Events", this.trigger, config.video.concurrency);
    this.listen();
  }

  /** What MediaConvert itself may do: read uploads, write below `videos/`. */
  private transcoder(): iam.Role {
    const role = new iam.Role(this, "Transcoder", {
      assumedBy: new iam.ServicePrincipal("mediaconvert.amazonaws.com", {
        // Nobody else's jobs (IAM user guide, "The confused deputy problem").
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    });
    this.storage.allow(role, "ReadClean", ["s3:GetObject"], [INPUT_PREFIX], { StringEquals: CLEAN });
    this.storage.denyUnclean("DenyUncleanToTranscoder", role);
    this.storage.allow(role, "WriteVideos", ["s3:PutObject"], [VIDEO_PREFIX]);
    return role;
  }

  private permit(transcoder: iam.Role): void {
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
    // Of pending uploads, too: it hears of them, and what it may not look at would be a failure and not "not yet".
    this.storage.allow(
      role,
      "Look",
      ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging", "s3:GetObjectVersionTagging"],
      [INPUT_PREFIX],
    );
    this.storage.allow(role, "Record", ["s3:GetObject", "s3:PutObject"], [CLAIM_PREFIX, VIDEO_PREFIX]);
    // Copying a poster asks for its tags.
    this.storage.allow(role, "CopyPoster", ["s3:GetObjectTagging"], [VIDEO_PREFIX]);
    // For the names of thumbnails; and without it S3 answers 403 for what is gone, and its event would be tried for ever.
    allow("List", ["s3:ListBucket"], [this.storage.originals.bucketArn]);
    allow("Submit", ["mediaconvert:CreateJob"], [this.queue.attrArn]);
    allow("Probe", ["mediaconvert:Probe", "mediaconvert:SearchJobs", "mediaconvert:ListJobs"], ["*"]);
    accept(
      role,
      "IAM5[Resource::*]",
      "MediaConvert's Probe knows no resource, and jobs are looked for by their input, in no queue by name.",
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

  private listen(): void {
    const bucket = { name: [this.storage.originals.bucketName] };
    const object = { key: [{ prefix: INPUT_PREFIX }] };
    this.events.listen(
      "Checked",
      "Every file that has arrived, and every upload that was checked: the finaliser tags it",
      {
        source: ["aws.s3"],
        detailType: ["Object Created", "Object Tags Added"],
        detail: { bucket, object },
      },
    );
    this.events.listen("Transcoded", "How far the jobs of this queue have come", {
      source: ["aws.mediaconvert"],
      detailType: ["MediaConvert Job State Change"],
      detail: { queue: [this.queue.attrArn] },
    });
  }
}

/** What transcoding writes must never start it: a mistake here would transcode without end. */
export function refuseRecursion(inputs: readonly string[], output: string): void {
  for (const input of inputs) {
    if (output.startsWith(input) || input.startsWith(output)) {
      throw new ConfigError(`transcoding writes to ${output} and is started by ${input}: it would start itself`);
    }
  }
}
