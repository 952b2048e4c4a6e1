import { LADDER, rungFor } from "./ladder.js";
import type { VariantParameters } from "./parameters.js";
import { imageUrl } from "./url.js";

/** The range of a `srcset`. */
export interface SrcsetOptions {
  /** The source's own width in pixels: no candidate is larger than needed for it. Default: the ladder's last width. */
  sourceWidth?: number | undefined;
  /** The smallest candidate in pixels. Default: 256. */
  from?: number | undefined;
  /** The largest candidate in pixels. Default: the ladder's last width. */
  to?: number | undefined;
  /** The ladder of your policy, if it isn't the built-in one. */
  ladder?: readonly number[] | undefined;
}

/** A candidate of a `srcset`. */
export interface Candidate {
  parameters: VariantParameters;
  /** `640w` or `2x`. */
  descriptor: string;
}

/**
 * A `srcset` with a candidate for each width of the ladder. The browser chooses by `sizes`. With `w` and `h` each candidate
 * has their ratio; otherwise `w` and `h` aren't needed.
 */
export function srcset(src: string, parameters: VariantParameters = {}, options: SrcsetOptions = {}): string {
  return joined(src, widthCandidates(parameters, options));
}

/** A `srcset` for a picture of a fixed size, with a candidate for each ratio of device pixels to CSS pixels. */
export function densitySrcset(src: string, parameters: VariantParameters, ratios: readonly number[] = [1, 2, 3]): string {
  return joined(src, densityCandidates(parameters, ratios));
}

/**
 * The candidates of `srcset`, without URLs.
 *
 * @throws RangeError if there is a height without a width.
 */
export function widthCandidates(parameters: VariantParameters, options: SrcsetOptions = {}): Candidate[] {
  const { ladder = LADDER, sourceWidth = Infinity, from = 256, to = Infinity } = options;
  const { w, h, dpr, ...rest } = parameters;
  if (h && !w) throw new RangeError("a srcset with h also needs w; densitySrcset doesn't");
  const largest = rungFor(Math.min(sourceWidth, to), ladder);
  const rungs = ladder.filter((rung) => rung >= Math.min(from, largest) && rung <= largest);
  return rungs.map((rung) => ({
    parameters: { w: rung, ...(w && h && { h: Math.max(1, Math.round((rung * h) / w)) }), ...rest },
    descriptor: `${Math.min(rung, sourceWidth)}w`,
  }));
}

/** The candidates of `densitySrcset`, without URLs. */
export function densityCandidates(parameters: VariantParameters, ratios: readonly number[]): Candidate[] {
  return ratios.map((dpr) => ({ parameters: { ...parameters, dpr }, descriptor: `${dpr}x` }));
}

function joined(src: string, candidates: Candidate[]): string {
  return candidates.map(({ parameters, descriptor }) => `${imageUrl(src, parameters)} ${descriptor}`).join(", ");
}
