// Templates for tests: the shipped configuration with changes, made once each.
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

/** All stacks' templates of a configuration, by the stack's name. cdk-nag's findings fail it. */
export function synthesise(changes: Json, outdir?: string): Map<string, Template> {
  const app = tintype(parseConfig(shipped(changes)), outdir ? { outdir } : {});
  const { stacks } = app.synth();
  return new Map(stacks.map(({ stackName, id }) => [stackName, Template.fromStack(app.node.findChild(id) as Stack)]));
}

const made = new Map<string, Template>();

/** The main stack's template. */
export function template(changes: Json = {}): Template {
  const name = JSON.stringify(changes);
  const found = made.get(name) ?? synthesise(changes).get("Tintype");
  if (!found) throw new Error("there is no stack Tintype");
  made.set(name, found);
  return found;
}

export interface Resource {
  readonly id: string;
  readonly Properties: any;
  readonly DeletionPolicy?: string;
}

/** The resources of a type. */
export function resources(of: Template, type: string): Resource[] {
  return Object.entries(of.findResources(type)).map(([id, resource]) => ({ id, ...(resource as object) }) as Resource);
}

/** The statements of all policies of a type of resource, each with the resource that it is of. */
export function statements(of: Template, type: string): { of: Resource; statement: any }[] {
  return resources(of, type).flatMap((resource) =>
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
