import { escaped } from "./escape.js";
import { notAllowed, type Values } from "./query.js";

const MAX_SIDE = 8192;

/** The order of parameters in the text. */
const ORDER =
  "w h fit enlarge crop fp-x fp-y rect rot flip trim light blur sharp mark bg q lossless frame t explain v fm".split(" ");

/** The canonical text of a variant for every viewer, such as `w=640,fm=auto`. `docs/signed-links.md` has the rules. */
export function variantText(values: Values): string {
  checkCombinations(values);
  const fm = values.fm === "jpg" ? "jpeg" : (values.fm ?? "auto");
  if (fm === "json") return textOf({ v: values.v, fm });
  const fit = fitOf(values);
  const variant: Values = {
    ...values,
    ...sidesOf(values),
    fm,
    fit: fit === "max" ? undefined : fit,
    ...cropOf(values, fit === "crop"),
    ...turnOf(values),
    lossless: undefined,
  };
  const isLossless = values.lossless !== undefined && (fm === "webp" || fm === "auto");
  if (fm === "png" || fm === "gif" || (fm === "webp" && isLossless)) variant.q = undefined;
  if (isLossless && fm === "webp") variant.lossless = 1;
  // The viewer decides if an automatic format is WebP.
  return textOf(variant) + (isLossless && fm === "auto" ? ",lossless=1" : "");
}

function textOf(variant: Values): string {
  // Zero, an empty text and undefined have no effect.
  return ORDER.filter((name) => variant[name]).map((name) => `${name}=${escaped(String(variant[name]))}`).join(",");
}

function checkCombinations(values: Values) {
  const isFocused = values["fp-x"] !== undefined || values["fp-y"] !== undefined;
  if (isFocused && values.crop !== undefined && values.crop !== "focalpoint") throw notAllowed("crop");
  const hasOneSide = (values.w === undefined) !== (values.h === undefined);
  if (values.ar !== undefined && !(isCrop(values.fit) && hasOneSide)) throw notAllowed("ar");
}

function isCrop(fit: unknown): boolean {
  return fit === "crop" || fit === "min";
}

/** The sides in device pixels. */
function sidesOf(values: Values): Values {
  const dpr = (values.dpr as number | undefined) ?? 1000;
  const scaled = (side: unknown) => (side === undefined ? undefined : Math.floor(((side as number) * dpr + 500) / 1000));
  const [w, h] = [scaled(values.w), scaled(values.h)];
  const isBox = ["max", "clip"].includes((values.fit ?? "max") as string);
  const ratio = (values.ar as [number, number] | undefined) ?? (w && h && !isBox ? ([w, h] as const) : undefined);
  const clamped = (side: number | undefined) => side && Math.min(side, MAX_SIDE);
  if (!ratio) return { w: clamped(w), h: clamped(h) };
  const [a, b] = ratio;
  const both = { w: w ?? times(h ?? 0, a, b), h: h ?? times(w ?? 0, b, a) };
  if (Math.max(both.w, both.h) <= MAX_SIDE) return both;
  return a < b ? { w: times(MAX_SIDE, a, b), h: MAX_SIDE } : { w: MAX_SIDE, h: times(MAX_SIDE, b, a) };
}

/** Rounded half up, at least 1. */
function times(length: number, numerator: number, denominator: number): number {
  return Math.max(1, Math.floor((length * numerator) / denominator + 0.5));
}

function fitOf(values: Values): string {
  const { fit = "max", enlarge, w, h, ar } = values;
  const mayEnlarge = ["clip", "fill", "scale"].includes(fit as string) || (enlarge !== undefined && fit !== "min");
  const hasBoth = (w !== undefined && h !== undefined) || ar !== undefined;
  const effective = hasBoth ? (fit as string) : "max";
  if (isCrop(effective)) return "crop";
  if (!mayEnlarge || (w === undefined && h === undefined)) return effective;
  return { max: "clip", fillmax: "fill" }[effective] ?? effective;
}

/** The parameters that only a crop has. */
function cropOf(values: Values, isCropped: boolean): Values {
  const { crop, enlarge, fit } = values;
  const [x, y] = [(values["fp-x"] as number | undefined) ?? 500, (values["fp-y"] as number | undefined) ?? 500];
  const isFocused = crop === "focalpoint" || values["fp-x"] !== undefined || values["fp-y"] !== undefined;
  const hasPoint = isCropped && isFocused && !(x === 500 && y === 500);
  const isDefault = crop === "center" || crop === "focalpoint";
  return {
    enlarge: isCropped && fit === "crop" ? enlarge : undefined,
    crop: isCropped && !isDefault ? crop : undefined,
    "fp-x": hasPoint ? String(x / 1000) : undefined,
    "fp-y": hasPoint ? String(y / 1000) : undefined,
  };
}

/** Each of the eight turns has one form: a vertical flip is a horizontal one and half a turn. */
function turnOf({ rot, flip }: Values): Values {
  const halfTurns = flip === "v" || flip === "hv" ? 180 : 0;
  return { rot: (Number(rot ?? 0) + halfTurns) % 360, flip: flip === "h" || flip === "v" ? "h" : undefined };
}
