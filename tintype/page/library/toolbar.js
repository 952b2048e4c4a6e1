import { element } from "../dom.js";

const KINDS = { "": "All types", picture: "Pictures", video: "Videos", sound: "Sound", document: "Documents" };
const ORDERS = { newest: "Newest first", oldest: "Oldest first", name: "By name", largest: "Largest first" };

const VIEWS = { medium: "Medium tiles", small: "Small tiles", large: "Large tiles", list: "List" };

/** The width of the narrowest tile of each view, in CSS pixels. The list has none. */
const WIDTHS = { small: 92, medium: 136, large: 224 };

/** The values in the choice of folders for all files, and for those in no folder. */
const EVERYWHERE = "*";
const NOWHERE = "";

/**
 * The toolbar of the library. `onFilter` is called when another part of the files is to be shown, `onView` for another size of tiles or
 * the list.
 */
export function newToolbar({ onFilter, onView }) {
  const search = element("input", { type: "search", placeholder: "Search names and tags", "aria-label": "Search the library", oninput: onFilter });
  const kind = choice("Type", KINDS, onFilter);
  const folder = choice("Folder", { [EVERYWHERE]: "All folders" }, onFilter);
  const order = choice("Order", ORDERS, onFilter);
  const view = choice("View", VIEWS, onView);
  folder.hidden = true;
  let folders = "";

  /** Offers the folders in which files are. */
  function showFolders(files) {
    const names = [...new Set(files.map((file) => file.folder))].filter(Boolean).sort();
    if (names.join("\n") === folders) return;
    folders = names.join("\n");
    const chosen = folder.value;
    const all = [[EVERYWHERE, "All folders"], [NOWHERE, "No folder"], ...names.map((name) => [name, name])];
    folder.replaceChildren(...all.map(([value, text]) => element("option", { value }, text)));
    folder.value = names.includes(chosen) || chosen === NOWHERE ? chosen : EVERYWHERE;
    folder.hidden = names.length === 0;
  }

  return {
    root: element("div", { class: "toolbar" }, element("h2", { id: "library-title" }, "Library"), search, kind, folder, order, view),
    showFolders,
    /** What the user looks for. `folder` is `undefined` for all folders. */
    get query() {
      return { text: search.value, kind: kind.value, folder: folder.value === EVERYWHERE ? undefined : folder.value, order: order.value };
    },
    get isFiltering() {
      return search.value.trim() !== "" || kind.value !== "" || folder.value !== EVERYWHERE;
    },
    /** The width of the narrowest tile, and undefined for the list. */
    get tileWidth() {
      return WIDTHS[view.value];
    },
  };
}

function choice(label, options, onchange) {
  const select = element("select", { "aria-label": label, onchange });
  select.append(...Object.entries(options).map(([value, text]) => element("option", { value }, text)));
  return select;
}
