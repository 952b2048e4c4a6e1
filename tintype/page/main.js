import { newCard, rememberedCard, unfinishedCard } from "./card.js";
import { announce } from "./dom.js";
import { rungSuggestions } from "./editor.js";
import { remembered } from "./library.js";
import { unfinished } from "./unfinished.js";

const chooser = document.getElementById("chooser");
const list = document.getElementById("files");

document.body.append(rungSuggestions());
list.append(...unfinished().map(unfinishedCard), ...remembered().map(rememberedCard));

chooser.addEventListener("change", () => {
  add([...chooser.files]);
  // So that choosing the same file again is a change.
  chooser.value = "";
});

// The whole page takes drops: a file that misses the marked area must not replace the page.
addEventListener("dragover", (event) => {
  if (!bringsFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  document.body.classList.add("dropping");
});
addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) document.body.classList.remove("dropping");
});
addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  if (!bringsFiles(event)) return;
  event.preventDefault();
  add(droppedFiles(event.dataTransfer));
});

/** The newest files are on top, those of one choice in their order. */
function add(files) {
  list.prepend(...files.map(newCard));
  if (files.length > 0)
    announce(files.length === 1 ? `Uploading ${files[0].name}.` : `Uploading ${files.length} files.`);
}

function bringsFiles({ dataTransfer }) {
  return dataTransfer?.types.includes("Files") ?? false;
}

/** The files of a drop without its folders, which can't be read as files. */
function droppedFiles({ items, files }) {
  const isFolder = (item) => item.webkitGetAsEntry?.()?.isDirectory ?? false;
  const kept = [...items]
    .filter((item) => item.kind === "file" && !isFolder(item))
    .map((item) => item.getAsFile());
  const skipped = files.length - kept.length;
  document.getElementById("hint").textContent =
    skipped > 0 ? "Folders are left out: drop the files in them." : "";
  return kept;
}
