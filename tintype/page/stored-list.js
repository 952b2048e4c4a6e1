/**
 * A list in the browser's local storage under `key`, newest first, with at most `limit` entries. Another version of the
 * page, or another program at this origin, may have stored other values; `isEntry` returns `true` for a valid entry.
 * `idOf` returns the identity of an entry.
 */
export function storedList(key, { limit, isEntry, idOf }) {
  function all() {
    try {
      const entries = JSON.parse(localStorage.getItem(key) ?? "[]");
      return Array.isArray(entries) ? entries.filter(isEntry) : [];
    } catch {
      return [];
    }
  }

  function store(entries) {
    try {
      if (entries.length > 0) localStorage.setItem(key, JSON.stringify(entries));
      else localStorage.removeItem(key);
    } catch {
      // The storage is full or switched off. The list then lasts as long as the page.
    }
  }

  const others = (entry) => all().filter((one) => idOf(one) !== idOf(entry));
  return {
    all,
    add: (entry) => store([entry, ...others(entry)].slice(0, limit)),
    remove: (entry) => store(others(entry)),
  };
}

export function isText(value) {
  return typeof value === "string";
}

export function isCount(value) {
  return Number.isFinite(value) && value >= 0;
}
