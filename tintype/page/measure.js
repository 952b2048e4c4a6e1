import { failureOf, reached } from "./failure.js";
import { typeName } from "./format.js";
import { inTurns } from "./turns.js";

/** What browsers say they read when an `<img>` asks; `fetch` would say anything is as good. */
export const IMAGE_ACCEPT = "image/avif,image/webp,image/*;q=0.9,*/*;q=0.8";

/** After how many milliseconds an answer isn't waited for any longer. */
const PATIENCE = 60_000;

/** One at a time: requests that share a connection or a processor would be measured slower than they are. */
export const oneByOne = inTurns(1);

/**
 * Fetches a picture past the browser's own cache: its body, format, size in pixels and bytes, the milliseconds
 * to its last byte, how it came about and how long each stage took on the server.
 */
export async function measure(url, signal = AbortSignal.timeout(PATIENCE)) {
  const started = performance.now();
  const request = { cache: "no-store", headers: { accept: IMAGE_ACCEPT }, signal };
  const response = await reached(fetch(url, request), signal);
  if (!response.ok) throw await failureOf(response);
  const body = await reached(response.blob(), signal);
  const milliseconds = performance.now() - started;
  const stages = stagesOf(response.headers.get("server-timing") ?? "");
  return {
    body,
    milliseconds,
    stages,
    format: typeName(response.headers.get("content-type") ?? ""),
    size: await sizeOf(body),
    bytes: body.size,
    provenance: provenanceOf(response.headers.get("x-cache") ?? "", stages),
  };
}

/** The width and height of a picture as it is shown; undefined where the browser can't read it. */
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

/** `cached`, `made` for this request, or merely `not cached`: read from where it had been stored before. */
function provenanceOf(cache, stages) {
  if (cache.toLowerCase().startsWith("hit")) return "cached";
  return stages.some(({ name }) => name === "encode") ? "made" : "not cached";
}

/** `decode;dur=12.5, encode;dur=30` as a list of names and milliseconds. */
function stagesOf(serverTiming) {
  return [...serverTiming.matchAll(/([\w-]+)[^,]*?;\s*dur=([\d.]+)/g)].map(([, name, milliseconds]) => ({
    name,
    milliseconds: Number(milliseconds),
  }));
}
