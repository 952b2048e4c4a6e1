import { element } from "./dom.js";
import { variantEditor } from "./editor.js";
import { wordsOf } from "./failure.js";
import { filmResult } from "./film.js";
import { responsivePicture } from "./picture.js";
import { curlLine, variantTable } from "./variants.js";

/**
 * What an uploaded file became, and a function that asks for it, which calls `onPicture` once there is a picture,
 * with its path where that isn't the file's own. `preview` is a URL of the picture to show until then, where there is one.
 */
export function result(entry, preview) {
  return entry.type.startsWith("image/") ? pictureResult(entry, preview) : filmResult(entry);
}

function pictureResult(entry, preview) {
  const root = element("div", { class: "result" });

  async function start(onPicture) {
    const picture = responsivePicture(entry, preview);
    const figures = element("div", { class: "figures" });
    root.replaceChildren(picture.figure, figures);
    const { table, fill } = variantTable(entry, picture.figure.clientWidth * devicePixelRatio);
    figures.append(table, element("h3", {}, "From a terminal"), curlLine(entry));
    root.append(variantEditor(entry));
    try {
      await fill(() => {
        picture.load();
        onPicture();
      });
    } catch (error) {
      root.replaceChildren(refusal(error, () => start(onPicture)));
    }
  }
  return { root, start };
}

function refusal(error, again) {
  const words = element("p", { class: "refused" }, `The variants can't be shown. ${wordsOf(error)}`);
  return element(
    "div",
    { class: "refusal" },
    words,
    element("button", { type: "button", onclick: again }, "Try again"),
  );
}
