import { responseFailure, withNetworkFailure } from "./failure.js";
import { send } from "./send.js";

/** Sends a file in one form. Resolves to the URL that will serve it, and the upload's ID. */
export async function uploadByForm(file, type, { signal, onProgress }) {
  const form = await askForForm(file, type, signal);
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  // S3 ignores fields after the file.
  body.append("file", file);
  await send("POST", form.url, body, {
    signal,
    onProgress: (loaded, total) => onProgress((100 * loaded) / total),
  });
  return { url: form.publicUrl, id: form.id };
}

/** Asks the signer for the form that uploads a file. */
export async function askForForm(file, type, signal) {
  const request = {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ filename: file.name, type, size: file.size }),
    signal,
  };
  const response = await withNetworkFailure(fetch("/uploads", request), signal);
  if (!response.ok) throw await responseFailure(response);
  return withNetworkFailure(response.json(), signal);
}
