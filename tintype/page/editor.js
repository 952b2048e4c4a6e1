import { copyButton, element } from "./dom.js";
import { wordsOf } from "./failure.js";
import { bytesText, sizeText, timeText } from "./format.js";
import { rungs } from "./ladder.js";
import { measure } from "./measure.js";
import { stagesText } from "./variants.js";

/** The controls: a parameter each. An empty value leaves the parameter out. */
const CONTROLS = [
  { name: "w", label: "Width", kind: "number", min: 1, max: 8192, list: "rungs" },
  { name: "h", label: "Height", kind: "number", min: 1, max: 8192, list: "rungs" },
  { name: "fit", label: "Fit", kind: "choice", values: ["max", "crop", "clip"], absent: "max" },
  { name: "fm", label: "Format", kind: "choice", values: ["auto", "avif", "webp", "jpeg", "png"], absent: "auto" },
  { name: "q", label: "Quality", kind: "number", min: 1, max: 100 },
  { name: "dpr", label: "Pixel ratio", kind: "number", min: 1, max: 5, step: 0.1 },
];

const FIRST_QUERY = "w=480&h=480&fit=crop";

/** How long typing has to rest before a picture is asked for, in milliseconds. */
const REST = 250;

/** An editor of one picture's URL: controls, an address to type in, and what comes back. */
export function variantEditor(entry) {
  const controls = CONTROLS.map(control);
  const address = element("input", {
    class: "query",
    "aria-label": `Parameters of ${entry.name}`,
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
  });
  const outcome = element("p", { class: "outcome", role: "status" });
  const image = element("img", { alt: `${entry.name}, edited` });
  const prefix = element("span", { class: "prefix" }, `${entry.path}?`);
  const url = () => entry.path + (address.value ? `?${address.value}` : "");
  const copy = copyButton("Copy URL", () => location.origin + url(), address);
  const show = shower(url, outcome, image);

  const form = element(
    "form",
    { onsubmit: (event) => event.preventDefault() },
    element("div", { class: "controls" }, ...controls.map(({ root }) => root)),
    element("div", { class: "line" }, element("label", { class: "address" }, prefix, address), copy),
  );
  const root = element(
    "details",
    { class: "editor", ontoggle: open },
    element("summary", {}, "Try other parameters"),
    form,
    outcome,
    image,
  );

  for (const { input } of controls) {
    input.addEventListener("input", () => {
      address.value = queryOf(controls);
      show(REST);
    });
  }
  address.addEventListener("input", () => {
    fillIn(controls, address.value);
    show(REST);
  });

  function open() {
    if (!root.open || address.value || image.src) return;
    address.value = FIRST_QUERY;
    fillIn(controls, FIRST_QUERY);
    show(0);
  }
  return root;
}

/** The list of the ladder's widths that the controls suggest; one for the page. */
export function rungSuggestions() {
  return element("datalist", { id: "rungs" }, ...rungs.map((value) => element("option", { value })));
}

/** A function that fetches the picture of `url()` after some milliseconds, and forgets the one before. */
function shower(url, outcome, image) {
  let timer;
  let latest = new AbortController();
  return (milliseconds) => {
    clearTimeout(timer);
    latest.abort();
    const { signal } = (latest = new AbortController());
    timer = setTimeout(async () => {
      try {
        const measured = await measure(url(), signal);
        URL.revokeObjectURL(image.src);
        image.src = URL.createObjectURL(measured.body);
        outcome.textContent = summary(measured);
        outcome.classList.remove("refused");
      } catch (error) {
        if (signal.aborted) return;
        outcome.textContent = wordsOf(error);
        outcome.classList.add("refused");
      }
    }, milliseconds);
  };
}

function summary({ format, size, bytes, milliseconds, provenance, stages }) {
  const parts = [
    format,
    size && sizeText(size),
    bytesText(bytes),
    `${timeText(milliseconds)}, ${provenance}`,
  ];
  return parts.filter(Boolean).join(" · ") + (provenance === "made" ? `: ${stagesText(stages)}` : "");
}

function control({ name, label, kind, values, absent, ...limits }) {
  const input =
    kind === "choice"
      ? element(
          "select",
          { name },
          ...values.map((value) => element("option", { value: value === absent ? "" : value }, value)),
        )
      : element("input", { name, type: "number", inputmode: "decimal", ...limits });
  return {
    name,
    input,
    absent,
    root: element("label", {}, element("span", {}, `${label} `, element("code", {}, name)), input),
  };
}

function queryOf(controls) {
  const given = controls.filter(({ input }) => input.value !== "");
  return given.map(({ name, input }) => `${name}=${encodeURIComponent(input.value)}`).join("&");
}

function fillIn(controls, query) {
  const parameters = new URLSearchParams(query);
  for (const { name, input, absent } of controls) {
    const value = parameters.get(name) ?? "";
    input.value = value === absent ? "" : value;
  }
}
