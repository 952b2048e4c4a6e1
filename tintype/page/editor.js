import { copyButton, element } from "./dom.js";
import { messageOf } from "./failure.js";
import { bytesText, sizeText, timeText } from "./format.js";
import { rungs } from "./ladder.js";
import { measure } from "./measure.js";
import { stagesText } from "./variants.js";

/** The controls, one for each parameter. An empty value omits the parameter. */
const CONTROLS = [
  { name: "w", label: "Width", kind: "number", min: 1, max: 8192, list: "rungs" },
  { name: "h", label: "Height", kind: "number", min: 1, max: 8192, list: "rungs" },
  { name: "fit", label: "Fit", kind: "choice", values: ["max", "crop", "clip"], omitted: "max" },
  { name: "fm", label: "Format", kind: "choice", values: ["auto", "avif", "webp", "jpeg", "png"], omitted: "auto" },
  { name: "q", label: "Quality", kind: "number", min: 1, max: 100 },
  { name: "dpr", label: "Pixel ratio", kind: "number", min: 0.5, max: 5, step: 0.25 },
];

const FIRST_QUERY = "w=480&h=480&fit=crop";

/** The pause in typing after which the editor requests a picture, in milliseconds. */
const TYPING_PAUSE = 250;

/** An editor of a picture's URL: controls, an address field, and the resulting picture. */
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
  const show = pictureLoader(url, outcome, image);

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
      show(TYPING_PAUSE);
    });
  }
  address.addEventListener("input", () => {
    fillIn(controls, address.value);
    show(TYPING_PAUSE);
  });

  function open() {
    if (!root.open || address.value || image.src) return;
    address.value = FIRST_QUERY;
    fillIn(controls, FIRST_QUERY);
    show(0);
  }
  return root;
}

/** The ladder's widths as suggestions for the controls. The page has one such list. */
export function rungSuggestions() {
  return element("datalist", { id: "rungs" }, ...rungs.map((value) => element("option", { value })));
}

/** Returns a function that fetches the picture of `url()` after some milliseconds and cancels the previous fetch. */
function pictureLoader(url, outcome, image) {
  let timer;
  let latest = new AbortController();
  return (milliseconds) => {
    clearTimeout(timer);
    latest.abort();
    const { signal } = (latest = new AbortController());
    timer = setTimeout(async () => {
      try {
        const measurement = await measure(url(), signal);
        URL.revokeObjectURL(image.src);
        image.src = URL.createObjectURL(measurement.body);
        outcome.textContent = summary(measurement);
        outcome.classList.remove("refused");
      } catch (error) {
        if (signal.aborted) return;
        outcome.textContent = messageOf(error);
        outcome.classList.add("refused");
      }
    }, milliseconds);
  };
}

function summary({ format, size, bytes, milliseconds, origin, stages }) {
  const parts = [
    format,
    size && sizeText(size),
    bytesText(bytes),
    `${timeText(milliseconds)}, ${origin}`,
  ];
  return parts.filter(Boolean).join(" · ") + (origin === "made" ? `: ${stagesText(stages)}` : "");
}

function control({ name, label, kind, values, omitted, ...limits }) {
  const input =
    kind === "choice"
      ? element(
          "select",
          { name },
          ...values.map((value) => element("option", { value: value === omitted ? "" : value }, value)),
        )
      : element("input", { name, type: "number", inputmode: "decimal", ...limits });
  return {
    name,
    input,
    omitted,
    root: element("label", {}, element("span", {}, `${label} `, element("code", {}, name)), input),
  };
}

function queryOf(controls) {
  const set = controls.filter(({ input }) => input.value !== "");
  return set.map(({ name, input }) => `${name}=${encodeURIComponent(input.value)}`).join("&");
}

function fillIn(controls, query) {
  const parameters = new URLSearchParams(query);
  for (const { name, input, omitted } of controls) {
    const value = parameters.get(name) ?? "";
    input.value = value === omitted ? "" : value;
  }
}
