import { announce, element } from "./dom.js";
import { refusedFiles } from "./precheck.js";

/** The number of files that are uploaded concurrently. */
const CONCURRENT = 3;

/**
 * The upload of many files: one card with the progress of all, and below it those that can't be taken, and the cards of those that are
 * being uploaded or have failed. Which can't be taken is found out before anything is sent. `cardOf` makes the card of an item. It gets the item and a function to call with each state in which the card rests.
 */
export function newBatch(items, cardOf) {
  const states = new Map();
  /** The items that are sent. */
  let accepted = [];
  let next = 0;
  let running = 0;
  let isPaused = false;
  const title = element("h2", {}, `${items.length} files`);
  const facts = element("p", { class: "facts", role: "status" });
  const progress = element("progress", { max: items.length, value: 0, "aria-label": `Upload of ${items.length} files` });
  const pause = element("button", { type: "button", hidden: true, onclick: toggle }, "Pause");
  const stop = element("button", { type: "button", hidden: true, onclick: cancel }, "Cancel the rest");
  const hide = element("button", { type: "button", hidden: true, onclick: () => root.remove() }, "Hide");
  const refusals = element("ul", { class: "refusals", "aria-label": "Files that can't be taken" });
  const cards = element("ul", { class: "files", "aria-label": "Files of this upload" });
  const root = element(
    "li",
    { class: "card batch", "aria-label": `Upload of ${items.length} files` },
    element("div", { class: "head" }, element("div", { class: "title" }, title, facts), element("div", { class: "actions" }, pause, stop, hide)),
    progress,
    refusals,
    cards,
  );
  begin();
  return root;

  async function begin() {
    facts.textContent = "Checking which files can be taken.";
    const refused = await refusedFiles(items.map(({ file }) => file));
    for (const item of items.filter(({ file }) => refused.has(file))) {
      states.set(item, "refused");
      refusals.append(element("li", {}, element("strong", {}, item.file.name), ` ${refused.get(item.file)}`));
    }
    accepted = items.filter((item) => !states.has(item));
    show();
    if (states.size > 0) announce(facts.textContent);
    fill();
  }

  function fill() {
    while (!isPaused && running < CONCURRENT && next < accepted.length) run(accepted[next++]);
  }

  function run(item) {
    running += 1;
    let isFirst = true;
    const card = cardOf(item, (state) => {
      states.set(item, state);
      if (state === "uploaded") card.remove();
      if (isFirst) running -= 1;
      isFirst = false;
      show();
      fill();
      if (isFinished() && running === 0) announce(facts.textContent);
    });
    cards.append(card);
  }

  function toggle() {
    isPaused = !isPaused;
    pause.textContent = isPaused ? "Resume" : "Pause";
    show();
    fill();
  }

  /** Leaves out the files that haven't begun. */
  function cancel() {
    for (const item of accepted.slice(next)) states.set(item, "cancelled");
    next = accepted.length;
    show();
  }

  function isFinished() {
    return states.size === items.length;
  }

  function show() {
    const count = (state) => [...states.values()].filter((one) => one === state).length;
    const named = { "can't be taken": count("refused"), "in the library already": count("duplicate"), failed: count("failed"), cancelled: count("cancelled") };
    const rest = Object.entries(named).filter(([, files]) => files > 0).map(([name, files]) => `${files} ${name}`);
    const text = [`${count("uploaded")} of ${items.length} uploaded`, ...rest, ...(isPaused && !isFinished() ? ["paused"] : [])];
    facts.textContent = text.join(", ");
    progress.value = states.size;
    for (const button of [pause, stop]) button.hidden = next >= accepted.length;
    hide.hidden = !isFinished();
  }
}
