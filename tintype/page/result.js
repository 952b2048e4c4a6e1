import { element } from "./dom.js";
import { variantEditor } from "./editor.js";
import { messageOf } from "./failure.js";
import { videoResult } from "./video-result.js";
import { responsivePicture } from "./responsive-picture.js";
import { curlLine, variantTable } from "./variants.js";

/**
 * The result of an upload: its element, and a function that requests its data. That function calls `onPicture` when
 * there is a picture, with the picture's path if it isn't the file's. `preview` is the URL of a picture to show until
 * then, or undefined.
 */
export function result(entry, preview) {
  return /^(video|audio)\//.test(entry.type) ? videoResult(entry) : pictureResult(entry, preview);
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
      root.replaceChildren(failureNotice(error, () => start(onPicture)));
    }
  }
  return { root, start };
}

function failureNotice(error, retry) {
  const message = element("p", { class: "refused" }, `The variants can't be shown. ${messageOf(error)}`);
  return element(
    "div",
    { class: "refusal" },
    message,
    element("button", { type: "button", onclick: retry }, "Try again"),
  );
}
