import { isCount, isText, storedList } from "./stored.js";

/** The uploaded files that this browser remembers: `{path, name, type, bytes, size?}`. */
const files = storedList("tintype.files", {
  // Older ones are forgotten by the page; the files themselves stay.
  most: 60,
  isEntry: (entry) =>
    isText(entry?.path) &&
    /^\/[^/]/.test(entry.path) &&
    isText(entry.name) &&
    isText(entry.type) &&
    isCount(entry.bytes) &&
    (entry.size === undefined || (isCount(entry.size?.width) && isCount(entry.size?.height))),
  name: ({ path }) => path,
});

export const { all: remembered, add: remember, remove: forget } = files;
