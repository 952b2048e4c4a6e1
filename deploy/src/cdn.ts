// What cdn-config exports: behaviours, headers, cache rules, the edge functions and their data. The local edge obeys
// the same values, and a test of the workspace holds the synthesised template to them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export type OriginId = "originals" | "variants" | "resize" | "signer" | "page";

export type Treatment = "media" | "privateMedia" | "api" | "page";

export interface Behavior {
  readonly pattern: string;
  readonly treatment: Treatment;
  readonly origin: OriginId;
}

export interface Header {
  readonly name: string;
  readonly value: string;
  readonly overrides: boolean;
}

export interface Cdn {
  /** What keys of originals begin with. */
  readonly areas: readonly string[];
  readonly behaviors: readonly Behavior[];
  /** Where variants come from: the second is asked where the first answers with one of the statuses. */
  readonly variants: {
    readonly primary: OriginId;
    readonly secondary: OriginId;
    readonly failoverStatuses: readonly number[];
  };
  readonly cache: {
    readonly keyHeaders: readonly string[];
    readonly minSeconds: number;
    readonly defaultSeconds: number;
    readonly maxSeconds: number;
    readonly tagHeader: string;
    readonly failures: readonly { readonly status: number; readonly seconds: number }[];
  };
  readonly functions: { readonly viewerRequest: string; readonly viewerResponse: string };
  readonly headers: {
    readonly media: readonly Header[];
    readonly private: readonly Header[];
    readonly preflight: readonly Header[];
    /** The origins whose pages may read media, or `*`; none: no page of another origin. */
    readonly corsOrigins: readonly string[];
    /** `Accept-CH`, where the policy asks viewers for hints. */
    readonly acceptCh: string | null;
  };
  readonly keyValues: readonly { readonly key: string; readonly value: string }[];
  readonly limits: { readonly memoryBytes: number; readonly sourceBytes: number };
}

/** The folder `deploy`: this file runs as `dist/cdn.js`. */
export const DEPLOY = join(__dirname, "..");

export const CDN: Cdn = JSON.parse(readFileSync(join(DEPLOY, "cdn.json"), "utf8")) as Cdn;

/** The behaviours of some treatments in their order, without the default. */
export function behaviors(...treatments: Treatment[]): readonly Behavior[] {
  return CDN.behaviors.filter(({ treatment, pattern }) => treatments.includes(treatment) && pattern !== "*");
}
