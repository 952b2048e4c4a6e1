import { element } from "./dom.js";
import { srcset } from "./ladder.js";

/** The layout width of the picture. It must match `.result` in styles/result.css. */
const SIZES = "(min-width: 75rem) 27rem, (min-width: 66rem) 34vw, calc(100vw - 4.5rem)";

/**
 * The picture as a page would show it: one `<img>` with every width of the ladder, from which the browser chooses. Until
 * `load` is called, it shows the URL `preview`, if there is one.
 */
export function responsivePicture({ path, name, size }, preview) {
  const caption = element("figcaption", {}, "\u00a0");
  const image = element("img", {
    src: preview,
    alt: name,
    decoding: "async",
    width: size?.width,
    height: size?.height,
  });
  const figure = element("figure", { class: "picture" }, image, caption);

  function load() {
    const candidates = srcset(path, size?.width);
    image.addEventListener("load", () => {
      if (preview) URL.revokeObjectURL(preview);
      const chosen = new URL(image.currentSrc).search.slice(1);
      caption.textContent = `The browser chose ${chosen} from ${candidates.split(",").length} widths`;
    });
    image.sizes = SIZES;
    image.srcset = candidates;
    image.src = `${path}?w=1080`;
  }
  return { figure, load };
}
