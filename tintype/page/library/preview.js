import { element } from "../dom.js";
import { rungFor, srcset } from "../ladder.js";
import { comparison } from "./compare.js";
import { cropper } from "./cropper.js";
import { pathOf } from "./files.js";
import { focalPoint } from "./focal-point.js";

/** The layout width of the picture. It must match `.detail-body` in styles/detail.css. */
const SIZES = "(min-width: 62rem) 40rem, calc(100vw - 3.5rem)";

/** The largest width of the picture, in CSS pixels. */
export const MAX_WIDTH = 640;

/** A large picture of a file, on which its focal point is chosen, a part of it is cropped, and two variants are compared. `onFocalPoint` gets a new point. */
export function preview(file, onFocalPoint) {
  const path = pathOf(file);
  const { width = 640, height = 480 } = file;
  const image = element("img", {
    src: `${path}?w=1080`,
    srcset: srcset(path, file.width),
    sizes: SIZES,
    alt: file.alt ?? file.name,
    width,
    height,
  });
  const frame = element("div", { class: "frame" }, image);
  frame.style.setProperty("--width", width);
  frame.style.setProperty("--height", height);
  const below = element("div", { class: "below" });
  const modes = {
    "Focal point": focalPoint(file, path, onFocalPoint),
    ...(file.width && file.height ? { Crop: cropper(file, path) } : {}),
    Compare: comparison(path, rungFor(Math.min(width, MAX_WIDTH * devicePixelRatio))),
  };
  const buttons = Object.keys(modes).map((name) => element("button", { type: "button", "aria-pressed": "false", onclick: () => choose(name) }, name));
  let current;

  function choose(name) {
    current = current === name ? undefined : name;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.textContent === current));
    const mode = modes[current];
    frame.replaceChildren(image, ...(mode ? [mode.layer] : []));
    below.replaceChildren(...(mode ? [mode.root] : []));
    mode?.open();
  }

  return element("div", { class: "preview" }, frame, element("div", { class: "actions" }, ...buttons), below);
}
