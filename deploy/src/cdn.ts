// The CDN's configuration, which the crate cdn-config exports to cdn.json: behaviours, headers, cache rules, the edge
// functions and their data. The local edge uses the same values, and a test compares the synthesised template with them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

const originId = z.enum(["originals", "variants", "resize", "signer", "page"]);

const treatment = z.enum(["media", "privateMedia", "playlist", "privatePlaylist", "api", "page"]);

const behavior = z.object({ pattern: z.string(), treatment, origin: originId });

const header = z.object({ name: z.string(), value: z.string(), overrides: z.boolean() });

const cdn = z.object({
  /** The prefixes of originals' keys. */
  areas: z.array(z.string()),
  behaviors: z.array(behavior),
  /** The variants that are stored: those that are dear to render, all, or none. Without any there is no bucket for them. */
  keep: z.enum(["dear", "always", "never"]),
  /** The origin of variants, or two. CloudFront asks the secondary if the primary answers with one of the statuses. */
  variants: z.union([
    z.strictObject({ origin: originId }),
    z.strictObject({ primary: originId, secondary: originId, failoverStatuses: z.array(z.number()) }),
  ]),
  cache: z.object({
    keyHeaders: z.array(z.string()),
    minSeconds: z.number(),
    defaultSeconds: z.number(),
    maxSeconds: z.number(),
    tagHeader: z.string(),
    failures: z.array(z.object({ status: z.number(), seconds: z.number() })),
  }),
  functions: z.object({ viewerRequest: z.string(), viewerResponse: z.string() }),
  headers: z.object({
    media: z.array(header),
    private: z.array(header),
    preflight: z.array(header),
    /** The origins whose pages may read media, or `*`. An empty list forbids it to all other origins. */
    corsOrigins: z.array(z.string()),
    /** The value of `Accept-CH`, if the policy asks viewers for client hints. */
    acceptCh: z.string().nullable(),
  }),
  keyValues: z.array(z.object({ key: z.string(), value: z.string() })),
  /** True if the policy has presets that are rendered in advance. */
  prewarms: z.boolean(),
  limits: z.object({ memoryBytes: z.number(), sourceBytes: z.number() }),
});

export type OriginId = z.output<typeof originId>;
export type Treatment = z.output<typeof treatment>;
export type Behavior = z.output<typeof behavior>;
export type Header = z.output<typeof header>;

/** The folder `deploy`. This file runs as `dist/cdn.js`. */
export const DEPLOY = join(__dirname, "..");

/** The values of another policy, for tests, are in the file that `TINTYPE_CDN` names. */
export const CDN = cdn.parse(JSON.parse(readFileSync(process.env["TINTYPE_CDN"] ?? join(DEPLOY, "cdn.json"), "utf8")));

/** The behaviours with one of these treatments, in order of precedence. The default behaviour is left out. */
export function behaviors<T extends Treatment>(...treatments: T[]): readonly (Behavior & { treatment: T })[] {
  const isOne = (behavior: Behavior): behavior is Behavior & { treatment: T } =>
    treatments.some((one) => one === behavior.treatment) && behavior.pattern !== "*";
  return CDN.behaviors.filter(isOne);
}
