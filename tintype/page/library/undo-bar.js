import { announce, element } from "../dom.js";

/** The time in which the user can take something back, in milliseconds. It doesn't run while the bar is hovered or has the focus. */
const UNDO_TIME = 10_000;

/**
 * Shows what was done, with buttons to take it back and to close the bar. Calls `onUndo` or, after the time or when the bar is
 * closed, `onDone`. The functions that it returns do the same as its buttons.
 */
export function showUndoBar(text, { onUndo, onDone }) {
  let timer;
  let isOpen = true;
  const end = (then) => {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(timer);
    root.remove();
    then();
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => end(onDone), UNDO_TIME);
  };
  const hold = () => clearTimeout(timer);
  const root = element(
    "div",
    { class: "undo-bar", role: "region", "aria-label": "What was just done", onmouseenter: hold, onfocusin: hold, onmouseleave: wait, onfocusout: wait },
    element("span", {}, text),
    element("button", { type: "button", onclick: () => end(onUndo) }, "Undo"),
    element("button", { type: "button", class: "icon", "aria-label": "Close", onclick: () => end(onDone) }, "×"),
  );
  document.body.append(root);
  announce(`${text} Press Control and Z in the library to undo.`);
  wait();
  return { undo: () => end(onUndo), finish: () => end(onDone) };
}
