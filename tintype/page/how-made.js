import { element } from "./dom.js";
import { explanationPath } from "./explanation.js";
import { messageOf } from "./failure.js";
import { sizeText } from "./format.js";
import { measureSigned } from "./signed-link.js";

/**
 * What `explain=1` answers for the shown picture, as a path of steps. It is requested while the details are open. A document is shown
 * if it is such an answer itself.
 */
export function howItIsMade() {
  const path = element("div", { role: "status" });
  const root = element("details", { class: "made", hidden: true, ontoggle: load }, element("summary", {}, "How it is made"), path);
  let explained;
  let shown;
  let requests = new AbortController();

  /** Shows the path of the picture at a URL, whose size may be unknown, or of a document. */
  function show(url, document, size) {
    shown = size;
    const isExplanation = document?.plan !== undefined;
    explained = document ? undefined : url;
    root.hidden = document !== undefined && !isExplanation;
    path.replaceChildren(...(isExplanation ? [explanationPath(document)] : []));
    if (isExplanation) root.open = true;
    else load();
  }

  async function load() {
    requests.abort();
    if (!root.open || !explained) return;
    const { signal } = (requests = new AbortController());
    try {
      const { body } = await measureSigned(`${explained}${explained.includes("?") ? "&" : "?"}explain=1`, signal);
      const document = JSON.parse(await body.text());
      if (!signal.aborted) path.replaceChildren(explanationPath(document), ...differenceOf(document.variant, shown));
    } catch (error) {
      if (!signal.aborted) path.replaceChildren(element("p", { class: "refused" }, messageOf(error)));
    }
  }
  return { root, show };
}

/** A sentence if the policy has rounded the size of the shown picture: `explain` needs a signature, with which it doesn't. */
function differenceOf(explained, shown) {
  if (!shown || (explained.width === shown.width && explained.height === shown.height)) return [];
  const text = `This is the variant of a signed link. The picture was requested without a signature, and has ${sizeText(shown)} pixels.`;
  return [element("p", { class: "facts" }, text)];
}
