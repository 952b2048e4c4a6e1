import { Failure, failureOfStorage } from "./failure.js";

/**
 * Sends a body to the storage; the request, once it has answered well. `fetch` can't tell of an upload's progress,
 * so this is an XMLHttpRequest. `onProgress` gets the bytes that were sent and how many there are. Rejects with a
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
      else reject(failureOfStorage(request.status, request.responseText));
    });
    request.addEventListener("error", () => {
      reject(new Failure("The connection to the storage failed before the file was there. Try again."));
    });
    request.addEventListener("abort", () => reject(signal.reason));
    request.addEventListener("loadend", () => signal.removeEventListener("abort", abort));
    request.open(method, url);
    request.send(body);
  });
}
