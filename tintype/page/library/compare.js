import { element } from "../dom.js";
import { messageOf } from "../failure.js";
import { bytesText } from "../format.js";
import { measureSigned } from "../signed-link.js";

/** The queries of what can be compared, by name. */
const CHOICES = {
  "PNG, lossless": "fm=png",
  JPEG: "fm=jpeg",
  WebP: "fm=webp",
  AVIF: "fm=avif",
  "JPEG, quality 30": "fm=jpeg&q=30",
  "AVIF, quality 30": "fm=avif&q=30",
};

/** The choices of both sides at first. */
const FIRST = ["PNG, lossless", "AVIF"];

/** Two variants of a picture above each other with a slider between them, and their sizes in bytes. `width` is in pixels. */
export function comparison(path, width) {
  const slider = element("input", { type: "range", class: "compare-slider", min: 0, max: 100, value: 50, "aria-label": "Border between both variants", oninput: move });
  const sides = FIRST.map((name, index) => sideOf(path, width, name, index === 0 ? "Left" : "Right"));
  const [left, right] = sides;
  const layer = element("div", { class: "compare-layer" }, right.image, left.image, slider);
  const root = element("div", { class: "compare" }, left.root, right.root);
  left.image.classList.add("compare-left");
  move();

  function move() {
    layer.style.setProperty("--border", `${slider.value}%`);
  }

  return { layer, root, open: () => sides.forEach((side) => side.load()) };
}

function sideOf(path, width, first, label) {
  const image = element("img", { alt: "", draggable: "false" });
  const facts = element("span", { class: "facts", role: "status" });
  const select = element("select", { "aria-label": `${label} variant`, onchange: load });
  select.append(...Object.keys(CHOICES).map((name) => element("option", { value: name, selected: name === first }, name)));
  let requests = new AbortController();

  async function load() {
    requests.abort();
    const { signal } = (requests = new AbortController());
    facts.textContent = "…";
    try {
      const url = new URL(`${path}?w=${width}&${CHOICES[select.value]}`, location.href).href;
      const { body, bytes } = await measureSigned(url, signal);
      if (signal.aborted) return;
      URL.revokeObjectURL(image.src);
      image.src = URL.createObjectURL(body);
      image.alt = `${label}: ${select.value}`;
      facts.textContent = bytesText(bytes);
    } catch (error) {
      if (!signal.aborted) facts.textContent = messageOf(error);
    }
  }

  return { image, load, root: element("label", {}, element("span", { class: "copy-name" }, label), select, facts) };
}
