// The parts of the playground that need a browser. The local page's modules and its style are used as they are.
import base from "../../../tintype/page/styles/base.css?inline";
import editor from "../../../tintype/page/styles/editor.css?inline";
import path from "../../../tintype/page/styles/path.css?inline";
import { startUpload } from "../../../packages/client/src/upload.ts";
import { rungSuggestions } from "../../../tintype/page/controls.js";
import { variantEditor } from "../../../tintype/page/editor.js";

/** The time in which a stack must answer, in milliseconds. */
const PATIENCE = 5000;

/** The colours of the page in those of the site, which has a switch for its dark theme. */
const COLOURS = `:host {
  --paper: var(--vp-c-bg);
  --card: var(--vp-c-bg);
  --well: var(--vp-c-bg-soft);
  --ink: var(--vp-c-text-1);
  --muted: var(--vp-c-text-2);
  --line: var(--vp-c-border);
  --accent: var(--vp-c-brand-1);
  --bad: var(--vp-c-danger-1);
  --mono: var(--vp-font-family-mono);
}`;

/** Returns whether anything answers at an address. */
export async function isAnswering(origin) {
  try {
    await fetch(origin, { mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return true;
  } catch {
    return false;
  }
}

/** Uploads a file. Resolves to its URL when it has been checked. `onProgress` gets the share that is sent. */
export async function upload(file, endpoint, onProgress) {
  const { finished } = startUpload(file, { endpoint, onProgress: ({ sent, total }) => onProgress(sent / total) });
  return (await finished).url;
}

/** Shows the editor of a picture in an element, in place of another one. */
export function showEditor(place, url) {
  const shadow = place.shadowRoot ?? place.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  // Styles of the page don't reach the site from here.
  style.textContent = base + editor + path + COLOURS;
  const root = variantEditor({ path: url, name: decodeURIComponent(url.split("/").at(-1)) });
  shadow.replaceChildren(style, rungSuggestions(), root);
  root.open = true;
}
