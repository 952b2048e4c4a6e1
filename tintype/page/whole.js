import { failureOf, reached } from "./failure.js";
import { send } from "./send.js";

/** Sends a file in one form; the URL that it will be served at, and the upload's id. */
export async function sendWhole(file, type, { signal, onProgress }) {
  const form = await signedForm(file, type, signal);
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  // S3 reads no field that comes after the file.
  body.append("file", file);
  await send("POST", form.url, body, {
    signal,
    onProgress: (loaded, total) => onProgress((100 * loaded) / total),
  });
  return { url: form.publicUrl, id: form.id };
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
