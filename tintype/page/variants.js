import { copyButton, element } from "./dom.js";
import { wordsOf } from "./failure.js";
import { bytesText, sizeText, timeText } from "./format.js";
import { formatWidthOf, rungFor, tableQueries } from "./ladder.js";
import { IMAGE_ACCEPT, measure, oneByOne } from "./measure.js";

const COLUMNS = ["Variant", "Format", "Pixels", "Bytes", "First time", "Again"];

/**
 * A table of a picture's variants, and a function that fetches each twice and fills it in. `onFirst` is called
 * once the first of them is there. Rejects with the failure of the first one, since the others would fail alike.
 */
export function variantTable(entry, shownWidth) {
  const width = entry.size?.width;
  const shown = rungFor(Math.min(shownWidth, width ?? shownWidth));
  const rows = tableQueries(width, shown).map((query) => variantRow(entry, query));
  const head = COLUMNS.map((name) => element("th", { scope: "col", role: "columnheader" }, name));
  // The roles say what the elements are anyway: browsers forget it where style.css stacks the cells.
  const table = element(
    "table",
    { class: "variants", role: "table", "aria-label": `Variants of ${entry.name}` },
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...head)),
    element("tbody", { role: "rowgroup" }, ...rows.map(({ root }) => root)),
  );

  async function fill(onFirst) {
    // The one that the page shows comes first, so that it is measured before the page asks for it.
    const [first, ...others] = [...rows].sort(
      (a, b) => (b.query === `w=${shown}`) - (a.query === `w=${shown}`),
    );
    await first.measureFirst();
    onFirst();
    await first.measureAgain();
    for (const row of others) {
      // Nobody looks at a table that was taken off the page.
      if (!table.isConnected) return;
      await row.measureBoth();
    }
  }
  return { table, fill };
}

/** The command that fetches one variant from a terminal. */
export function curlLine(entry) {
  const query = `w=${formatWidthOf(entry.size?.width)}`;
  const url = `${location.origin}${entry.path}?${query}`;
  const command = `curl -sS -D - -o variant -H 'Accept: ${IMAGE_ACCEPT}' '${url.replaceAll("'", "'\\''")}'`;
  const code = element("code", { tabindex: "0" }, command);
  return element(
    "div",
    { class: "line" },
    code,
    copyButton("Copy", () => command, code),
  );
}

function variantRow(entry, query) {
  const url = `${entry.path}?${query}`;
  const cells = Object.fromEntries(
    COLUMNS.slice(1).map((name) => [name, element("td", { role: "cell", "data-column": name }, "…")]),
  );
  const again = element(
    "button",
    {
      type: "button",
      class: "icon",
      "aria-label": `Fetch ${query} again`,
      title: "Fetch again",
      onclick: () => measureAgain(),
    },
    "↻",
  );
  const link = element("a", { href: url, target: "_blank", rel: "noopener" }, query);
  const root = element(
    "tr",
    { role: "row", "data-query": query },
    element("th", { scope: "row", role: "rowheader" }, link),
    ...Object.values(cells),
  );

  async function measureFirst() {
    const measured = await oneByOne(() => measure(url));
    cells.Format.textContent = measured.format;
    cells.Pixels.textContent = measured.size ? sizeText(measured.size) : "?";
    cells.Bytes.replaceChildren(bytesText(measured.bytes), sizeBar(measured.bytes / entry.bytes));
    cells["First time"].replaceChildren(...timing(measured));
  }

  async function measureAgain() {
    again.disabled = true;
    try {
      cells.Again.replaceChildren(...timing(await oneByOne(() => measure(url))), again);
    } catch (error) {
      cells.Again.replaceChildren(element("span", { class: "refused" }, wordsOf(error)), again);
    }
    again.disabled = false;
  }

  async function measureBoth() {
    try {
      await measureFirst();
    } catch (error) {
      for (const cell of Object.values(cells)) cell.textContent = "–";
      cells["First time"].replaceChildren(element("span", { class: "refused" }, wordsOf(error)));
      return;
    }
    await measureAgain();
  }
  return { root, query, measureFirst, measureAgain, measureBoth };
}

/** A bar of a variant's bytes against its original's. */
function sizeBar(ratio) {
  const percent = Math.round(100 * ratio);
  const bar = element("span", { class: "bar", title: `${percent} % of the original`, "aria-hidden": "true" });
  bar.style.setProperty("--part", `${Math.min(percent, 100)}%`);
  return bar;
}

/** A time, and whether the edge's cache had it. */
function timing({ milliseconds, provenance, stages }) {
  const detail = stagesText(stages);
  const badge = element(
    "span",
    { class: "badge", "data-provenance": provenance, title: detail || undefined },
    provenance,
  );
  return [element("span", { class: "time" }, timeText(milliseconds)), badge];
}

/** `decode 31 ms, encode 12 ms`. */
export function stagesText(stages) {
  return stages.map((stage) => `${stage.name} ${timeText(stage.milliseconds)}`).join(", ");
}
