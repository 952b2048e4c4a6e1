import { responseFailure, withNetworkFailure } from "./failure.js";
import { typeName } from "./format.js";
import { limitConcurrency } from "./concurrency.js";

/** The `Accept` header of browsers for an `<img>`. That of `fetch` would accept any type equally. */
export const IMAGE_ACCEPT = "image/avif,image/webp,image/*;q=0.9,*/*;q=0.8";

/** Maximum time of a request, in milliseconds. */
const TIMEOUT = 60_000;

/** Runs one measurement at a time: requests that share a connection or a processor would be slower. */
export const oneAtATime = limitConcurrency(1);

/**
 * Fetches a picture without the browser's cache. Resolves to its body, format, size in pixels and bytes, the milliseconds
 * to its last byte, its origin, and the milliseconds of each stage on the server.
 */
export async function measure(url, signal = AbortSignal.timeout(TIMEOUT)) {
  const started = performance.now();
  const request = { cache: "no-store", headers: { accept: IMAGE_ACCEPT }, signal };
  const response = await withNetworkFailure(fetch(url, request), signal);
  if (!response.ok) throw await responseFailure(response);
  const body = await withNetworkFailure(response.blob(), signal);
  const milliseconds = performance.now() - started;
  const stages = stagesOf(response.headers.get("server-timing") ?? "");
  return {
    body,
    milliseconds,
    stages,
    format: typeName(response.headers.get("content-type") ?? ""),
    size: await sizeOf(body),
    bytes: body.size,
    origin: originOf(response.headers.get("x-cache") ?? "", stages),
  };
}

/** The displayed width and height of a picture, in pixels. Undefined if the browser can't read it. */
export async function sizeOf(blob) {
  try {
    const bitmap = await createImageBitmap(blob);
    const { width, height } = bitmap;
    bitmap.close();
    return { width, height };
  } catch {
    return undefined;
  }
}

/** The origin of a response: `cached`, `made` (rendered for this request) or `not cached` (read from the store of variants). */
function originOf(cache, stages) {
  if (cache.toLowerCase().startsWith("hit")) return "cached";
  return stages.some(({ name }) => name === "encode") ? "made" : "not cached";
}

/** Reads `decode;dur=12.5, encode;dur=30` as a list of names and milliseconds. */
function stagesOf(serverTiming) {
  return [...serverTiming.matchAll(/([\w-]+)[^,]*?;\s*dur=([\d.]+)/g)].map(([, name, milliseconds]) => ({
    name,
    milliseconds: Number(milliseconds),
  }));
}
