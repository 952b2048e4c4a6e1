import { copyButton, element } from "../dom.js";
import { messageOf } from "../failure.js";
import { variantEditor } from "../editor.js";
import { bytesText, sizeText, typeName } from "../format.js";
import { result } from "../result.js";
import { signedLink } from "../signed-link.js";
import { curlLine, variantTable } from "../variants.js";
import { fileForm } from "./file-form.js";
import { entryOf, kindOf } from "./files.js";
import { MAX_WIDTH, preview } from "./preview.js";
import { replaceButton } from "./replace.js";
import { snippets } from "./snippets.js";

/** The time for which the link of a private file is valid, in seconds. */
const HOUR = 3600;

const NEVER = new AbortController().signal;

/**
 * Shows a file in a dialog: its picture or its player, what is written about it, texts to copy, and its variants. `onChange` gets the
 * file after a change, `onReplace` the one that has taken its place, and `onDelete` is called when the user deletes it.
 */
export function openDetail(file, { onChange, onReplace, onDelete }) {
  const title = element("h2", { title: file.name }, file.name);
  const copies = element("div", { class: "copies" });
  const status = element("p", { class: "status", role: "status" });
  const replacement = replaceButton(file, status, replaced);
  const form = fileForm(file, changed);
  const { root: content, start } = contentOf(file, form.save);
  const isPicture = isShown(file) && kindOf(file) === "picture";
  const dialog = element(
    "dialog",
    { class: "detail", "aria-label": file.name },
    element(
      "div",
      { class: "detail-head" },
      title,
      element(
        "div",
        { class: "actions" },
        isShown(file) ? originalLink(file) : "",
        ...(file.visibility === "public" ? replacement.parts : []),
        element("button", { type: "button", class: "danger", onclick: remove }, "Delete"),
        element("button", { type: "button", onclick: () => dialog.close() }, "Close"),
      ),
    ),
    element("p", { class: "facts" }, factsOf(file)),
    status,
    replacement.progress,
    element(
      "div",
      { class: "detail-body" },
      content,
      element("div", {}, element("h3", {}, "About the file"), form.root, element("h3", {}, "Copy as"), copies),
    ),
    ...(isPicture ? [variantsOf(file), variantEditor(entryOf(file))] : []),
  );
  dialog.addEventListener("close", () => {
    replacement.stop();
    dialog.remove();
  });
  // A click beside the dialog closes it.
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  showCopies();
  document.body.append(dialog);
  dialog.showModal();
  start?.(() => {});

  function changed(next) {
    file = next;
    title.textContent = file.name;
    showCopies();
    onChange(file);
  }

  function showCopies() {
    copies.replaceChildren(...Object.entries(snippets(file)).map(([name, text]) => copyLine(name, text)));
  }

  function replaced(next) {
    dialog.close();
    onReplace(next);
  }

  function remove() {
    dialog.close();
    onDelete();
  }
}

/** `true` for a file that everybody may load. */
function isShown({ state, visibility }) {
  return state === "clean" && visibility === "public";
}

function originalLink({ url }) {
  return element("a", { href: new URL(url, location.href).pathname, target: "_blank", rel: "noopener" }, "Original");
}

function factsOf(file) {
  const size = file.width ? [sizeText(file)] : [];
  const created = new Date(file.created).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  return [typeName(file.type), bytesText(file.size), ...size, `uploaded ${created}`].join(" · ");
}

/** The picture or the player of a file, or a sentence. `start` requests a video's data. */
function contentOf(file, save) {
  const sentence = (text, ...more) => ({ root: element("p", { class: "notice" }, text, ...more) });
  if (file.state === "refused") return sentence(`The file was refused: ${file.detail}.`);
  if (file.state === "pending") return sentence("The file is being checked.");
  if (file.state === "unchecked") return sentence("The file has no tag with a state, so it isn't served.");
  const isPlayed = ["video", "sound"].includes(kindOf(file));
  const link = file.visibility === "private" && sentence("The file is private. ", hourButton(file));
  if (isPlayed) {
    const { root, start } = result(entryOf(file));
    return { root: element("div", {}, root, ...(link ? [link.root] : [])), start };
  }
  if (link) return link;
  if (kindOf(file) !== "picture") return sentence("Files of this type have no preview.");
  return { root: preview(file, (focalPoint) => save({ focalPoint })) };
}

/** The table of a picture's variants, which are requested when it is unfolded. */
function variantsOf(file) {
  const entry = entryOf(file);
  const root = element("details", { class: "editor", ontoggle: open }, element("summary", {}, "Variants"));
  let wasOpened = false;

  async function open() {
    if (!root.open || wasOpened) return;
    wasOpened = true;
    const { table, fill } = variantTable(entry, MAX_WIDTH * devicePixelRatio);
    const message = element("p", { class: "refused" });
    root.append(table, element("h3", {}, "From a terminal"), curlLine(entry), message);
    try {
      await fill(() => {});
    } catch (error) {
      table.remove();
      message.textContent = `The variants can't be shown. ${messageOf(error)}`;
    }
  }
  return root;
}

function hourButton({ url }) {
  const button = element("button", { type: "button", onclick: open }, "Open it by a link for an hour");
  async function open() {
    try {
      window.open(await signedLink(url, NEVER, HOUR), "_blank", "noopener");
    } catch (error) {
      button.after(element("span", { class: "refused" }, ` ${messageOf(error)}`));
    }
  }
  return button;
}

function copyLine(name, text) {
  const code = element("code", { tabindex: "0", "aria-label": `${name} of the file` }, text);
  return element("div", { class: "line" }, element("span", { class: "copy-name" }, name), code, copyButton("Copy", () => text, code));
}
