import { announce, element } from "../dom.js";
import { messageOf } from "../failure.js";
import { readAll, readRecent, changeFile } from "./api.js";
import { addTags, moveToFolder } from "./bulk.js";
import { openDetail } from "./detail.js";
import { emptyState } from "./empty.js";
import { shownFiles } from "./files.js";
import { newGrid } from "./grid.js";
import { newRemoval } from "./removal.js";
import { newSelection } from "./selection.js";
import { newToolbar } from "./toolbar.js";

/** The pause between two looks at what is new, in milliseconds, while the page is visible. */
const PAUSE = 5000;

/** The time within which an upload is looked for more often, in milliseconds, and the pause between these looks. */
const UPLOAD_TIME = 15_000;
const UPLOAD_PAUSE = 300;

/**
 * The section of the library: a toolbar, and the grid of all files. `refresh` looks for an upload until it is listed, and moves it to
 * a folder if there is one. `onSamples` gets the files of samples that the user chooses.
 */
export function newLibrary({ onSamples }) {
  const files = new Map();
  const selection = newSelection();
  const toolbar = newToolbar({ onFilter: show, onView: () => grid.setView(toolbar.tileWidth) });
  const count = element("p", { class: "count", role: "status" });
  const bar = element("div", { class: "selection-bar actions", hidden: true });
  const message = element("p", { class: "refused", role: "alert" });
  const empty = emptyState(onSamples);
  const removal = newRemoval({ onChange: show, onDeleted: forget, onFailure: (text) => (message.textContent = text) });
  const grid = newGrid({ selection, onOpen: open, onDelete: removeSelected, onUndo: removal.undo, onChange: showSelection });
  const root = element(
    "section",
    { class: "library", "aria-labelledby": "library-title" },
    toolbar.root,
    element("div", { class: "status-bar" }, count, bar),
    message,
    empty.root,
    grid.root,
  );
  const buttons = {
    copy: button("Copy URLs", copyUrls),
    tag: button("Add tags", () => change(addTags)),
    move: button("Move", () => change(moveToFolder)),
    remove: button("", removeSelected, "danger"),
    clear: button("Clear selection", () => (selection.clear(), grid.draw())),
  };
  bar.append(...Object.values(buttons));
  let shown = [];
  let isComplete = false;
  let looking;
  /** The ids of files that this page has changed or deleted since the present look began. What the look finds may be older. */
  const touched = new Set();

  function show() {
    const listed = [...files.values()].filter(({ id }) => !removal.has(id));
    toolbar.showFolders(listed);
    shown = shownFiles(listed, toolbar.query);
    grid.show(shown);
    grid.root.hidden = shown.length === 0;
    // The sample that was chosen has the focus, and is about to go.
    if (shown.length > 0 && empty.root.contains(document.activeElement)) grid.root.focus({ preventScroll: true });
    if (shown.length === 0 && isComplete) empty.show(toolbar.isFiltering);
    else empty.hide();
    const all = toolbar.isFiltering ? ` of ${number(listed.length)}` : "";
    count.textContent = isComplete ? `${number(shown.length)}${all} ${listed.length === 1 ? "file" : "files"}` : "Loading…";
  }

  function showSelection() {
    const selected = selection.selected.length;
    bar.hidden = selected === 0;
    buttons.remove.textContent = `Delete ${selected === 1 ? "1 file" : `${number(selected)} files`}`;
  }

  async function load() {
    message.textContent = "";
    try {
      await readAll((page) => {
        for (const file of page) files.set(file.id, file);
        show();
      });
      isComplete = true;
    } catch (error) {
      message.replaceChildren(`The library can't be read. ${messageOf(error)} `, button("Try again", load));
    }
    show();
  }

  /** Adds what is new, also from other browsers, and removes what was deleted among the newest files. One look serves all who wait. */
  function look() {
    looking ??= lookNow().finally(() => (looking = undefined));
    return looking;
  }

  async function lookNow() {
    touched.clear();
    const recent = await readRecent();
    const last = recent.at(-1)?.created ?? "";
    const ids = new Set(recent.map(({ id }) => id));
    const isGone = ({ id, created }) => created > last && !ids.has(id) && !touched.has(id);
    let isChanged = false;
    for (const file of files.values()) if (isGone(file)) isChanged = files.delete(file.id);
    for (const file of recent) {
      if (touched.has(file.id) || JSON.stringify(files.get(file.id)) === JSON.stringify(file)) continue;
      files.set(file.id, file);
      isChanged = true;
    }
    if (isChanged) show();
  }

  async function watch() {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      // An unreachable server is reported when the user does something.
      if (isComplete && document.visibilityState === "visible") await look().catch(() => {});
    }
  }

  async function refresh(path, folder) {
    const id = path.split("/")[2];
    let isMoved = !folder;
    const isListed = () => files.get(id)?.state === "clean" && (files.get(id).thumbHash || !files.get(id).type.startsWith("image/"));
    for (const end = performance.now() + UPLOAD_TIME; performance.now() < end && !(isListed() && isMoved); ) {
      if (!isMoved && files.has(id)) {
        await move(id, folder);
        isMoved = true;
      }
      await look().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, UPLOAD_PAUSE));
    }
  }

  async function move(id, folder) {
    try {
      update([await changeFile(id, { folder })]);
    } catch (error) {
      message.textContent = `${files.get(id).name} isn't moved to ${folder}. ${messageOf(error)}`;
    }
  }

  function open(index) {
    openFile(shown[index]);
  }

  function openFile(file) {
    openDetail(file, {
      onChange: (changed) => update([changed]),
      onReplace: (next) => replace(file, next),
      onDelete: () => removal.remove([file]),
    });
  }

  /** Shows the file that has taken the place of another one. */
  function replace(file, next) {
    touched.add(file.id);
    files.delete(file.id);
    update([next]);
    openFile(next);
  }

  function update(changed) {
    for (const file of changed) {
      touched.add(file.id);
      files.set(file.id, file);
    }
    show();
  }

  function forget(ids) {
    for (const id of ids) {
      touched.add(id);
      files.delete(id);
    }
    announce(`${ids.length === 1 ? "1 file is" : `${number(ids.length)} files are`} deleted.`);
    show();
  }

  function selectedFiles() {
    return selection.selected.map((id) => files.get(id));
  }

  function removeSelected() {
    message.textContent = "";
    return removal.remove(selectedFiles());
  }

  async function change(how) {
    const { changed, message: text = "" } = await how(selectedFiles());
    message.textContent = text;
    update(changed);
    if (changed.length > 0) announce(`${number(changed.length)} files are changed.`);
  }

  async function copyUrls() {
    const urls = selectedFiles().map(({ url }) => url).join("\n");
    try {
      await navigator.clipboard.writeText(urls);
      announce("The URLs are copied.");
      buttons.copy.textContent = "Copied";
      setTimeout(() => (buttons.copy.textContent = "Copy URLs"), 1500);
    } catch {
      message.textContent = "This browser doesn't allow the page to copy.";
    }
  }

  load();
  watch();
  addEventListener("focus", () => isComplete && look().catch(() => {}));
  return { root, refresh };
}

function button(label, onclick, className) {
  return element("button", { type: "button", class: className, onclick }, label);
}

function number(value) {
  return value.toLocaleString();
}
