import { newCard, rememberedCard, unfinishedCard } from "./card.js";
import { announce } from "./dom.js";
import { rungSuggestions } from "./editor.js";
import { rememberedFiles } from "./library.js";
import { unfinishedUploads } from "./unfinished-uploads.js";

const chooser = document.getElementById("chooser");
const list = document.getElementById("files");

document.body.append(rungSuggestions());
list.append(...unfinishedUploads().map(unfinishedCard), ...rememberedFiles().map(rememberedCard));

chooser.addEventListener("change", () => {
  add([...chooser.files]);
  // Without this, choosing the same file again would cause no `change` event.
  chooser.value = "";
});

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
addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  if (!hasFiles(event)) return;
  event.preventDefault();
  add(droppedFiles(event.dataTransfer));
});

/** Adds cards on top of the list. Files that were chosen together keep their order. */
function add(files) {
  list.prepend(...files.map(newCard));
  if (files.length > 0)
    announce(files.length === 1 ? `Uploading ${files[0].name}.` : `Uploading ${files.length} files.`);
}

function hasFiles({ dataTransfer }) {
  return dataTransfer?.types.includes("Files") ?? false;
}

/** The files of a drop, without folders, which can't be read as files. */
function droppedFiles({ items, files }) {
  const isFolder = (item) => item.webkitGetAsEntry?.()?.isDirectory ?? false;
  const accepted = [...items]
    .filter((item) => item.kind === "file" && !isFolder(item))
    .map((item) => item.getAsFile());
  const skipped = files.length - accepted.length;
  document.getElementById("hint").textContent =
    skipped > 0 ? "Folders are skipped: drop the files in them." : "";
  return accepted;
}
