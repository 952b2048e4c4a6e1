// Templates for tests: of the shipped configuration with changes, each synthesised once.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";

import { DEPLOY } from "../cdn";
import { parseConfig } from "../config";
import { tintype } from "../tintype";

type Json = Record<string, unknown>;

/** The shipped configuration as JSON, with changes merged in. */
export function shipped(changes: Json = {}): Json {
  return merge(JSON.parse(readFileSync(join(DEPLOY, "config.json"), "utf8")) as Json, changes);
}

/** The templates of a configuration, by the stacks' names. A finding of cdk-nag is an error. */
export function synthesise(changes: Json, outdir?: string): Map<string, Template> {
  const app = tintype(parseConfig(shipped(changes)), outdir ? { outdir } : {});
  const { stacks } = app.synth();
  return new Map(stacks.map(({ stackName, id }) => [stackName, Template.fromStack(app.node.findChild(id) as Stack)]));
}

const templates = new Map<string, Template>();

/** The main stack's template. */
export function template(changes: Json = {}): Template {
  const name = JSON.stringify(changes);
  const main = templates.get(name) ?? synthesise(changes).get("Tintype");
  if (!main) throw new Error("there is no stack Tintype");
  templates.set(name, main);
  return main;
}

export interface Resource {
  readonly id: string;
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** The resources of a type. */
export function resources(template: Template, type: string): Resource[] {
  const found = Object.entries(template.findResources(type));
  return found.map(([id, resource]) => ({ id, ...(resource as object) }) as Resource);
}

/** The statements in all policies of a resource type, each with its resource. */
export function statements(template: Template, type: string): { of: Resource; statement: any }[] {
  return resources(template, type).flatMap((resource) =>
    resource.Properties.PolicyDocument.Statement.map((statement: any) => ({ of: resource, statement })),
  );
}

function merge(base: Json, changes: Json): Json {
  const merged: Json = { ...base };
  for (const [name, change] of Object.entries(changes)) {
    const old = merged[name];
    merged[name] = isObject(old) && isObject(change) ? merge(old, change) : change;
  }
  return merged;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
