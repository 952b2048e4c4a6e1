// Checks every link of the built site: `node check-links.mjs`. Each leads to a file of the site, and to an element if it has a fragment.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const SITE = fileURLToPath(new URL(".vitepress/dist", import.meta.url));
const pages = readdirSync(SITE, { recursive: true }).filter((name) => name.endsWith(".html"));
const texts = new Map(pages.map((name) => [join(SITE, name), readFileSync(join(SITE, name), "utf8")]));

/** The file that a path of the site names, or undefined. */
function file(path) {
  const named = [path, join(path, "index.html"), `${path}.html`];
  return named.find((candidate) => existsSync(candidate) && (texts.has(candidate) || !candidate.endsWith(".html")) && /\.[a-z0-9]+$/.test(candidate));
}

const problems = [];
let links = 0;
for (const [page, text] of texts) {
  for (const [, link] of text.matchAll(/ (?:href|src)="([^"]+)"/g)) {
    if (/^([a-z]+:|\/\/)/.test(link)) continue;
    links += 1;
    const [path, fragment] = decodeURI(link.replaceAll("&amp;", "&")).split("#");
    const target = path === "" ? page : file(path.startsWith("/") ? join(SITE, path) : join(dirname(page), path));
    const missing = target === undefined ? "no such file" : undefined;
    const isElement = !fragment || !texts.has(target) || texts.get(target).includes(` id="${fragment}"`);
    if (missing || !isElement) problems.push(`${relative(SITE, page)}: ${link}: ${missing ?? "no element has this id"}`);
  }
}
if (pages.length < 30 || links < 1000) problems.push(`only ${pages.length} pages and ${links} links were found`);
for (const problem of new Set(problems)) console.error(problem);
console.log(`${pages.length} pages, ${links} links, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
