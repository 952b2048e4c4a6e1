import { newBatch } from "./batch.js";
import { newCard, unfinishedCard } from "./card.js";
import { announce } from "./dom.js";
import { chosenFiles, droppedFiles } from "./drops.js";
import { rungSuggestions } from "./controls.js";
import { newLibrary } from "./library/library.js";
import { unfinishedUploads } from "./unfinished-uploads.js";

/** The largest number of files that get a card with a result each. More of them share one card, and are in the library then. */
const MAX_CARDS = 4;

const chooser = document.getElementById("chooser");
const folderChooser = document.getElementById("folder-chooser");
const list = document.getElementById("files");

const direction = new URLSearchParams(location.search).get("dir");
if (direction === "rtl" || direction === "ltr") document.documentElement.dir = direction;
document.body.append(rungSuggestions());
list.append(...unfinishedUploads().map(unfinishedCard));
const library = newLibrary({ onSamples: (files) => add(files.map((file) => ({ file }))) });
document.getElementById("library").replaceWith(library.root);

for (const input of [chooser, folderChooser]) {
  input.addEventListener("change", () => {
    add(chosenFiles(input.files));
    // Without this, choosing the same file again would cause no `change` event.
    input.value = "";
  });
}

// The whole page accepts drops: the browser would open a file that misses the marked area instead of this page.
addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  document.body.classList.add("dropping");
});
addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) document.body.classList.remove("dropping");
});
addEventListener("drop", async (event) => {
  document.body.classList.remove("dropping");
  if (!hasFiles(event)) return;
  event.preventDefault();
  const hint = document.getElementById("hint");
  hint.textContent = "";
  try {
    add(await droppedFiles(event.dataTransfer));
  } catch {
    hint.textContent = "The folder can't be read. Choose its files instead.";
  }
});

/** Adds cards on top of the list. Files that were chosen together keep their order. */
function add(items) {
  if (items.length > MAX_CARDS) {
    list.prepend(newBatch(items, (item, onRest) => newCard(item.file, { ...options(item), onRest, isBrief: true })));
  } else {
    list.prepend(...items.map((item) => newCard(item.file, options(item))));
  }
  if (items.length > 0)
    announce(items.length === 1 ? `Uploading ${items[0].file.name}.` : `Uploading ${items.length} files.`);
}

function options({ folder }) {
  return { onUploaded: (path) => library.refresh(path, folder) };
}

function hasFiles({ dataTransfer }) {
  return dataTransfer?.types.includes("Files") ?? false;
}
