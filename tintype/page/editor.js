import { control, fillIn, queryOf } from "./controls.js";
import { copyButton, element } from "./dom.js";
import { messageOf } from "./failure.js";
import { bytesText, sizeText, timeText } from "./format.js";
import { howItIsMade } from "./how-made.js";
import { GROUPS, MAIN_CONTROLS } from "./parameters.js";
import { measureSigned } from "./signed-link.js";
import { stagesText } from "./variants.js";

const FIRST_QUERY = "w=480&h=480&fit=crop";

/** The pause in typing after which the editor requests a picture, in milliseconds. */
const TYPING_PAUSE = 250;

/**
 * An editor of a picture's URL: controls, an address field, the complete URL, and its picture or document. `entry.path` is a path
 * of this server or a URL.
 */
export function variantEditor(entry) {
  const main = MAIN_CONTROLS.map(control);
  const groups = GROUPS.map(({ label, controls }) => ({ label, controls: controls.map(control) }));
  const controls = [...main, ...groups.flatMap(({ controls }) => controls)];
  const address = element("input", {
    class: "query",
    "aria-label": `Parameters of ${entry.name}`,
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
  });
  const prefix = element("span", { class: "prefix" }, `${entry.path}?`);
  const file = new URL(entry.path, location.href).href;
  const view = resultView(entry.name);
  const show = loader(() => file + (address.value ? `?${address.value}` : ""), view);

  const form = element(
    "form",
    { onsubmit: (event) => event.preventDefault() },
    gridOf(main),
    element(
      "details",
      { class: "more" },
      element("summary", {}, "All parameters"),
      ...groups.map(({ label, controls }) =>
        element("fieldset", {}, element("legend", {}, label), gridOf(controls)),
      ),
    ),
    element("div", { class: "line" }, element("label", { class: "address" }, prefix, address)),
  );
  const summary = element("summary", {}, "Try other parameters");
  const root = element("details", { class: "editor", ontoggle: open }, summary, form, ...view.parts);

  for (const { input } of controls) {
    input.addEventListener("input", () => {
      address.value = queryOf(controls);
      show(TYPING_PAUSE);
    });
  }
  address.addEventListener("input", () => {
    fillIn(controls, address.value);
    show(TYPING_PAUSE);
  });

  let wasOpened = false;
  function open() {
    if (!root.open || wasOpened) return;
    wasOpened = true;
    address.value = FIRST_QUERY;
    fillIn(controls, FIRST_QUERY);
    show(0);
  }
  return root;
}

function gridOf(controls) {
  return element("div", { class: "controls" }, ...controls.map(({ root }) => root));
}

/** The elements below the controls, and functions that show a response or a failure in them. */
function resultView(name) {
  const link = element("code", { class: "built", tabindex: "0" });
  const line = element("div", { class: "line" }, link, copyButton("Copy URL", () => link.textContent, link));
  const outcome = element("p", { class: "outcome", role: "status" });
  const image = element("img", { alt: `${name}, edited` });
  const text = element("pre", { tabindex: "0", hidden: true });
  const made = howItIsMade();

  /** Shows the answer to `url`, which is a signed link if that was needed. */
  async function succeed(measurement, url) {
    const isDocument = measurement.body.type.includes("json");
    const document = isDocument ? JSON.parse(await measurement.body.text()) : undefined;
    if (isDocument) text.textContent = JSON.stringify(document, null, 2);
    made.show(url, document, measurement.size);
    URL.revokeObjectURL(image.src);
    if (isDocument) image.removeAttribute("src");
    else image.src = URL.createObjectURL(measurement.body);
    text.hidden = !isDocument;
    link.textContent = measurement.url;
    outcome.textContent = summaryOf(measurement) + (measurement.url !== url ? " · a signed link" : "");
    outcome.classList.remove("refused");
  }

  function fail(error, url) {
    link.textContent = url;
    outcome.textContent = messageOf(error);
    outcome.classList.add("refused");
  }
  return { parts: [line, outcome, image, made.root, text], succeed, fail };
}

/** Returns a function that fetches `urlOf()` after some milliseconds and cancels the previous fetch. */
function loader(urlOf, view) {
  let timer;
  let latest = new AbortController();
  return (milliseconds) => {
    clearTimeout(timer);
    latest.abort();
    const { signal } = (latest = new AbortController());
    timer = setTimeout(async () => {
      const url = urlOf();
      try {
        const measurement = await measureSigned(url, signal);
        if (!signal.aborted) await view.succeed(measurement, url);
      } catch (error) {
        if (!signal.aborted) view.fail(error, url);
      }
    }, milliseconds);
  };
}

function summaryOf({ format, size, bytes, milliseconds, origin, stages }) {
  const parts = [
    format,
    size && sizeText(size),
    bytesText(bytes),
    `${timeText(milliseconds)}, ${origin}`,
  ];
  return parts.filter(Boolean).join(" · ") + (origin === "made" ? `: ${stagesText(stages)}` : "");
}
