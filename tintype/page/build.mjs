// Builds dist/index.html, the page in one file, and dist/hls.js, which it loads when a video is opened: `node build.mjs`. With
// `--check` it writes nothing, and fails if a file in dist differs from the result, or if the page is too large.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** The oldest supported browsers, from spring 2023. */
const TARGET = ["chrome111", "firefox113", "safari16.4"];

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The largest size of the page that a browser loads at first, in bytes of gzip. */
const MAX_PAGE_BYTES = 120_000;

const files = { "dist/index.html": await bundle(), "dist/hls.js": await compiled("hls.js") };
const pageBytes = gzipSync(files["dist/index.html"]).length;
if (pageBytes > MAX_PAGE_BYTES) {
  console.error(`dist/index.html has ${pageBytes} bytes after gzip, at most ${MAX_PAGE_BYTES} are allowed`);
  process.exitCode = 1;
}
for (const [name, text] of Object.entries(files)) {
  if (process.argv.includes("--check")) {
    await check(name, text);
  } else {
    await mkdir(here("dist"), { recursive: true });
    await writeFile(here(name), text);
    console.error(`${name}: ${Buffer.byteLength(text)} bytes, ${gzipSync(text).length} after gzip`);
  }
}

async function bundle() {
  const [script, style] = await Promise.all([compiled(here("main.js")), compiled(here("style.css"))]);
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
    entryPoints: [entry],
    // The page is built from other folders, too.
    absWorkingDir: here("."),
    bundle: true,
    external: ["/hls.js"],
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

/** Allows only the scripts and styles in the file, and scripts of this origin. Uploads go to the storage's address, which isn't known here. */
function contentSecurityPolicy(script, style) {
  return [
    "default-src 'none'",
    // 'self' is for hls.js.
    `script-src 'self' ${sourceHash(script)}`,
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

async function check(name, text) {
  const committed = await readFile(here(name), "utf8").catch(() => undefined);
  if (committed !== text) {
    console.error(
      `tintype/page/${name} differs from the result of its sources: run \`node build.mjs\` there and commit it`,
    );
    process.exitCode = 1;
  }
}
