import { announce, element } from "../dom.js";
import { Failure, messageOf } from "../failure.js";
import { typeOf } from "../format.js";
import { newUpload } from "../upload.js";
import { deleteFiles, hasFile, replaceFile } from "./api.js";

/** The time within which the library lists an upload that is clean, and the pause between two questions, in milliseconds. */
const LISTING_TIME = 15_000;
const LISTING_PAUSE = 200;

/**
 * A button that lets the user choose a file, uploads it and lets it take the place of `file`. `status` shows how far that is, and why it
 * fails; then the old file stays. `onReplaced` gets the new file. `stop` ends the sending.
 */
export function replaceButton(file, status, onReplaced) {
  const input = element("input", { type: "file", hidden: true, "aria-label": "The new file", onchange: choose });
  const stopping = new AbortController();
  const button = element("button", { type: "button", onclick: () => input.click() }, "Replace");

  async function choose() {
    const [next] = input.files;
    // Without this, choosing the same file again would cause no `change` event.
    input.value = "";
    if (!next) return;
    button.disabled = true;
    say("The new file is being sent.");
    try {
      onReplaced(await replaced(next));
      announce(`${file.name} is replaced.`);
    } catch (error) {
      if (!stopping.signal.aborted) say(`The file is not replaced. ${messageOf(error)}`, true);
    } finally {
      button.disabled = false;
    }
  }

  async function replaced(next) {
    const path = await newUpload(next, typeOf(next)).run({
      signal: stopping.signal,
      onProgress: (percent) => say(`The new file is being sent: ${Math.floor(percent)} %.`),
      onStored: () => say("The new file is being checked."),
    });
    const id = path.split("/")[2];
    try {
      await untilListed(id);
      stopping.signal.throwIfAborted();
      return await replaceFile(file.id, id);
    } catch (error) {
      // Nobody asked for a second file.
      await deleteFiles([id]).catch(() => {});
      throw error;
    }
  }

  function say(text, isRefused = false) {
    status.textContent = text;
    status.classList.toggle("refused", isRefused);
  }
  return { parts: [button, input], stop: () => stopping.abort() };
}

async function untilListed(id) {
  for (const end = performance.now() + LISTING_TIME; !(await hasFile(id)); ) {
    if (performance.now() > end) throw new Failure("The library doesn't list the new file yet. Find it there, or try again.");
    await new Promise((resolve) => setTimeout(resolve, LISTING_PAUSE));
  }
}
