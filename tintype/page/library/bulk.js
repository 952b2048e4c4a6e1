import { messageOf } from "../failure.js";
import { changeFile } from "./api.js";
import { ask } from "./ask.js";
import { limitConcurrency } from "../concurrency.js";
import { tagsOf } from "./file-form.js";

/** The number of files that are changed concurrently. */
const CONCURRENT = 6;

/** Asks for tags and adds them to files. Resolves to the changed files, and a message if not all are changed. */
export async function addTags(files) {
  const text = await ask(`Add tags to ${countOf(files)}`, "Tags", "cat, tabby", "Add");
  const tags = tagsOf(text);
  if (tags.length === 0) return { changed: [] };
  return changeAll(files, (file) => ({ tags: [...file.tags, ...tags] }));
}

/** Asks for a folder and moves files to it. Resolves to the changed files, and a message if not all are changed. */
export async function moveToFolder(files) {
  const folder = await ask(`Move ${countOf(files)} to a folder`, "Folder", "press/2026", "Move");
  if (folder === "") return { changed: [] };
  return changeAll(files, () => ({ folder }));
}

async function changeAll(files, changeOf) {
  const inTurn = limitConcurrency(CONCURRENT);
  const outcomes = await Promise.allSettled(files.map((file) => inTurn(() => changeFile(file.id, changeOf(file)))));
  const changed = outcomes.filter(({ status }) => status === "fulfilled").map(({ value }) => value);
  const failed = outcomes.find(({ status }) => status === "rejected");
  const count = files.length - changed.length;
  return { changed, message: failed && `${count} of ${files.length} files aren't changed. ${messageOf(failed.reason)}` };
}

function countOf({ length }) {
  return length === 1 ? "1 file" : `${length.toLocaleString()} files`;
}
