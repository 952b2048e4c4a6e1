import { srcset } from "../ladder.js";
import { kindOf } from "./files.js";

/** The width of a picture in a text, in pixels: a rung of the ladder. */
const TEXT_WIDTH = 1080;

/** The texts that a file can be copied as, by name. Only pictures have more than a URL and Markdown. */
export function snippets(file) {
  const markdown = { Markdown: markdownOf(file) };
  if (kindOf(file) !== "picture" || file.visibility !== "public") return { URL: file.url, ...markdown };
  return { URL: file.url, "<img srcset>": imgOf(file), ...markdown, React: reactOf(file) };
}

function imgOf(file) {
  const size = file.width ? ` width="${file.width}" height="${file.height}"` : "";
  return (
    `<img src="${attribute(`${file.url}?w=${TEXT_WIDTH}`)}"\n` +
    `  srcset="${attribute(srcset(file.url, file.width))}"\n` +
    `  sizes="100vw"${size} alt="${attribute(altOf(file))}" loading="lazy">`
  );
}

function reactOf(file) {
  const size = file.width ? ` width={${file.width}} height={${file.height}}` : "";
  return (
    `<img\n  src=${JSON.stringify(`${file.url}?w=${TEXT_WIDTH}`)}\n` +
    `  srcSet=${JSON.stringify(srcset(file.url, file.width))}\n` +
    `  sizes="100vw"${size}\n  alt={${JSON.stringify(altOf(file))}}\n  loading="lazy"\n/>`
  );
}

function markdownOf(file) {
  const text = (altOf(file) || file.name).replace(/[\\[\]]/g, "\\$&").replace(/\s+/g, " ");
  if (kindOf(file) !== "picture" || file.visibility !== "public") return `[${text}](<${file.url}>)`;
  return `![${text}](<${file.url}?w=${TEXT_WIDTH}>)`;
}

function altOf({ alt = "" }) {
  return alt;
}

function attribute(text) {
  return text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
}
