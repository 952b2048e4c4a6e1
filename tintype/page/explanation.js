import { element } from "./dom.js";
import { bytesText, sizeText, timeText, typeName } from "./format.js";

/**
 * The answer to `explain=1` as a path of steps, from the source's bytes to the variant's: what each step makes, and how long it took.
 */
export function explanationPath(explanation) {
  const { source, variant, canonical, reason } = explanation;
  const steps = stepsOf(explanation);
  const longest = Math.max(...steps.map(({ time }) => time ?? 0), Number.MIN_VALUE);
  const list = element("ol", { class: "steps", role: "list", "aria-label": `From ${typeName(source.format)} to ${typeName(variant.format)}` });
  list.append(...steps.map((step) => stepItem(step, longest)));
  return element(
    "div",
    { class: "path" },
    list,
    element("p", { class: "facts" }, timesText(explanation)),
    element("p", { class: "facts" }, `${typeName(variant.format)}: ${reason}. `, element("code", {}, canonical)),
  );
}

function stepsOf({ source, plan: { decoded, shown, resampled }, variant, milliseconds }) {
  const isWhole = shown.width === decoded.width && shown.height === decoded.height;
  const part = isWhole ? [] : [`from ${shown.x}, ${shown.y} of the decoded picture`];
  const frames = source.frames > 1 ? [`${source.frames} frames`] : [];
  return [
    { name: "Source", facts: [typeName(source.format), sizeText(source), bytesText(source.bytes), ...frames], time: milliseconds.fetch },
    { name: "Plan", facts: ["from the header"], time: milliseconds.plan },
    { name: "Decode", facts: [`to ${sizeText(decoded)}`, scaleText(source, decoded)].filter(Boolean), time: milliseconds.decode },
    ...(isWhole ? [] : [{ name: "Crop", facts: [sizeText(shown), ...part] }]),
    { name: "Resize", facts: [`to ${sizeText(resampled)}`], time: milliseconds.resize },
    { name: "Encode", facts: [`as ${typeName(variant.format)}`], time: milliseconds.encode },
    { name: "Variant", facts: [sizeText(variant), bytesText(variant.bytes), `${percentText(variant.bytes / source.bytes)} of the source's bytes`] },
  ];
}

function stepItem({ name, facts, time }, longest) {
  const parts = [element("strong", {}, name), " ", ...facts.flatMap((fact) => [element("span", {}, fact), " "])];
  if (time !== undefined) {
    const bar = element("span", { class: "share", "aria-hidden": "true" });
    bar.style.setProperty("--part", `${(100 * time) / longest}%`);
    parts.push(element("span", { class: "time" }, timeText(time)), bar);
  }
  return element("li", { "data-step": name }, ...parts);
}

/** What the decoder leaves out, if it does. A turned picture is decoded before it is turned, so its longer sides are compared. */
function scaleText(source, decoded) {
  const part = Math.max(decoded.width, decoded.height) / Math.max(source.width, source.height);
  return part < 1 ? `${percentText(part)} of the source's width` : undefined;
}

function timesText({ milliseconds, predictedMilliseconds, keptFromMilliseconds, isKept }) {
  const used = Object.values(milliseconds).reduce((sum, one) => sum + one, 0);
  const times = `${timeText(predictedMilliseconds)} were predicted, ${timeText(used)} were used.`;
  if (typeof keptFromMilliseconds !== "number") return `${times} No variant is stored.`;
  const limit = timeText(keptFromMilliseconds);
  return `${times} The variant is ${isKept ? `stored, since at least ${limit}` : `not stored, since less than ${limit}`} were predicted.`;
}

function percentText(part) {
  const percent = 100 * part;
  return `${percent.toFixed(percent < 10 ? 1 : 0)}\u00a0%`;
}
