// A queue between events and a function. A message that fails repeatedly goes to a dead letter queue.
import { Duration } from "aws-cdk-lib";
import * as events from "aws-cdk-lib/aws-events";
import * as targets from "aws-cdk-lib/aws-events-targets";
import * as iam from "aws-cdk-lib/aws-iam";
import * as sources from "aws-cdk-lib/aws-lambda-event-sources";
import * as sqs from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

import { eventPattern, type EventResources, type EventRule } from "./events";
import { accept } from "./nag";
import type { Service } from "./service";

/** The number of times that a message is received before it goes to the dead letter queue. */
export const MAX_RECEIVES = 5;

/** Optional properties of a queue. */
export interface EventQueueProps {
  /** The delay before an event is first delivered. */
  readonly delay?: Duration;
  /** The dead letter queue of another queue, to share it. */
  readonly deadLetters?: sqs.Queue;
  /** The number of times that a message is received, instead of {@link MAX_RECEIVES}. */
  readonly maxReceives?: number;
}

export class EventQueue extends Construct {
  readonly queue: sqs.Queue;
  readonly deadLetters: sqs.Queue;

  /** `concurrency` is the maximum number of batches handled concurrently. `undefined` means the account's limit. */
  constructor(
    scope: Construct,
    id: string,
    service: Service,
    concurrency: number | undefined,
    props: EventQueueProps = {},
  ) {
    super(scope, id);
    this.deadLetters = props.deadLetters ?? this.deadLetterQueue();
    this.queue = new sqs.Queue(this, "Queue", {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // At least six times the function's timeout (Lambda's developer guide, "Configuring scaling and visibility
      // timeout").
      visibilityTimeout: Duration.seconds(6 * service.timeoutSeconds),
      retentionPeriod: Duration.days(4),
      ...(props.delay ? { deliveryDelay: props.delay } : {}),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.maxReceives ?? MAX_RECEIVES },
    });
    // Without an id, so that the CDK merges the statements of a function's queues.
    service.role.addToPolicy(
      new iam.PolicyStatement({
        actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        resources: [this.queue.queueArn],
      }),
    );
    service.function.addEventSource(
      // The limit applies to the queue and not to the function: SQS counts a batch that Lambda throttles as received,
      // so its messages would end in the dead letter queue (developer guide, "Configuring maximum concurrency").
      new sources.SqsEventSource(this.queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency: concurrency,
      }),
    );
  }

  private deadLetterQueue(): sqs.Queue {
    const queue = new sqs.Queue(this, "DeadLetters", {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    accept(queue, "SQS3", "It is the dead letter queue.");
    return queue;
  }

  /** Routes the events that a rule matches to the queue. */
  addRule(rule: EventRule, resources: EventResources): void {
    new events.Rule(this, rule.name, {
      description: rule.description,
      eventPattern: eventPattern(rule, resources),
      targets: [new targets.SqsQueue(this.queue, { deadLetterQueue: this.deadLetters })],
    });
  }
}
