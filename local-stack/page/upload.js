import { Failure, failureOf, failureOfStorage, reached } from "./failure.js";

/**
 * Uploads a file: asks for a signed form, then posts it to the storage. `onProgress` gets percents. Resolves to
 * the path that the file is served at; rejects with a `Failure`, or as soon as `signal` aborts.
 */
export async function upload(file, type, { signal, onProgress }) {
  signal.throwIfAborted();
  const form = await signedForm(file, type, signal);
  await post(form, file, signal, onProgress);
  // The page shares its origin with what is served, whatever name this machine was reached by.
  return new URL(form.publicUrl, location.href).pathname;
}

async function signedForm(file, type, signal) {
  const request = {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ filename: file.name, type, size: file.size }),
    signal,
  };
  const response = await reached(fetch("/uploads", request), signal);
  if (!response.ok) throw await failureOf(response);
  return reached(response.json(), signal);
}

/** Posts a signed form. `fetch` can't tell of an upload's progress, so this is an XMLHttpRequest. */
function post({ url, fields }, file, signal, onProgress) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  // S3 reads no field that comes after the file.
  body.append("file", file);

  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener("abort", abort);
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress((100 * loaded) / total));
    request.addEventListener("load", () => {
      const isStored = request.status >= 200 && request.status < 300;
      if (isStored) resolve();
      else reject(failureOfStorage(request.status, request.responseText));
    });
    request.addEventListener("error", () => {
      reject(new Failure("The connection to the storage failed before the file was there. Try again."));
    });
    request.addEventListener("abort", () => reject(signal.reason));
    request.addEventListener("loadend", () => signal.removeEventListener("abort", abort));
    request.open("POST", url);
    request.send(body);
  });
}
