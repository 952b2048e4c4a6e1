/**
 * A list that this browser keeps under `key`, newest first, at most `most` entries. What another version of the
 * page, or another program at this origin, may have left is not trusted: `isEntry` says what is one. `name` gives
 * what tells entries apart.
 */
export function storedList(key, { most, isEntry, name }) {
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
      // Storage that is full or switched off: the list lasts as long as the page.
    }
  }

  const others = (entry) => all().filter((one) => name(one) !== name(entry));
  return {
    all,
    add: (entry) => store([entry, ...others(entry)].slice(0, most)),
    remove: (entry) => store(others(entry)),
  };
}

export function isText(value) {
  return typeof value === "string";
}

export function isCount(value) {
  return Number.isFinite(value) && value >= 0;
}
