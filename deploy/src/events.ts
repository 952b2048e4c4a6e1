// The event rules, which the crate cdn-config exports to events.json. The local event bus has the same rules, and a test
// compares the synthesised template with them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { EventPattern } from "aws-cdk-lib/aws-events";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { z } from "zod";

import { DEPLOY } from "./cdn";

const keyFilter = z.union([z.strictObject({ prefix: z.string() }), z.strictObject({ wildcard: z.string() })]);

const handler = z.enum(["library", "upkeep", "finalizer", "trigger", "webhook"]);

const events = z.discriminatedUnion("source", [
  z.strictObject({
    source: z.literal("aws.s3"),
    detailTypes: z.array(z.string()),
    keys: z.array(keyFilter),
    /** The reasons of the events; empty for all. */
    reasons: z.array(z.string()),
  }),
  z.strictObject({ source: z.literal("aws.mediaconvert"), detailTypes: z.array(z.string()) }),
  z.strictObject({ source: z.literal("tintype"), detailTypes: z.array(z.string()) }),
]);

const rule = z.strictObject({
  name: z.string(),
  description: z.string(),
  events,
  /** The function that handles the events. */
  handler,
  delaySeconds: z.number(),
});

export type EventHandler = z.output<typeof handler>;
export type EventRule = z.output<typeof rule>;

const RULES = z
  .strictObject({ rules: z.array(rule) })
  .parse(JSON.parse(readFileSync(join(DEPLOY, "events.json"), "utf8"))).rules;

/** The rules of a function. */
export function eventRules(handler: EventHandler): readonly EventRule[] {
  return RULES.filter((rule) => rule.handler === handler);
}

/** The pattern of a rule in the CDK's form. */
export function eventPattern({ events }: EventRule, resources: EventResources): EventPattern {
  const common = { source: [events.source], detailType: events.detailTypes };
  switch (events.source) {
    case "aws.s3": {
      const detail = { bucket: { name: [resources.originals.bucketName] }, object: { key: events.keys } };
      return { ...common, detail: events.reasons.length > 0 ? { ...detail, reason: events.reasons } : detail };
    }
    case "aws.mediaconvert":
      return { ...common, detail: { queue: [resources.jobQueue] } };
    case "tintype":
      return { ...common, resources: [resources.originals.bucketArn] };
  }
}

/** The resources whose events rules match. */
export interface EventResources {
  readonly originals: IBucket;
  /** The ARN of the queue of transcoding jobs, for rules about jobs. */
  readonly jobQueue?: string;
}
