import { element } from "../dom.js";
import { measureSigned } from "../signed-link.js";

/** The step of an arrow key, as a fraction of the picture. */
const STEP = 0.02;

/** The pause after the last step of a key, in milliseconds, after which the point is saved. */
const PAUSE = 400;

/** The shapes of the crops that show what a point does, and their height in pixels. */
const SHAPES = { Square: [96, 96], Wide: [171, 96], Tall: [54, 96] };

/**
 * A layer above a picture on which a click or the arrow keys choose its focal point, and crops around the point. `onChoose` gets
 * the point, or `null`.
 */
export function focalPoint(file, path, onChoose) {
  let point = file.focalPoint;
  let timer;
  const marker = element("span", { class: "focal-marker", "aria-hidden": "true" });
  const layer = element("button", { type: "button", class: "focal-layer", onclick: click, onkeydown: step }, marker);
  const clear = element("button", { type: "button", onclick: () => choose(undefined, 0) }, "Clear");
  const crops = element("div", { class: "crops" });
  const root = element(
    "div",
    { class: "focal" },
    element("p", { class: "hint" }, "Click on what matters most, or move the point with the arrow keys. Crops keep it in view."),
    crops,
    clear,
  );
  let requests = new AbortController();
  show();

  function click(event) {
    // The keyboard clicks, too, without a place.
    if (event.detail === 0) return;
    const { left, top, width, height } = layer.getBoundingClientRect();
    choose({ x: (event.clientX - left) / width, y: (event.clientY - top) / height }, 0);
  }

  function step(event) {
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    if (x === undefined) return;
    event.preventDefault();
    const from = point ?? { x: 0.5, y: 0.5 };
    choose({ x: from.x + x * STEP, y: from.y + y * STEP }, PAUSE);
  }

  function choose(next, pause) {
    point = next && { x: rounded(next.x), y: rounded(next.y) };
    show();
    clearTimeout(timer);
    timer = setTimeout(() => {
      onChoose(point ?? null);
      showCrops();
    }, pause);
  }

  function show() {
    marker.hidden = !point;
    clear.hidden = !point;
    marker.style.setProperty("left", `${100 * (point?.x ?? 0.5)}%`);
    marker.style.setProperty("top", `${100 * (point?.y ?? 0.5)}%`);
    const percent = (fraction) => `${Math.round(100 * fraction)} %`;
    const place = point ? `${percent(point.x)} across, ${percent(point.y)} down` : "not set";
    layer.setAttribute("aria-label", `Focal point: ${place}`);
  }

  function showCrops() {
    requests.abort();
    const { signal } = (requests = new AbortController());
    crops.replaceChildren(...Object.entries(SHAPES).map(([shape, size]) => cropOf(shape, size, signal)));
  }

  function cropOf(shape, [width, height], signal) {
    const image = element("img", { alt: `${shape} crop`, width, height });
    const { x, y } = point ?? { x: 0.5, y: 0.5 };
    const url = new URL(`${path}?w=${2 * width}&h=${2 * height}&fit=crop&fp-x=${x}&fp-y=${y}`, location.href).href;
    measureSigned(url, signal).then(
      ({ body }) => (image.src = URL.createObjectURL(body)),
      () => image.remove(),
    );
    image.addEventListener("load", () => URL.revokeObjectURL(image.src));
    return image;
  }

  return { layer, root, open: showCrops };
}

/** A fraction from 0 to 1, in thousandths as in URLs. */
function rounded(fraction) {
  return Math.round(1000 * Math.min(1, Math.max(0, fraction))) / 1000;
}
