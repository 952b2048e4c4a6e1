/** The names of files that systems leave in folders. Hidden files begin with a dot. */
const LEFTOVERS = new Set(["thumbs.db", "desktop.ini"]);

/** Resolves to the files of a drop, also those in folders: a list of `{ file, folder }`. `folder` is a path, empty for none. */
export async function droppedFiles({ items }) {
  // The items are valid only until the event ends.
  const sources = [...items].filter(({ kind }) => kind === "file").map((item) => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() }));
  const found = await Promise.all(
    sources.map(({ entry, file }) => (entry?.isDirectory ? filesIn(entry, entry.name) : [{ file, folder: "" }])),
  );
  return found.flat();
}

/** The files of a chooser. Those of a chosen folder have a path. */
export function chosenFiles(files) {
  return [...files].map((file) => ({ file, folder: folderOf(file.webkitRelativePath) })).filter(isContent);
}

async function filesIn(directory, folder) {
  const found = await Promise.all(
    (await entriesOf(directory)).map((entry) =>
      entry.isDirectory ? filesIn(entry, `${folder}/${entry.name}`) : fileOf(entry).then((file) => [{ file, folder }]),
    ),
  );
  return found.flat().filter(isContent);
}

/** The entries of a folder. A browser returns them in portions, the last of which is empty. */
async function entriesOf(directory) {
  const reader = directory.createReader();
  const all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function fileOf(entry) {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function folderOf(path = "") {
  return path.split("/").slice(0, -1).join("/");
}

/** `false` for what systems leave in folders. A file that was named itself is content. */
function isContent({ file, folder }) {
  return folder === "" || !(file.name.startsWith(".") || LEFTOVERS.has(file.name.toLowerCase()));
}
