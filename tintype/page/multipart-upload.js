import { responseFailure, withNetworkFailure } from "./failure.js";
import { refuseBefore } from "./precheck.js";
import { send } from "./send.js";
import { forgetUnfinished, keepUnfinished, takeUnfinished } from "./unfinished-uploads.js";

/** The size of a part, in bytes, unless there would be too many parts. S3 needs 5 MiB. A pause discards incomplete parts. */
const PART_BYTES = 8 * 2 ** 20;

/** Maximum number of parts (S3's limit). */
const MAX_PARTS = 10_000;

/** Maximum number of parts sent concurrently. */
const MAX_CONCURRENT = 3;

/**
 * An upload of a file in parts, by Uppy's protocol. Parts that the storage has are not sent again, neither after a pause
 * nor when the user chooses the same file again after a reload.
 */
export function newMultipartUpload(file, type) {
  let upload = takeUnfinished(file);
  return { run, discard, resumes: upload?.uploadId };

  /** Sends the missing parts. Resolves to the URL that will serve the file, and the upload's ID. */
  async function run({ signal, onProgress }) {
    const sent = await storedParts(signal);
    await sendParts(upload, file, sent, signal, onProgress);
    const body = { parts: [...sent].map(([PartNumber, ETag]) => ({ PartNumber, ETag })) };
    const { location: url } = await answerOf(ask("POST", upload, "/complete", signal, body), signal);
    const id = upload.key.split("/")[1];
    forget();
    return { url, id };
  }

  /** Aborts the upload and removes its parts. */
  async function discard() {
    if (!upload) return;
    const aborted = upload;
    forget();
    // After a failure, the storage itself removes the parts after a day.
    await ask("DELETE", aborted, "").catch(() => {});
  }

  /** The entity tags of the parts that the storage has, by number. Starts the upload if it hasn't started yet. */
  async function storedParts(signal) {
    if (upload) {
      const response = await withNetworkFailure(ask("GET", upload, "", signal), signal);
      if (response.ok) return partsOf(await withNetworkFailure(response.json(), signal), file.size);
      if (response.status !== 403 && response.status !== 404) throw await responseFailure(response);
      // It was cancelled elsewhere, or it has expired.
      forget();
    }
    // An upload in parts begins without a size: one that is too large would be noticed when too much is stored.
    await refuseBefore(file, type);
    signal.throwIfAborted();
    upload = keepUnfinished(file, type, await start(file, type, signal));
    return new Map();
  }

  function forget() {
    forgetUnfinished(upload);
    upload = undefined;
  }
}

/** Aborts an upload of an earlier visit, without its file. */
export async function discardUnfinished(entry) {
  forgetUnfinished(entry);
  await ask("DELETE", entry, "").catch(() => {});
}

/** Sends the missing parts and adds them to `sent`. The first failure stops the others. */
async function sendParts(upload, file, sent, signal, onProgress) {
  const stopping = new AbortController();
  const stop = () => stopping.abort(signal.reason);
  signal.addEventListener("abort", stop);
  const missing = partNumbers(file.size).filter((number) => !sent.has(number));
  const loaded = new Map([...sent.keys()].map((number) => [number, rangeOf(number, file.size).bytes]));
  reportProgress();
  const worker = async () => {
    for (let number = missing.shift(); number !== undefined; number = missing.shift()) {
      const count = (bytes) => {
        loaded.set(number, bytes);
        reportProgress();
      };
      sent.set(number, await sendPart(upload, file, number, stopping.signal, count));
    }
  };
  try {
    await Promise.all(Array.from({ length: MAX_CONCURRENT }, worker));
  } catch (error) {
    stopping.abort(error);
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }

  function reportProgress() {
    const bytes = [...loaded.values()].reduce((sum, one) => sum + one, 0);
    onProgress((100 * bytes) / file.size);
  }
}

/** Sends one part. Resolves to its entity tag. */
async function sendPart(upload, file, number, signal, count) {
  const { url } = await answerOf(ask("GET", upload, `/${number}`, signal), signal);
  const { from, bytes } = rangeOf(number, file.size);
  // The slice has no type: the browser would send it as a header that isn't signed.
  const request = await send("PUT", url, file.slice(from, from + bytes), { signal, onProgress: count });
  count(bytes);
  return request.getResponseHeader("etag");
}

async function start(file, type, signal) {
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

async function answerOf(request, signal) {
  const response = await withNetworkFailure(request, signal);
  if (!response.ok) throw await responseFailure(response);
  return withNetworkFailure(response.json(), signal);
}

/** The entity tags of a listing's complete parts, by number. */
function partsOf(listing, size) {
  const complete = listing.filter(({ PartNumber, Size }) => Size === rangeOf(PartNumber, size).bytes);
  return new Map(complete.map(({ PartNumber, ETag }) => [PartNumber, ETag]));
}

function partNumbers(size) {
  return Array.from({ length: Math.ceil(size / partBytes(size)) }, (_, index) => index + 1);
}

function rangeOf(number, size) {
  const from = (number - 1) * partBytes(size);
  return { from, bytes: Math.min(partBytes(size), size - from) };
}

/** The size of a part, in bytes: the same for every run of one file. */
function partBytes(size) {
  return Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS));
}
