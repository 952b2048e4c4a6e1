import { densityCandidates, widthCandidates, type SrcsetOptions } from "./srcset.js";
import type { VariantParameters } from "./parameters.js";
import { hmac, base64url } from "./sign/hmac.js";
import { privateFile } from "./sign/pass.js";
import { partsOf, segmentsOf, signedText, type Presets } from "./sign/text.js";
import { imageUrl } from "./url.js";

export { LinkError } from "./sign/error.js";
export { signedText, type Presets } from "./sign/text.js";

export interface LinkOptions {
  /** The end of the link: a time, or seconds since 1970. Without it the link never expires. */
  expires?: Date | number | undefined;
  /** The policy's presets, if the URL names one: `{ card: "w=200&h=200&fit=crop" }`. */
  presets?: Presets | undefined;
}

/**
 * Signs the URL of a file or of a variant, or its path. `secret` is `TINTYPE_LINK_SECRET`; if it is `new,old`, the new
 * one signs. Every query that the image API accepts can be signed. An existing signature of the URL is replaced.
 *
 * The link of a private video's file, such as its playlist, has a pass in its path, which opens all files of the video. It
 * needs `expires`.
 *
 * @throws LinkError if a request for the URL would be refused, or if the secret is too short.
 */
export async function signedUrl(secret: string, url: string, { expires, presets = {} }: LinkOptions = {}): Promise<string> {
  const seconds = secondsOf(expires);
  const { address, path, pairs } = partsOf(url, seconds);
  const signature = await hmac(secret, signedText(url, seconds, presets));
  const privateVideo = privateFile(segmentsOf(path));
  if (privateVideo) {
    const origin = address.slice(0, address.length - path.length);
    const query = pairs.filter((pair) => pair !== `expires=${seconds}`);
    return origin + privateVideo.path(seconds, signature) + (query.length > 0 ? `?${query.join("&")}` : "");
  }
  return `${address}?${[...pairs, `s=${signature}`].join("&")}`;
}

/** `srcset` with a signature for each candidate, for pictures below `/private/` and for parameters that need a signature. */
export async function signedSrcset(
  secret: string,
  src: string,
  parameters: VariantParameters = {},
  options: SrcsetOptions & LinkOptions = {},
): Promise<string> {
  return joined(secret, src, widthCandidates(parameters, options), options);
}

/** `densitySrcset` with a signature for each candidate. */
export async function signedDensitySrcset(
  secret: string,
  src: string,
  parameters: VariantParameters,
  { ratios = [1, 2, 3], ...options }: LinkOptions & { ratios?: readonly number[] } = {},
): Promise<string> {
  return joined(secret, src, densityCandidates(parameters, ratios), options);
}

async function joined(secret: string, src: string, candidates: ReturnType<typeof widthCandidates>, options: LinkOptions) {
  const signed = candidates.map(async ({ parameters, descriptor }) => {
    return `${await signedUrl(secret, imageUrl(src, parameters), options)} ${descriptor}`;
  });
  return (await Promise.all(signed)).join(", ");
}

/** The claims of a session. Limits can only narrow the policy of the deployment. */
export interface SessionLimits {
  /** The lifetime of the session in seconds. Default: 3600. */
  seconds?: number | undefined;
  /** Media types such as `image/png` and `video/*`. */
  types?: readonly string[] | undefined;
  /** The largest file in bytes. */
  maxBytes?: number | undefined;
  /** The maximum number of files in one request. */
  maxFiles?: number | undefined;
  /** The lifetime of signatures in seconds. */
  lifetime?: number | undefined;
  /** The only area for the session's keys. */
  prefix?: "files/" | "private/" | undefined;
  /** With `tintype/files.read` the session may read every private file. */
  scope?: string | undefined;
}

/**
 * The token of an upload session. The client's endpoint is `https://cdn.example.com/u/TOKEN`. `secret` is
 * `TINTYPE_SESSION_SECRET`, `owner` identifies your user, in 1 to 255 bytes.
 */
export async function sessionToken(secret: string, owner: string, { seconds = 3600, ...limits }: SessionLimits = {}): Promise<string> {
  const bytes = new TextEncoder().encode(owner).length;
  if (bytes < 1 || bytes > 255) throw new RangeError(`an owner has 1 to 255 bytes, not ${bytes}`);
  const claims = { sub: owner, exp: Math.floor(Date.now() / 1000) + seconds, ...limits };
  const signed = [{ alg: "HS256", typ: "JWT" }, claims].map((part) => base64url(new TextEncoder().encode(JSON.stringify(part)))).join(".");
  return `${signed}.${await hmac(secret, signed)}`;
}

function secondsOf(expires: Date | number | undefined): number | undefined {
  const seconds = expires instanceof Date ? Math.floor(expires.getTime() / 1000) : expires;
  // A time in milliseconds is a common mistake.
  const isSeconds = seconds === undefined || (Number.isInteger(seconds) && seconds >= 1e9 && seconds <= 4294967295);
  if (!isSeconds) throw new RangeError(`expires must be a Date, or whole seconds since 1970, from 1000000000 to 4294967295, not ${seconds}`);
  return seconds;
}
