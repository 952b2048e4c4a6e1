import { announce, element } from "./dom.js";
import { Duplicate, hashOf, refuseDuplicate, rememberUpload } from "./duplicates.js";
import { messageOf } from "./failure.js";
import { bytesText, sizeText, typeName, typeOf } from "./format.js";
import { sizeOf } from "./measure.js";
import { discardUnfinished } from "./multipart-upload.js";
import { result } from "./result.js";
import { limitConcurrency } from "./concurrency.js";
import { newUpload } from "./upload.js";

/** Runs at most three uploads at a time. */
const inUploadSlot = limitConcurrency(3);

/** The cards of uploads that wait for their files, by upload ID. */
const waitingForFile = new Map();

/** The width of a thumbnail, in pixels: a rung of the ladder, wide enough for a dense screen. */
const THUMBNAIL_WIDTH = 128;

/**
 * A card for a file that was just chosen. Uploads the file, then shows its result, unless the card is brief. `onUploaded` gets the
 * path of the file, `onRest` the state in which the upload ends or waits for the user: `uploaded`, `failed`, `cancelled`, or `duplicate`
 * for a file whose content this browser has uploaded before.
 */
export function newCard(file, { onUploaded, onRest = () => {}, isBrief = false }) {
  const type = typeOf(file);
  const isImage = type.startsWith("image/");
  const preview = isImage ? URL.createObjectURL(file) : undefined;
  const size = isImage ? sizeOf(file) : Promise.resolve(undefined);
  const card = newShell({ name: file.name, type, bytes: file.size }, preview);
  size.then((pixels) => pixels && card.showSize(pixels));
  const upload = newUpload(file, type);
  waitingForFile.get(upload.resumes)?.remove();
  /** `true` after the user has decided to send a duplicate. */
  let isWantedAgain = false;
  start();
  return card.root;

  async function start() {
    removeEventListener("online", start);
    const stopping = new AbortController();
    const cancel = action("Cancel", () => {
      stopping.abort();
      discard();
    });
    const pause = action("Pause", () => {
      stopping.abort();
      rest();
    });
    card.become("waiting", "Waiting for its turn.", [cancel]);
    if (!upload.isPausable) card.showProgress(0);
    try {
      let hash;
      const path = await inUploadSlot(async () => {
        stopping.signal.throwIfAborted();
        hash = await hashOf(file);
        if (!isWantedAgain) await refuseDuplicate(hash, stopping.signal);
        card.become("uploading", "", upload.isPausable ? [pause, cancel] : [cancel]);
        return upload.run({
          signal: stopping.signal,
          onProgress: card.showProgress,
          onStored: () => card.become("uploading", "The file is being checked.", [cancel]),
        });
      });
      const entry = { path, name: file.name, type, bytes: file.size, size: await size };
      rememberUpload(hash, entry);
      if (!isBrief) finish(card, entry, preview)();
      onUploaded(path);
      if (!isBrief) announce(`${file.name} is uploaded.`);
      onRest("uploaded");
    } catch (error) {
      // After a pause or a cancellation, the card has its message already.
      if (stopping.signal.aborted) return;
      if (error instanceof Duplicate) return stop("duplicate", messageOf(error), action("Upload again", sendAgain));
      stop("failed", messageOf(error));
      // Without a network the upload continues when it is back.
      if (!navigator.onLine) addEventListener("online", start);
    }
  }

  function rest() {
    card.become("paused", "Paused.", [action("Resume", start), action("Cancel", discard)]);
    announce(`${file.name}: Paused.`);
  }

  function discard() {
    upload.discard();
    stop("cancelled", "Cancelled.");
  }

  function sendAgain() {
    isWantedAgain = true;
    start();
  }

  function stop(state, message, again = action("Retry", start)) {
    card.become(state, message, [again, action("Dismiss", remove)]);
    announce(`${file.name}: ${message}`);
    onRest(state);
  }

  function remove() {
    removeEventListener("online", start);
    upload.discard();
    if (preview) URL.revokeObjectURL(preview);
    card.root.remove();
  }
}

/** A card for an unfinished upload of an earlier visit. It continues when the user chooses its file again. */
export function unfinishedCard(entry) {
  const card = newShell(entry);
  const cancel = action("Cancel", () => {
    discardUnfinished(entry);
    card.root.remove();
    announce(`${entry.name}: Cancelled.`);
  });
  const message = "Not finished. Choose or drop the same file again, and the upload continues where it stopped.";
  card.become("unfinished", message, [cancel]);
  waitingForFile.set(entry.uploadId, card.root);
  return card.root;
}

/** Adds the result of an upload to a card. Returns a function that requests the result's data. */
function finish(card, entry, preview) {
  const dismiss = action("Hide", () => card.root.remove());
  const original = element("a", { href: entry.path, target: "_blank", rel: "noopener" }, "Original");
  card.become("uploaded", "", [original, dismiss]);
  if (entry.size) card.showSize(entry.size);
  const { root, start } = result(entry, preview);
  card.root.append(root);
  return () => start((path = entry.path) => card.showThumbnail(`${path}?w=${THUMBNAIL_WIDTH}`));
}

/** The parts of every card: thumbnail, name, facts, actions, progress, message. */
function newShell({ name, type, bytes }, preview) {
  const facts = element("p", { class: "facts" }, `${typeName(type)} · ${bytesText(bytes)}`);
  const actions = element("div", { class: "actions" });
  const progress = element("progress", { max: 100, value: 0, "aria-label": `Upload of ${name}` });
  const percent = element("span", { class: "percent" });
  const upload = element("div", { class: "upload" }, progress, percent);
  const message = element("p", { class: "message" });
  const thumbnail = element("div", { class: "thumbnail", "aria-hidden": "true" }, typeName(type));
  const title = element("div", { class: "title" }, element("h2", { title: name }, name), facts);
  const root = element(
    "li",
    { class: "card", "aria-label": name },
    element("div", { class: "head" }, thumbnail, title, actions),
    upload,
    message,
  );
  if (preview) showThumbnail(preview);

  function become(state, text, buttons) {
    root.dataset.state = state;
    message.textContent = text;
    if (buttons) actions.replaceChildren(...buttons);
  }

  function showProgress(value) {
    progress.value = value;
    percent.textContent = value < 100 ? `${Math.floor(value)} %` : "Storing";
  }

  function showSize(size) {
    facts.textContent = `${typeName(type)} · ${bytesText(bytes)} · ${sizeText(size)}`;
  }

  /** Replaces the format's name after the picture has loaded. A picture that can't be shown changes nothing. */
  function showThumbnail(url) {
    const image = element("img", { src: url, alt: "", onload: () => thumbnail.replaceChildren(image) });
  }
  return { root, become, showProgress, showSize, showThumbnail };
}

function action(label, onclick) {
  return element("button", { type: "button", onclick }, label);
}
