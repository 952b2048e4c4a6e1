/** Where the list is kept in this browser. */
const STORAGE_KEY = "tintype.files";

/** Older ones are forgotten by the page; the files themselves stay. */
const MOST_ENTRIES = 60;

/** The uploaded files that this browser remembers, newest first: `{path, name, type, bytes, size?}`. */
export function remembered() {
  try {
    const entries = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "[]");
    return Array.isArray(entries) ? entries.filter(isEntry) : [];
  } catch {
    return [];
  }
}

export function remember(entry) {
  store([entry, ...remembered().filter(({ path }) => path !== entry.path)].slice(0, MOST_ENTRIES));
}

export function forget(entry) {
  store(remembered().filter(({ path }) => path !== entry.path));
}

function store(entries) {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(entries));
  } catch {
    // Storage that is full or switched off: the list lasts as long as the page.
  }
}

/** What another version of the page, or another program at this origin, may have left is not trusted. */
function isEntry(entry) {
  const isText = (value) => typeof value === "string";
  const isCount = (value) => Number.isFinite(value) && value >= 0;
  return (
    isText(entry?.path) &&
    /^\/[^/]/.test(entry.path) &&
    isText(entry.name) &&
    isText(entry.type) &&
    isCount(entry.bytes) &&
    (entry.size === undefined || (isCount(entry.size?.width) && isCount(entry.size?.height)))
  );
}
