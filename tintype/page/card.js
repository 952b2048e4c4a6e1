import { announce, element } from "./dom.js";
import { wordsOf } from "./failure.js";
import { bytesText, sizeText, typeName, typeOf } from "./format.js";
import { forget, remember } from "./library.js";
import { sizeOf } from "./measure.js";
import { discardUnfinished } from "./parts.js";
import { result } from "./result.js";
import { inTurns } from "./turns.js";
import { newUpload } from "./upload.js";

/** Uploads at a time; the others wait. */
const uploads = inTurns(3);

/** The cards of uploads that wait for their files, by upload id. */
const waitingForFile = new Map();

/** The width of a thumbnail, in pixels: a rung of the ladder, enough for a dense screen. */
const THUMBNAIL_WIDTH = 128;

/** A card for a file that was just chosen: uploads it, then shows what it became. */
export function newCard(file) {
  const type = typeOf(file);
  const isImage = type.startsWith("image/");
  const preview = isImage ? URL.createObjectURL(file) : undefined;
  const size = isImage ? sizeOf(file) : Promise.resolve(undefined);
  const card = shell({ name: file.name, type, bytes: file.size }, preview);
  size.then((known) => known && card.showSize(known));
  const sending = newUpload(file, type);
  waitingForFile.get(sending.resumes)?.remove();
  start();
  return card.root;

  async function start() {
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
    if (!sending.isPausable) card.showProgress(0);
    try {
      const path = await uploads(() => {
        stopping.signal.throwIfAborted();
        card.become("uploading", "", sending.isPausable ? [pause, cancel] : [cancel]);
        return sending.run({
          signal: stopping.signal,
          onProgress: card.showProgress,
          onStored: () => card.become("uploading", "The file is being checked.", [cancel]),
        });
      });
      const entry = { path, name: file.name, type, bytes: file.size, size: await size };
      remember(entry);
      finish(card, entry, preview)();
      announce(`${file.name} is uploaded.`);
    } catch (error) {
      // Who paused or cancelled has been told already.
      if (!stopping.signal.aborted) stop("failed", wordsOf(error));
    }
  }

  function rest() {
    card.become("paused", "Paused.", [action("Resume", start), action("Cancel", discard)]);
    announce(`${file.name}: Paused.`);
  }

  function discard() {
    sending.discard();
    stop("cancelled", "Cancelled.");
  }

  function stop(state, words) {
    card.become(state, words, [action("Retry", start), action("Dismiss", remove)]);
    announce(`${file.name}: ${words}`);
  }

  function remove() {
    sending.discard();
    if (preview) URL.revokeObjectURL(preview);
    card.root.remove();
  }
}

/** A card for an upload that an earlier visit began: it goes on when its file is chosen again. */
export function unfinishedCard(entry) {
  const card = shell(entry);
  const cancel = action("Cancel", () => {
    discardUnfinished(entry);
    card.root.remove();
    announce(`${entry.name}: Cancelled.`);
  });
  const words = "Not finished. Choose or drop the same file again, and it goes on where it stopped.";
  card.become("unfinished", words, [cancel]);
  waitingForFile.set(entry.uploadId, card.root);
  return card.root;
}

/** A card for a file that was uploaded before. Its variants are asked for once it comes into view. */
export function rememberedCard(entry) {
  const card = shell(entry);
  const start = finish(card, entry);
  const observer = new IntersectionObserver((sightings) => {
    if (!sightings.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    start();
  });
  observer.observe(card.root);
  return card.root;
}

/** Turns a card to what its file became; the function it gives asks for that. */
function finish(card, entry, preview) {
  const dismiss = action("Remove from list", () => {
    forget(entry);
    card.root.remove();
  });
  const original = element("a", { href: entry.path, target: "_blank", rel: "noopener" }, "Original");
  card.become("uploaded", "", [original, dismiss]);
  if (entry.size) card.showSize(entry.size);
  const { root, start } = result(entry, preview);
  card.root.append(root);
  return () => start((path = entry.path) => card.showThumbnail(`${path}?w=${THUMBNAIL_WIDTH}`));
}

/** What every card has: thumbnail, name, facts, actions, progress, message. */
function shell({ name, type, bytes }, preview) {
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

  function become(state, words, buttons) {
    root.dataset.state = state;
    message.textContent = words;
    if (buttons) actions.replaceChildren(...buttons);
  }

  function showProgress(value) {
    progress.value = value;
    percent.textContent = value < 100 ? `${Math.floor(value)} %` : "Storing";
  }

  function showSize(size) {
    facts.textContent = `${typeName(type)} · ${bytesText(bytes)} · ${sizeText(size)}`;
  }

  /** Takes the place of the format's name once it has loaded, so a picture that can't be shown leaves no hole. */
  function showThumbnail(url) {
    const image = element("img", { src: url, alt: "", onload: () => thumbnail.replaceChildren(image) });
  }
  return { root, become, showProgress, showSize, showThumbnail };
}

function action(label, onclick) {
  return element("button", { type: "button", onclick }, label);
}
