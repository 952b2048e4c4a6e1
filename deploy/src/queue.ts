// A queue between events of the buckets and a function: retried, then kept in a dead letter queue for people.
import { Duration } from "aws-cdk-lib";
import * as events from "aws-cdk-lib/aws-events";
import * as targets from "aws-cdk-lib/aws-events-targets";
import * as sources from "aws-cdk-lib/aws-lambda-event-sources";
import * as sqs from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

import { accept } from "./nag";
import type { Service } from "./service";

/** After so many tries a message is a person's affair. */
export const TRIES = 5;

/** What is unlike the usual queue. */
export interface EventQueueProps {
  /** How long each event waits before it is handled first. */
  readonly delay?: Duration;
  /** Dead letters of another queue, which this one's lie beside. */
  readonly deadLetters?: sqs.Queue;
}

export class EventQueue extends Construct {
  readonly queue: sqs.Queue;
  readonly deadLetters: sqs.Queue;

  /** `concurrency` batches are handled at once, at most; none: as many as the account may. */
  constructor(
    scope: Construct,
    id: string,
    service: Service,
    concurrency: number | undefined,
    props: EventQueueProps = {},
  ) {
    super(scope, id);
    this.deadLetters = props.deadLetters ?? this.letters();
    this.queue = new sqs.Queue(this, "Queue", {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Lambda's developer guide, "Configuring scaling and visibility timeout": at least six times the function's.
      visibilityTimeout: Duration.seconds(6 * service.timeoutSeconds),
      retentionPeriod: Duration.days(4),
      ...(props.delay ? { deliveryDelay: props.delay } : {}),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: TRIES },
    });
    this.queue.grantConsumeMessages(service.role);
    service.function.addEventSource(
      // The bound is the queue's, not the function's: a batch that the function refuses would count as a try, and its
      // messages be dead letters in the end (developer guide, "Configuring maximum concurrency").
      new sources.SqsEventSource(this.queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency: concurrency,
      }),
    );
  }

  private letters(): sqs.Queue {
    const queue = new sqs.Queue(this, "DeadLetters", {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    accept(queue, "SQS3", "It is the dead letter queue.");
    return queue;
  }

  /** Puts the events of a pattern into the queue. */
  listen(id: string, description: string, eventPattern: events.EventPattern): void {
    new events.Rule(this, id, {
      description,
      eventPattern,
      targets: [new targets.SqsQueue(this.queue, { deadLetterQueue: this.deadLetters })],
    });
  }
}
