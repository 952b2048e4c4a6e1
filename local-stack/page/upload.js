import { Failure, failureOf, failureOfCheck, failureOfStorage, reached } from "./failure.js";

/** How long to wait before asking again whether a file has been checked: at first, and at most, in milliseconds. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2000;

/**
 * Uploads a file: asks for a signed form, posts it to the storage, and waits until the file has been checked.
 * `onProgress` gets percents; `onStored` is called when all has been sent. Resolves to the path that the file is
 * served at; rejects with a `Failure`, or as soon as `signal` aborts.
 */
export async function upload(file, type, { signal, onProgress, onStored }) {
  signal.throwIfAborted();
  const form = await signedForm(file, type, signal);
  await post(form, file, signal, onProgress);
  onStored();
  await checked(form, signal);
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

/** Waits until the file of a form is clean. A file that isn't served is a failure with the reason. */
async function checked({ id }, signal) {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const response = await reached(fetch(`/uploads/${id}`, { signal }), signal);
    if (!response.ok) throw await failureOf(response);
    const { state, detail } = await reached(response.json(), signal);
    if (state === "clean") return;
    if (state !== "pending") throw failureOfCheck(detail);
    await passed(pause, signal);
  }
}

/** Waits some milliseconds; rejects as soon as `signal` aborts. */
function passed(milliseconds, signal) {
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
