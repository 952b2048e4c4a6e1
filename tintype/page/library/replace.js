import { announce, element } from "../dom.js";
import { Failure, messageOf } from "../failure.js";
import { typeOf } from "../format.js";
import { newUpload } from "../upload.js";
import { deleteFiles, hasFile, replaceFile } from "./api.js";

/** The time within which the library lists an upload that is clean, and the pause between two questions, in milliseconds. */
const LISTING_TIME = 15_000;
const LISTING_PAUSE = 200;

/**
 * A button that lets the user choose a file, uploads it and lets it take the place of `file`, and the progress of that, which can be
 * cancelled. `status` shows how far it is, and why it fails; then the old file stays. `onReplaced` gets the new file. `stop` ends it.
 */
export function replaceButton(file, status, onReplaced) {
  let stopping = new AbortController();
  const input = element("input", { type: "file", hidden: true, "aria-label": "The new file", onchange: choose });
  const button = element("button", { type: "button", onclick: () => input.click() }, "Replace");
  const sent = element("progress", { max: 100, value: 0, "aria-label": "Sending of the new file" });
  const cancel = element("button", { type: "button", onclick: () => stopping.abort() }, "Cancel");
  const progress = element("div", { class: "sending", hidden: true }, sent, cancel);

  async function choose() {
    const [next] = input.files;
    // Without this, choosing the same file again would cause no `change` event.
    input.value = "";
    if (!next) return;
    stopping = new AbortController();
    sent.value = 0;
    cancel.disabled = false;
    button.disabled = true;
    progress.hidden = false;
    cancel.focus();
    say("The new file is being sent.");
    try {
      onReplaced(await replaced(next, stopping.signal));
      announce(`${file.name} is replaced.`);
    } catch (error) {
      if (stopping.signal.aborted) say("Cancelled. The file is not replaced.");
      else say(`The file is not replaced. ${messageOf(error)}`, true);
    } finally {
      button.disabled = false;
      if (progress.contains(document.activeElement) || document.activeElement === document.body) button.focus();
      progress.hidden = true;
    }
  }

  async function replaced(next, signal) {
    const upload = newUpload(next, typeOf(next));
    let id;
    try {
      await upload.run({
        signal,
        onProgress: (percent) => {
          sent.value = percent;
          say(`The new file is being sent: ${Math.floor(percent)} %.`);
        },
        onStored: (stored) => {
          id = stored;
          say("The new file is being checked.");
        },
      });
      await untilListed(id);
      signal.throwIfAborted();
      cancel.disabled = true;
      return await replaceFile(file.id, id);
    } catch (error) {
      // Nobody asked for a second file, or for parts of one.
      if (signal.aborted) upload.discard();
      if (id) remove(id);
      throw error;
    }
  }

  function say(text, isRefused = false) {
    status.textContent = text;
    status.classList.toggle("refused", isRefused);
  }
  return { parts: [button, input], progress, stop: () => stopping.abort() };
}

/** Deletes a file as soon as the library knows it. */
async function remove(id) {
  await untilListed(id).catch(() => {});
  await deleteFiles([id]).catch(() => {});
}

async function untilListed(id) {
  for (const end = performance.now() + LISTING_TIME; !(await hasFile(id)); ) {
    if (performance.now() > end) throw new Failure("The library doesn't list the new file yet. Find it there, or try again.");
    await new Promise((resolve) => setTimeout(resolve, LISTING_PAUSE));
  }
}
