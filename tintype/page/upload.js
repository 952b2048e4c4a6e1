import { responseFailure, checkFailure, withNetworkFailure } from "./failure.js";
import { newMultipartUpload } from "./multipart-upload.js";
import { uploadByForm } from "./form-upload.js";

/** The largest file that is sent in one form, in bytes. Larger files are sent in parts, so that they can be paused. */
const MAX_FORM_BYTES = 16 * 2 ** 20;

/** The time that the signer may hold a request for the state of an upload, in seconds. */
const WAIT_SECONDS = 20;

/** The pause between two such requests, in milliseconds. A signer at its limit of waiting requests answers at once. */
const PAUSE = 250;

/**
 * The upload of a file, in one form or in parts.
 *
 * `run` sends the file and waits until it has been checked. It can be called again after it failed or was stopped. It
 * resolves to the path that serves the file, and rejects with a `Failure`, or as soon as `signal` aborts. It calls
 * `onProgress` with the percentage, and `onStored` with the file's ID after the last byte. `discard` removes the data that was sent.
 * `isPausable` is true if `run` continues where it was stopped. `resumes` is the ID of the earlier upload that this one
 * continues, or undefined.
 */
export function newUpload(file, type) {
  const multipart = file.size > MAX_FORM_BYTES ? newMultipartUpload(file, type) : undefined;
  const send = multipart ? multipart.run : (options) => uploadByForm(file, type, options);
  return {
    isPausable: multipart !== undefined,
    resumes: multipart?.resumes,
    discard: () => multipart?.discard(),
    async run({ signal, onProgress, onStored }) {
      signal.throwIfAborted();
      const { url, id } = await send({ signal, onProgress });
      onStored(id);
      await waitUntilClean(id, signal);
      // The page and the files have the same origin. The URL may have another of this machine's names.
      return new URL(url, location.href).pathname;
    },
  };
}

/** Waits until an uploaded file is clean. Rejects with the reason if the file isn't served. */
async function waitUntilClean(id, signal) {
  for (;;) {
    const request = fetch(`/uploads/${id}?wait=${WAIT_SECONDS}`, { signal });
    const response = await withNetworkFailure(request, signal);
    if (!response.ok) throw await responseFailure(response);
    const { state, detail } = await withNetworkFailure(response.json(), signal);
    if (state === "clean") return;
    if (state !== "pending") throw checkFailure(detail);
    await sleep(PAUSE, signal);
  }
}

/** Waits some milliseconds. Rejects as soon as `signal` aborts. */
function sleep(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", abort, { once: true });
  });
}
