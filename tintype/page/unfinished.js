import { isCount, isText, storedList } from "./stored.js";

/** How long the storage keeps the parts of an upload that isn't finished, in milliseconds. */
const LIFETIME = 24 * 60 * 60 * 1000;

/** The uploads in parts that this browser began and hasn't finished. */
const uploads = storedList("tintype.unfinished", {
  most: 60,
  isEntry: (entry) =>
    ["name", "type", "key", "uploadId"].every((field) => isText(entry?.[field])) &&
    ["bytes", "modified", "begun"].every((field) => isCount(entry[field])),
  name: ({ uploadId }) => uploadId,
});

/** Those that this page goes on with: the same file twice is two uploads. */
const taken = new Set();

/** The uploads that can be gone on with once their files are chosen again. */
export function unfinished() {
  const isAlive = ({ begun }) => Date.now() - begun < LIFETIME;
  for (const entry of uploads.all()) if (!isAlive(entry)) uploads.remove(entry);
  return uploads.all();
}

/** The upload that was begun of a file, if there is one. It is this caller's from then on. */
export function takeUnfinished({ name, size, lastModified }) {
  const isOfFile = (one) => one.name === name && one.bytes === size && one.modified === lastModified;
  const entry = unfinished().find((one) => isOfFile(one) && !taken.has(one.uploadId));
  if (entry) taken.add(entry.uploadId);
  return entry;
}

/** Keeps where a file's upload stands: `key` and `uploadId` are the signer's. */
export function keepUnfinished({ name, size, lastModified }, type, { key, uploadId }) {
  const entry = { name, type, bytes: size, modified: lastModified, key, uploadId, begun: Date.now() };
  taken.add(uploadId);
  uploads.add(entry);
  return entry;
}

export const forgetUnfinished = uploads.remove;
