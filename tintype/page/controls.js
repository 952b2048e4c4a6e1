import { element } from "./dom.js";
import { rungs } from "./ladder.js";

/** A control of a parameter: its element, and its value as in the query, which is empty if the parameter is omitted. */
export function control({ name, label, kind, values, omitted, ...attributes }) {
  const input = inputOf(kind, values, omitted, { name, ...attributes });
  return {
    name,
    input,
    root: element("label", {}, element("span", {}, `${label} `, element("code", {}, name)), input),
    get value() {
      return input.value;
    },
    set value(value) {
      input.value = value === omitted ? "" : value;
    },
  };
}

function inputOf(kind, values, omitted, attributes) {
  switch (kind) {
    case "number":
      return element("input", { type: "number", inputmode: "decimal", ...attributes });
    case "choice": {
      const options = values.map((value) =>
        element("option", { value: value === omitted ? "" : value }, value),
      );
      return element("select", attributes, ...options);
    }
    case "flag":
      return inputOf("choice", ["no", "1"], "no", attributes);
    case "text":
      return element("input", { type: "text", spellcheck: "false", autocapitalize: "off", ...attributes });
  }
}

/** The ladder's widths as suggestions for the controls. The page has one such list. */
export function rungSuggestions() {
  return element("datalist", { id: "rungs" }, ...rungs.map((value) => element("option", { value })));
}

/** The query of the controls' values. Colons and commas stay readable: a query may have them. */
export function queryOf(controls) {
  const text = (value) => encodeURIComponent(value).replaceAll("%2C", ",").replaceAll("%3A", ":");
  const set = controls.filter(({ value }) => value !== "");
  return set.map(({ name, value }) => `${name}=${text(value)}`).join("&");
}

/** Sets the controls to the values of a query. */
export function fillIn(controls, query) {
  const parameters = new URLSearchParams(query);
  for (const control of controls) control.value = parameters.get(control.name) ?? "";
}
