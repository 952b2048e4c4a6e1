/** Kinds of files, by the beginning of their types. A file of no other kind is a document. */
const KINDS = { picture: "image/", video: "video/", sound: "audio/" };

const ORDERS = {
  newest: (a, b) => compare(b.created, a.created),
  oldest: (a, b) => compare(a.created, b.created),
  name: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true, sensitivity: "base" }),
  largest: (a, b) => b.size - a.size,
};

/** The kind of a file: `picture`, `video`, `sound` or `document`. */
export function kindOf({ type }) {
  return Object.keys(KINDS).find((kind) => type.startsWith(KINDS[kind])) ?? "document";
}

/** The files that match what the user looks for, in the chosen order. */
export function shownFiles(files, { text = "", kind = "", folder, order = "newest" }) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const isShown = (file) =>
    (!kind || kindOf(file) === kind) && isInFolder(file, folder) && words.every((word) => searchText(file).includes(word));
  return [...files].filter(isShown).sort(ORDERS[order]);
}

/** `true` for a file in a folder or below it. An empty folder stands for files in none, and `undefined` for all. */
function isInFolder(file, folder) {
  return folder === undefined || file.folder === folder || (folder !== "" && file.folder.startsWith(`${folder}/`));
}

/** The text in which words are searched, as the API does. */
function searchText({ name, folder, alt = "", tags }) {
  return [name, folder, alt, ...tags].join("\n").toLowerCase();
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The path of a file at this page's origin. */
export function pathOf({ url }) {
  return new URL(url, location.href).pathname;
}

/** A file as the description of an upload, which the tables, editors and players of this page show. */
export function entryOf(file) {
  const { name, type, size: bytes, width, height } = file;
  return { path: pathOf(file), name, type, bytes, size: width ? { width, height } : undefined };
}
