import { LinkError } from "./error.js";
import { lowerCase } from "./lower-case.js";
import { ALIASES, PARAMETERS, type Value } from "./values.js";

/** The parameters of each preset of the policy, written as a query. */
export type Presets = Readonly<Record<string, string>>;

/** Values by name. */
export type Values = Record<string, Value | undefined>;

/** Parameters of imgix whose names differ by one letter from Tintype's. They aren't misspelt. */
const FOREIGN = ["dpi", "fp-z", "markh", "markw", "markx", "marky", "mask", "rott"];

const KNOWN = [...Object.keys(PARAMETERS), "s", ...Object.keys(ALIASES)].sort();

/** The parsed values of a query, with those of its preset. Parameters of these names have no effect. */
export function valuesOf(query: string, presets: Presets, ignored: readonly string[]): Values {
  const given = textsOf(query);
  const { preset } = given;
  const texts = preset === undefined ? given : { ...textsOf(presetOf(preset, presets)), ...given };
  const values: Values = {};
  for (const [name, { read }] of Object.entries(PARAMETERS)) {
    const text = texts[name];
    if (text === undefined || ignored.includes(name)) continue;
    values[name] = read(text);
    if (values[name] === undefined) throw notAllowed(name);
  }
  return values;
}

/** The error of a parameter whose value isn't allowed. */
export function notAllowed(name: string): LinkError {
  return new LinkError(`'${name}' must be ${PARAMETERS[name]?.allowed}`, name);
}

function presetOf(name: string, presets: Presets): string {
  const query = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (query === undefined) throw new LinkError(`there is no preset '${name}' in the option \`presets\``, "preset");
  return query;
}

/** The texts of a query by name, decoded. */
function textsOf(query: string): Record<string, string> {
  const pairs = query.split("&").filter((pair) => pair !== "");
  const sent = pairs.map((pair): [name: string | undefined, value: string] => {
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    return [component(name), value];
  });
  for (const name of sent.map(([name]) => name ?? "").sort()) {
    const meant = KNOWN.includes(name) ? undefined : meantBy(lowerCase(name));
    if (meant) throw new LinkError(`did you mean '${meant}'? There is no parameter '${name}'`, name);
  }
  const texts: Record<string, string> = {};
  for (const [raw = "", value] of sent) {
    const name = Object.hasOwn(ALIASES, raw) ? ALIASES[raw]! : raw;
    if (!Object.hasOwn(PARAMETERS, name)) continue;
    if (Object.hasOwn(texts, name)) throw new LinkError(`'${name}' must be given once, under one of its names`, name);
    const text = component(value);
    if (text === undefined) throw new LinkError(`'${name}' must be valid percent-encoded UTF-8`, name);
    texts[name] = text;
  }
  return texts;
}

/** A name or a value of a query, decoded; undefined if an escape is broken. */
export function component(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

/** The known name that a name in lower case means: the same, or one that differs by one letter. */
function meantBy(name: string): string | undefined {
  if (KNOWN.includes(name)) return name;
  return FOREIGN.includes(name) ? undefined : KNOWN.find((known) => isNear(known, name));
}

/** `true` if two different names of at least three letters differ by one letter, or by two neighbours that are swapped. */
function isNear(known: string, unknown: string): boolean {
  if (Math.min(known.length, unknown.length) < 3 || Math.abs(known.length - unknown.length) > 1) return false;
  let same = 0;
  while (known[same] === unknown[same]) same += 1;
  const [a, b] = [known.slice(same), unknown.slice(same)];
  const isSwapped = a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return isSwapped || a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1);
}
