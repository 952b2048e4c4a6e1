/**
 * The selection in a list of ids, and its active item. Ids that leave the list leave the selection, too. All indexes are
 * positions in the list.
 */
export function newSelection() {
  let ids = [];
  let selected = new Set();
  let active = 0;
  /** The position at which a range begins. */
  let anchor = 0;

  /** Replaces the list. The active item stays, or becomes the one in its place. */
  function setList(next) {
    const [activeId, anchorId] = [ids[active], ids[anchor]];
    ids = next;
    const all = new Set(ids);
    selected = new Set([...selected].filter((id) => all.has(id)));
    active = indexNear(activeId, active);
    anchor = indexNear(anchorId, anchor);
  }

  function indexNear(id, index) {
    const found = ids.indexOf(id);
    return found >= 0 ? found : Math.max(0, Math.min(index, ids.length - 1));
  }

  /** Moves the active item. With `extend`, everything from the anchor to it becomes the selection. */
  function moveTo(index, { extend = false } = {}) {
    active = Math.max(0, Math.min(index, ids.length - 1));
    if (!extend) {
      anchor = active;
      return;
    }
    const [from, to] = [Math.min(anchor, active), Math.max(anchor, active)];
    selected = new Set(ids.slice(from, to + 1));
  }

  /** Selects or deselects an item, and makes it the active one. */
  function toggle(index) {
    moveTo(index);
    const id = ids[active];
    if (id === undefined) return;
    if (!selected.delete(id)) selected.add(id);
  }

  return {
    setList,
    moveTo,
    toggle,
    /** Selects these ids and no others. */
    select: (some) => (selected = new Set(some)),
    selectAll: () => (selected = new Set(ids)),
    clear: () => (selected = new Set()),
    has: (id) => selected.has(id),
    get active() {
      return active;
    },
    /** The selected ids in the order of the list. */
    get selected() {
      return ids.filter((id) => selected.has(id));
    },
  };
}
