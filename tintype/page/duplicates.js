import { Failure } from "./failure.js";
import { isText, storedList } from "./stored-list.js";

/** The largest file whose content is compared, in bytes. A browser hashes a file in memory. */
const MAX_BYTES = 16 * 2 ** 20;

/** The files that this browser has uploaded, by the hash of their content. */
const uploads = storedList("tintype.uploaded", {
  limit: 1000,
  isEntry: (entry) => ["hash", "path", "name"].every((field) => isText(entry?.[field])),
  idOf: ({ hash }) => hash,
});

/** The failure of a file that is in the library already. */
export class Duplicate extends Failure {}

/** The SHA-256 of a file; undefined for one that isn't compared. Only secure origins have the function. */
export async function hashOf(file) {
  if (file.size > MAX_BYTES || !crypto.subtle) return undefined;
  // A file that can't be read fails when it is sent, with a reason.
  const content = await file.arrayBuffer().catch(() => undefined);
  if (!content) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Rejects with a `Duplicate` if this browser has uploaded the same content, and it is still served. */
export async function refuseDuplicate(hash, signal) {
  const entry = uploads.all().find((one) => one.hash === hash);
  if (!entry) return;
  const response = await fetch(entry.path, { method: "HEAD", cache: "no-store", signal }).catch(() => undefined);
  signal.throwIfAborted();
  if (response?.ok) throw new Duplicate(`The same file is in the library already, as ${entry.name}. It was not sent again.`);
  // The file was deleted. Without an answer, the upload will say what is wrong.
  if (response) uploads.remove(entry);
}

/** Remembers an uploaded file by its hash, if it has one. */
export function rememberUpload(hash, { path, name }) {
  if (hash) uploads.add({ hash, path, name });
}
