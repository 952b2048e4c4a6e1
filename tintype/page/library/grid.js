import { element } from "../dom.js";
import { selectByFrame } from "./frame.js";
import { row, tile, uncover } from "./tile.js";

/** The width of the narrowest tile at first, and the space between tiles, in CSS pixels. */
const MIN_TILE = 136;
const GAP = 12;

/** The height of a tile below its picture, in CSS pixels. It must match `.tile` in styles/library.css. */
const CAPTION = 58;

/** The height of a row of the list, in CSS pixels. It must match `.grid[data-layout="list"]` in styles/list.css. */
const ROW = 60;

/** The rows above and below the visible ones that have tiles. */
const SPARE_ROWS = 2;

/**
 * A grid of files. It has tiles for the visible rows only, so its size doesn't matter. `selection` has the ids of the files.
 * `onOpen` gets the position of a file that the user opens, `onDelete` is called for the selection, and `onChange` after each
 * change of it. `onUndo` is called when the user takes a deletion back.
 */
export function newGrid({ selection, onOpen, onDelete, onUndo, onChange }) {
  let files = [];
  let minTile = MIN_TILE;
  let isList = false;
  const canvas = element("div", { class: "canvas", role: "presentation" });
  const root = element(
    "div",
    { class: "grid", role: "listbox", "aria-multiselectable": "true", "aria-label": "Files of the library", tabindex: "0" },
    canvas,
  );

  function measures() {
    const width = canvas.clientWidth || 1;
    if (isList) return { columns: 1, tileWidth: width, rowHeight: ROW, leftOf: () => 0 };
    const columns = Math.max(1, Math.floor((width + GAP) / (minTile + GAP)));
    const tileWidth = (width - GAP * (columns - 1)) / columns;
    // The first column is where reading begins.
    const isTurned = isFromRight();
    const leftOf = (column) => (isTurned ? columns - 1 - column : column) * (tileWidth + GAP);
    return { columns, tileWidth, rowHeight: tileWidth + CAPTION + GAP, leftOf };
  }

  function isFromRight() {
    return getComputedStyle(root).direction === "rtl";
  }

  function draw() {
    const { columns, tileWidth, rowHeight, leftOf } = measures();
    const rows = Math.ceil(files.length / columns);
    canvas.style.setProperty("height", `${Math.max(0, rows * rowHeight - (isList ? 0 : GAP))}px`);
    const top = -canvas.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(top / rowHeight) - SPARE_ROWS) * columns;
    const last = Math.min(files.length, (Math.ceil((top + innerHeight) / rowHeight) + SPARE_ROWS) * columns);
    const known = new Map([...canvas.children].map((child) => [child.dataset.id, child]));
    const hasFocus = root.matches(":focus") && files.length > 0;
    // The active tile exists while the grid has the focus: the grid names it to screen readers.
    const isActiveOutside = hasFocus && (selection.active < first || selection.active >= last);
    const indexes = isActiveOutside && selection.active < first ? [selection.active] : [];
    for (let index = first; index < last; index += 1) indexes.push(index);
    if (isActiveOutside && selection.active >= last) indexes.push(selection.active);
    const shown = indexes.map((index) => {
      const file = files[index];
      const child = tileFor(file, known.get(file.id), tileWidth);
      const [row, column] = [Math.floor(index / columns), index % columns];
      child.style.setProperty("width", `${tileWidth}px`);
      child.style.setProperty("transform", `translate(${leftOf(column)}px, ${row * rowHeight}px)`);
      child.setAttribute("aria-selected", String(selection.has(file.id)));
      child.setAttribute("aria-setsize", files.length);
      child.setAttribute("aria-posinset", index + 1);
      child.toggleAttribute("data-active", hasFocus && index === selection.active);
      return child;
    });
    place(shown);
    if (hasFocus) root.setAttribute("aria-activedescendant", `tile-${files[selection.active].id}`);
    else root.removeAttribute("aria-activedescendant");
  }

  /** The tile of a file: the former one if neither the file nor its width has changed, or a new one with its loaded picture. */
  function tileFor(file, former, width) {
    const version = isList ? "row" : Math.round(width);
    if (former?.file === file && former.version === version) return former;
    const created = Object.assign(isList ? row(file) : tile(file, width), { file, version });
    const [before, now] = [former?.querySelector("img"), created.querySelector("img")];
    if (before && now && before.srcset === now.srcset) {
      now.replaceWith(before);
      if (before.complete && before.naturalWidth > 0) uncover(before);
    }
    return created;
  }

  /** Shows tiles in their order. Those that are there already aren't moved: a click that has begun on one would get lost. */
  function place(tiles) {
    const kept = new Set(tiles);
    for (const child of [...canvas.children]) if (!kept.has(child)) child.remove();
    let next = canvas.firstElementChild;
    for (const child of tiles) {
      if (child === next) next = next.nextElementSibling;
      else canvas.insertBefore(child, next);
    }
  }

  function scrollToActive() {
    const { columns, rowHeight } = measures();
    const top = canvas.getBoundingClientRect().top + Math.floor(selection.active / columns) * rowHeight;
    const bottom = top + rowHeight;
    if (top < 0) scrollBy(0, top - GAP);
    else if (bottom > innerHeight) scrollBy(0, bottom - innerHeight + GAP);
  }

  function changed() {
    draw();
    onChange();
  }

  /** The ids of the files whose tiles a rectangle touches. */
  function touched({ left, top, right, bottom }) {
    const { columns, tileWidth, rowHeight, leftOf } = measures();
    const height = rowHeight - (isList ? 0 : GAP);
    return files
      .filter((_, index) => {
        const [x, y] = [leftOf(index % columns), Math.floor(index / columns) * rowHeight];
        return x < right && x + tileWidth > left && y < bottom && y + height > top;
      })
      .map(({ id }) => id);
  }

  let before = [];
  selectByFrame(root, {
    onBegin: () => (before = selection.selected),
    onFrame(frame, adds) {
      selection.select([...(adds ? before : []), ...touched(frame)]);
      changed();
    },
  });

  root.addEventListener("click", (event) => {
    const index = indexAt(event);
    if (index < 0) return;
    const isTick = event.target.closest(".tick");
    if (event.shiftKey) selection.moveTo(index, { extend: true });
    else if (event.ctrlKey || event.metaKey || isTick || selection.selected.length > 0) selection.toggle(index);
    else {
      selection.moveTo(index);
      onOpen(index);
    }
    changed();
  });

  function indexAt({ target }) {
    const id = target.closest(".tile")?.dataset.id;
    return id === undefined ? -1 : files.findIndex((file) => file.id === id);
  }

  root.addEventListener("keydown", (event) => {
    const { columns, rowHeight } = measures();
    const page = columns * Math.max(1, Math.floor(innerHeight / rowHeight) - 1);
    const right = isFromRight() ? -1 : 1;
    const steps = { ArrowRight: right, ArrowLeft: -right, ArrowDown: columns, ArrowUp: -columns, PageDown: page, PageUp: -page };
    const ends = { Home: 0, End: files.length - 1 };
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.key in steps || event.key in ends) {
      const target = event.key in ends ? ends[event.key] : selection.active + steps[event.key];
      // A step beyond the first or last row stays where it is.
      const isInside = event.key in ends || (target >= 0 && target < files.length);
      const isPage = event.key.startsWith("Page");
      if (isInside || isPage) selection.moveTo(target, { extend: event.shiftKey });
      scrollToActive();
    } else if (event.key === " ") selection.toggle(selection.active);
    else if (event.key === "Enter" && files.length > 0) onOpen(selection.active);
    else if (event.key === "a" && isCommand) selection.selectAll();
    else if (event.key === "z" && isCommand) onUndo();
    else if (event.key === "Escape") selection.clear();
    else if (event.key === "Delete" && files.length > 0) {
      if (selection.selected.length === 0) selection.toggle(selection.active);
      onDelete();
    } else return;
    event.preventDefault();
    changed();
  });
  root.addEventListener("focus", draw);
  root.addEventListener("blur", draw);
  addEventListener("scroll", draw, { passive: true });
  addEventListener("resize", draw);
  new ResizeObserver(draw).observe(canvas);
  // A browser that translates the page turns it.
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["dir"] });

  return {
    root,
    draw: changed,
    /** Shows tiles of another size, or a list. `width` is that of the narrowest tile in CSS pixels, and undefined for a list. */
    setView(width) {
      isList = width === undefined;
      minTile = width ?? minTile;
      root.dataset.layout = isList ? "list" : "tiles";
      draw();
    },
    /** Shows other files. */
    show(next) {
      files = next;
      selection.setList(files.map(({ id }) => id));
      changed();
    },
  };
}
