// Schemas of the JSON files that the deployment reads. An error names the member's path and the values that are allowed.
import { z } from "zod";

/** The configuration can't be deployed. The message has a line for each mistake. */
export class ConfigError extends Error {}

/** The value as the schema has it, with defaults. Throws a {@link ConfigError} that lists every mistake. */
export function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ConfigError([...new Set(result.error.issues.flatMap(sentences))].join("\n"));
}

/** An object with these members and no others. */
export function object<T extends z.ZodRawShape>(members: T) {
  const known = Object.keys(members).join(", ");
  return z.strictObject(members, {
    error: ({ code }) => (code === "unrecognized_keys" ? `is unknown; the known ones are ${known}` : "must be an object"),
  });
}

/** An object whose members all have defaults, so that it may be missing. */
export function section<T extends z.ZodRawShape>(members: T) {
  return z.preprocess((value) => value ?? {}, object(members));
}

/** A text that matches a pattern. `allowed` names what matches. */
export function text(pattern: RegExp, allowed: string) {
  const error = `must be ${allowed}`;
  return z.string({ error }).regex(pattern, { error });
}

/** A whole number from `min` to `max`, both included. */
export function wholeNumber(min: number, max: number) {
  return boundedNumber(min, max, `must be a whole number from ${min} to ${max}`);
}

/** A limit from `min` to `max`. `null` in the file removes the limit, and is then `undefined` here. */
export function limit(min: number, max: number, fallback: number) {
  return boundedNumber(min, max, `must be a whole number from ${min} to ${max}, or null`)
    .nullable()
    .default(fallback)
    .transform((value) => value ?? undefined);
}

export function flag() {
  return z.boolean({ error: "must be true or false" });
}

export function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, { error: `must be one of ${values.join(", ")}` });
}

/** A list of texts that match a pattern; empty by default. */
export function list(pattern: RegExp, allowed: string) {
  const entries = `a list of ${allowed}`;
  return withDefault(z.array(text(pattern, entries), { error: `must be ${entries}` }), []);
}

/** The default of a member that is missing or `null`. */
export function withDefault<T extends z.ZodType>(schema: T, fallback: z.input<T>) {
  return z.preprocess((value) => value ?? fallback, schema);
}

function boundedNumber(min: number, max: number, error: string) {
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** An issue as sentences, each with the path of a member. A mistake in an entry of a list is reported for the list. */
function sentences(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.filter((segment) => typeof segment === "string");
  const members = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
  return members.map((member) => `${member.join(".") || "the configuration"}: ${issue.message}`);
}
