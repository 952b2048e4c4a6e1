import { copyButton, element } from "../dom.js";
import { messageOf } from "../failure.js";
import { bytesText, sizeText } from "../format.js";
import { measureSigned } from "../signed-link.js";
import { between, contains, largest, moved, oppositeCorner } from "./rectangle.js";

/** The shapes of a crop, with their ratios. */
const SHAPES = { Free: undefined, "Square, 1:1": 1, "4:3": 4 / 3, "3:2": 3 / 2, "16:9": 16 / 9, "9:16": 9 / 16 };

/** The step of an arrow key, as a fraction of the picture's width. */
const STEP = 0.01;

/** The distance from a corner within which a drag changes the rectangle instead of drawing a new one, in CSS pixels. */
const GRIP = 16;

/** The width of the cropped picture, in pixels, and the pause after the last step of a key before it is requested, in milliseconds. */
const SHOWN_WIDTH = 640;
const PAUSE = 300;

/**
 * A layer above a picture on which a part of it is chosen by dragging or by keys, and below it the shape, the cropped picture and its
 * URL. `file` has the picture's size.
 */
export function cropper(file, path) {
  let rect = largest(file);
  let ratio;
  let timer;
  let requests = new AbortController();
  const box = element("span", { class: "crop-box", "aria-hidden": "true" });
  const layer = element("button", { type: "button", class: "crop-layer", onpointerdown: drag, onkeydown: step }, box);
  const shape = element(
    "select",
    { onchange: reshape },
    ...Object.keys(SHAPES).map((name) => element("option", {}, name)),
  );
  const outcome = element("p", { class: "outcome", role: "status" });
  const image = element("img", { alt: "The crop", hidden: true, onload: () => URL.revokeObjectURL(image.src) });
  const link = element("code", { class: "built", tabindex: "0", "aria-label": "URL of the crop" });
  const root = element(
    "div",
    { class: "crop" },
    element("p", { class: "hint" }, "Drag a part of the picture. Arrow keys move it, with Shift they change its size."),
    element("label", {}, "Shape ", shape),
    outcome,
    image,
    element("div", { class: "line" }, link, copyButton("Copy URL", () => link.textContent, link)),
  );
  show();

  function pointOf({ clientX, clientY }) {
    const { left, top, width, height } = layer.getBoundingClientRect();
    return { x: ((clientX - left) / width) * file.width, y: ((clientY - top) / height) * file.height };
  }

  function drag(event) {
    if (event.button !== 0) return;
    const start = pointOf(event);
    const grip = (GRIP / layer.clientWidth) * file.width;
    const corner = oppositeCorner(rect, start, grip);
    const from = rect;
    // A rectangle that fills the picture can't be moved, so a drag in it draws a new one.
    const isMove = !corner && contains(rect, start) && !(rect.w === file.width && rect.h === file.height);
    const change = (event) => {
      const point = pointOf(event);
      rect = isMove ? moved(from, point.x - start.x, point.y - start.y, file) : between(corner ?? start, point, file, ratio);
      show();
    };
    const end = () => {
      layer.removeEventListener("pointermove", change);
      load(0);
    };
    layer.setPointerCapture(event.pointerId);
    layer.addEventListener("pointermove", change);
    layer.addEventListener("lostpointercapture", end, { once: true });
  }

  function step(event) {
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    if (x === undefined) return;
    event.preventDefault();
    const pixels = Math.max(1, Math.round(STEP * file.width));
    const end = { x: rect.x + Math.max(1, rect.w + x * pixels), y: rect.y + Math.max(1, rect.h + y * pixels) };
    // With a ratio, the smaller side follows the one that is changed.
    if (ratio && x !== 0) end.y = rect.y;
    if (ratio && y !== 0) end.x = rect.x;
    rect = event.shiftKey ? between(rect, end, file, ratio) : moved(rect, x * pixels, y * pixels, file);
    show();
    load(PAUSE);
  }

  function reshape() {
    ratio = SHAPES[shape.value];
    rect = largest(file, ratio);
    show();
    load(0);
  }

  function show() {
    const percent = (part, whole) => `${(100 * part) / whole}%`;
    box.style.setProperty("left", percent(rect.x, file.width));
    box.style.setProperty("top", percent(rect.y, file.height));
    box.style.setProperty("width", percent(rect.w, file.width));
    box.style.setProperty("height", percent(rect.h, file.height));
    layer.setAttribute("aria-label", `Crop: ${rect.w} × ${rect.h} pixels from ${rect.x}, ${rect.y}`);
  }

  function load(milliseconds) {
    clearTimeout(timer);
    requests.abort();
    const { signal } = (requests = new AbortController());
    timer = setTimeout(async () => {
      const { x, y, w, h } = rect;
      const width = Math.min(SHOWN_WIDTH, w);
      try {
        const { url, body, bytes, size } = await measureSigned(new URL(`${path}?w=${width}&rect=${x},${y},${w},${h}`, location.href).href, signal);
        if (signal.aborted) return;
        link.textContent = url;
        image.src = URL.createObjectURL(body);
        image.hidden = false;
        outcome.textContent = `${w} × ${h} pixels of the original · shown as ${sizeText(size)} · ${bytesText(bytes)}`;
        outcome.classList.remove("refused");
      } catch (error) {
        if (signal.aborted) return;
        outcome.textContent = messageOf(error);
        outcome.classList.add("refused");
      }
    }, milliseconds);
  }

  return { layer, root, open: () => load(0) };
}
