import { announce } from "../dom.js";
import { messageOf } from "../failure.js";
import { deleteFiles } from "./api.js";
import { confirm } from "./ask.js";
import { showUndoBar } from "./undo-bar.js";

/** The largest number of files whose deletion can be taken back instead of being asked about. */
const MAX_UNDO = 20;

/**
 * Deletes files. A few leave the list at once and are deleted when the time to undo that is over, or when the page is left. More are
 * deleted after a question. `onChange` is called when `has` changes, `onDeleted` gets the ids of deleted files, and
 * `onFailure` a message.
 */
export function newRemoval({ onChange, onDeleted, onFailure }) {
  const hidden = new Set();
  let waiting;
  addEventListener("pagehide", () => waiting?.finish());

  /** Deletes files. Resolves to `false` if the user doesn't want that. */
  async function remove(files) {
    waiting?.finish();
    const ids = files.map(({ id }) => id);
    const what = files.length === 1 ? files[0].name : `${files.length.toLocaleString()} files`;
    if (files.length > MAX_UNDO) {
      const detail = "The files and everything that was made of them are deleted, and their URLs stop working.";
      if (!(await confirm(`Delete ${what}?`, detail, "Delete"))) return false;
      await deleteNow(ids);
      return true;
    }
    for (const id of ids) hidden.add(id);
    const bar = showUndoBar(`${what} ${files.length === 1 ? "is" : "are"} deleted.`, {
      onUndo: () => show(bar, ids, "Nothing is deleted."),
      onDone: () => deleteNow(ids).then(() => show(bar, ids)),
    });
    waiting = bar;
    onChange();
    return true;
  }

  /** Shows what is left of hidden files. */
  function show(bar, ids, sentence) {
    if (waiting === bar) waiting = undefined;
    for (const id of ids) hidden.delete(id);
    if (sentence) announce(sentence);
    onChange();
  }

  async function deleteNow(ids) {
    try {
      const { deleted, messages } = await deleteFiles(ids);
      onDeleted(deleted);
      if (messages.length > 0) onFailure(`${messages.length === 1 ? "1 file isn't" : `${messages.length} files aren't`} deleted: ${messages[0]}.`);
    } catch (error) {
      onFailure(`The files aren't deleted. ${messageOf(error)}`);
    }
  }

  return {
    remove,
    undo: () => waiting?.undo(),
    /** `true` for a file that isn't shown, because it is about to be deleted. */
    has: (id) => hidden.has(id),
  };
}
