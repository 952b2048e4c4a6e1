import { element } from "../dom.js";
import { fileOf, samples, smallPicture } from "../samples.js";

/** The documents that the page's server has. */
const DOCUMENTS = { "the image API": "/docs/image-api.md", "this page and its API": "/docs/library.md" };

/**
 * What stands in place of the files if there are none to show: a sentence, and in an empty library some samples to try, and links to
 * the documents. `onSamples` gets the files of the samples that the user chooses.
 */
export function emptyState(onSamples) {
  const sentence = element("p");
  const [first, second] = Object.entries(DOCUMENTS).map(([name, href]) => element("a", { href, target: "_blank", rel: "noopener" }, name));
  const welcome = element(
    "div",
    { class: "welcome" },
    element("p", {}, "Or try a sample, which this browser draws:"),
    element("div", { class: "samples" }),
    element("p", {}, "Read about ", first, " and ", second, "."),
  );
  const root = element("div", { class: "empty", hidden: true }, sentence, welcome);

  /** The small pictures are drawn when they are seen first. */
  function drawSamples() {
    const row = welcome.querySelector(".samples");
    if (row.childElementCount > 0) return;
    const all = element("button", { type: "button", onclick: () => choose(samples) }, "All of them");
    row.append(...samples.map(sampleButton), all);
  }

  function sampleButton(sample) {
    return element("button", { type: "button", class: "sample", onclick: () => choose([sample]) }, smallPicture(sample), element("span", {}, sample.label));
  }

  async function choose(some) {
    onSamples(await Promise.all(some.map(fileOf)));
  }

  return {
    root,
    show(isFiltering) {
      sentence.textContent = isFiltering ? "No file matches." : "The library is empty. Choose files above, or drop them on this page.";
      welcome.hidden = isFiltering;
      if (!isFiltering) drawSamples();
      root.hidden = false;
    },
    hide() {
      root.hidden = true;
    },
  };
}
