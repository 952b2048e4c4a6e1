// Makes dist/*.js of the edge functions: `node build.mjs`. With `--check` it writes nothing and fails where dist
// isn't what it would make. CloudFront takes 10 KB of a function, so names are shortened; nothing else is done that
// the runtime cloudfront-js-2.0 (ECMAScript 5.1 with parts of later ones) could refuse.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { minify } from "terser";

const NAMES = ["viewer_request.js", "viewer_response.js"];

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await mkdir(here("dist"), { recursive: true });
for (const name of NAMES) {
  const made = await compiled(await readFile(here(name), "utf8"));
  if (process.argv.includes("--check")) {
    await check(name, made);
  } else {
    await writeFile(here(`dist/${name}`), made);
    console.error(`dist/${name}: ${Buffer.byteLength(made)} bytes`);
  }
}

/** The first line names the source that it was made of, for a test that has no Node.js; it isn't deployed. */
async function compiled(source) {
  const { code } = await minify(source, {
    ecma: 2015,
    module: true,
    // The runtime finds the handler by its name, and takes no `await` among the arguments of a call, where a variable
    // that is used once would be put.
    compress: { passes: 3, top_retain: ["handler"], collapse_vars: false, inline: false, reduce_vars: false },
    mangle: { reserved: ["handler"] },
    format: { ascii_only: true },
  });
  return `// ${createHash("sha256").update(source).digest("hex")}\n${code}\n`;
}

async function check(name, made) {
  const found = await readFile(here(`dist/${name}`), "utf8").catch(() => "");
  if (found !== made) {
    console.error(`dist/${name} isn't what ${name} makes: run \`node build.mjs\` in cdn-config`);
    process.exitCode = 1;
  }
}
