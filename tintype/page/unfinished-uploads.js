import { isCount, isText, storedList } from "./stored-list.js";

/** The time for which the storage keeps the parts of an unfinished upload, in milliseconds. */
const LIFETIME = 24 * 60 * 60 * 1000;

/** The multipart uploads that this browser has started and not finished. */
const uploads = storedList("tintype.unfinished", {
  limit: 60,
  isEntry: (entry) =>
    ["name", "type", "key", "uploadId"].every((field) => isText(entry?.[field])) &&
    ["bytes", "modified", "begun"].every((field) => isCount(entry[field])),
  idOf: ({ uploadId }) => uploadId,
});

/** The IDs of the uploads that this page continues. If a file is chosen twice, there are two uploads. */
const continued = new Set();

/** The uploads that can continue when the user chooses their files again. */
export function unfinishedUploads() {
  const isAlive = ({ begun }) => Date.now() - begun < LIFETIME;
  for (const entry of uploads.all()) if (!isAlive(entry)) uploads.remove(entry);
  return uploads.all();
}

/** The unfinished upload of a file, or undefined. No later call returns it again. */
export function takeUnfinished({ name, size, lastModified }) {
  const isOfFile = (one) => one.name === name && one.bytes === size && one.modified === lastModified;
  const entry = unfinishedUploads().find((one) => isOfFile(one) && !continued.has(one.uploadId));
  if (entry) continued.add(entry.uploadId);
  return entry;
}

/** Remembers a started upload. The signer gave its `key` and `uploadId`. */
export function keepUnfinished({ name, size, lastModified }, type, { key, uploadId }) {
  const entry = { name, type, bytes: size, modified: lastModified, key, uploadId, begun: Date.now() };
  continued.add(uploadId);
  uploads.add(entry);
  return entry;
}

export const forgetUnfinished = uploads.remove;
