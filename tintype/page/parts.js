import { failureOf, reached } from "./failure.js";
import { send } from "./send.js";
import { forgetUnfinished, keepUnfinished, takeUnfinished } from "./unfinished.js";

/** The bytes of a part, unless there would be too many. S3 asks for 5 MiB; a pause throws away what isn't whole. */
const PART_BYTES = 8 * 2 ** 20;

/** S3 takes no more. */
const MOST_PARTS = 10_000;

/** Parts that are sent at a time. */
const AT_ONCE = 3;

/**
 * An upload of a file in parts, as Uppy does it. What the storage has isn't sent again: not after a pause, and not
 * when the same file is chosen once more after a reload.
 */
export function newPartedUpload(file, type) {
  let begun = takeUnfinished(file);
  return { run, discard, resumes: begun?.uploadId };

  /** Sends what is missing; the URL that the file will be served at, and the upload's id. */
  async function run({ signal, onProgress }) {
    const sent = await whereItStands(signal);
    await sendParts(begun, file, sent, signal, onProgress);
    const body = { parts: [...sent].map(([PartNumber, ETag]) => ({ PartNumber, ETag })) };
    const { location: url } = await answerOf(ask("POST", begun, "/complete", signal, body), signal);
    const id = begun.key.split("/")[1];
    forget();
    return { url, id };
  }

  /** Ends the upload: nothing is left of it. */
  async function discard() {
    if (!begun) return;
    const ended = begun;
    forget();
    // What can't be removed now is by the storage itself, after a day.
    await ask("DELETE", ended, "").catch(() => {});
  }

  /** The entity tags of the parts that the storage has, by number; none of an upload that is new. */
  async function whereItStands(signal) {
    if (begun) {
      const response = await reached(ask("GET", begun, "", signal), signal);
      if (response.ok) return partsOf(await reached(response.json(), signal), file.size);
      if (response.status !== 403 && response.status !== 404) throw await failureOf(response);
      // It was cancelled elsewhere, or its time is over.
      forget();
    }
    begun = keepUnfinished(file, type, await begin(file, type, signal));
    return new Map();
  }

  function forget() {
    forgetUnfinished(begun);
    begun = undefined;
  }
}

/** Ends an upload whose file isn't here. */
export async function discardUnfinished(entry) {
  forgetUnfinished(entry);
  await ask("DELETE", entry, "").catch(() => {});
}

/** Sends the parts that are missing, and adds them to `sent`. The first that fails stops the others. */
async function sendParts(begun, file, sent, signal, onProgress) {
  const stopping = new AbortController();
  const stop = () => stopping.abort(signal.reason);
  signal.addEventListener("abort", stop);
  const missing = numbersOf(file.size).filter((number) => !sent.has(number));
  const loaded = new Map([...sent.keys()].map((number) => [number, rangeOf(number, file.size).bytes]));
  tell();
  const worker = async () => {
    for (let number = missing.shift(); number !== undefined; number = missing.shift()) {
      const count = (bytes) => {
        loaded.set(number, bytes);
        tell();
      };
      sent.set(number, await sendPart(begun, file, number, stopping.signal, count));
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  } catch (error) {
    stopping.abort(error);
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }

  function tell() {
    const bytes = [...loaded.values()].reduce((sum, one) => sum + one, 0);
    onProgress((100 * bytes) / file.size);
  }
}

/** Sends one part; its entity tag. */
async function sendPart(begun, file, number, signal, count) {
  const { url } = await answerOf(ask("GET", begun, `/${number}`, signal), signal);
  const { from, bytes } = rangeOf(number, file.size);
  // A slice without a type: one that isn't signed would be sent.
  const request = await send("PUT", url, file.slice(from, from + bytes), { signal, onProgress: count });
  count(bytes);
  return request.getResponseHeader("etag");
}

async function begin(file, type, signal) {
  const request = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ filename: file.name, type, metadata: { name: file.name } }),
    signal,
  };
  return answerOf(fetch("/s3/multipart", request), signal);
}

function ask(method, { uploadId, key }, rest, signal, body) {
  const url = `/s3/multipart/${encodeURIComponent(uploadId)}${rest}?key=${encodeURIComponent(key)}`;
  const headers = body && { "content-type": "application/json" };
  return fetch(url, { method, headers, body: body && JSON.stringify(body), signal });
}

async function answerOf(asked, signal) {
  const response = await reached(asked, signal);
  if (!response.ok) throw await failureOf(response);
  return reached(response.json(), signal);
}

/** The entity tags of a listing's parts that are whole, by number. */
function partsOf(listing, size) {
  const whole = listing.filter(({ PartNumber, Size }) => Size === rangeOf(PartNumber, size).bytes);
  return new Map(whole.map(({ PartNumber, ETag }) => [PartNumber, ETag]));
}

function numbersOf(size) {
  return Array.from({ length: Math.ceil(size / partBytes(size)) }, (_, index) => index + 1);
}

function rangeOf(number, size) {
  const from = (number - 1) * partBytes(size);
  return { from, bytes: Math.min(partBytes(size), size - from) };
}

/** The same for every run of one file. */
function partBytes(size) {
  return Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS));
}
