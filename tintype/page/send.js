import { Failure, storageFailure } from "./failure.js";

/**
 * Sends a body to the storage. Resolves to the request after a successful answer. This is an XMLHttpRequest, since `fetch`
 * can't report the progress of an upload. `onProgress` gets the number of bytes sent and the total. Rejects with a
 * `Failure`, or as soon as `signal` aborts.
 */
export function send(method, url, body, { signal, onProgress }) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener("abort", abort);
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded, total));
    request.addEventListener("load", () => {
      const isStored = request.status >= 200 && request.status < 300;
      if (isStored) resolve(request);
      else reject(storageFailure(request.status, request.responseText));
    });
    request.addEventListener("error", () => {
      reject(new Failure("The connection to the storage failed before the whole file was sent. Try again."));
    });
    request.addEventListener("abort", () => reject(signal.reason));
    request.addEventListener("loadend", () => signal.removeEventListener("abort", abort));
    request.open(method, url);
    request.send(body);
  });
}
