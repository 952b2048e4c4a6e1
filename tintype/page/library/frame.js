import { element } from "../dom.js";

/** The distance in CSS pixels from which a press is a drag. */
const SLACK = 4;

/**
 * Selects tiles with a frame: a drag on `root` that begins beside the tiles, or on a tile with Alt. `onFrame` gets the frame as a
 * rectangle in the coordinates of `root`, and `true` if the tiles are added to those that were selected when the drag began. `onBegin` is
 * called first.
 */
export function selectByFrame(root, { onBegin, onFrame }) {
  root.addEventListener("pointerdown", (event) => {
    const isOnTile = event.target.closest(".tile") !== null;
    if (event.button !== 0 || event.pointerType === "touch" || (isOnTile && !event.altKey)) return;
    const start = pointOf(event);
    const adds = event.ctrlKey || event.metaKey || event.shiftKey;
    const frame = element("div", { class: "frame-selection", "aria-hidden": "true" });
    // The button may be released outside of the grid, and the page may scroll meanwhile.
    const stopping = new AbortController();
    const { signal } = stopping;
    addEventListener("pointermove", move, { signal });
    for (const ending of ["pointerup", "pointercancel"]) addEventListener(ending, end, { signal });
    event.preventDefault();
    root.focus({ preventScroll: true });

    function move(moved) {
      const point = pointOf(moved);
      if (!frame.isConnected) {
        if (Math.hypot(point.x - start.x, point.y - start.y) < SLACK) return;
        root.append(frame);
        onBegin();
      }
      const [left, top] = [Math.min(start.x, point.x), Math.min(start.y, point.y)];
      const [width, height] = [Math.abs(start.x - point.x), Math.abs(start.y - point.y)];
      for (const [name, value] of Object.entries({ left, top, width, height })) frame.style.setProperty(name, `${value}px`);
      onFrame({ left, top, right: left + width, bottom: top + height }, adds);
    }

    function end() {
      stopping.abort();
      if (!frame.isConnected) return;
      frame.remove();
      // The click that ends the drag would open or select what is below the pointer.
      addEventListener("click", stop, { capture: true, once: true });
      setTimeout(() => removeEventListener("click", stop, { capture: true }));
    }
  });

  function pointOf({ clientX, clientY }) {
    const { left, top } = root.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }
}

function stop(event) {
  event.stopPropagation();
}
