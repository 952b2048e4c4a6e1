// The alarms. docs/operations.md explains each, and a test checks that it does.
import { Duration } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import type { Delivery } from "../delivery";
import type { EventQueue } from "../queue";
import type { Service } from "../service";
import type { DeployedParts } from "./deployed-parts";
import { cdn, dollars, transcoding } from "./metrics";

export interface AlarmProps {
  readonly id: string;
  readonly alarmDescription: string;
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly comparisonOperator: cloudwatch.ComparisonOperator;
}

const { GREATER_THAN_OR_EQUAL_TO_THRESHOLD, GREATER_THAN_THRESHOLD } = cloudwatch.ComparisonOperator;
const FIVE_MINUTES = Duration.minutes(5);

/** The age of a waiting event that raises an alarm, in seconds. An upload isn't served while its event waits. */
const OLDEST_EVENT_SECONDS = 600;

/** The fraction of the function's timeout that raises an alarm. */
const SLOW_FRACTION = 0.8;

/** The alarms of the deployment's region. */
export function alarms({ config, delivery, upload, library, video, webhook }: DeployedParts): AlarmProps[] {
  const all: AlarmProps[] = [];
  if (delivery) {
    all.push(...service("Resize", "Variants", delivery.resize), slow(delivery.resize), {
      id: "ResizeSpend",
      alarmDescription: `Rendering variants has cost more than ${config.observability.dollarsPerDay} US dollars in a day, at list price`,
      metric: dollars(delivery.resize, config.architecture, Duration.days(1)),
      threshold: config.observability.dollarsPerDay,
      evaluationPeriods: 1,
      comparisonOperator: GREATER_THAN_THRESHOLD,
    });
    all.push(
      ...service("Upkeep", "Removing variants and rendering them in advance", delivery.upkeep.service),
      ...queue("Upkeep", "Changes of originals", delivery.upkeep.events),
      backlog("UpkeepAgain", "Changes of originals, a minute later", delivery.upkeep.delayedEvents),
    );
  }
  if (upload) {
    all.push(
      ...service("Signer", "Signing uploads", upload.signer),
      ...service("Finalizer", "Checking uploads", upload.finalizer),
      ...queue("Finalizer", "Uploads", upload.events),
    );
  }
  if (library) {
    all.push(
      ...service("Keeper", "Keeping the records of the library", library.keeper),
      ...queue("Keeper", "Changes of originals, for the library", library.events),
    );
  }
  if (video) {
    all.push(
      ...service("Trigger", "Starting and following transcoding", video.trigger),
      ...queue("Trigger", "Videos", video.events),
      {
        id: "TranscodingErrors",
        alarmDescription: "A transcoding job has failed",
        metric: transcoding(video, "JobsErroredCount", FIVE_MINUTES),
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      },
    );
  }
  if (webhook) {
    all.push(
      ...service("Webhook", "Sending messages to the webhook", webhook.notifier),
      // Messages wait for hours if the receiver is down, so the age of the oldest one says nothing about the function.
      deadLetters("Webhook", "Messages to the webhook", webhook.events),
    );
  }
  return all;
}

/** The alarms of the CDN, for us-east-1. */
export function cdnAlarms(delivery: Delivery): AlarmProps[] {
  return [
    {
      id: "CdnFaults",
      alarmDescription: "Viewers get 5xx for more than 1 % of their requests",
      metric: cdn(delivery, "5xxErrorRate", "Average", "5xx"),
      threshold: 1,
      evaluationPeriods: 3,
      comparisonOperator: GREATER_THAN_THRESHOLD,
    },
  ];
}

/** The names of a template's alarms, without the stack's name. */
export function alarmNames(resources: Record<string, { Properties?: { AlarmName?: string } }>): string[] {
  return Object.values(resources).map(({ Properties }) => Properties?.AlarmName?.replace(/^[^-]*-/, "") ?? "");
}

function service(name: string, task: string, service: Service): AlarmProps[] {
  return [
    {
      id: `${name}Errors`,
      alarmDescription: `${task}: the function ended without a response: it crashed, or ran out of time or memory`,
      metric: service.function.metricErrors({ period: FIVE_MINUTES }),
      threshold: 1,
      evaluationPeriods: 2,
      comparisonOperator: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    },
    {
      id: `${name}Throttles`,
      alarmDescription: `${task}: more concurrent calls than the limit of the function or the account`,
      metric: service.function.metricThrottles({ period: FIVE_MINUTES }),
      threshold: 1,
      evaluationPeriods: 3,
      comparisonOperator: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    },
  ];
}

function slow(resize: Service): AlarmProps {
  return {
    id: "ResizeDuration",
    alarmDescription: "One variant in a hundred takes nearly as long as the function may run",
    metric: resize.function.metricDuration({ statistic: "p99", period: FIVE_MINUTES }),
    threshold: SLOW_FRACTION * resize.timeoutSeconds * 1000,
    evaluationPeriods: 3,
    comparisonOperator: GREATER_THAN_THRESHOLD,
  };
}

function deadLetters(name: string, content: string, { deadLetters }: EventQueue): AlarmProps {
  return {
    id: `${name}DeadLetters`,
    alarmDescription: `${content}: an event could not be handled in all its attempts`,
    metric: deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", period: FIVE_MINUTES }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  };
}

function queue(name: string, content: string, events: EventQueue): AlarmProps[] {
  return [
    deadLetters(name, content, events),
    backlog(name, content, events),
  ];
}

function backlog(name: string, content: string, { queue }: EventQueue): AlarmProps {
  return {
    id: `${name}Backlog`,
    alarmDescription: `${content}: an event has waited for more than ten minutes`,
    metric: queue.metricApproximateAgeOfOldestMessage({ statistic: "Maximum", period: FIVE_MINUTES }),
    threshold: OLDEST_EVENT_SECONDS,
    evaluationPeriods: 2,
    comparisonOperator: GREATER_THAN_THRESHOLD,
  };
}
