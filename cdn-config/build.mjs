// Joins the parts of each edge function, and minifies them into dist/*.js: `node build.mjs`. With `--check` it writes nothing, and fails if dist isn't
// up to date. CloudFront's maximum size of a function is 10 KB, so names are shortened. Other transformations are off if
// the runtime cloudfront-js-2.0 (ECMAScript 5.1 with parts of later versions) might reject their result.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { minify } from "terser";

// The parts of each function, in the order in which they are joined. The runtime has no modules of one's own.
const FUNCTIONS = {
  viewer_request: [
    "parameters",
    "handler",
    "problems",
    "query",
    "variant",
    "signature",
    "geometry",
    "policy",
    "values",
    "accept",
    "text",
  ].map((part) => `viewer_request/${part}.js`),
  viewer_response: ["viewer_response.js"],
};

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await mkdir(here("dist"), { recursive: true });
for (const [name, parts] of Object.entries(FUNCTIONS)) {
  const sources = await Promise.all(parts.map((part) => readFile(here(part), "utf8")));
  const text = await minified(sources.join(""));
  if (process.argv.includes("--check")) {
    await check(name, text);
  } else {
    await writeFile(here(`dist/${name}.js`), text);
    console.error(`dist/${name}.js: ${Buffer.byteLength(text)} bytes`);
  }
}

/** The first line has the digest of the source, for a test that has no Node.js. It isn't deployed. */
async function minified(source) {
  const { code } = await minify(source, {
    ecma: 2015,
    module: true,
    // The runtime finds the handler by its name. It rejects `await` among the arguments of a call, and so does njs, in
    // which the tests run the result: assign the value to a variable that is used twice if the minifier moves it there.
    // A function inside of another one would be created anew by each call.
    compress: { passes: 3, top_retain: ["handler"], inline: false, reduce_funcs: false },
    // The properties that only these functions use.
    mangle: { reserved: ["handler"], properties: { regex: /^(is|has)[A-Z]|^(sentence|allowed)$/ } },
    format: { ascii_only: true },
  });
  return `// ${createHash("sha256").update(source).digest("hex")}\n${code}\n`;
}

async function check(name, expected) {
  const actual = await readFile(here(`dist/${name}.js`), "utf8").catch(() => "");
  if (actual !== expected) {
    console.error(`dist/${name}.js isn't up to date: run \`node build.mjs\` in cdn-config`);
    process.exitCode = 1;
  }
}
