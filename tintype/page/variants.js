import { copyButton, element } from "./dom.js";
import { messageOf } from "./failure.js";
import { bytesText, sizeText, timeText } from "./format.js";
import { formatWidthOf, rungFor, tableQueries } from "./ladder.js";
import { IMAGE_ACCEPT, measure, oneAtATime } from "./measure.js";

const COLUMNS = ["Variant", "Format", "Pixels", "Bytes", "First time", "Again"];

/**
 * A table of a picture's variants, and a function that fetches each variant twice and fills the table. It calls `onFirst`
 * after the first variant. It rejects with the failure of the first variant, since the others would fail too.
 */
export function variantTable(entry, shownWidth) {
  const width = entry.size?.width;
  const shown = rungFor(Math.min(shownWidth, width ?? shownWidth));
  const rows = tableQueries(width, shown).map((query) => variantRow(entry, query));
  const head = COLUMNS.map((name) => element("th", { scope: "col", role: "columnheader" }, name));
  // The roles repeat what the elements mean: browsers drop the meaning if styles/variants.css stacks the cells.
  const table = element(
    "table",
    { class: "variants", role: "table", "aria-label": `Variants of ${entry.name}` },
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...head)),
    element("tbody", { role: "rowgroup" }, ...rows.map(({ root }) => root)),
  );

  async function fill(onFirst) {
    // The variant that the page shows comes first, so that it is measured before the page requests it.
    const [first, ...others] = [...rows].sort(
      (a, b) => (b.query === `w=${shown}`) - (a.query === `w=${shown}`),
    );
    await first.measureFirst();
    onFirst();
    await first.measureAgain();
    for (const row of others) {
      // The table was removed from the page.
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
    const measurement = await oneAtATime(() => measure(url));
    cells.Format.textContent = measurement.format;
    cells.Pixels.textContent = measurement.size ? sizeText(measurement.size) : "?";
    cells.Bytes.replaceChildren(bytesText(measurement.bytes), sizeBar(measurement.bytes / entry.bytes));
    cells["First time"].replaceChildren(...timing(measurement));
  }

  async function measureAgain() {
    again.disabled = true;
    try {
      cells.Again.replaceChildren(...timing(await oneAtATime(() => measure(url))), again);
    } catch (error) {
      cells.Again.replaceChildren(element("span", { class: "refused" }, messageOf(error)), again);
    }
    again.disabled = false;
  }

  async function measureBoth() {
    try {
      await measureFirst();
    } catch (error) {
      for (const cell of Object.values(cells)) cell.textContent = "–";
      cells["First time"].replaceChildren(element("span", { class: "refused" }, messageOf(error)));
      return;
    }
    await measureAgain();
  }
  return { root, query, measureFirst, measureAgain, measureBoth };
}

/** A bar for the ratio of a variant's bytes to its original's. */
function sizeBar(ratio) {
  const percent = Math.round(100 * ratio);
  const bar = element("span", { class: "bar", title: `${percent} % of the original`, "aria-hidden": "true" });
  bar.style.setProperty("--part", `${Math.min(percent, 100)}%`);
  return bar;
}

/** A time, and a badge with the origin of the response. */
function timing({ milliseconds, origin, stages }) {
  const detail = stagesText(stages);
  const badge = element(
    "span",
    { class: "badge", "data-provenance": origin, title: detail || undefined },
    origin,
  );
  return [element("span", { class: "time" }, timeText(milliseconds)), badge];
}

/** The stages as text, such as `decode 31 ms, encode 12 ms`. */
export function stagesText(stages) {
  return stages.map((stage) => `${stage.name} ${timeText(stage.milliseconds)}`).join(", ");
}
