import { COLORS } from "./colors.js";
import { lowerCase } from "./lower-case.js";

/** A value in the units of the canonical text. */
export type Value = string | number | readonly [number, number];

/** The reader of a parameter, and its allowed values. The reader returns undefined if a text isn't allowed. */
interface Parameter {
  read: (text: string) => Value | undefined;
  allowed: string;
}

const MAX_NAME_BYTES = 200;
const CORNERS = ["top,left", "top,right", "bottom,left", "bottom,right"];

/** Each parameter by its name, in the order of checks. */
export const PARAMETERS: Readonly<Record<string, Parameter>> = {
  preset: parameter((text) => text, "the name of a preset of the policy"),
  w: parameter(number(1, 1e6), "a number from 1 to 8192"),
  h: parameter(number(1, 1e6), "a number from 1 to 8192"),
  dpr: parameter(number(500, 5000, 3), "a number from 0.5 to 5"),
  fit: oneOf("max", "clip", "crop", "min", "fill", "fillmax", "scale"),
  enlarge: flag(),
  crop: parameter(
    crop,
    "center, top, bottom, left, right, a corner such as top,left, entropy, attention, faces, or focalpoint, the only one with fp-x and fp-y",
  ),
  "fp-x": parameter(thousandths, "a number from 0 to 1"),
  "fp-y": parameter(thousandths, "a number from 0 to 1"),
  ar: parameter(ratio, "a ratio such as 16:9, given with fit=crop and one of w and h"),
  rect: parameter(rectangle, "four numbers x,y,w,h in pixels of the source, w and h from 1"),
  rot: oneOf("0", "90", "180", "270"),
  flip: oneOf("h", "v", "hv"),
  trim: parameter((text) => (text === "auto" ? text : color(text)), "auto, or a colour as for bg"),
  light: parameter((text) => (text === "linear" ? text : undefined), "linear"),
  blur: parameter(number(0, 2000), "a number from 0 to 2000"),
  sharp: parameter(number(0, 100), "a number from 0 to 100"),
  mark: parameter(
    (text) => (/^[a-z\d-]{1,32}$/.test(text) ? text : undefined),
    "the name of a mark of the policy",
  ),
  bg: parameter(color, "hexadecimal RGB, ARGB, RRGGBB or AARRGGBB, or the name of a CSS colour"),
  q: parameter((text) => (text === "auto" ? text : number(1, 100)(text)), "a number from 1 to 100, or auto"),
  lossless: flag(),
  frame: parameter(number(1, 65535), "a number from 1 to 65535"),
  t: parameter(
    number(0, 172800),
    "a number of seconds from 0 to 172800",
  ),
  explain: flag(),
  v: parameter(
    (text) => (/^[\w.:~-]{0,32}$/.test(text) ? text : undefined),
    "at most 32 letters, digits, dots, colons, hyphens, underscores and tildes",
  ),
  fm: oneOf("jpeg", "jpg", "png", "webp", "avif", "gif", "json", "auto"),
  auto: parameter(
    (text) => (/^(format|compress)(,(format|compress))*$/.test(text) ? text : undefined),
    "format, compress or both, joined by a comma",
  ),
  dl: parameter(
    fileName,
    "a file name of at most 200 bytes, without slashes, control characters and marks of direction",
  ),
  original: parameter((text) => text, "given alone"),
  expires: parameter(
    (text) => (/^\d+$/.test(text) && Number(text) >= 1e9 && Number(text) <= 4294967295 ? Number(text) : undefined),
    "a time in seconds since 1970, a whole number from 1000000000 to 4294967295",
  ),
};

/** The name of each parameter that has other names. */
export const ALIASES: Readonly<Record<string, string>> = {
  p: "preset",
  width: "w",
  height: "h",
  gravity: "crop",
  background: "bg",
  quality: "q",
  page: "frame",
  format: "fm",
  f: "fm",
};

function parameter(read: Parameter["read"], allowed: string): Parameter {
  return { read, allowed };
}

function oneOf(...values: string[]): Parameter {
  return parameter((text) => values.find((value) => value === text), `one of ${values.join(", ")}`);
}

function flag(): Parameter {
  return parameter((text) => (text === "1" ? text : undefined), "1");
}

/** A number as a multiple of its smallest decimal place, rounded down and clamped to `max`. */
function number(min: number, max: number, decimals = 0) {
  return (text: string): number | undefined => {
    const [, whole, fraction = ""] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
    if (whole === undefined) return undefined;
    const units = Math.min(Number(whole + fraction.padEnd(decimals, "0").slice(0, decimals)), max);
    return units < min ? undefined : units;
  };
}

function thousandths(text: string): number | undefined {
  return /^\d*\.?\d+$/.test(text) ? Math.round(Math.min(Number(text), 1) * 1000) : undefined;
}

function crop(text: string): string | undefined {
  const sides = text.split(",");
  const corner = CORNERS.find((corner) => corner === text || corner === [...sides].reverse().join());
  if (corner) return corner.replace(",", "-");
  return /^(center|top|bottom|left|right|entropy|attention|faces|focalpoint)$/.test(text) ? text : undefined;
}

function ratio(text: string): [number, number] | undefined {
  const [a, b] = /^\d{1,4}(\.\d+)?:\d{1,4}(\.\d+)?$/.test(text) ? text.split(":").map(number(1, 1e7, 3)) : [];
  return a && b ? [a, b] : undefined;
}

function rectangle(text: string): string | undefined {
  const sides = text.split(",").map(number(0, 1e6));
  const isWhole = sides.length === 4 && !sides.includes(undefined) && sides[2] && sides[3];
  return isWhole ? sides.join("-") : undefined;
}

/** The colour as `rrggbb`, or as `aarrggbb` if it isn't opaque. */
function color(text: string): string | undefined {
  if (!/^([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.test(text)) return COLORS.get(lowerCase(text));
  const digits = text.length < 5 ? text.replace(/./g, "$&$&") : text;
  return digits.toLowerCase().replace(/^ff(?=.{6})/, "");
}

function fileName(text: string): string | undefined {
  const isForbidden = /[\x00-\x1f\x7f/\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text);
  return isForbidden || new TextEncoder().encode(text).length > MAX_NAME_BYTES ? undefined : text;
}
