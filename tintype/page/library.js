import { isCount, isText, storedList } from "./stored-list.js";

/** The uploaded files that this browser remembers: `{path, name, type, bytes, size?}`, with bytes and pixels. */
const files = storedList("tintype.files", {
  // The page forgets older files. The files themselves stay.
  limit: 60,
  isEntry: (entry) =>
    isText(entry?.path) &&
    /^\/[^/]/.test(entry.path) &&
    isText(entry.name) &&
    isText(entry.type) &&
    isCount(entry.bytes) &&
    (entry.size === undefined || (isCount(entry.size?.width) && isCount(entry.size?.height))),
  idOf: ({ path }) => path,
});

export const { all: rememberedFiles, add: remember, remove: forget } = files;
