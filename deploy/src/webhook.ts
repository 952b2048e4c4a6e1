// The webhook: a function that notifies the operator's server about checked uploads and finished videos.
import * as iam from "aws-cdk-lib/aws-iam";
import type * as secretsmanager from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";

import type { Config } from "./config";
import { eventRules } from "./events";
import { EventQueue } from "./queue";
import { generatedSecret } from "./secret";
import { Service } from "./service";
import { type Storage, UPLOAD_PREFIXES } from "./storage";

/**
 * The timeout of the function in seconds. It handles the messages of a batch concurrently, reads the state of each upload,
 * and waits 20 seconds for the receiver.
 */
const NOTIFIER_SECONDS = 40;

/** Maximum number of batches of ten messages sent concurrently. */
const CONCURRENCY = 5;

/** Deliveries of a message. The function sets growing pauses between them, from 10 seconds to 10 hours. */
const MAX_RECEIVES = 8;

export class Webhook extends Construct {
  readonly notifier: Service;
  readonly events: EventQueue;

  constructor(
    scope: Construct,
    id: string,
    config: Config,
    private readonly storage: Storage,
    publicUrl: string,
  ) {
    super(scope, id);
    const secret = generatedSecret(this, "WebhookSecret", "Signs messages to the webhook");
    this.notifier = new Service(this, "Notifier", config, {
      program: "upload-webhook",
      // A new number restarts the function, which then reads its secret again.
      description: `Notifies the webhook about uploads and videos (secrets ${config.secretsVersion})`,
      memoryMegabytes: 256,
      timeoutSeconds: NOTIFIER_SECONDS,
      concurrency: undefined,
      environment: {
        TINTYPE_ORIGINALS_BUCKET: storage.originals.bucketName,
        TINTYPE_PUBLIC_URL: publicUrl,
        TINTYPE_WEBHOOK_URL: config.webhook?.url ?? "",
        TINTYPE_WEBHOOK_SECRET: secret.secretArn,
      },
    });
    this.grantPermissions(secret);
    this.events = new EventQueue(this, "Messages", this.notifier, CONCURRENCY, { maxReceives: MAX_RECEIVES });
    // The function sets the pause before the next delivery of a message.
    this.notifier.role.addToPolicy(
      new iam.PolicyStatement({
        sid: "Postpone",
        actions: ["sqs:ChangeMessageVisibility"],
        resources: [this.events.queue.queueArn],
      }),
    );
    for (const rule of eventRules("webhook")) this.events.addRule(rule, { originals: storage.originals });
  }

  private grantPermissions(secret: secretsmanager.ISecret): void {
    const { role } = this.notifier;
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: "ReadSecret",
        actions: ["secretsmanager:GetSecretValue"],
        resources: [secret.secretArn],
      }),
    );
    // The function also reports refused uploads. It reads only size and type, by HeadObject, for which no narrower
    // action than s3:GetObject exists (service authorization reference).
    this.storage.allow(
      role,
      "TellState",
      ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersionTagging"],
      UPLOAD_PREFIXES,
    );
    // Without this permission S3 answers 403 for a deleted object, and the event would be retried.
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: "TellGone",
        actions: ["s3:ListBucket"],
        resources: [this.storage.originals.bucketArn],
      }),
    );
  }
}
