// Builds dist/index.html, the whole page in one file: `node build.mjs`. With `--check` it writes nothing, and fails if
// dist/index.html differs from the result.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The oldest supported browsers, from spring 2023. */
const TARGET = ["chrome111", "firefox113", "safari16.4"];

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const DIST = here("dist/index.html");

const page = await bundle();
if (process.argv.includes("--check")) {
  await check(page);
} else {
  await mkdir(here("dist"), { recursive: true });
  await writeFile(DIST, page);
  console.error(`dist/index.html: ${Buffer.byteLength(page)} bytes`);
}

async function bundle() {
  const [script, style] = await Promise.all([compiled("main.js"), compiled("style.css")]);
  const parts = {
    policy: `<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(script, style)}">`,
    style: `<style>${style}</style>`,
    script: `<script type="module">${script}</script>`,
  };
  const template = await readFile(here("index.html"), "utf8");
  return template.replace(/<!--(\w+)-->/g, (_, name) => parts[name]);
}

async function compiled(entry) {
  const { outputFiles } = await build({
    entryPoints: [here(entry)],
    bundle: true,
    minify: true,
    format: "esm",
    target: TARGET,
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    write: false,
  });
  return outputFiles[0].text;
}

/** Allows only the scripts and styles in the file. Uploads go to the storage's address, which isn't known here. */
function contentSecurityPolicy(script, style) {
  return [
    "default-src 'none'",
    `script-src ${sourceHash(script)}`,
    `style-src ${sourceHash(style)}`,
    "img-src 'self' blob: data:",
    // A player of HLS plays blobs that it has assembled.
    "media-src 'self' blob:",
    "connect-src 'self' http: https:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function sourceHash(text) {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

async function check(page) {
  const committed = await readFile(DIST, "utf8").catch(() => undefined);
  if (committed !== page) {
    console.error(
      "tintype/page/dist/index.html differs from the result of its sources: run `node build.mjs` there and commit it",
    );
    process.exitCode = 1;
  }
}
